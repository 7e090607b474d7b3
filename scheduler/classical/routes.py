"""Kernels of routes: take a visit out, put it in, keep the times, go back."""

from scheduler.classical.arrays import COST, EXCESS, USED, VISITS, Fixed, Scratch, State
from scheduler.engines.search.compiled import part


@part
def remember(s: State, x: Scratch, z: int, touched: int) -> int:
    """Save a slot before its first change in this step; the number of saved slots."""
    if x.is_touched[z] == 1:
        return touched
    x.is_touched[z] = 1
    x.touched[touched] = z
    x.old_length[touched] = s.length[z]
    x.old_load[touched] = s.load[z]
    x.old_busy[touched] = s.busy[z]
    for k in range(s.length[z]):
        x.old_route[touched, k] = s.route[z, k]
        x.old_leg[touched, k] = s.leg[z, k]
    x.old_leg[touched, s.length[z]] = s.leg[z, s.length[z]]
    return touched + 1


@part
def over(f: Fixed, load: float) -> float:
    """Load above the capacity."""
    return max(0.0, load - f.capacity)


@part
def lower_top(f: Fixed, s: State, d: int) -> None:
    """Forget empty slots at the end of a day."""
    while s.top[d] > 0 and s.length[d * f.vehicles + s.top[d] - 1] == 0:
        s.top[d] -= 1


@part
def take_visit(f: Fixed, s: State, x: Scratch, i: int, d: int, touched: int) -> int:
    """Take customer i out of day d; the number of saved slots."""
    z = s.slot[d, i]
    touched = remember(s, x, z, touched)
    last = s.length[z] - 1
    k = 0
    while s.route[z, k] != i:
        k += 1
    before = 0 if k == 0 else s.route[z, k - 1]
    after = 0 if k == last else s.route[z, k + 1]
    joined = f.out[before, after] if last > 0 else 0.0
    change = joined - s.leg[z, k] - s.leg[z, k + 1]
    for q in range(k, last):
        s.route[z, q] = s.route[z, q + 1]
        s.leg[z, q + 1] = s.leg[z, q + 2]
    s.leg[z, k] = joined
    s.length[z] = last
    s.tally[EXCESS] += over(f, s.load[z] - f.demand[i]) - over(f, s.load[z])
    s.load[z] -= f.demand[i]
    s.busy[z] += change - f.service[i]
    s.tally[COST] += change
    s.tally[VISITS] -= 1
    if last == 0:
        s.tally[USED] -= 1
        s.load[z] = 0.0
        s.busy[z] = 0.0
        lower_top(f, s, d)
    return touched


@part
def put_visit(f: Fixed, s: State, x: Scratch, i: int, z: int, k: int, touched: int) -> int:
    """Put customer i at index k of slot z; the number of saved slots."""
    touched = remember(s, x, z, touched)
    d = z // f.vehicles
    length = s.length[z]
    before = 0 if k == 0 else s.route[z, k - 1]
    after = 0 if k == length else s.route[z, k]
    change = f.out[before, i] + f.out[i, after] - s.leg[z, k]
    for q in range(length, k, -1):
        s.route[z, q] = s.route[z, q - 1]
        s.leg[z, q + 1] = s.leg[z, q]
    s.route[z, k] = i
    s.leg[z, k] = f.out[before, i]
    s.leg[z, k + 1] = f.out[i, after]
    s.length[z] = length + 1
    s.tally[EXCESS] += over(f, s.load[z] + f.demand[i]) - over(f, s.load[z])
    s.load[z] += f.demand[i]
    s.busy[z] += change + f.service[i]
    s.slot[d, i] = z
    s.tally[COST] += change
    s.tally[VISITS] += 1
    if length == 0:
        s.tally[USED] += 1
        s.top[d] = max(s.top[d], z - d * f.vehicles + 1)
    return touched


@part
def keep_times(f: Fixed, s: State, z: int) -> None:
    """Recompute earliest departures and latest arrivals of a slot."""
    if not f.has_windows:
        return
    length = s.length[z]
    at = f.opens[0]
    s.depart[z, 0] = at
    for k in range(length):
        i = s.route[z, k]
        at = max(at + s.leg[z, k], f.opens[i]) + f.service[i]
        s.depart[z, k + 1] = at
    limit = f.closes[0]
    s.arrive[z, length] = limit
    for k in range(length - 1, -1, -1):
        i = s.route[z, k]
        limit = min(limit - s.leg[z, k + 1] - f.service[i], f.closes[i])
        s.arrive[z, k] = limit


@part
def go_back(f: Fixed, s: State, x: Scratch, touched: int) -> None:
    """Restore the saved slots as they were before the step."""
    for t in range(touched):
        z = x.touched[t]
        d = z // f.vehicles
        s.length[z] = x.old_length[t]
        s.load[z] = x.old_load[t]
        s.busy[z] = x.old_busy[t]
        for k in range(s.length[z]):
            s.route[z, k] = x.old_route[t, k]
            s.leg[z, k] = x.old_leg[t, k]
            s.slot[d, s.route[z, k]] = z
        s.leg[z, s.length[z]] = x.old_leg[t, s.length[z]]
        if s.length[z] > 0:
            s.top[d] = max(s.top[d], z - d * f.vehicles + 1)
        else:
            lower_top(f, s, d)
        keep_times(f, s, z)


@part
def fits_in_time(f: Fixed, s: State, z: int, k: int, i: int, into: float, onward: float) -> bool:
    """Whether customer i may stand at index k, legs `into` and `onward` given."""
    begin = max(s.depart[z, k] + into, f.opens[i])
    if begin > f.closes[i]:
        return False
    in_time: bool = begin + f.service[i] + onward <= s.arrive[z, k] + 1e-9
    return in_time
