"""The rows of the master: what each says, and what a route has to do with it."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from scheduler.bounds.classes import DayClass
from scheduler.bounds.terms import Terms, per_village, tangent


class Route(NamedTuple):
    """A route of some class of cadre-days: indices of the class, and of the stops in order."""

    kind: int
    stops: tuple[int, ...]


class Row(NamedTuple):
    """
    A row by what it says and what it is about.

    ``cover`` a stop gets its visits or pays; ``class`` has so many cadre-days; ``gap`` visits
    of a stop from a day on are apart; ``teams`` come to a village from a day on; ``sessions``
    of teams in a village and bucket; ``week`` caps a village's week; ``crowd`` is a tangent of
    its squared visits; ``certified`` is what a village lacks in every plan; ``load`` is a tangent
    of a cadre's squared load, less the one where all share evenly, which routes pay anyway.
    """

    says: str
    who: int
    when: int = 0
    at: int = 0


def in_time(terms: Terms, row: Row, kind: DayClass) -> bool:
    """Whether every day of a class is among those of a row."""
    f = terms.fixed
    if row.says not in ("gap", "teams"):
        return True
    gap = int(f.gap[row.who]) if row.says == "gap" else max(1, int(f.village_gap[row.who]))
    first, last = f.ordinal[kind.days[0]], f.ordinal[kind.days[-1]]
    return bool(f.ordinal[row.when] <= first and last < f.ordinal[row.when] + gap)


def coefficient(terms: Terms, row: Row, route: Route) -> float:
    """Coefficient of a route that is in time for a row about its class, stops or villages."""
    if row.says in ("week", "crowd"):
        visits = int(np.count_nonzero(terms.fixed.home[list(route.stops)] == row.who))
        if row.says == "week":
            return float(visits)
        return -terms.crowding * tangent(visits, row.at)
    if row.says == "load":
        minutes = float(terms.fixed.service[list(route.stops)].sum())
        return -2.0 * terms.rate * (terms.load(row.at) - terms.mean) * minutes
    return 1.0


def subjects(terms: Terms, kind: DayClass, route: Route) -> Iterator[tuple[str, int, int]]:
    """What rows a route may stand in, as ``subject`` names them."""
    yield "class", route.kind, 0
    if kind.cadre >= 0:
        yield "load", kind.cadre, 0
    for i in route.stops:
        yield "cover", i, 0
        yield "gap", i, 0
    for v, _ in per_village(terms.fixed.home, route.stops):
        yield "teams", v, 0
        for says in ("sessions", "week", "crowd"):
            yield says, v, kind.bucket


def subject(row: Row) -> tuple[str, int, int]:
    """What a row is about."""
    return row.says, row.who, row.when if row.says in ("sessions", "week", "crowd") else 0
