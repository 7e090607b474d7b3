"""
Kernels that drive the search: ruin, recreate, and keep or go back by simulated annealing.

After Christiaens and Vanden Berghe (2020), "Slack Induction by String Removals for Vehicle
Routing Problems", Transportation Science 54; days and patterns are added here.
"""

import numpy as np

from scheduler.classical.arrays import (
    ABSENT,
    ACCEPTED,
    BEST_ABSENT,
    BEST_COST,
    COST,
    EXCESS,
    PRESSURE,
    STEPS,
    USED,
    VISITS,
    Fixed,
    Ints,
    Scratch,
    State,
)
from scheduler.classical.insertion import choose_pattern, price_of_day, put_customer
from scheduler.classical.routes import go_back, keep_times, over, put_visit, take_visit
from scheduler.classical.ruin import choose_centre, choose_strings, day_of
from scheduler.engines.search.compiled import kernel, part
from scheduler.engines.search.random import below, uniform

BLINK = 0.01
RISE, FALL, BETWEEN_PRESSURES = 1.15, 0.9, 200
"""How the price of excess follows whether there is any, and after how many steps."""

TOLERANCE = 1e-7

RETRIED = 5
"""Absent customers that a step tries again at most."""


@part
def sort_removed(f: Fixed, s: State, x: Scratch, n: int) -> None:
    """Order the removed: at random, largest, farthest, nearest or most frequent first."""
    rule = below(s.random, 13)
    for a in range(n):
        i = x.removed[a]
        if rule < 4:
            x.key[a] = uniform(s.random)
        elif rule < 7:
            x.key[a] = -f.demand[i] * f.frequency[i]
        elif rule == 7:
            x.key[a] = (f.closes[i] - f.opens[i]) if f.has_windows else -f.demand[i]
        elif rule < 10:
            x.key[a] = -f.out[0, i]
        elif rule == 10:
            x.key[a] = f.out[0, i]
        else:
            x.key[a] = -f.frequency[i] + 0.5 * uniform(s.random)
    for a in range(1, n):
        key, i = x.key[a], x.removed[a]
        b = a - 1
        while b >= 0 and x.key[b] > key:
            x.key[b + 1], x.removed[b + 1] = x.key[b], x.removed[b]
            b -= 1
        x.key[b + 1], x.removed[b + 1] = key, i


@part
def move_all_days(f: Fixed, s: State, x: Scratch, centre: int, size: float) -> tuple[int, int]:
    """Take customers out of all their days and put them back; removed, saved slots."""
    n = choose_strings(f, s, x, centre, -1, size)
    touched = 0
    for a in range(n):
        i = x.removed[a]
        x.old_chosen[i] = s.chosen[i]
        for d in range(f.days):
            if s.chosen[i] >> d & 1:
                touched = take_visit(f, s, x, i, d, touched)
        s.chosen[i] = 0
    absent = int(s.tally[ABSENT])
    start = below(s.random, absent) if absent > 0 else 0
    for a in range(min(RETRIED, absent)):
        i = s.absent[(start + a) % absent]
        x.marked[i] = 1
        x.removed[n] = i
        x.old_chosen[i] = 0
        n += 1
    for t in range(touched):
        keep_times(f, s, x.touched[t])
    sort_removed(f, s, x, n)
    for a in range(n):
        i = x.removed[a]
        pattern = choose_pattern(f, s, x, i, BLINK)
        if pattern > 0:
            touched = put_customer(f, s, x, i, pattern, touched)
    return n, touched


@part
def move_one_day(f: Fixed, s: State, x: Scratch, centre: int, size: float) -> tuple[int, int, bool]:
    """Drive one day differently, patterns unchanged; removed, saved slots, and whether it fits."""
    d = day_of(f, s, centre)
    n = choose_strings(f, s, x, centre, d, size)
    touched = 0
    for a in range(n):
        x.old_chosen[x.removed[a]] = s.chosen[x.removed[a]]
        touched = take_visit(f, s, x, x.removed[a], d, touched)
    for t in range(touched):
        keep_times(f, s, x.touched[t])
    sort_removed(f, s, x, n)
    for a in range(n):
        price_of_day(f, s, x, x.removed[a], d, BLINK)
        z = x.place[d, 0]
        if z < 0:
            return n, touched, False
        touched = put_visit(f, s, x, x.removed[a], z, x.place[d, 1], touched)
        keep_times(f, s, z)
    return n, touched, True


@part
def list_absent(f: Fixed, s: State, x: Scratch, n: int) -> float:
    """Write the absent customers anew after a step; the change of their price."""
    count = int(s.tally[ABSENT])
    kept = 0
    change = 0.0
    for q in range(count):
        i = s.absent[q]
        if s.chosen[i] == 0 and x.marked[i] == 0:
            s.absent[kept] = i
            kept += 1
    for a in range(n):
        i = x.removed[a]
        if s.chosen[i] == 0:
            s.absent[kept] = i
            kept += 1
        change += f.missing[i] * (int(s.chosen[i] == 0) - int(x.old_chosen[i] == 0))
    s.tally[ABSENT] = kept
    return change


@part
def keep_best(s: State) -> None:
    """Copy the routes if the state is better than the best so far."""
    fewer = s.tally[ABSENT] < s.tally[BEST_ABSENT]
    cheaper = s.tally[ABSENT] == s.tally[BEST_ABSENT] and s.tally[COST] < s.tally[BEST_COST] - 1e-7
    if s.tally[EXCESS] > TOLERANCE or not (fewer or cheaper):
        return
    s.tally[BEST_ABSENT] = s.tally[ABSENT]
    s.tally[BEST_COST] = s.tally[COST]
    for z in range(s.length.shape[0]):
        s.best_length[z] = s.length[z]
        for k in range(s.length[z]):
            s.best_route[z, k] = s.route[z, k]


@part
def step(f: Fixed, s: State, x: Scratch, temperature: float, size: float, one_day: float) -> None:
    """Make one step; a refused one is undone exactly."""
    for q in range(x.old_tally.shape[0]):
        x.old_tally[q] = s.tally[q]
    absent = int(s.tally[ABSENT])
    for q in range(absent):
        x.old_absent[q] = s.absent[q]
    centre = choose_centre(f, s)
    change = 0.0
    if s.chosen[centre] > 0 and uniform(s.random) < one_day:
        n, touched, possible = move_one_day(f, s, x, centre, size)
    else:
        n, touched = move_all_days(f, s, x, centre, size)
        possible = True
        change = list_absent(f, s, x, n)
    change += s.tally[COST] - x.old_tally[COST]
    change += s.tally[PRESSURE] * f.excess * (s.tally[EXCESS] - x.old_tally[EXCESS])
    if possible and change < -temperature * np.log(uniform(s.random) + 1e-300):
        s.tally[ACCEPTED] += 1
        keep_best(s)
    else:
        go_back(f, s, x, touched)
        for a in range(n):
            s.chosen[x.removed[a]] = x.old_chosen[x.removed[a]]
        for q in range(x.old_tally.shape[0]):
            s.tally[q] = x.old_tally[q]
        for q in range(absent):
            s.absent[q] = x.old_absent[q]
    s.tally[STEPS] += 1
    for a in range(n):
        x.marked[x.removed[a]] = 0
    for t in range(touched):
        x.is_touched[x.touched[t]] = 0


@part
def keep_pressure(s: State, least: float) -> None:
    """Make excess dearer while there is any, cheaper while there is none."""
    if s.tally[EXCESS] > TOLERANCE:
        s.tally[PRESSURE] = min(1.0, s.tally[PRESSURE] * RISE)
    else:
        s.tally[PRESSURE] = max(least, s.tally[PRESSURE] * FALL)


@kernel
def improve(
    f: Fixed,
    s: State,
    x: Scratch,
    steps: int,
    hot: float,
    cold: float,
    size: float,
    one_day: float,
    least_pressure: float,
) -> None:
    """Make steps while cooling from hot to cold; a least pressure of 1 suffers no excess."""
    for a in range(steps):
        if a % BETWEEN_PRESSURES == 0:
            keep_pressure(s, least_pressure)
        temperature = hot * (cold / hot) ** (a / steps)
        step(f, s, x, temperature, size, one_day)


@kernel
def fill(f: Fixed, s: State, x: Scratch, order: Ints) -> None:
    """Put the absent customers of an order where they are cheapest."""
    touched = 0
    for i in order:
        if s.chosen[i] == 0:
            pattern = choose_pattern(f, s, x, i, 0.0)
            if pattern > 0:
                touched = put_customer(f, s, x, i, pattern, touched)
            x.marked[i] = 1
    kept = 0
    for q in range(int(s.tally[ABSENT])):
        i = s.absent[q]
        if s.chosen[i] == 0:
            s.absent[kept] = i
            kept += 1
    s.tally[ABSENT] = kept
    for i in order:
        x.marked[i] = 0
    for t in range(touched):
        x.is_touched[x.touched[t]] = 0
    keep_best(s)


@kernel
def settle(f: Fixed, s: State) -> None:
    """Make a state from ``s.route`` and ``s.length`` alone."""
    s.tally[COST], s.tally[VISITS], s.tally[USED], s.tally[EXCESS] = 0.0, 0.0, 0.0, 0.0
    s.chosen[:] = 0
    s.top[:] = 0
    for z in range(s.length.shape[0]):
        d = z // f.vehicles
        length = s.length[z]
        s.load[z], s.busy[z], before = 0.0, 0.0, 0
        for k in range(length):
            i = s.route[z, k]
            s.leg[z, k] = f.out[before, i]
            s.load[z] += f.demand[i]
            s.busy[z] += s.leg[z, k] + f.service[i]
            s.tally[COST] += s.leg[z, k]
            s.chosen[i] |= 1 << d
            s.slot[d, i] = z
            before = i
        s.leg[z, length] = f.out[before, 0] if length > 0 else 0.0
        s.busy[z] += s.leg[z, length]
        s.tally[COST] += s.leg[z, length]
        s.tally[VISITS] += length
        s.tally[EXCESS] += over(f, s.load[z])
        if length > 0:
            s.tally[USED] += 1
            s.top[d] = z - d * f.vehicles + 1
        keep_times(f, s, z)
    absent = 0
    for i in range(f.frequency.shape[0]):
        if f.frequency[i] > 0 and s.chosen[i] == 0:
            s.absent[absent] = i
            absent += 1
    s.tally[ABSENT] = absent
    keep_best(s)
