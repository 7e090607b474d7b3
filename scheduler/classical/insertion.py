"""
Kernels that find the cheapest place of a visit on a day, and of a customer over all days.

A candidate is now and then overlooked ("blink"), so that greedy recreation does not always
build the same routes: Christiaens and Vanden Berghe (2020).
"""

from scheduler.classical.arrays import FORBIDDEN, PRESSURE, Fixed, Scratch, State
from scheduler.classical.routes import fits_in_time, keep_times, put_visit
from scheduler.engines.search.compiled import part
from scheduler.engines.search.random import below, uniform

EPSILON = 1e-9


@part
def price_of_day(f: Fixed, s: State, x: Scratch, i: int, d: int, blink: float) -> float:
    """Cheapest insertion of customer i on day d, kept in ``x.price`` and ``x.place``."""
    best, best_slot, best_index = FORBIDDEN, -1, -1
    first = d * f.vehicles
    demand, service = f.demand[i], f.service[i]
    seen_empty = False
    for z in range(first, first + min(f.vehicles, s.top[d] + 1)):
        length = s.length[z]
        if length == 0:
            if seen_empty:
                continue
            seen_empty = True
        if length == s.route.shape[1]:
            continue
        toll = 0.0
        excess = s.load[z] + demand - f.capacity
        if excess > EPSILON:
            toll = s.tally[PRESSURE] * f.excess * min(excess, demand)
            if s.tally[PRESSURE] >= 1.0 or toll >= best:
                continue
        room = min(best - toll, f.duration - s.busy[z] - service + EPSILON)
        into = f.back[i, 0]
        for k in range(length + 1):
            after = s.route[z, k] if k < length else 0
            onward = f.out[i, after]
            change = into + onward - s.leg[z, k]
            if (
                change < room
                and (not f.has_windows or fits_in_time(f, s, z, k, i, into, onward))
                and (blink == 0.0 or uniform(s.random) >= blink)
            ):
                best, best_slot, best_index = change + toll, z, k
                room = change
            into = f.back[i, after]
    x.price[d] = best
    x.place[d, 0] = best_slot
    x.place[d, 1] = best_index
    return best


@part
def choose_pattern(f: Fixed, s: State, x: Scratch, i: int, blink: float) -> int:
    """Pattern whose insertions together are cheapest; 0 if none fits."""
    for d in range(f.days):
        if f.any_day[i] >> d & 1:
            price_of_day(f, s, x, i, d, blink)
    best, chosen = FORBIDDEN, 0
    count = f.patterns[i]
    start = below(s.random, count)
    for q in range(count):
        pattern = f.pattern[i, (start + q) % count]
        price = 0.0
        for d in range(f.days):
            if pattern >> d & 1:
                price += x.price[d]
        if price < best:
            best, chosen = price, pattern
    return chosen


@part
def put_customer(f: Fixed, s: State, x: Scratch, i: int, pattern: int, touched: int) -> int:
    """Put a customer where ``x.place`` says on the days of a pattern; saved slots."""
    for d in range(f.days):
        if pattern >> d & 1:
            z = x.place[d, 0]
            touched = put_visit(f, s, x, i, z, x.place[d, 1], touched)
            keep_times(f, s, z)
    s.chosen[i] = pattern
    return touched
