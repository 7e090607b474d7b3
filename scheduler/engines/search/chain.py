"""
Kernel: the cheapest spaced chain of visits over a list of priced days.

F(k, d) = price of d + min over e with d - e >= gap of F(k - 1, e) + spacing |d - e - ideal|.
Of the days e at least the ideal behind d the best is the least of F(k - 1, e) - spacing e,
kept while d moves on; only the days between the gap and the ideal are looked at one by one.
"""

from scheduler.engines.search.arrays import FAIRNESS, FORBIDDEN, SPACING, Fixed, Scratch, State
from scheduler.engines.search.compiled import inlined


@inlined
def lengthen(f: Fixed, x: Scratch, stop: int, k: int, n: int) -> bool:
    """Fill link k of the chains over n days from link k - 1; False if no chain is so long."""
    weight, gap, ideal = f.weight[SPACING], f.gap[stop], f.ideal[stop]
    far, from_far, least_far = 0, -1, FORBIDDEN
    reachable = False
    for i in range(n):
        day = f.ordinal[x.open_days[i]]
        while far < i:
            behind = f.ordinal[x.open_days[far]]
            if day - behind < gap or day - behind < ideal:
                break
            if (
                x.chain[k - 1, far] < FORBIDDEN
                and x.chain[k - 1, far] - weight * behind < least_far
            ):
                least_far, from_far = x.chain[k - 1, far] - weight * behind, far
            far += 1
        best, parent = FORBIDDEN, -1
        if from_far >= 0:
            best, parent = least_far + weight * (day - ideal), from_far
        for j in range(far, i):
            behind = f.ordinal[x.open_days[j]]
            if day - behind < gap:
                break
            total = x.chain[k - 1, j] + weight * (ideal - (day - behind))
            if total < best:
                best, parent = total, j
        x.chain[k, i], x.parent[k, i] = FORBIDDEN, parent
        if parent >= 0:
            x.chain[k, i] = best + x.price[i]
            reachable = True
    return reachable


@inlined
def chain_days(f: Fixed, s: State, x: Scratch, stop: int, c: int, n: int, fixed: float) -> float:
    """
    Find the cheapest spaced chain over the n listed days, longest where that is cheapest.

    ``fixed`` is what the cadre costs however many visits there are. The chain is left in
    ``x.chain`` and ``x.parent``, its last link and the place of its last day in ``x.last``.
    """
    best = FORBIDDEN
    load = s.load[c]
    for k in range(f.due[stop]):
        if k == 0:
            for i in range(n):
                x.chain[0, i] = x.price[i]
        elif not lengthen(f, x, stop, k, n):
            break
        more = load + (k + 1) * f.service[stop]
        settled = fixed - (k + 1) * f.missing[stop]
        settled += f.weight[FAIRNESS] * (more * more - load * load) / f.target[c]
        for i in range(n):
            if x.chain[k, i] + settled < best:
                best = x.chain[k, i] + settled
                x.last[0], x.last[1] = k, i
    return best
