"""The rows of the master: what each says, and what a route has to do with it."""

from collections.abc import Iterator
from typing import NamedTuple

from scheduler.bounds.terms import Terms, per_village, tangent


class Route(NamedTuple):
    """A cadre's day: indices of the cadre, the day, and the stops in order."""

    cadre: int
    day: int
    stops: tuple[int, ...]


class Row(NamedTuple):
    """
    A row by its kind and what it is about.

    ``cover`` a stop gets its visits or pays; ``day`` a cadre drives one route a day;
    ``gap`` visits of a stop from a day on are apart; ``teams`` come to a village from a day on;
    ``week`` caps a village's week; ``crowd`` is a tangent of its squared visits; ``load`` is a
    tangent of a cadre's squared load; ``certified`` is what a village lacks in every plan.
    """

    kind: str
    who: int
    when: int = 0
    at: float = 0.0


def coefficient(terms: Terms, row: Row, route: Route) -> float:
    """Coefficient of a route in a row about its cadre, day, stops or villages."""
    f = terms.fixed
    if row.kind in ("cover", "day"):
        return 1.0
    if row.kind == "gap":
        return float(route.day in terms.days_from(row.when, int(f.gap[row.who])))
    if row.kind == "teams":
        return float(route.day in terms.days_from(row.when, max(1, int(f.village_gap[row.who]))))
    if row.kind == "load":
        return -2.0 * row.at * terms.fairness * float(sum(f.service[i] for i in route.stops))
    visits = sum(int(f.home[i]) == row.who for i in route.stops)
    if row.kind == "week":
        return float(visits)
    return -terms.crowding * tangent(visits, int(row.at))  # crowd


def subjects(terms: Terms, route: Route) -> Iterator[tuple[str, int, int]]:
    """What rows a route may stand in: kind, who, and the day or week where it must be equal."""
    f = terms.fixed
    week = int(f.week[route.day])
    yield "day", route.cadre, route.day
    yield "load", route.cadre, 0
    for i in route.stops:
        yield "cover", i, 0
        yield "gap", i, 0
    for v, _ in per_village(f.home, route.stops):
        yield "teams", v, 0
        yield "week", v, week
        yield "crowd", v, week


def subject(row: Row) -> tuple[str, int, int]:
    """What a row is about, as ``subjects`` names it."""
    return row.kind, row.who, row.when if row.kind in ("day", "week", "crowd") else 0
