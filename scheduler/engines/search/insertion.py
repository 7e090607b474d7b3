"""
Kernel: the cheapest way to give one household its visits.

For each cadre the cheapest place on every day, then an exact chain over the days: the best
spaced set of as many visits as possible, at least price. The place of a stop in a route is
known until the route changes; a step changes few routes, and a refused one gives them back.
"""

from scheduler.engines.search.arrays import (
    CROWDING,
    FAIRNESS,
    FORBIDDEN,
    QUOTA,
    TRAVEL,
    Fixed,
    Scratch,
    State,
)
from scheduler.engines.search.chain import chain_days
from scheduler.engines.search.compiled import inlined
from scheduler.engines.search.random import uniform
from scheduler.engines.search.routes import SLACK, detour, earliest_start

NOWHERE = -1


@inlined
def village_days(f: Fixed, s: State, x: Scratch, stop: int) -> int:
    """List the days on which the stop's village could take a visit; how many there are."""
    v = f.home[stop]
    n = 0
    for d in range(f.ordinal.shape[0]):
        own = f.day_cost[stop, d]
        crowd = s.village_week[v, f.week[d]]
        teams = s.village_teams[v, d]
        quiet = (teams > 0) | (s.village_near[v, d] == 0)
        may_open = quiet & (teams < f.teams[v]) & (s.used[d] < s.tokens[d])
        x.village_days[n] = d
        x.own[n] = own + f.weight[CROWDING] * (2 * crowd + 1)
        x.may_open[n] = may_open
        # Counting without a branch: which days are open is as good as random.
        n += (own < FORBIDDEN) & (crowd < f.weekly[v]) & (may_open | (teams > 0))
    return n


@inlined
def cheapest_position(
    f: Fixed, s: State, x: Scratch, stop: int, z: int, limit: float, row: int, tag: int
) -> float:
    """
    Least extra minutes in route z, FORBIDDEN from limit on.

    They are kept with their place in a row of what is known; the tag says of which stop and
    of which version of the route they are.
    """
    if x.known_tag[row, z] == tag:
        known: float = x.known_extra[row, z]
        if known >= limit:
            return FORBIDDEN
        if x.known_position[row, z] >= 0:
            return known
    cadres, days = f.duty.shape
    c, n = z // days, s.length[z]
    best, position = limit, NOWHERE
    for y in range(n + 1):
        extra = detour(f, s, z, stop, y)
        if extra >= best:
            continue
        before = c if y == 0 else cadres + s.route[z, y - 1]
        after = c if y == n else cadres + s.route[z, y]
        start = earliest_start(f, stop, s.depart[z, y] + f.minutes[before, cadres + stop])
        leave = start + f.service[stop]
        if leave + f.minutes[cadres + stop, after] <= s.arrive[z, y] + SLACK:
            best, position = extra, y
    x.known_tag[row, z] = tag
    x.known_extra[row, z] = best
    x.known_position[row, z] = position
    return best if position >= 0 else FORBIDDEN


@inlined
def cadre_days(f: Fixed, s: State, x: Scratch, stop: int, c: int, n: int, ceiling: float) -> int:
    """List those of the n village days on which cadre c has room; how many there are."""
    days = f.ordinal.shape[0]
    v = f.home[stop]
    found = 0
    for q in range(n):
        z = c * days + x.village_days[q]
        x.open_days[found] = q
        comes = (x.may_open[q] > 0) | (s.stays[v, z] > 0)
        found += comes & (s.length[z] < f.room[z]) & (x.own[q] < ceiling)
    return found


@inlined
def price_days(
    f: Fixed, s: State, x: Scratch, stop: int, c: int, n: int, ceiling: float, blink: float
) -> int:
    """List the days, of n, on which cadre c could come and their prices; how many there are."""
    days = f.ordinal.shape[0]
    rows = x.known_tag.shape[0]
    row, owner, owners = stop % rows, stop // rows, 1 + (f.due.shape[0] - 1) // rows
    found = 0
    for y in range(cadre_days(f, s, x, stop, c, n, ceiling)):
        if blink > 0 and uniform(s.random) < blink:
            continue
        q = x.open_days[y]
        d, own = x.village_days[q], x.own[q]
        limit = FORBIDDEN
        if f.weight[TRAVEL] > 0:
            limit = (ceiling - own) / f.weight[TRAVEL]
        z = c * days + d
        tag = x.stamp[z] * owners + owner
        extra = cheapest_position(f, s, x, stop, z, limit, row, tag)
        if extra < FORBIDDEN:
            x.price[found] = own + f.weight[TRAVEL] * extra
            x.position[found] = x.known_position[row, z]
            x.open_days[found] = d
            found += 1
    return found


@inlined
def best_place(f: Fixed, s: State, x: Scratch, stop: int, blink: float) -> tuple[float, int, int]:
    """
    Find the cheapest cadre and days for a stop that is in no route.

    Days and indices are left in ``x.best_days`` and ``x.best_position``; the answer is the
    change of the objective, the cadre (NOWHERE if nothing helps) and the number of visits.
    """
    best, cadre, visits = 0.0, NOWHERE, 0
    open_days = village_days(f, s, x, stop)
    if open_days == 0:
        return best, cadre, visits
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
        n = price_days(f, s, x, stop, c, open_days, ceiling, blink)
        if n == 0:
            continue
        total = chain_days(f, s, x, stop, c, n, fixed)
        if total < best:
            best, cadre, visits = total, c, x.last[0] + 1
            i = x.last[1]
            for k in range(x.last[0], -1, -1):
                x.best_days[k] = x.open_days[i]
                x.best_position[k] = x.position[i]
                i = x.parent[k, i]
    return best, cadre, visits
