"""
Kernels for the cheapest walks of every load, the relaxation of routes that bounds are made of.

A walk leaves the depot and may visit a customer more than once, but never goes i, j, i
(Christofides, Mingozzi and Toth 1981). Loads are whole numbers from 1 to Q.
"""

from typing import NamedTuple

import numpy as np

from scheduler.classical.arrays import FORBIDDEN, Floats, Ints
from scheduler.engines.search.compiled import kernel, part


class Walks(NamedTuple):
    """Cheapest walk from the depot to each customer by load, and the next with another last leg."""

    first: Floats  # (Q + 1, n + 1) cost
    second: Floats  # (Q + 1, n + 1)
    before: Ints  # (Q + 1, n + 1) customer before the last, 0 = depot, -1 = no walk
    before_second: Ints  # (Q + 1, n + 1)


def room_for_walks(load: int, nodes: int) -> Walks:
    """Empty tables."""
    shape = (load + 1, nodes)
    return Walks(
        np.full(shape, FORBIDDEN),
        np.full(shape, FORBIDDEN),
        np.full(shape, -1, np.int64),
        np.full(shape, -1, np.int64),
    )


@kernel
def extend_walks(distance: Floats, demand: Ints, price: Floats, w: Walks) -> None:
    """Fill the tables; a visit of customer j costs its leg less ``price[j]``."""
    for load in range(1, w.first.shape[0]):
        for j in range(1, w.first.shape[1]):
            rest = load - demand[j]
            best, second, who, who_second = FORBIDDEN, FORBIDDEN, -1, -1
            if rest == 0:
                best, who = distance[0, j] - price[j], 0
            elif rest > 0:
                for i in range(1, w.first.shape[1]):
                    cost = w.second[rest, i] if w.before[rest, i] == j else w.first[rest, i]
                    if i == j or cost >= FORBIDDEN:
                        continue
                    cost += distance[i, j] - price[j]
                    if cost < best:
                        second, who_second = best, who
                        best, who = cost, i
                    elif cost < second:
                        second, who_second = cost, i
            w.first[load, j] = best
            w.before[load, j] = who
            w.second[load, j] = second
            w.before_second[load, j] = who_second


@part
def count_walk(
    w: Walks, demand: Ints, load: int, j: int, is_second: bool, share: float, visits: Floats
) -> None:
    """Add a share for every visit of a walk before its last customer j."""
    while True:
        i = w.before_second[load, j] if is_second else w.before[load, j]
        if i <= 0:
            return
        visits[i] += share
        load -= demand[j]
        is_second = w.before[load, i] == j
        j = i


@kernel
def cheapest_through(
    out: Walks,
    home: Walks,
    demand: Ints,
    price: Floats,
    fixed: float,
    frequency: Ints,
    visits: Floats,
) -> float:
    """
    Bound what the visits cost: each pays its share, by load, of the cheapest walk through it.

    Parameters
    ----------
    out, home
        Walks from the depot, and walks to the depot (from it, in the transposed distances).
    fixed
        Cost of a walk besides its legs and prices.
    visits
        Shape (n + 1,); gets how often the cheapest walks visit each customer.
    """
    total = 0.0
    most = out.first.shape[0] - 1
    visits[:] = 0.0
    for i in range(1, out.first.shape[1]):
        if frequency[i] == 0:
            continue
        q = demand[i]
        least, at, at_home, kind = FORBIDDEN, -1, -1, 0
        for a in range(q, most + 1):
            if out.before[a, i] < 0:
                continue
            for b in range(q, most + q - a + 1):
                if home.before[b, i] < 0:
                    continue
                cost, how = out.first[a, i] + home.first[b, i], 0
                if out.before[a, i] == home.before[b, i] and out.before[a, i] > 0:
                    cost, how = out.second[a, i] + home.first[b, i], 1
                    other = out.first[a, i] + home.second[b, i]
                    if other < cost:
                        cost, how = other, 2
                if cost >= FORBIDDEN / 2:
                    continue
                cost = (cost + price[i] + fixed) / (a + b - q)
                if cost < least:
                    least, at, at_home, kind = cost, a, b, how
        if at < 0:
            return FORBIDDEN
        total += frequency[i] * q * least
        share = frequency[i] * q / (at + at_home - q)
        visits[0] += share
        visits[i] += share
        count_walk(out, demand, at, i, kind == 1, share, visits)
        count_walk(home, demand, at_home, i, kind == 2, share, visits)
    return total
