"""
Does one cadre's day hold these stops? Exact, over all orders.

For every subset of the stops and the last of them, the earliest end is kept: who is there
earlier can only gain, because waiting is free (Held and Karp 1962, with windows).
"""

from collections.abc import Sequence
from datetime import date

from scheduler.cadre import Cadre
from scheduler.household import Household
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem

SLACK_MIN = 1e-6

Starts = list[tuple[float, float]]
"""Earliest and latest start of one visit, for each window."""


def timed_day(
    problem: Problem, cadre: Cadre, day: date, stops: Sequence[Household]
) -> list[PlannedVisit] | None:
    """
    Order the stops of one day so that it ends as early as possible.

    Parameters
    ----------
    problem
        Distances, and locked visits, which start at their times.
    cadre, day
        One with a shift on that day.
    stops
        About ten at most: the time doubles with each.

    Returns
    -------
    list of PlannedVisit or None
        None when no order keeps the windows and the shift.
    """
    places = [(cadre.node, cadre.base), *((h.node, h.point) for h in stops)]
    legs: list[list[float]] = problem.travel.block(places, places).tolist()
    starts = _starts(problem, day, stops)
    begin, end = cadre.shifts[day]
    n = len(stops)
    ends: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {(0, 0): (begin, ())}
    for _ in range(n):
        longer: dict[tuple[int, int], tuple[float, tuple[int, ...]]] = {}
        for (done, last), (at, order) in ends.items():
            for i in range(n):
                if done >> i & 1:
                    continue
                start = _earliest(at + legs[last][i + 1], starts[i])
                if start is None:
                    continue
                key, leaves = (done | 1 << i, i + 1), start + stops[i].service_min
                if key not in longer or leaves < longer[key][0]:
                    longer[key] = leaves, (*order, i)
        ends = longer
    back = [(at + legs[last][0], order) for (_, last), (at, order) in ends.items()]
    at, order = min(back, default=(float("inf"), ()))
    if at > end + SLACK_MIN:
        return None
    return _visits(cadre, day, stops, order, legs, starts)


def _starts(problem: Problem, day: date, stops: Sequence[Household]) -> list[Starts]:
    fixed = {x.household: x.start for x in problem.locked if x.date == day}
    return [
        [(fixed[h.id], fixed[h.id])]
        if h.id in fixed
        else [(a, b - h.service_min) for a, b in sorted(h.windows)]
        for h in stops
    ]


def _earliest(arrival: float, starts: Starts) -> float | None:
    for first, last in starts:
        if max(arrival, first) <= last + SLACK_MIN:
            return min(max(arrival, first), last)
    return None


def _visits(
    cadre: Cadre,
    day: date,
    stops: Sequence[Household],
    order: Sequence[int],
    legs: Sequence[Sequence[float]],
    starts: Sequence[Starts],
) -> list[PlannedVisit]:
    at, last, found = cadre.shifts[day][0], 0, []
    for rank, i in enumerate(order, start=1):
        start = _earliest(at + legs[last][i + 1], starts[i])
        if start is None:
            raise AssertionError("The order was found to keep the windows.")
        at, last = start + stops[i].service_min, i + 1
        found.append(
            PlannedVisit(
                household=stops[i].id, cadre=cadre.id, date=day, start=start, end=at, order=rank
            )
        )
    return found
