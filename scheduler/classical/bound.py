"""
A proven lower bound of the cost of an instance.

Half of the least legs at every stop, in closed form; better, with time, prices of visits and the
cheapest walks of every load (Christofides, Mingozzi and Toth 1981): any prices prove a bound, and
subgradient steps look for good ones. Days, patterns, durations and windows are left out, which
can only lower it.
"""

from collections.abc import Callable, Sequence

import numpy as np

from scheduler.classical.answer import Route, length
from scheduler.classical.arrays import Floats, Ints
from scheduler.classical.instance import Instance
from scheduler.classical.walks import cheapest_through, extend_walks, room_for_walks

MOST_WORK = 3e7
"""Largest Q n² for which walks are priced."""

FIRST_STEP = 0.5
"""Of the way to the cost of the answer, along the subgradient."""

SMALLER_AFTER = 6
"""Rounds without a better bound after which the steps become smaller."""

BEGINNING = 0.7
"""Share of the costs of the answer's visits that the first prices are."""

ROUNDING = 1e-9


def half_legs(instance: Instance) -> float:
    """
    Bound the cost by half of the least legs into and out of every stop.

    As many routes as the demand needs leave the depot and come back; a leg has two ends.
    """
    frequency = instance.frequency
    asked = np.flatnonzero(frequency)
    nodes = np.concatenate(([0], asked))
    distance = instance.distance[np.ix_(nodes, nodes)].copy()
    np.fill_diagonal(distance, np.inf)
    into, onward = distance.min(axis=0), distance.min(axis=1)
    demand = float((frequency * instance.demand).sum())
    needed = max(1.0, np.ceil(demand / max(instance.capacity, ROUNDING) - ROUNDING))
    visits = np.concatenate(([needed], frequency[asked]))
    return 0.5 * float((visits * (into + onward)).sum())


def lower_bound(
    instance: Instance,
    routes: Sequence[Route],
    *,
    most_rounds: int = 200,
    is_over: Callable[[], bool] = lambda: False,
) -> float:
    """
    Bound the cost of every complete answer from below.

    Parameters
    ----------
    instance
        What is to be driven.
    routes
        Of any answer; they suggest the first prices and the size of the steps.
    most_rounds
        Subgradient steps at most.
    is_over
        Asked after each step; true means return the best bound so far.
    """
    best = half_legs(instance)
    scaled = _whole_demands(instance)
    if scaled is None:
        return best
    demand, load = scaled
    frequency = instance.frequency
    fleet = instance.vehicles * instance.days
    out = np.ascontiguousarray(instance.distance)
    back = np.ascontiguousarray(out.T)
    walks = room_for_walks(load, len(demand))
    home = walks if (out == back).all() else room_for_walks(load, len(demand))
    cost = sum(length(instance, route.nodes) for route in routes)
    price = BEGINNING * shares(instance, routes)  # of a visit; [0] of a route, never above 0
    visits = np.zeros(len(demand))
    kept = (price, visits)
    step, idle = FIRST_STEP, 0
    for _ in range(most_rounds):
        extend_walks(out, demand, price, walks)
        if home is not walks:
            extend_walks(back, demand, price, home)
        cheapest = cheapest_through(walks, home, demand, price, -price[0], frequency, visits)
        found = cheapest + float((frequency * price)[1:].sum()) + fleet * price[0]
        idle += 1
        if found > best + ROUNDING * abs(best):
            best, idle = found, 0
            kept = (price.copy(), visits.copy())
        if is_over():
            break
        if idle >= SMALLER_AFTER:
            step, idle = 0.6 * step, 0
            price, visits = kept[0].copy(), kept[1].copy()
        price = _moved(price, visits, frequency, fleet, step * max(0.005 * cost, cost - found))
    return best - ROUNDING * abs(best)


def shares(instance: Instance, routes: Sequence[Route]) -> Floats:
    """
    What a visit of each node costs in an answer, shape (n + 1,); 0 at the depot.

    A leg between customers is shared by both, the legs at the depot by load.
    """
    share = np.zeros(len(instance.ids))
    for route in routes:
        nodes = np.array(route.nodes)
        between = instance.distance[nodes[:-1], nodes[1:]]
        share[nodes[:-1]] += 0.5 * between
        share[nodes[1:]] += 0.5 * between
        ends = instance.distance[0, nodes[0]] + instance.distance[nodes[-1], 0]
        loads = np.maximum(instance.demand[nodes], ROUNDING)
        share[nodes] += ends * loads / loads.sum()
    price: Floats = share / np.maximum(1, instance.frequency)
    return price


def _moved(price: Floats, visits: Floats, frequency: Ints, fleet: int, distance: float) -> Floats:
    """Prices after a step along the subgradient: dearer where the walks come too seldom."""
    slope = frequency - visits
    slope[0] = fleet - visits[0]
    if price[0] >= 0.0 and slope[0] > 0.0:
        slope[0] = 0.0
    moved: Floats = price + slope * distance / max(ROUNDING, float((slope**2).sum()))
    moved[0] = min(0.0, moved[0])
    return moved


def _whole_demands(instance: Instance) -> tuple[Ints, int] | None:
    """
    Demands and capacity as small whole numbers, or None where that cannot be.

    Customers that nobody needs to visit get more than the capacity, so no walk meets them.
    """
    asked = instance.frequency > 0
    numbers = np.concatenate((instance.demand[asked], [np.floor(instance.capacity)]))
    if (numbers < 1).any() or (numbers != np.floor(numbers)).any():
        return None
    if numbers.max() > 1e9:
        return None
    divisor = np.gcd.reduce(numbers[:-1].astype(np.int64))
    load = int(numbers[-1]) // int(divisor)
    load = min(load, int((instance.frequency * instance.demand).sum()) // int(divisor))
    if load * float(len(asked)) ** 2 > MOST_WORK:
        return None
    demand = np.full(len(asked), load + 1, np.int64)
    demand[asked] = numbers[:-1].astype(np.int64) // divisor
    return demand, load
