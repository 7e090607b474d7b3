"""
An instance as the kernels see it: what stays fixed, and what the search changes.

n customers (node 0 is the depot), T days, m vehicles, Z = T x m slots (slot z = vehicle z % m on
day z // m), R stops in the longest possible route, P patterns of the choosiest customer.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.classical.instance import Instance
from scheduler.engines.search.random import seeded

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FORBIDDEN = 1e15
"""Cost of what cannot be done; far above any cost, far below overflow."""

COST, ABSENT, VISITS, USED, STEPS, ACCEPTED, BEST_COST, BEST_ABSENT, EXCESS, PRESSURE = range(10)
"""Places in ``State.tally``."""

NEAREST = 128
"""Neighbours of a customer that a ruin may reach."""


class Fixed(NamedTuple):
    """What the search does not change."""

    out: Floats  # (n + 1, n + 1) distance, row = from
    back: Floats  # (n + 1, n + 1) its transpose, row = to
    demand: Floats  # (n + 1,)
    service: Floats  # (n + 1,)
    opens: Floats  # (n + 1,) earliest start
    closes: Floats  # (n + 1,) latest start; of the depot: latest return
    pattern: Ints  # (n + 1, P) day sets, lowest bit = first day
    patterns: Ints  # (n + 1,) how many
    any_day: Ints  # (n + 1,) union of the patterns
    frequency: Ints  # (n + 1,) visits
    near: Ints  # (n + 1, k) other customers, nearest first
    missing: Floats  # (n + 1,) price of an absent customer
    excess: float  # price of a unit of load above the capacity; none is allowed at pressure 1
    vehicles: int
    days: int
    capacity: float
    duration: float
    has_windows: bool


class State(NamedTuple):
    """What the search changes."""

    route: Ints  # (Z, R) customers in order
    leg: Floats  # (Z, R + 1) distance to each stop from the one before; last: to the depot
    length: Ints  # (Z,)
    load: Floats  # (Z,)
    busy: Floats  # (Z,) driving and service
    depart: Floats  # (Z, R + 1) earliest departure from the depot and each stop
    arrive: Floats  # (Z, R + 1) latest arrival at each stop and back at the depot
    top: Ints  # (T,) vehicles 0 to top - 1 hold all routes of a day
    chosen: Ints  # (n + 1,) pattern, 0 if absent
    slot: Ints  # (T, n + 1) where a customer is visited on a day of its pattern
    absent: Ints  # (n,) customers that are nowhere, the first tally[ABSENT] of them
    best_route: Ints  # (Z, R) the best state so far
    best_length: Ints  # (Z,)
    random: NDArray[np.uint64]  # (1,)
    tally: Floats  # (10,)


class Scratch(NamedTuple):
    """Room to work in, so that kernels allocate nothing."""

    removed: Ints  # (n,) customers taken out in this step
    key: Floats  # (n,) order of putting them back
    marked: Ints  # (n + 1,) 1 if among them
    old_chosen: Ints  # (n + 1,)
    ruined: Ints  # (Z,) 1 if a string of this slot was taken out
    price: Floats  # (T,) cheapest insertion by day
    place: Ints  # (T, 2) its slot and index
    touched: Ints  # (Z,) slots changed in this step
    is_touched: Ints  # (Z,)
    old_route: Ints  # (Z, R) and how they were
    old_leg: Floats  # (Z, R + 1)
    old_length: Ints  # (Z,)
    old_load: Floats  # (Z,)
    old_busy: Floats  # (Z,)
    old_absent: Ints  # (n,)
    old_tally: Floats  # (10,)


def fixed(instance: Instance) -> Fixed:
    """Arrays of an instance."""
    n = len(instance.ids)
    widest = max(1, max(len(p) for p in instance.patterns))
    pattern = np.zeros((n, widest), np.int64)
    for i, patterns in enumerate(instance.patterns):
        pattern[i, : len(patterns)] = patterns
    window = instance.window
    if window is None:
        window = np.tile([0.0, FORBIDDEN], (n, 1))
    out = np.ascontiguousarray(instance.distance)
    symmetric = bool((out == out.T).all())
    frequency = instance.frequency
    detour = 2.0 * float(out.max()) + 1.0
    mean_demand = float((frequency * instance.demand).sum() / frequency.sum())
    return Fixed(
        out=out,
        back=out if symmetric else np.ascontiguousarray(out.T),
        demand=np.ascontiguousarray(instance.demand),
        service=np.ascontiguousarray(instance.service),
        opens=np.ascontiguousarray(window[:, 0]),
        closes=np.ascontiguousarray(window[:, 1]),
        pattern=pattern,
        patterns=np.array([len(p) for p in instance.patterns], np.int64),
        any_day=np.bitwise_or.reduce(pattern, axis=1),
        frequency=frequency,
        near=_nearest(instance),
        missing=frequency.astype(np.float64) * detour,
        excess=detour / max(1e-9, mean_demand),
        vehicles=min(instance.vehicles, int((frequency > 0).sum())),
        days=instance.days,
        capacity=float(instance.capacity),
        duration=min(FORBIDDEN, instance.duration),
        has_windows=instance.window is not None,
    )


def _nearest(instance: Instance) -> Ints:
    """Neighbours of each customer that need visits, itself first, shape (n + 1, k)."""
    asked = np.flatnonzero(instance.frequency)
    between = np.minimum(instance.distance, instance.distance.T)
    near = np.zeros((len(instance.ids), min(NEAREST, len(asked))), np.int64)
    for i in asked:
        order = asked[np.argsort(between[i, asked], kind="stable")]
        order = np.concatenate(([i], order[order != i]))
        near[i] = order[: near.shape[1]]
    return near


def empty(f: Fixed, longest: int, seed: int, lane: int) -> State:
    """State without any route; all customers are absent."""
    n, slots = len(f.demand), f.days * f.vehicles
    asked = np.flatnonzero(f.frequency)
    tally = np.zeros(10)
    tally[ABSENT] = tally[BEST_ABSENT] = len(asked)
    tally[BEST_COST] = FORBIDDEN
    tally[PRESSURE] = 1.0
    absent = np.zeros(n, np.int64)
    absent[: len(asked)] = asked
    return State(
        route=np.zeros((slots, longest), np.int64),
        leg=np.zeros((slots, longest + 1)),
        length=np.zeros(slots, np.int64),
        load=np.zeros(slots),
        busy=np.zeros(slots),
        depart=np.full((slots, longest + 1), f.opens[0]),
        arrive=np.full((slots, longest + 1), f.closes[0]),
        top=np.zeros(f.days, np.int64),
        chosen=np.zeros(n, np.int64),
        slot=np.zeros((f.days, n), np.int64),
        absent=absent,
        best_route=np.zeros((slots, longest), np.int64),
        best_length=np.zeros(slots, np.int64),
        random=seeded(seed, lane),
        tally=tally,
    )


def scratch(f: Fixed, s: State) -> Scratch:
    """Room for one state."""
    n, slots = len(f.demand), len(s.length)
    return Scratch(
        removed=np.zeros(n, np.int64),
        key=np.zeros(n),
        marked=np.zeros(n, np.int64),
        old_chosen=np.zeros(n, np.int64),
        ruined=np.zeros(slots, np.int64),
        price=np.zeros(f.days),
        place=np.zeros((f.days, 2), np.int64),
        touched=np.zeros(slots, np.int64),
        is_touched=np.zeros(slots, np.int64),
        old_route=np.zeros_like(s.route),
        old_leg=np.zeros_like(s.leg),
        old_length=np.zeros(slots, np.int64),
        old_load=np.zeros(slots),
        old_busy=np.zeros(slots),
        old_absent=np.zeros(n, np.int64),
        old_tally=np.zeros(10),
    )


def longest_route(instance: Instance) -> int:
    """Most customers of one route: what the capacity lets in, and some more."""
    asked = instance.demand[instance.frequency > 0]
    loads = np.cumsum(np.sort(asked))
    within = int(np.searchsorted(loads, instance.capacity + 1e-6, side="right"))
    return min(len(asked), within + 2 + within // 4)
