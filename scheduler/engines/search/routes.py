"""Kernels of one piece's routes and counts: take a stop out, put it in, keep the times."""

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
from scheduler.engines.search.compiled import inlined, kernel

NEVER = FORBIDDEN
SLACK = 1e-5
"""Minutes forgiven: times are written with six decimals, and locked ones come back so."""


@inlined
def earliest_start(f: Fixed, stop: int, arrival: float) -> float:
    """Earliest start not before the arrival that a window holds; NEVER if there is none."""
    for q in range(f.windows[stop]):
        if arrival <= f.window[stop, q, 1] + SLACK:
            start: float = max(arrival, f.window[stop, q, 0])
            return start
    return NEVER


@inlined
def keep_times(f: Fixed, s: State, z: int) -> bool:
    """Recompute departures and latest arrivals of a route; False if it cannot be driven."""
    cadres, days = f.duty.shape
    c, d, n = z // days, z % days, s.length[z]
    at, place = f.shift[c, d, 0], c
    s.depart[z, 0] = at
    for y in range(n):
        i = s.route[z, y]
        at = earliest_start(f, i, at + f.minutes[place, cadres + i])
        if at >= NEVER:
            return False
        at += f.service[i]
        place = cadres + i
        s.depart[z, y + 1] = at
    if n > 0 and at + f.minutes[place, c] > f.shift[c, d, 1] + SLACK:
        return False
    s.arrive[z, n] = f.shift[c, d, 1]
    place = c
    for y in range(n - 1, -1, -1):
        i = s.route[z, y]
        limit = s.arrive[z, y + 1] - f.minutes[cadres + i, place] - f.service[i]
        latest = -NEVER
        for q in range(f.windows[i] - 1, -1, -1):
            if f.window[i, q, 0] <= limit + SLACK:
                latest = max(latest, min(limit, f.window[i, q, 1]))
        s.arrive[z, y] = latest
        place = cadres + i
    return True


@inlined
def detour(f: Fixed, s: State, z: int, stop: int, y: int) -> float:
    """Extra minutes of travel when a stop stands at index y of a route without it."""
    cadres, days = f.duty.shape
    c, n = z // days, s.length[z]
    before = c if y == 0 else cadres + s.route[z, y - 1]
    after = c if y == n else cadres + s.route[z, y]
    extra: float = f.minutes[before, cadres + stop] + f.minutes[cadres + stop, after]
    if n > 0:
        extra -= f.minutes[before, after]
    return extra


@inlined
def remember(s: State, x: Scratch, z: int, touched: int) -> int:
    """Save a route before its first change in this step; the number of saved routes."""
    if x.is_touched[z] == 1:
        return touched
    x.is_touched[z] = 1
    x.touched[touched] = z
    x.old_length[touched] = s.length[z]
    x.old_stamp[touched] = x.stamp[z]
    for y in range(s.length[z]):
        x.old_route[touched, y] = s.route[z, y]
    return touched + 1


@inlined
def renew(x: Scratch, z: int) -> None:
    """Tell that a route has changed, so that what is known about it is not used again."""
    x.clock[0] += 1
    x.stamp[z] = x.clock[0]


@inlined
def _open_village_day(f: Fixed, s: State, v: int, d: int, change: int) -> None:
    """Tell the days within the village gap that day d became (or ceased to be) a visit day."""
    days = f.ordinal.shape[0]
    for step in (-1, 1):
        e = d + step
        while 0 <= e < days and abs(f.ordinal[e] - f.ordinal[d]) < f.village_gap[v]:
            s.village_near[v, e] += change
            e += step


@inlined
def count_day(f: Fixed, s: State, stop: int, c: int, d: int, change: int) -> float:
    """Add (1) or take (-1) one visit in all counts of its village; the change of crowding."""
    days = f.ordinal.shape[0]
    v, z, w = f.home[stop], c * days + d, f.week[d]
    before = s.stays[v, z]
    s.stays[v, z] = before + change
    if before == 0 or before + change == 0:
        s.used[d] += change
        teams = s.village_teams[v, d]
        s.village_teams[v, d] = teams + change
        if teams == 0 or teams + change == 0:
            _open_village_day(f, s, v, d, change)
    n = s.village_week[v, w]
    s.village_week[v, w] = n + change
    cost: float = f.weight[CROWDING] * ((n + change) * (n + change) - n * n)
    return cost


@inlined
def count_household(f: Fixed, s: State, stop: int, c: int, visits: int, change: int) -> float:
    """Add (1) or take (-1) the visits of a stop in load, quota and missing; their cost."""
    load = s.load[c]
    more = load + change * visits * f.service[stop]
    s.load[c] = more
    cost: float = f.weight[FAIRNESS] * (more * more - load * load) / f.target[c]
    cost -= change * visits * f.missing[stop]
    if f.fresh[stop] == 1:
        low = min(s.reached[c], s.reached[c] + change)
        s.reached[c] += change
        if low < f.quota[c]:
            cost -= change * f.weight[QUOTA]
    for k in range(f.team.shape[1]):
        if f.team[stop, k] == c:
            cost += change * f.team_cost[stop, k]
            break
    return cost


@inlined
def spacing_of(f: Fixed, s: State, stop: int) -> float:
    """Cost of the days by which the gaps of a stop differ from even, and prices of its days."""
    cost = 0.0
    for k in range(s.visits[stop]):
        cost += f.day_cost[stop, s.days[stop, k]]
        if k > 0:
            gap = f.ordinal[s.days[stop, k]] - f.ordinal[s.days[stop, k - 1]]
            cost += f.weight[SPACING] * abs(gap - f.ideal[stop])
    return cost


@inlined
def take_out(f: Fixed, s: State, x: Scratch, stop: int, touched: int) -> tuple[float, int]:
    """Take all visits of a stop out of their routes; the change of cost, routes saved so far."""
    days = f.ordinal.shape[0]
    c, visits = s.cadre[stop], s.visits[stop]
    cost = -spacing_of(f, s, stop)
    for k in range(visits):
        d = s.days[stop, k]
        z = c * days + d
        touched = remember(s, x, z, touched)
        renew(x, z)
        y = 0
        while s.route[z, y] != stop:
            y += 1
        s.length[z] -= 1
        for i in range(y, s.length[z]):
            s.route[z, i] = s.route[z, i + 1]
        cost -= f.weight[TRAVEL] * detour(f, s, z, stop, y)
        cost += count_day(f, s, stop, c, d, -1)
    if visits > 0:
        cost += count_household(f, s, stop, c, visits, -1)
        if visits >= f.reach[stop]:
            s.tally[3] += 1
    s.cadre[stop] = -1
    s.visits[stop] = 0
    return cost, touched


@inlined
def put_in(
    f: Fixed, s: State, x: Scratch, stop: int, c: int, visits: int, touched: int
) -> tuple[float, int]:
    """Put a stop into the routes and places of ``x.best_*``; change of cost, routes saved."""
    days = f.ordinal.shape[0]
    v = f.home[stop]
    cost = 0.0
    placed = 0
    for k in range(visits):
        d = x.best_days[k]
        if s.village_week[v, f.week[d]] >= f.weekly[v]:
            continue  # earlier visits of this chain have filled the week
        z = c * days + d
        touched = remember(s, x, z, touched)
        renew(x, z)
        cost += f.weight[TRAVEL] * detour(f, s, z, stop, x.best_position[k])
        for i in range(s.length[z], x.best_position[k], -1):
            s.route[z, i] = s.route[z, i - 1]
        s.route[z, x.best_position[k]] = stop
        s.length[z] += 1
        keep_times(f, s, z)
        cost += count_day(f, s, stop, c, d, 1)
        s.days[stop, placed] = d
        placed += 1
    s.cadre[stop] = c
    s.visits[stop] = placed
    if placed >= f.reach[stop]:
        s.tally[3] -= 1
    cost += count_household(f, s, stop, c, placed, 1) + spacing_of(f, s, stop)
    return cost, touched


@kernel
def settle(f: Fixed, s: State) -> bool:
    """Recompute all times and counts from the routes alone; False if one cannot be driven."""
    days = f.ordinal.shape[0]
    for counts in (s.stays, s.village_teams, s.village_near, s.village_week):
        counts[:, :] = 0
    s.load[:] = 0.0
    for totals in (s.reached, s.used):
        totals[:] = 0
    s.tally[3] = 0.0
    drivable = True
    for z in range(s.length.shape[0]):
        drivable = keep_times(f, s, z) and drivable
        for y in range(s.length[z]):
            count_day(f, s, s.route[z, y], z // days, z % days, 1)
    for stop in range(f.due.shape[0]):
        if s.visits[stop] < f.reach[stop]:
            s.tally[3] += 1.0
        if s.visits[stop] > 0:
            count_household(f, s, stop, s.cadre[stop], s.visits[stop], 1)
    return drivable
