"""
The stops of a piece as arrays: when each may be visited and by whom, and who is near.

The last stops stand in for locked visits: they cannot be moved, and start at their time.
"""

import numpy as np

from scheduler.engines.search.arrays import FORBIDDEN, Floats, Ints
from scheduler.engines.search.prices import Prices
from scheduler.household import Household
from scheduler.locked import LockedVisit
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem

NEIGHBOURS = 60

SORTED_AT_A_TIME = 500_000
"""Legs that are sorted at a time: the order takes as much room as the legs."""


def start_spans(stops: list[Household], starts: list[float], first: int) -> tuple[Ints, Floats]:
    """Numbers of windows, (N,), and earliest and latest starts in each, (N, q, 2)."""
    spans = []
    for i, h in enumerate(stops):
        if i >= first:
            spans.append([(starts[i - first], starts[i - first])])
        else:
            spans.append(
                [(a, b - h.service_min) for a, b in sorted(h.windows) if b - a >= h.service_min]
            )
    width = max(1, *(len(s) for s in spans)) if spans else 1
    window = np.zeros((len(stops), width, 2))
    for i, span in enumerate(spans):
        if span:
            window[i, : len(span)] = span
    return np.array([len(s) for s in spans], np.int64), window


def day_costs(
    problem: Problem,
    stops: list[Household],
    held_days: dict[str, list[LockedVisit]],
    gap: Ints,
    prices: Prices | None,
    earlier: dict[str, list[PlannedVisit]],
) -> Floats:
    """Shape (N, D): FORBIDDEN where dates, blackouts, the last or a locked visit forbid it."""
    ordinal = np.array([d.toordinal() for d in problem.days])
    column = {d: i for i, d in enumerate(problem.days)}
    cost = np.zeros((len(stops), len(ordinal)))
    black: dict[str, list[int]] = {}
    for i, h in enumerate(stops):
        if h.village not in black:
            dates = problem.village(h.village).blackout_days
            black[h.village] = [column[d] for d in dates if d in column]
        cost[i, black[h.village]] = FORBIDDEN
        if h.last_visit:
            cost[i, ordinal - h.last_visit.toordinal() < h.gap_days] = FORBIDDEN
        if h.not_before:
            cost[i, ordinal < h.not_before.toordinal()] = FORBIDDEN
        if h.not_after:
            cost[i, ordinal > h.not_after.toordinal()] = FORBIDDEN
        for x in held_days[h.id]:
            cost[i, np.abs(ordinal - x.date.toordinal()) < gap[i]] = FORBIDDEN
        if prices and prices.closed_until:
            cost[i, ordinal <= prices.closed_until.toordinal()] = FORBIDDEN
        if prices and h.id in earlier:
            kept = [column[x.date] for x in earlier[h.id] if x.date in column]
            changed = np.full(len(ordinal), prices.of(h.id))
            changed[kept] = 0.0
            cost[i] += changed
    return cost


def who_may_come(
    problem: Problem,
    unit: str,
    stops: list[Household],
    held_days: dict[str, list[LockedVisit]],
    prices: Prices | None,
    earlier: dict[str, list[PlannedVisit]],
) -> tuple[Ints, Floats]:
    """Cadres who may come and their prices, both of shape (N, C), padded with -1 and 0."""
    if not stops:
        return np.zeros((0, 1), np.int64), np.zeros((0, 1))
    cadres = problem.cadres_of_unit(unit)
    row = {c.id: i for i, c in enumerate(cadres)}
    team = np.full((len(stops), len(cadres)), -1, np.int64)
    cost = np.zeros((len(stops), len(cadres)))
    for i, h in enumerate(stops):
        only = held_days[h.id][0].cadre if held_days[h.id] else h.cadre
        mine = [row[only]] if only is not None else list(row.values())
        team[i, : len(mine)] = mine
        if prices and earlier.get(h.id):
            before = row.get(earlier[h.id][0].cadre)
            for k, c in enumerate(mine):
                cost[i, k] = 0.0 if c == before else prices.of(h.id)
    return team, cost


def first_of_each(locked: list[LockedVisit]) -> list[int]:
    """Tell, by 1, the stand-in that counts its household for the cadre's quota."""
    first = {x.household: i for i, x in reversed(list(enumerate(locked)))}
    return [int(first[x.household] == i) for i, x in enumerate(locked)]


def nearest_stops(minutes: Floats, first: int) -> Ints:
    """Movable stops near each stop, shape (N, n): nearest first, itself at the head."""
    n = len(minutes)
    near = np.zeros((n, min(first, NEIGHBOURS)), np.int64)
    rows = max(1, SORTED_AT_A_TIME // max(1, first))
    for begin in range(0, n if first else 0, rows):
        among = minutes[begin : begin + rows, :first].copy()
        itself = np.arange(begin, min(begin + rows, first))
        among[itself - begin, itself] = -1.0
        near[begin : begin + rows] = np.argsort(among, axis=1, kind="stable")[:, :NEIGHBOURS]
    return near
