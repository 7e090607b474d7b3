"""
Kernels that drive one piece: fill what is empty, and improve by ruin and recreate.

Each step takes some stops out, puts them back one by one where each is cheapest now, and
keeps the result by the rule of simulated annealing; a refused step is undone exactly.
"""

import numpy as np

from scheduler.engines.search.arrays import Fixed, Ints, Scratch, State
from scheduler.engines.search.compiled import inlined, kernel
from scheduler.engines.search.insertion import best_place
from scheduler.engines.search.random import below, uniform
from scheduler.engines.search.routes import (
    count_day,
    count_household,
    keep_times,
    put_in,
    take_out,
)
from scheduler.engines.search.ruin import choose_ruin


@inlined
def fill(f: Fixed, s: State, x: Scratch, order: Ints) -> float:
    """Put every stop of the order that has no visits where it is cheapest; cost change."""
    cost = 0.0
    for stop in order:
        if s.visits[stop] > 0 or s.held[stop] == 1 or f.reach[stop] == 0:
            continue
        _, c, visits = best_place(f, s, x, stop, 0.0)
        if c >= 0:
            change, touched = put_in(f, s, x, stop, c, visits, 0)
            cost += change
            for t in range(touched):
                x.is_touched[x.touched[t]] = 0
    s.tally[0] += cost
    return cost


@inlined
def sort_removed(f: Fixed, s: State, x: Scratch, n: int) -> None:
    """Order the removed stops: at random, neediest first, narrowest first or farthest first."""
    rule = below(s.random, 6)
    for a in range(n):
        i = x.removed[a]
        noise = uniform(s.random)
        if rule < 2:
            x.key[a] = noise
        elif rule < 4:
            x.key[a] = noise - f.reach[i]
        elif rule == 4:
            x.key[a] = 30.0 * noise
            for q in range(f.windows[i]):
                x.key[a] += f.window[i, q, 1] - f.window[i, q, 0]
        else:
            x.key[a] = -f.minutes[0, f.duty.shape[0] + i]
    for a in range(1, n):
        key, stop = x.key[a], x.removed[a]
        b = a - 1
        while b >= 0 and x.key[b] > key:
            x.key[b + 1], x.removed[b + 1] = x.key[b], x.removed[b]
            b -= 1
        x.key[b + 1], x.removed[b + 1] = key, stop


@inlined
def undo(f: Fixed, s: State, x: Scratch, n: int, touched: int) -> None:
    """Put the removed stops and the touched routes back as they were before the step."""
    for a in range(n):
        i = x.removed[a]
        c = s.cadre[i]
        if c >= 0:
            for k in range(s.visits[i]):
                count_day(f, s, i, c, s.days[i, k], -1)
            count_household(f, s, i, c, s.visits[i], -1)
            if s.visits[i] >= f.reach[i]:
                s.tally[3] += 1
        c = x.old_cadre[i]
        s.cadre[i] = c
        s.visits[i] = x.old_visits[i]
        if c >= 0:
            for k in range(s.visits[i]):
                s.days[i, k] = x.old_days[i, k]
                count_day(f, s, i, c, s.days[i, k], 1)
            count_household(f, s, i, c, s.visits[i], 1)
            if s.visits[i] >= f.reach[i]:
                s.tally[3] -= 1
    for t in range(touched):
        z = x.touched[t]
        s.length[z] = x.old_length[t]
        x.stamp[z] = x.old_stamp[t]
        for y in range(s.length[z]):
            s.route[z, y] = x.old_route[t, y]
        keep_times(f, s, z)


@inlined
def step(f: Fixed, s: State, x: Scratch, temperature: float, mean_size: float) -> float:
    """Make one step of ruin and recreate; the change of the objective, 0 when refused."""
    n = choose_ruin(f, s, x, mean_size)
    touched = 0
    cost = 0.0
    for a in range(n):
        i = x.removed[a]
        x.marked[i] = 0
        x.old_cadre[i] = s.cadre[i]
        x.old_visits[i] = s.visits[i]
        for k in range(s.visits[i]):
            x.old_days[i, k] = s.days[i, k]
        if s.cadre[i] >= 0:
            change, touched = take_out(f, s, x, i, touched)
            cost += change
    drivable = True
    for t in range(touched):
        drivable = keep_times(f, s, x.touched[t]) and drivable
    if drivable:
        sort_removed(f, s, x, n)
        for a in range(n):
            stop = x.removed[a]
            _, c, visits = best_place(f, s, x, stop, 0.01)
            if c >= 0:
                change, touched = put_in(f, s, x, stop, c, visits, touched)
                cost += change
    if not drivable or cost >= -temperature * np.log(uniform(s.random) + 1e-300):
        undo(f, s, x, n, touched)
        cost = 0.0
    else:
        s.tally[2] += 1
    for t in range(touched):
        x.is_touched[x.touched[t]] = 0
    s.tally[0] += cost
    s.tally[1] += 1
    return cost


@kernel
def improve(
    f: Fixed,
    s: State,
    x: Scratch,
    order: Ints,
    steps: int,
    hot: float,
    cold: float,
    mean_size: float,
) -> float:
    """Fill by the order, then make steps while cooling from hot to cold; cost change."""
    cost = fill(f, s, x, order)
    for i in range(steps):
        temperature = hot * (cold / hot) ** (i / steps)
        cost += step(f, s, x, temperature, mean_size)
    return cost
