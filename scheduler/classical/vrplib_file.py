"""
Read the VRPLIB format (after TSPLIB95) of routing with capacities and time windows.

Lines ``KEY : VALUE`` and sections of one line for each node. Known are capacities, Euclidean
(exact or rounded) and explicit distances, vehicles, route length, service times and windows.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from scheduler.classical.instance import Floats, Instance, InvalidInstance, euclidean
from scheduler.classical.lines import Line, lines_of, parse_number

MOST_NODES = 2001


@dataclass(slots=True)
class Document:
    """
    A file cut into its parts.

    Parameters
    ----------
    values
        Value and line of each key.
    sections
        Lines of each section, without ``_SECTION``.
    """

    values: dict[str, tuple[str, int]] = field(default_factory=dict)
    sections: dict[str, list[Line]] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """Value of a key in capitals; empty if there is none."""
        return self.values.get(key, ("", 0))[0].upper()

    def number(self, key: str, default: float, *, least: float = 0.0) -> float:
        """Value of a key as a number."""
        if key not in self.values:
            return default
        word, line = self.values[key]
        return parse_number(word, key, line=line, least=least)

    def whole(self, key: str, default: int, *, least: int) -> int:
        """Value of a key as a whole number."""
        value = self.number(key, default, least=least)
        if value != int(value):
            raise InvalidInstance(key, f"found {value:g}, not whole.", line=self.values[key][1])
        return int(value)


def read_vrplib(text: str) -> Instance:
    """
    Read an instance; without ``VEHICLES`` there is one for each customer.

    Raises
    ------
    InvalidInstance
        Naming the line and the field that is wrong, or what is not supported.
    """
    document = _cut(text)
    kind = document.text("TYPE")
    if kind not in ("CVRP", "VRPTW", "DCVRP", ""):
        raise InvalidInstance(
            "TYPE", f"found {kind}, CVRP and VRPTW can be read.", line=document.values["TYPE"][1]
        )
    size = document.whole("DIMENSION", 0, least=0)
    if not 2 <= size <= MOST_NODES:
        raise InvalidInstance("DIMENSION", f"found {size}, from 2 to {MOST_NODES} are expected.")
    if "CAPACITY" not in document.values:
        raise InvalidInstance("CAPACITY", "is missing.")
    numbers = [line.whole_at(0, "node") for line in _rows(document, "DEMAND", size)]
    depot = _depot(document, numbers)
    order = [depot, *(i for i in range(size) if i != depot)]
    service = np.full(size, document.number("SERVICE_TIME", 0.0))
    if "SERVICE_TIME" in document.sections:
        service = _column(document, "SERVICE_TIME", numbers, 1, 0.0)[:, 0]
    service[depot] = 0.0
    window = None
    if "TIME_WINDOW" in document.sections:
        window = _column(document, "TIME_WINDOW", numbers, 2, 0.0)[order]
    return Instance(
        name=document.values.get("NAME", ("", 0))[0],
        ids=tuple(numbers[i] for i in order),
        distance=np.ascontiguousarray(_distances(document, numbers)[np.ix_(order, order)]),
        demand=_column(document, "DEMAND", numbers, 1, 0.0)[order, 0],
        service=service[order],
        window=window,
        patterns=((), *((1,) for _ in range(size - 1))),
        vehicles=document.whole("VEHICLES", size - 1, least=1),
        capacity=document.number("CAPACITY", 0.0),
        duration=document.number("DISTANCE", float("inf")),
    )


def _cut(text: str) -> Document:
    """Sort the lines of a file under keys and sections."""
    document = Document()
    section: list[Line] | None = None
    for line in lines_of(text):
        first = line.words[0]
        if first.upper() == "EOF":
            break
        if first.upper().rstrip(":").endswith("_SECTION"):
            section = document.sections.setdefault(
                first.upper().rstrip(":").removesuffix("_SECTION"), []
            )
        elif first[0].isalpha():
            key, sign, value = " ".join(line.words).partition(":")
            if not sign:
                raise InvalidInstance(
                    "key", f"found {first[:40]!r}, KEY : VALUE is expected.", line=line.number
                )
            document.values[key.strip().upper()] = (value.strip(), line.number)
            section = None
        elif section is None:
            raise InvalidInstance(
                "section", "numbers stand outside of any section.", line=line.number
            )
        else:
            section.append(line)
    return document


def _rows(document: Document, section: str, size: int) -> list[Line]:
    """Lines of a section that has one for each node."""
    rows = document.sections.get(section, [])
    if len(rows) != size:
        raise InvalidInstance(
            f"{section}_SECTION",
            f"has {len(rows)} lines, DIMENSION says {size}.",
            line=rows[-1].number if rows else 0,
        )
    return rows


def _column(
    document: Document, section: str, numbers: list[int], width: int, least: float
) -> Floats:
    """Values of a section in the order of the node numbers, shape (nodes, width)."""
    place = {number: i for i, number in enumerate(numbers)}
    values = np.full((len(numbers), width), np.nan)
    for line in _rows(document, section, len(numbers)):
        node = line.whole_at(0, f"node of {section}_SECTION")
        if node not in place:
            raise InvalidInstance(
                f"node of {section}_SECTION", f"{node} is in no demand.", line=line.number
            )
        for k in range(width):
            values[place[node], k] = line.number_at(
                k + 1, f"value {k + 1} of {section}_SECTION", least=least
            )
    if np.isnan(values).any():
        raise InvalidInstance(f"{section}_SECTION", "names a node twice and another never.")
    return values


def _depot(document: Document, numbers: list[int]) -> int:
    """Index of the only depot; the first node if there is no section."""
    lines = document.sections.get("DEPOT")
    if lines is None:
        return 0
    depots = [(word, line.number) for line in lines for word in line.words if word != "-1"]
    if len(depots) != 1 or not depots[0][0].isdigit() or int(depots[0][0]) not in numbers:
        raise InvalidInstance(
            "DEPOT_SECTION",
            "the number of one depot is expected, then -1.",
            line=lines[0].number if lines else 0,
        )
    return numbers.index(int(depots[0][0]))


def _distances(document: Document, numbers: list[int]) -> Floats:
    """Distances between nodes in the order of their numbers, shape (nodes, nodes)."""
    kind = document.text("EDGE_WEIGHT_TYPE") or "EUC_2D"
    rounding: dict[str, Callable[[Floats], Floats]] = {
        "EUC_2D": lambda d: np.floor(d + 0.5),
        "CEIL_2D": np.ceil,
        "EXACT_2D": lambda d: d,
    }
    if kind in rounding:
        exact = euclidean(_column(document, "NODE_COORD", numbers, 2, -1e15))
        return rounding[kind](exact)
    if kind == "EXPLICIT":
        return _explicit(document, len(numbers))
    raise InvalidInstance(
        "EDGE_WEIGHT_TYPE",
        f"found {kind}, {', '.join(rounding)} or EXPLICIT is expected.",
        line=document.values["EDGE_WEIGHT_TYPE"][1],
    )


def _explicit(document: Document, size: int) -> Floats:
    """Distances written out, in one of the shapes of TSPLIB95."""
    everything = np.ones((size, size), bool)
    shapes = {
        "FULL_MATRIX": everything,
        "LOWER_ROW": np.tril(everything, -1),
        "LOWER_DIAG_ROW": np.tril(everything),
        "UPPER_ROW": np.triu(everything, 1),
        "UPPER_DIAG_ROW": np.triu(everything),
    }
    shape = document.text("EDGE_WEIGHT_FORMAT") or "FULL_MATRIX"
    if shape not in shapes:
        raise InvalidInstance(
            "EDGE_WEIGHT_FORMAT",
            f"found {shape}, one of {', '.join(shapes)} is expected.",
            line=document.values["EDGE_WEIGHT_FORMAT"][1],
        )
    lines = document.sections.get("EDGE_WEIGHT", [])
    values = [
        line.number_at(k, "value of EDGE_WEIGHT_SECTION", least=0.0)
        for line in lines
        for k in range(len(line.words))
    ]
    written = shapes[shape]
    if len(values) != int(written.sum()):
        raise InvalidInstance(
            "EDGE_WEIGHT_SECTION",
            f"has {len(values)} values, {shape} of {size} nodes has {int(written.sum())}.",
            line=lines[-1].number if lines else 0,
        )
    distance = np.zeros((size, size))
    distance[written] = values
    if shape != "FULL_MATRIX":
        distance = np.maximum(distance, distance.T)
    np.fill_diagonal(distance, 0.0)
    return distance
