"""
Kernel: choose which stops to take out together.

Neighbours on the map, a route of one day, or neighbours of two cadres, who can then exchange
them; and, when somebody lacks visits, whole sessions of a village, or whatever stands in the way
of a chain of days of one cadre.
"""

from scheduler.engines.search.arrays import FORBIDDEN, Fixed, Scratch, State
from scheduler.engines.search.compiled import inlined
from scheduler.engines.search.random import below, uniform

MOST_WAITING = 5

MODES, SESSIONS, EXCHANGE = 6, 3, 5
"""Ways to choose around a stop: neighbours 0, routes 1 and 2, sessions 3 and 4, two cadres' 5."""


@inlined
def mark(s: State, x: Scratch, stop: int, n: int) -> int:
    """Add a movable stop to the list once; its length."""
    if x.marked[stop] == 1 or s.held[stop] == 1:
        return n
    x.marked[stop] = 1
    x.removed[n] = stop
    return n + 1


@inlined
def mark_route(s: State, x: Scratch, z: int, share: float, n: int) -> int:
    """Add stops of a route, each with a probability."""
    for y in range(s.length[z]):
        if share >= 1.0 or uniform(s.random) < share:
            n = mark(s, x, s.route[z, y], n)
    return n


@inlined
def mark_session(f: Fixed, s: State, x: Scratch, v: int, d: int, n: int) -> int:
    """Add every stop visited in village v on day d."""
    cadres, days = f.duty.shape
    for c in range(cadres):
        z = c * days + d
        if s.stays[v, z] > 0:
            for y in range(s.length[z]):
                if f.home[s.route[z, y]] == v:
                    n = mark(s, x, s.route[z, y], n)
    return n


@inlined
def mark_obstacles(f: Fixed, s: State, x: Scratch, stop: int, n: int) -> int:
    """Add what keeps one cadre from a chain of days at a stop that lacks visits."""
    days = f.ordinal.shape[0]
    v = f.home[stop]
    size = 0
    while size < f.team.shape[1] and f.team[stop, size] >= 0:
        size += 1
    c = f.team[stop, below(s.random, size)]
    got, last = 0, -1
    skip = 0.6 * uniform(s.random)
    for q in range(days):
        d = f.duty[c, q]
        if d < 0 or got == f.due[stop]:
            break
        if f.day_cost[stop, d] >= FORBIDDEN or uniform(s.random) < skip:
            continue
        if last >= 0 and f.ordinal[d] - f.ordinal[last] < f.gap[stop]:
            continue
        got, last = got + 1, d
        z = c * days + d
        if s.village_teams[v, d] >= f.teams[v] and s.stays[v, z] == 0:
            n = mark_session(f, s, x, v, d, n)
        for step in (-1, 1):
            e = d + step
            while 0 <= e < days and abs(f.ordinal[e] - f.ordinal[d]) < f.village_gap[v]:
                if s.village_teams[v, e] > 0:
                    n = mark_session(f, s, x, v, e, n)
                e += step
        length = s.length[z]
        if length > 0 and (length >= f.capacity[c] or uniform(s.random) < 0.3):
            n = mark(s, x, s.route[z, below(s.random, length)], n)
    return n


@inlined
def cadre_nearby(f: Fixed, s: State, stop: int) -> int:
    """Draw a cadre who visits somebody near a stop; -1 if the one drawn has no visits."""
    near = f.near.shape[1]
    if near == 0:
        return -1
    cadre: int = s.cadre[f.near[stop, below(s.random, near)]]
    return cadre


@inlined
def choose_ruin(f: Fixed, s: State, x: Scratch, mean_size: float) -> int:
    """Fill ``x.removed`` with the stops of this step; how many there are."""
    stops = f.due.shape[0]
    n = 0
    centre = below(s.random, stops)
    if s.tally[3] > 0:
        i = below(s.random, stops)
        for _ in range(stops):
            if s.visits[i] < f.reach[i]:
                n = mark(s, x, i, n)
                if n == 1 and uniform(s.random) < 0.5:
                    centre = i
                if n == MOST_WAITING:
                    break
            i = i + 1 if i + 1 < stops else 0
    waiting = n
    wanted = n + 1 + int(uniform(s.random) * 2.0 * mean_size)
    if waiting > 0 and uniform(s.random) < 0.4:
        n = mark_obstacles(f, s, x, x.removed[below(s.random, waiting)], n)
        wanted = n + below(s.random, 4)
    mode = below(s.random, MODES)
    if waiting == 0 and SESSIONS <= mode < EXCHANGE:
        mode -= 2  # nobody needs the room that an empty session makes: routes are worth more
    one, other = s.cadre[centre], cadre_nearby(f, s, centre)
    for q in range(f.near.shape[1]):
        if n >= wanted:
            break
        i = f.near[centre, q]
        if s.visits[i] == 0 or x.marked[i] == 1 or s.held[i] == 1:
            continue
        if mode == EXCHANGE and s.cadre[i] != one and s.cadre[i] != other:
            continue
        d = s.days[i, below(s.random, s.visits[i])]
        if mode == 0 or mode == EXCHANGE:
            n = mark(s, x, i, n)
        elif mode <= 2:
            n = mark(s, x, i, n)
            z = s.cadre[i] * f.ordinal.shape[0] + d
            n = mark_route(s, x, z, 1.0 if mode == 1 else 0.6, n)
        else:
            n = mark_session(f, s, x, f.home[i], d, n)
    return n
