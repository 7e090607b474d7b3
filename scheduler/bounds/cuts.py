"""Which rows a solution of the master breaks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from scheduler.bounds.master import Master
from scheduler.bounds.rows import Route, Row
from scheduler.bounds.terms import LOAD_STEP, LOADS, per_village, tangent

BROKEN = 1e-3
"""A row is added when a solution breaks it by more than this."""

Used = Mapping[Route, float]


def broken_rows(master: Master, used: Used) -> Iterator[Row]:
    """Rows that a solution breaks."""
    yield from _gaps(master, used)
    yield from _teams(master, used)
    yield from _buckets(master, used)
    yield from _loads(master, used)


def _gaps(master: Master, used: Used) -> Iterator[Row]:
    on: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for route, x in used.items():
        for i in route.stops:
            on[i][route.kind] += x
    gap = master.terms.fixed.gap
    for i, kinds in on.items():
        for d in _crowded(master, kinds, int(gap[i]), 1.0):
            yield Row("gap", i, d)


def _teams(master: Master, used: Used) -> Iterator[Row]:
    f = master.terms.fixed
    on: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for route, x in used.items():
        for v, _ in per_village(f.home, route.stops):
            on[v][route.kind] += x
    for v, kinds in on.items():
        for d in _crowded(master, kinds, max(1, int(f.village_gap[v])), float(f.teams[v])):
            yield Row("teams", v, d)


def _crowded(master: Master, kinds: Mapping[int, float], gap: int, most: float) -> Iterator[int]:
    """Days from which more happens within the gap than may; classes must lie within it."""
    ordinal = master.terms.fixed.ordinal
    spans = [
        (master.classes[z].days[0], int(ordinal[master.classes[z].days[-1]]), x)
        for z, x in kinds.items()
    ]
    for d in {first for first, _, _ in spans}:
        end = int(ordinal[d]) + gap
        if sum(x for first, last, x in spans if first >= d and last < end) > most + BROKEN:
            yield d


def _buckets(master: Master, used: Used) -> Iterator[Row]:
    t, f = master.terms, master.terms.fixed
    here: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for route, x in used.items():
        for v, k in per_village(f.home, route.stops):
            here[v, master.classes[route.kind].bucket].append((k, x))
    for (v, b), parts in here.items():
        visits = sum(k * x for k, x in parts)
        if sum(x for _, x in parts) > master.sessions[v, b] + BROKEN:
            yield Row("sessions", v, b)
        if visits > float(f.weekly[v] * master.weeks[v, b]) + BROKEN:
            yield Row("week", v, b)
        if t.tangent[v] < 0:
            yield from _crowd(master, v, b, parts, visits)


def _loads(master: Master, used: Used) -> Iterator[Row]:
    t = master.terms
    load: dict[int, float] = defaultdict(float)
    for route, x in used.items():
        load[master.classes[route.kind].cadre] += x * float(
            t.fixed.service[list(route.stops)].sum()
        )
    for cadre, minutes in load.items():
        if cadre >= 0 and t.rate > 0:
            steps = round((minutes / t.mean - 1.0) / LOAD_STEP)
            at = max(-LOADS, min(LOADS, steps))
            over = 2.0 * (t.load(at) - t.mean) * minutes - t.load(at) ** 2 + t.mean**2
            if at and t.rate * over > master.unfair(cadre) + BROKEN:
                yield Row("load", cadre, 0, at)


def _crowd(
    master: Master, v: int, b: int, parts: list[tuple[int, float]], visits: float
) -> Iterator[Row]:
    weeks = max(1, int(master.weeks[v, b]))
    price = master.terms.crowding
    costs = [
        price * (sum(x * tangent(k, m) for k, x in parts) - weeks * m * (m + 1))
        for m in range(int(visits / weeks) + 2)
    ]
    m = int(np.argmax(costs))
    if costs[m] > master.crowd(v, b) + BROKEN:
        yield Row("crowd", v, b, m)
