"""Which rows a solution of the master breaks."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

import numpy as np

from scheduler.bounds.master import Master
from scheduler.bounds.rows import Route, Row
from scheduler.bounds.terms import Terms, per_village, tangent

BROKEN = 1e-3
"""A row is added when a solution breaks it by more than this."""

Used = Mapping[Route, float]


def broken_rows(master: Master, used: Used) -> Iterator[Row]:
    """Rows that a solution breaks, not yet in the master or exact to rounding."""
    yield from _gaps(master.terms, used)
    yield from _teams(master.terms, used)
    yield from _weeks(master, used)
    yield from _loads(master, used)


def _gaps(t: Terms, used: Used) -> Iterator[Row]:
    on: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for route, x in used.items():
        for i in route.stops:
            on[i][route.day] += x
    for i, days in on.items():
        for d in days:
            near = t.days_from(d, int(t.fixed.gap[i]))
            if sum(days[e] for e in near if e in days) > 1.0 + BROKEN:
                yield Row("gap", i, d)


def _teams(t: Terms, used: Used) -> Iterator[Row]:
    f = t.fixed
    on: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for route, x in used.items():
        for v, _ in per_village(f.home, route.stops):
            on[v][route.day] += x
    for v, days in on.items():
        for d in days:
            near = t.days_from(d, max(1, int(f.village_gap[v])))
            if sum(days[e] for e in near if e in days) > float(f.teams[v]) + BROKEN:
                yield Row("teams", v, d)


def _weeks(master: Master, used: Used) -> Iterator[Row]:
    t, f = master.terms, master.terms.fixed
    here: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for route, x in used.items():
        for v, k in per_village(f.home, route.stops):
            here[v, int(f.week[route.day])].append((k, x))
    for (v, w), parts in here.items():
        n = sum(k * x for k, x in parts)
        if n > float(f.weekly[v]) + BROKEN:
            yield Row("week", v, w)
        if t.tangent[v] < 0:
            yield from _crowd(master, v, w, parts, n)


def _crowd(
    master: Master, v: int, w: int, parts: list[tuple[int, float]], n: float
) -> Iterator[Row]:
    price = master.terms.crowding
    costs = [
        price * (sum(x * tangent(k, m) for k, x in parts) - m * (m + 1)) for m in range(int(n) + 2)
    ]
    m = int(np.argmax(costs))
    if costs[m] > master.cost_of(Row("crowd", v, w)) + BROKEN:
        yield Row("crowd", v, w, float(m))


def _loads(master: Master, used: Used) -> Iterator[Row]:
    f = master.terms.fixed
    load = np.zeros(len(f.capacity))
    for route, x in used.items():
        load[route.cadre] += x * sum(f.service[i] for i in route.stops)
    for c, minutes in enumerate(load):
        cost = master.terms.fairness * minutes**2
        if cost > master.cost_of(Row("load", c)) + 50 * BROKEN:
            yield Row("load", c, 0, round(float(minutes), 1))
