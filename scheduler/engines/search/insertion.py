"""
Kernel: the cheapest way to give one household its visits.

For each cadre the cheapest place on every day, then an exact chain over the days: the best
spaced set of as many visits as possible, at least price.
"""

from scheduler.engines.search.arrays import (
    CROWDING,
    FAIRNESS,
    FORBIDDEN,
    QUOTA,
    SPACING,
    TRAVEL,
    Fixed,
    Scratch,
    State,
)
from scheduler.engines.search.compiled import part
from scheduler.engines.search.random import uniform
from scheduler.engines.search.routes import SLACK, detour, earliest_start

NOWHERE = -1


@part
def open_days(f: Fixed, s: State, x: Scratch, stop: int) -> None:
    """Mark the days on which the stop's village could take one more team."""
    v = f.home[stop]
    for d in range(f.ordinal.shape[0]):
        teams = s.village_teams[v, d]
        fits = s.used[d] < s.tokens[d] and teams < f.teams[v]
        x.may_open[d] = 1 if fits and (teams > 0 or s.village_near[v, d] == 0) else 0


@part
def cheapest_position(f: Fixed, s: State, x: Scratch, stop: int, z: int, limit: float) -> float:
    """Least extra minutes in route z, its index in ``x.position``; FORBIDDEN from limit on."""
    cadres, days = f.duty.shape
    c, d, n = z // days, z % days, s.length[z]
    best = limit
    found = FORBIDDEN
    for y in range(n + 1):
        extra = detour(f, s, z, stop, y)
        if extra >= best:
            continue
        before = c if y == 0 else cadres + s.route[z, y - 1]
        after = c if y == n else cadres + s.route[z, y]
        start = earliest_start(f, stop, s.depart[z, y] + f.minutes[before, cadres + stop])
        leave = start + f.service[stop]
        if leave + f.minutes[cadres + stop, after] <= s.arrive[z, y] + SLACK:
            best = extra
            found = extra
            x.position[d] = y
    return found


@part
def price_days(
    f: Fixed, s: State, x: Scratch, stop: int, c: int, ceiling: float, blink: float
) -> int:
    """List the days on which cadre c could come and their prices; how many there are."""
    days = f.ordinal.shape[0]
    v = f.home[stop]
    n = 0
    for q in range(days):
        d = f.duty[c, q]
        if d < 0:
            break
        own = f.day_cost[stop, d]
        crowd = s.village_week[v, f.week[d]]
        z = c * days + d
        if own >= FORBIDDEN or crowd >= f.weekly[v] or s.length[z] >= f.capacity[c]:
            continue
        if s.stays[v, z] == 0 and x.may_open[d] == 0:
            continue
        own += f.weight[CROWDING] * (2 * crowd + 1)
        if own >= ceiling or (blink > 0 and uniform(s.random) < blink):
            continue
        limit = FORBIDDEN
        if f.weight[TRAVEL] > 0:
            limit = (ceiling - own) / f.weight[TRAVEL]
        extra = cheapest_position(f, s, x, stop, z, limit)
        if extra < FORBIDDEN:
            x.price[d] = own + f.weight[TRAVEL] * extra
            x.open_days[n] = d
            n += 1
    return n


@part
def chain_days(f: Fixed, s: State, x: Scratch, stop: int, c: int, n: int, fixed: float) -> float:
    """
    Find the cheapest spaced chain over the listed days, longest where that is cheapest.

    ``fixed`` is what the cadre costs however many visits there are. The chain is left in
    ``x.chain`` and ``x.parent``; its last link and last day in ``x.best_position[0]`` and
    ``x.best_days[0]``.
    """
    best = FORBIDDEN
    load = s.load[c]
    for k in range(f.due[stop]):
        more = load + (k + 1) * f.service[stop]
        settled = fixed - (k + 1) * f.missing[stop]
        settled += f.weight[FAIRNESS] * (more * more - load * load) / f.target[c]
        reachable = False
        for i in range(n):
            d = x.open_days[i]
            x.chain[k, d] = FORBIDDEN
            if k == 0:
                x.chain[0, d] = x.price[d]
                x.parent[0, d] = NOWHERE
            else:
                for j in range(i):
                    e = x.open_days[j]
                    gap = f.ordinal[d] - f.ordinal[e]
                    if gap < f.gap[stop]:
                        break
                    if x.chain[k - 1, e] < FORBIDDEN:
                        uneven = f.weight[SPACING] * abs(gap - f.ideal[stop])
                        total = x.chain[k - 1, e] + x.price[d] + uneven
                        if total < x.chain[k, d]:
                            x.chain[k, d] = total
                            x.parent[k, d] = e
            if x.chain[k, d] < FORBIDDEN:
                reachable = True
                if x.chain[k, d] + settled < best:
                    best = x.chain[k, d] + settled
                    x.last[0], x.last[1] = k, d
        if not reachable:
            break
    return best


@part
def best_place(f: Fixed, s: State, x: Scratch, stop: int, blink: float) -> tuple[float, int, int]:
    """
    Find the cheapest cadre and days for a stop that is in no route.

    Days and indices are left in ``x.best_days`` and ``x.best_position``; the answer is the
    change of the objective, the cadre (NOWHERE if nothing helps) and the number of visits.
    """
    open_days(f, s, x, stop)
    best, cadre, visits = 0.0, NOWHERE, 0
    for t in range(f.team.shape[1]):
        c = f.team[stop, t]
        if c < 0:
            break
        fixed = f.team_cost[stop, t]
        if f.fresh[stop] == 1 and s.reached[c] < f.quota[c]:
            fixed -= f.weight[QUOTA]
        ceiling = f.missing[stop]
        if f.due[stop] == 1:
            more = s.load[c] + f.service[stop]
            fair = f.weight[FAIRNESS] * (more * more - s.load[c] * s.load[c]) / f.target[c]
            ceiling = best + f.missing[stop] - fixed - fair
        n = price_days(f, s, x, stop, c, ceiling, blink)
        if n == 0:
            continue
        total = chain_days(f, s, x, stop, c, n, fixed)
        if total < best:
            best, cadre, visits = total, c, x.last[0] + 1
            d = x.last[1]
            for k in range(x.last[0], -1, -1):
                x.best_days[k] = d
                x.best_position[k] = x.position[d]
                d = x.parent[k, d]
    return best, cadre, visits
