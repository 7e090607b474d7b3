"""
Kernels: the cheapest routes of one cadre's day at given prices, proven.

Depth first over all orders of at most `most` stops that keep windows and shift. A partial
route is cut off when even the cheapest completion (``completions``) cannot beat the best route
found or the bar, or when another order of its stops is shorter and no later (``detours``). What
is left out this way is never cheaper: no route below the bar, or the least value, is proven, or
a lower bound of it when the node limit is met.
"""

from scheduler.bounds.completions import (
    brings,
    fill_arcs,
    fill_nets,
    fill_order,
    fill_rest,
    go_on,
    quickest,
)
from scheduler.bounds.day import NEVER, SLACK_MIN, Day, Floats, Room, starting
from scheduler.bounds.detours import is_detour
from scheduler.engines.search.compiled import kernel, part


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
def prepare_day(day: Day, travel: float, worth: Floats, entry: Floats, dear: int, x: Room) -> float:
    """
    Fill the tables of a day at some prices, for ``cheapest_routes``.

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
    dear
        Stops that completions never repeat: those that bring the most, at most ``DEAR``.
    x
        Filled.

    Returns
    -------
    float
        A lower bound of the least value of a route, 0 for staying at home.
    """
    fill_arcs(day, travel, entry, len(worth), x)
    fill_nets(day, worth, x)
    fill_rest(day, worth, entry, min(dear, len(worth)), x)
    fill_order(day, worth, x)
    least: float = x.key[day.most - 1, 0, 0]
    return min(0.0, least)


@kernel
def cheapest_routes(
    day: Day, worth: Floats, entry: Floats, bar: float, limit: int, x: Room
) -> tuple[float, int, int]:
    """
    Search the routes below a value: travel and village fees less the worth of the stops.

    Parameters
    ----------
    day, worth, entry
        As ``prepare_day`` had them.
    bar
        Value that a route must be below to be looked for; at most 0.
    limit
        Nodes to open at most.
    x
        Tables of ``prepare_day``, and stops that are barred; filled with good routes.

    Returns
    -------
    tuple
        A proven lower bound of the least value, not above the bar: the bar if no route is
        below it; the number of routes in ``x``; nodes opened, more than the limit when the
        search was cut short.
    """
    n, most = len(worth), day.most
    shortest = quickest(day, n)
    at, value, way = x.level[0], x.level[1], x.level[2]
    path, trial, seen = x.order[0], x.order[1], x.order[2]
    x.inside[: entry.shape[0]] = 0
    for j in range(n + 1):
        x.used[j] = x.barred[j]
    count, nodes, level, best = 0, 0, 0, bar
    path[0], trial[0], seen[0] = 0, -1, 0
    at[0], value[0], way[0] = day.shift[0], 0.0, 0.0
    while level >= 0:
        trial[level] += 1
        i, y, last = path[level], trial[level], most - level - 1
        if y == x.many[last, i] or value[level] + x.key[last, i, y] >= best:
            if level > 0:
                x.used[i] = 0
                x.inside[day.village[i - 1]] -= 1
            level -= 1
            continue
        j = x.next[last, i, y]
        if x.used[j] == 1:
            continue
        v = day.village[j - 1]
        c = x.inside[v]
        r = value[level] + x.arc[i, j] - worth[j - 1] + entry[v, c]
        k = min(last, int((day.shift[1] - at[level]) / shortest) - 1)
        if k < 0 or r + go_on(x, seen[level] | x.bit[j], k, c + 1, j, i) >= best:
            continue
        start = starting(day, j - 1, at[level] + day.legs[i, j] - SLACK_MIN)
        if start >= NEVER:
            continue
        leave = start + day.service[j - 1]
        if leave + day.back[j - 1] > day.shift[1] + 2 * SLACK_MIN:
            continue
        x.used[j] = 1
        more = brings(n, k, x)
        x.used[j] = 0
        if r + x.half[j] + x.half[0] - more >= best and r + x.arc[j, 0] >= best:
            continue
        minutes = way[level] + day.legs[i, j]
        if level > 1 and is_detour(day, level, j, minutes, leave, x):
            continue
        nodes += 1
        if nodes > limit:
            # Routes are begun in the order of their keys: those not yet begun are no better.
            return min(best, x.key[most - 1, 0, trial[0]]), count, nodes
        home = leave + day.legs[j, 0] <= day.shift[1] + 2 * SLACK_MIN
        if home and r + x.arc[j, 0] < best:
            count = _keep(x, count, level, j, minutes + day.legs[j, 0], r + x.arc[j, 0])
            best = r + x.arc[j, 0]
        if level + 1 < most:
            level += 1
            path[level], trial[level], seen[level] = j, -1, seen[level - 1] | x.bit[j]
            at[level], value[level], way[level] = leave, r, minutes
            x.used[j] = 1
            x.inside[v] += 1
    return best, count, nodes
