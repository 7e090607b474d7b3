"""
Read the vehicle routing format with time windows of Solomon (1987).

A name, a section ``VEHICLE`` with the line ``number capacity``, and a section ``CUSTOMER`` with
lines ``number x y demand ready due service``, the depot first.
"""

import numpy as np

from scheduler.classical.instance import Instance, InvalidInstance, euclidean
from scheduler.classical.lines import Line, lines_of

FIELDS = ("number", "x", "y", "demand", "ready time", "due date", "service time")
LEAST = (0.0, -1e15, -1e15, 0.0, 0.0, 0.0, 0.0)
MOST_NODES = 2001

NUMBER, X, Y, DEMAND, READY, DUE, SERVICE = range(7)


def read_solomon(text: str) -> Instance:
    """
    Read an instance; distances are not rounded.

    Raises
    ------
    InvalidInstance
        Naming the line and the field that is wrong.
    """
    lines = list(lines_of(text))
    vehicle = _after(lines, "VEHICLE")
    rows = _after(lines, "CUSTOMER")
    if not vehicle:
        raise InvalidInstance("VEHICLE", "the line with number and capacity is missing.", line=1)
    if not 2 <= len(rows) <= MOST_NODES:
        raise InvalidInstance(
            "CUSTOMER", f"{len(rows)} lines of nodes, from 2 to {MOST_NODES} are expected.", line=1
        )
    table = np.array(
        [
            [line.number_at(k, FIELDS[k], least=LEAST[k]) for k in range(len(FIELDS))]
            for line in rows
        ]
    )
    for line, row in zip(rows, table, strict=True):
        line.whole_at(NUMBER, "number")
        if row[DUE] < row[READY]:
            raise InvalidInstance(
                "due date", f"{row[DUE]:g} lies before the ready time.", line=line.number
            )
    return Instance(
        name=" ".join(lines[0].words),
        ids=tuple(int(number) for number in table[:, NUMBER]),
        distance=euclidean(table[:, X : Y + 1]),
        demand=table[:, DEMAND],
        service=table[:, SERVICE],
        window=np.ascontiguousarray(table[:, READY : DUE + 1]),
        patterns=((), *((1,) for _ in rows[1:])),
        vehicles=vehicle[0].whole_at(0, "number of vehicles", least=1),
        capacity=vehicle[0].number_at(1, "capacity", least=0),
    )


def _after(lines: list[Line], section: str) -> list[Line]:
    """Return the lines of numbers below the name of a section."""
    found: list[Line] = []
    inside = False
    for line in lines:
        if line.words[0].upper() == section:
            inside = True
        elif inside and line.words[0][0].isalpha():
            if found:
                break
        elif inside:
            found.append(line)
    return found
