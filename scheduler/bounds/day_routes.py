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


class Room(NamedTuple):
    """Room to work in, and for the routes found: S stops at most, M routes, V villages."""

    stops: Ints  # (M, S) the routes found, worst replaced first
    length: Ints  # (M,)
    minutes: Floats  # (M,)
    value: Floats  # (M,)
    arc: Floats  # (n + 1, n + 1) price of each leg
    eased: Floats  # (n,) worth less what every stop in its village costs
    rest: Floats  # (V + 1, S + 1, n + 1) least value of a completion
    other: Floats  # (V + 1, S + 1, n + 1) least value when it goes elsewhere first
    hop: Ints  # (V + 1, S + 1, n + 1) where the least way goes first; 0 is home
    low: Floats  # (V,) price of a stop in an open village
    fee: Floats  # (V,) what a stop in another village costs more
    level: Floats  # (3, S + 2) time, value and travel so far
    order: Ints  # (3, S + 2) place, next place to try, open village
    inside: Ints  # (V,) stops of the route in each village
    used: Ints  # (n + 1,)
    next: Ints  # (n + 1, n) stops in the order in which they are tried from each place
    key: Floats  # (n + 1, n) least value of any route from that place to them
    net: Floats  # (n,) what a stop brings at most, falling
    bringer: Ints  # (n,) that stop
    half: Floats  # (n + 1,) half the least leg out of each place; of 0: home


def room(stops: int, most: int, villages: int, routes: int) -> Room:
    """Make room for days of at most so many stops and villages."""
    return Room(
        stops=np.zeros((routes, most), np.int64),
        length=np.zeros(routes, np.int64),
        minutes=np.zeros(routes),
        value=np.zeros(routes),
        arc=np.zeros((stops + 1, stops + 1)),
        eased=np.zeros(stops),
        rest=np.zeros((villages + 1, most + 1, stops + 1)),
        other=np.zeros((villages + 1, most + 1, stops + 1)),
        hop=np.zeros((villages + 1, most + 1, stops + 1), np.int64),
        low=np.zeros(villages),
        fee=np.zeros(villages),
        level=np.zeros((3, most + 2)),
        order=np.zeros((3, most + 2), np.int64),
        inside=np.zeros(villages, np.int64),
        used=np.zeros(stops + 1, np.int64),
        next=np.zeros((stops + 1, stops), np.int64),
        key=np.zeros((stops + 1, stops)),
        net=np.zeros(stops),
        bringer=np.zeros(stops, np.int64),
        half=np.zeros(stops + 1),
    )


@part
def _start(day: Day, i: int, arrival: float) -> float:
    for q in range(day.windows[i]):
        if arrival <= day.window[i, q, 1] + SLACK_MIN:
            start: float = max(arrival, day.window[i, q, 0] - SLACK_MIN)
            return start
    return NEVER


@part
def _ease(day: Day, travel: float, worth: Floats, entry: Floats, x: Room) -> None:
    """Price the legs, and split what a village costs: per stop, and for entering it."""
    n, villages = len(worth), entry.shape[0]
    for i in range(n + 1):
        for j in range(n + 1):
            x.arc[i, j] = travel * day.legs[i, j]
    for v in range(villages):
        total, mean = 0.0, NEVER
        for k in range(day.most):
            total += entry[v, k]
            mean = min(mean, total / (k + 1))
        x.low[v] = min(mean, entry[v, 1]) if day.most > 1 else mean
        x.fee[v] = mean - x.low[v]
    for i in range(n):
        x.eased[i] = worth[i] - x.low[day.village[i]]


@part
def _completions(day: Day, n: int, villages: int, x: Room) -> None:
    """
    Fill ``rest[o, k, i]``: least value from place i home with at most k more stops.

    Village o is open: its fee is paid. Others cost their fee per stop, shared by as many
    stops as is best. The last o stands for "all may be open". Nobody goes to a stop and
    straight back again: ``hop`` is where the least way goes first, ``other`` the least value
    of a way that goes elsewhere first.
    """
    for o in range(villages + 1):
        for k in range(day.most + 1):
            for i in range(n + 1):
                x.rest[o, k, i] = x.arc[i, 0]
                x.other[o, k, i] = NEVER
                x.hop[o, k, i] = 0
            if k == 0:
                continue
            for j in range(1, n + 1):
                v = day.village[j - 1]
                step = -x.eased[j - 1]
                if o < villages and v != o:
                    step += x.fee[v]
                for i in range(n + 1):
                    if i == j:
                        continue
                    value = x.arc[i, j] + step + _go_on(x, o, k - 1, j, i)
                    if value < x.rest[o, k, i]:
                        x.other[o, k, i] = x.rest[o, k, i]
                        x.rest[o, k, i] = value
                        x.hop[o, k, i] = j
                    elif value < x.other[o, k, i]:
                        x.other[o, k, i] = value


@part
def _go_on(x: Room, o: int, k: int, i: int, before: int) -> float:
    """Least value from place i home with at most k more stops, not straight back."""
    value: float = x.rest[o, k, i]
    if before > 0 and x.hop[o, k, i] == before:
        value = x.other[o, k, i]
    return value


@part
def _order(n: int, most: int, villages: int, x: Room) -> None:
    """Order the stops after each place by the least value of any route that goes on there."""
    for i in range(n + 1):
        for j in range(1, n + 1):
            value = x.arc[i, j] - x.eased[j - 1] + x.rest[villages, most - 1, j]
            q = j - 1
            while q > 0 and x.key[i, q - 1] > value:
                x.key[i, q] = x.key[i, q - 1]
                x.next[i, q] = x.next[i, q - 1]
                q -= 1
            x.key[i, q] = value
            x.next[i, q] = j


@part
def _nets(n: int, x: Room) -> None:
    """Order the stops by what each brings at most: its worth less half its least legs."""
    for j in range(1, n + 1):
        into, out = NEVER, NEVER
        for i in range(n + 1):
            if i != j:
                into = min(into, x.arc[i, j])
                out = min(out, x.arc[j, i])
        net = x.eased[j - 1] - 0.5 * (into + out)
        x.half[j] = 0.5 * out
        q = j - 1
        while q > 0 and x.net[q - 1] < net:
            x.net[q] = x.net[q - 1]
            x.bringer[q] = x.bringer[q - 1]
            q -= 1
        x.net[q] = net
        x.bringer[q] = j
    x.half[0] = NEVER
    for i in range(1, n + 1):
        x.half[0] = min(x.half[0], 0.5 * x.arc[i, 0])


@part
def _brings(n: int, k: int, x: Room) -> float:
    """What k more stops bring at most, none twice, none that the route has already."""
    total = 0.0
    for q in range(n):
        if k == 0 or x.net[q] <= 0.0:
            break
        if x.used[x.bringer[q]] == 0:
            total += x.net[q]
            k -= 1
    return total


@part
def _is_detour(day: Day, level: int, j: int, travel: float, leave: float, x: Room) -> bool:
    """Whether turning round a part of the route before stop j is shorter and no later."""
    path, at, way = x.order[0], x.level[0], x.level[2]
    for p in range(1, level):
        for q in range(p + 1, level + 1):
            minutes = way[p - 1] + day.legs[path[p - 1], path[q]]
            for y in range(q, p, -1):
                minutes += day.legs[path[y], path[y - 1]]
            after = j if q == level else path[q + 1]
            minutes += day.legs[path[p], after]
            for y in range(q + 1, level + 1):
                minutes += day.legs[path[y], j if y == level else path[y + 1]]
            if minutes >= travel - 1e-9:
                continue
            now, place, fits = at[p - 1], path[p - 1], True
            for y in range(p, level + 2):
                if y <= q:
                    go = path[p + q - y]
                elif y <= level:
                    go = path[y]
                else:
                    go = j
                start = _start(day, go - 1, now + day.legs[place, go] - SLACK_MIN)
                if start >= NEVER:
                    fits = False
                    break
                now, place = start + day.service[go - 1], go
            if fits and now <= leave:
                return True
    return False


@part
def _quickest(day: Day, n: int) -> float:
    """Least minutes that any stop takes, the way to it included."""
    least = NEVER
    for j in range(1, n + 1):
        for i in range(n + 1):
            if i != j:
                least = min(least, day.service[j - 1] + day.legs[i, j])
    return max(least - 2 * SLACK_MIN, 1e-3)


@part
def _keep(x: Room, count: int, level: int, j: int, minutes: float, value: float) -> int:
    """Keep a route, in place of the worst one when the room is full."""
    slot = count
    if count == len(x.length):
        slot = 0
        for q in range(1, count):
            if x.value[q] > x.value[slot]:
                slot = q
        if x.value[slot] <= value:
            return count
    else:
        count += 1
    for q in range(level):
        x.stops[slot, q] = x.order[0, q + 1] - 1
    x.stops[slot, level] = j - 1
    x.length[slot] = level + 1
    x.minutes[slot] = minutes
    x.value[slot] = value
    return count


@kernel
def cheapest_routes(
    day: Day, travel: float, worth: Floats, entry: Floats, keep: float, limit: int, x: Room
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
    x
        Filled with good routes.

    Returns
    -------
    tuple
        A proven lower bound of the least value (0 for staying at home), the number of routes
        in ``x``, nodes opened.
    """
    n, most, villages = len(worth), day.most, entry.shape[0]
    _ease(day, travel, worth, entry, x)
    _completions(day, n, villages, x)
    _order(n, most, villages, x)
    _nets(n, x)
    quickest = _quickest(day, n)
    at, value, way = x.level[0], x.level[1], x.level[2]
    path, trial, opened = x.order[0], x.order[1], x.order[2]
    x.inside[:villages] = 0
    x.used[: n + 1] = 0
    best, count, nodes, level = 0.0, 0, 0, 0
    path[0], trial[0], opened[0] = 0, -1, -1
    at[0], value[0], way[0] = day.shift[0], 0.0, 0.0
    while level >= 0:
        trial[level] += 1
        i, y = path[level], trial[level]
        bar = keep * best - 1e-7
        if y == n or value[level] + x.key[i, y] >= bar:
            if level > 0:
                x.used[i] = 0
                x.inside[day.village[i - 1]] -= 1
            level -= 1
            continue
        j = x.next[i, y]
        if x.used[j] == 1:
            continue
        v = day.village[j - 1]
        r = value[level] + x.arc[i, j] - worth[j - 1] + entry[v, x.inside[v]]
        o = v if opened[level] == -1 or opened[level] == v else villages
        k = min(most - level, int((day.shift[1] - at[level]) / quickest)) - 1
        if k < 0 or r + _go_on(x, o, k, j, i) >= bar:
            continue
        x.used[j] = 1
        brings = _brings(n, k, x)
        x.used[j] = 0
        if r + x.half[j] + x.half[0] - brings >= bar and r + x.arc[j, 0] >= bar:
            continue
        start = _start(day, j - 1, at[level] + day.legs[i, j] - SLACK_MIN)
        if start >= NEVER:
            continue
        leave = start + day.service[j - 1]
        if leave + day.legs[j, 0] > day.shift[1] + 2 * SLACK_MIN:
            continue
        minutes = way[level] + day.legs[i, j]
        if level > 1 and _is_detour(day, level, j, minutes, leave, x):
            continue
        nodes += 1
        if nodes > limit:
            return min(best, x.rest[villages, most, 0]), count, nodes
        if r + x.arc[j, 0] < bar:
            count = _keep(x, count, level, j, minutes + day.legs[j, 0], r + x.arc[j, 0])
            best = min(best, r + x.arc[j, 0])
        if level + 1 < most:
            level += 1
            path[level], trial[level], opened[level] = j, -1, o
            at[level], value[level], way[level] = leave, r, minutes
            x.used[j] = 1
            x.inside[v] += 1
    return best, count, nodes
