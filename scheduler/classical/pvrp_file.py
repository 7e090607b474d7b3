"""
Read the periodic vehicle routing format of Cordeau, Gendreau and Laporte (1997).

First line ``type vehicles customers days``, type 1 being periodic routing; a line ``duration
capacity`` for each day, 0 meaning no limit of duration; then for the depot and each customer
``number x y service demand frequency patterns pattern…``, where the highest of as many bits as
there are days stands for the first day.
"""

import numpy as np

from scheduler.classical.instance import MOST_DAYS, Instance, InvalidInstance, euclidean
from scheduler.classical.lines import Line, lines_of

PERIODIC = 1
MOST_CUSTOMERS = 2000
HEADS = 7
"""Values of a node before its patterns."""


def read_pvrp(text: str, name: str = "") -> Instance:
    """
    Read an instance.

    Raises
    ------
    InvalidInstance
        Naming the line and the field that is wrong.
    """
    lines = list(lines_of(text))
    if not lines:
        raise InvalidInstance("type", "the file is empty.", line=1)
    head, *rest = lines
    if head.whole_at(0, "type") != PERIODIC:
        raise InvalidInstance("type", f"found {head.words[0]}, 1 is periodic.", line=head.number)
    vehicles = head.whole_at(1, "vehicles", least=1)
    customers = head.whole_at(2, "customers", least=1)
    days = head.whole_at(3, "days", least=1)
    if customers > MOST_CUSTOMERS or days > MOST_DAYS:
        raise InvalidInstance(
            "customers, days",
            f"at most {MOST_CUSTOMERS} customers and {MOST_DAYS} days can be read.",
            line=head.number,
        )
    limits = {
        (line.number_at(0, "duration", least=0), line.number_at(1, "capacity", least=0))
        for line in rest[:days]
    }
    if len(limits) != 1 or len(rest) < days:
        raise InvalidInstance(
            "duration, capacity",
            f"{days} equal lines are expected, one for each day; vehicles do not differ by day.",
            line=head.number + 1,
        )
    duration, capacity = limits.pop()
    nodes = _nodes(rest[days:], customers)
    return Instance(
        name=name,
        ids=tuple(line.whole_at(0, "number") for line in nodes),
        distance=euclidean(
            np.array([[line.number_at(1, "x"), line.number_at(2, "y")] for line in nodes])
        ),
        service=np.array([line.number_at(3, "service", least=0) for line in nodes]),
        demand=np.array([line.number_at(4, "demand", least=0) for line in nodes]),
        patterns=tuple(_patterns(line, days) for line in nodes),
        days=days,
        vehicles=vehicles,
        capacity=capacity,
        duration=duration or float("inf"),
    )


def _nodes(lines: list[Line], customers: int) -> list[Line]:
    """Return the depot's line and the customers'; a line written twice in a row counts once."""
    nodes: list[Line] = []
    for line in lines[: customers + 1]:
        if not nodes or line.words[0] != nodes[-1].words[0]:
            nodes.append(line)
    if len(lines) <= customers:
        raise InvalidInstance(
            "customers",
            f"the first line promises {customers}, lines follow for {max(0, len(lines) - 1)}.",
            line=lines[-1].number if lines else 1,
        )
    return nodes


def _patterns(line: Line, days: int) -> tuple[int, ...]:
    """Turn the codes of a line into patterns, whose lowest bit is the first day."""
    count = line.whole_at(6, "patterns") if len(line.words) >= HEADS else 0
    patterns = []
    for place in range(HEADS, HEADS + count):
        code = line.whole_at(place, f"pattern {place - HEADS + 1}", least=1)
        if code >= 1 << days:
            raise InvalidInstance(
                f"pattern {place - HEADS + 1}",
                f"found {code}, which names more days than the {days} there are.",
                line=line.number,
            )
        patterns.append(sum(1 << d for d in range(days) if code >> (days - 1 - d) & 1))
    return tuple(patterns)
