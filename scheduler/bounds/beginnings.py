"""Prices to begin a level of column generation with."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from scheduler.bounds.master import Master
from scheduler.bounds.prices import Prices
from scheduler.bounds.rows import Row
from scheduler.bounds.terms import LOAD_STEP, per_village, tangent

Stops = tuple[int, ...]


def even_prices(master: Master, routes: Iterable[Stops], share: float) -> dict[Row, float]:
    """
    Prices when the stops of a route share what it costs; other stops cost as the mean.

    Parameters
    ----------
    master
        Its villages and weeks.
    routes
        Routes of a plan.
    share
        Share of its travel that a route is priced with: the best routes need less.
    """
    t, f = master.terms, master.terms.fixed
    first = _first_tangents(master)
    cadres = len(f.capacity)
    shares: dict[int, list[float]] = defaultdict(list)
    for stops in routes:
        places = [cadres + i for i in stops]
        way = float(f.minutes[:cadres, places[0]].min() + f.minutes[places[-1], :cadres].min())
        way += sum(float(f.minutes[a, b]) for a, b in pairwise(places))
        crowds = {v: tangent(k, first[v]) / k for v, k in per_village(f.home, stops)}
        for i in stops:
            each = share * t.travel * way / len(stops) + t.minute * float(f.service[i])
            shares[i].append(each + t.crowding * crowds[int(f.home[i])])
    mean = sum(map(sum, shares.values())) / max(1, sum(map(len, shares.values())))
    duals: dict[Row, float] = {}
    for i in range(len(t.due)):
        mine = shares.get(i, [mean])
        duals[Row("cover", i)] = min(sum(mine) / len(mine), float(t.missing[i]))
    for v in np.flatnonzero(t.certified):
        here = np.flatnonzero(f.home == v)
        rest = [(t.missing[i] - duals[Row("cover", int(i))]) / t.priority[i] for i in here]
        duals[Row("certified", int(v))] = float(min(rest))
    for v, b in np.argwhere(master.weeks):
        if t.tangent[v] < 0:
            duals[Row("crowd", int(v), int(b), first[int(v)])] = 1.0
    return duals


def refined_prices(master: Master, coarse: Master, end: Prices) -> dict[Row, float]:
    """Prices that a coarser level ended with, for the classes of the next."""
    t = master.terms
    duals = {Row("cover", i): float(y) for i, y in enumerate(end.visit)}
    for v in np.flatnonzero(t.certified):
        duals[Row("certified", int(v))] = float(end.certified[v])
    for c in np.flatnonzero(end.load):
        at = round(float(end.load[c]) / (2.0 * t.rate * t.mean * LOAD_STEP))
        if at:
            duals[Row("load", int(c), 0, at)] = 1.0
    entry: dict[int, list[int]] = defaultdict(list)
    for z, kind in enumerate(coarse.classes):
        entry[kind.bucket].append(z)
    for v, b in np.argwhere(master.weeks):
        before = int(b) if int(b) < end.crowd.shape[1] and len(entry) > 1 else 0
        if before in entry:
            price = float(end.entry[v, entry[before]].min())
            duals[Row("sessions", int(v), int(b))] = price
        if t.tangent[v] < 0:
            for m in np.flatnonzero(end.crowd[v, before]):
                duals[Row("crowd", int(v), int(b), int(m))] = float(end.crowd[v, before, m])
    return duals


def _first_tangents(master: Master) -> dict[int, int]:
    """Tangent of each village where its visits are spread evenly over its weeks."""
    t = master.terms
    most = np.bincount(t.fixed.home, t.due - t.least_missing, minlength=len(master.weeks))
    weeks = np.maximum(1, master.weeks.sum(1))
    even = [int(m) for m in most // weeks]
    return {v: m if t.tangent[v] < 0 else int(t.tangent[v]) for v, m in enumerate(even)}
