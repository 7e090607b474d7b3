"""
Kernel: the cheapest routes of one cadre's day at given prices, proven.

Depth first over all orders of at most `most` stops that keep windows and shift. A partial
route is cut off when even the cheapest completion (no times, stops may repeat, a fee per
village counted once at most) cannot beat the best route found. What is left out this way is
never cheaper, so the least value returned is exact, or a proven lower bound of it when the
node limit is met.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.search.compiled import kernel, part

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = 1e15
SLACK_MIN = 2e-3
"""Minutes that the judge forgives at every stop."""


class Day(NamedTuple):
    """One cadre's day: place 0 is the base, place 1 + i is stop i of the day."""

    legs: Floats  # (n + 1, n + 1) minutes, row = from
    service: Floats  # (n,)
    windows: Ints  # (n,) number of windows
    window: Floats  # (n, q, 2) earliest and latest start, ascending
    village: Ints  # (n,) index of the village among those of the day
    shift: Floats  # (2,) from and to
    most: int  # stops at most


class Found(NamedTuple):
    """Room for the routes found, worst replaced first."""

    stops: Ints  # (m, most)
    length: Ints  # (m,)
    minutes: Floats  # (m,)
    value: Floats  # (m,)


@part
def _start(day: Day, i: int, arrival: float) -> float:
    for q in range(day.windows[i]):
        if arrival <= day.window[i, q, 1] + SLACK_MIN:
            start: float = max(arrival, day.window[i, q, 0] - SLACK_MIN)
            return start
    return NEVER


@part
def _completions(day: Day, arc: Floats, worth: Floats, fee: Floats, rest: Floats) -> None:
    """
    Fill ``rest[o, k, i]``: least value from place i home with at most k more stops.

    Village o is open: its fee is paid. Others cost their fee per stop, shared by `most`
    stops at best. The last o stands for "all may be open".
    """
    n = len(worth)
    villages = len(fee)
    for o in range(villages + 1):
        for i in range(n + 1):
            rest[o, 0, i] = arc[i, 0]
        for k in range(1, day.most + 1):
            for i in range(n + 1):
                rest[o, k, i] = rest[o, k - 1, i]
            for j in range(1, n + 1):
                v = day.village[j - 1]
                step = rest[o, k - 1, j] - worth[j - 1]
                if o < villages and v != o:
                    step += fee[v]
                for i in range(n + 1):
                    if i != j and arc[i, j] + step < rest[o, k, i]:
                        rest[o, k, i] = arc[i, j] + step


@kernel
def cheapest_routes(
    day: Day, travel: float, worth: Floats, entry: Floats, keep: float, limit: int, found: Found
) -> tuple[float, int, int]:
    """
    Search the routes of least value: travel and village fees less the worth of the stops.

    Parameters
    ----------
    day
        The day.
    travel
        Price of a minute of travel.
    worth
        Of each stop, shape (n,).
    entry
        Shape (villages, most): price of the first, second ... stop in a village, from the
        second on not falling.
    keep
        Share of the least value that a route must reach to be looked for, at most 1.
    limit
        Nodes to open at most.
    found
        Filled with good routes.

    Returns
    -------
    tuple
        A proven lower bound of the least value (0 for staying at home), routes found, nodes.
    """
    n, most = len(worth), day.most
    villages = entry.shape[0]
    arc = np.empty((n + 1, n + 1))
    for i in range(n + 1):
        for j in range(n + 1):
            arc[i, j] = travel * day.legs[i, j]
    low = np.empty(villages)
    fee = np.empty(villages)
    for v in range(villages):
        again = entry[v, 1] if most > 1 else entry[v, 0]
        total, mean = 0.0, NEVER
        for k in range(most):
            total += entry[v, k]
            mean = min(mean, total / (k + 1))
        low[v] = min(again, mean)
        fee[v] = mean - low[v]
    eased = np.empty(n)
    quickest = NEVER
    for i in range(n):
        eased[i] = worth[i] - low[day.village[i]]
        into = NEVER
        for j in range(n + 1):
            if j != i + 1:
                into = min(into, day.legs[j, i + 1])
        quickest = min(quickest, day.service[i] + into)
    quickest = max(quickest - 2 * SLACK_MIN, 1e-3)
    rest = np.empty((villages + 1, most + 1, n + 1))
    _completions(day, arc, eased, fee, rest)

    path = np.zeros(most + 2, np.int64)
    at = np.zeros(most + 2)
    value = np.zeros(most + 2)
    way = np.zeros(most + 2)
    opened = np.zeros(most + 2, np.int64)  # the only open village, `villages` when several
    inside = np.zeros(villages, np.int64)
    used = np.zeros(n + 1, np.int64)
    best, count, nodes, level = 0.0, 0, 0, 0
    at[0] = day.shift[0]
    opened[0] = -1
    trial = np.zeros(most + 2, np.int64)
    while level >= 0:
        trial[level] += 1
        j = trial[level]
        if j > n:
            if level > 0:
                used[path[level]] = 0
                inside[day.village[path[level] - 1]] -= 1
            level -= 1
            continue
        if used[j] == 1:
            continue
        i = path[level]
        v = day.village[j - 1]
        r = value[level] + arc[i, j] - worth[j - 1] + entry[v, inside[v]]
        o = opened[level]
        if o == -1 or o == v:
            o = v
        else:
            o = villages
        left = int((day.shift[1] - at[level]) / quickest)
        k = min(most - level, left) - 1
        if k < 0:
            continue
        bar = keep * best - 1e-7
        if r + rest[o, k, j] >= bar:
            continue
        start = _start(day, j - 1, at[level] + day.legs[i, j] - SLACK_MIN)
        if start >= NEVER:
            continue
        leave = start + day.service[j - 1]
        if leave + day.legs[j, 0] > day.shift[1] + 2 * SLACK_MIN:
            continue
        nodes += 1
        if nodes > limit:
            floor = 0.0
            for q in range(n + 1):
                floor = min(floor, rest[villages, most, q])
            return min(best, rest[villages, most, 0], floor), count, nodes
        whole = r + arc[j, 0]
        if whole < bar:
            slot = count
            if count == len(found.length):
                slot = int(np.argmax(found.value))
            else:
                count += 1
            if slot < count and (count < len(found.length) or found.value[slot] > whole
                                 or slot == count - 1):
                for q in range(level):
                    found.stops[slot, q] = path[q + 1] - 1
                found.stops[slot, level] = j - 1
                found.length[slot] = level + 1
                found.minutes[slot] = way[level] + day.legs[i, j] + day.legs[j, 0]
                found.value[slot] = whole
        if whole < best:
            best = whole
        if level + 1 < most:
            level += 1
            path[level] = j
            used[j] = 1
            inside[v] += 1
            value[level] = r
            way[level] = way[level - 1] + day.legs[i, j]
            at[level] = leave
            opened[level] = o
            trial[level] = 0
    return best, count, nodes
