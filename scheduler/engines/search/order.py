"""
Kernel: the proven-best order of every cadre's day.

Depth first over all orders that keep windows and shift, cut off as soon as the way so far is
no shorter than the best whole day; among equally short days the one that ends first. Days of
more than about nine stops may meet the node limit and then keep their best order so far.
"""

import numpy as np

from scheduler.engines.search.arrays import FORBIDDEN, Fixed, Floats, Ints
from scheduler.engines.search.compiled import kernel, part
from scheduler.engines.search.routes import NEVER, SLACK, earliest_start

NODE_LIMIT = 200_000
TIE = 1e-9


def order_days(f: Fixed, route: Ints, length: Ints) -> float:
    """
    Reorder every route in place.

    Parameters
    ----------
    f
        The piece.
    route, length
        Routes, shapes (Z, R) and (Z,).

    Returns
    -------
    float
        Minutes of travel saved.
    """
    longest = route.shape[1] + 1
    room = np.zeros((2, longest))
    order = np.zeros((4, longest), np.int64)
    return float(_order_days(f, route, length, order, room, NODE_LIMIT))


@part
def _order_day(
    f: Fixed, route: Ints, length: Ints, z: int, order: Ints, room: Floats, node_limit: int
) -> float:
    cadres, days = f.duty.shape
    c, d, n = z // days, z % days, length[z]
    chosen, best, used, entered = order[0], order[1], order[2], order[3]
    way, at = room[0], room[1]
    shift_end = f.shift[c, d, 1]
    least, soonest, first, nodes = FORBIDDEN, FORBIDDEN, -1.0, 0
    used[:n] = 0
    way[0], at[0] = 0.0, f.shift[c, d, 0]
    chosen[0], entered[0] = -1, 0
    level = 0
    # The first whole day met is the present order, so nothing is ever made worse.
    while level >= 0 and nodes < node_limit:
        if entered[level] == 1:  # back from the level below
            used[chosen[level]] = 0
            entered[level] = 0
        chosen[level] += 1
        k = chosen[level]
        if k == n:
            level -= 1
            continue
        if used[k] == 1:
            continue
        nodes += 1
        i = route[z, k]
        place = c if level == 0 else cadres + route[z, chosen[level - 1]]
        leg = f.minutes[place, cadres + i]
        if way[level] + leg > least + TIE:
            continue
        start = earliest_start(f, i, at[level] + leg)
        if start >= NEVER:
            continue
        leave = start + f.service[i]
        if level + 1 < n:
            used[k] = 1
            way[level + 1], at[level + 1] = way[level] + leg, leave
            entered[level] = 1
            level += 1
            chosen[level], entered[level] = -1, 0
            continue
        back = f.minutes[cadres + i, c]
        total, home = way[level] + leg + back, leave + back
        if home <= shift_end + SLACK:
            if first < 0:
                first = total
            if total < least - TIE or (total < least + TIE and home < soonest - TIE):
                least, soonest = min(total, least), home
                for y in range(n):
                    best[y] = route[z, chosen[y]]
    if first < 0:
        return 0.0
    for y in range(n):
        route[z, y] = best[y]
    return first - least


@kernel
def _order_days(
    f: Fixed, route: Ints, length: Ints, order: Ints, room: Floats, node_limit: int
) -> float:
    saved = 0.0
    for z in range(length.shape[0]):
        if length[z] > 0:
            saved += _order_day(f, route, length, z, order, room, node_limit)
    return saved
