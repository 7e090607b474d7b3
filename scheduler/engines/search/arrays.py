"""
A piece as the kernels see it: what stays fixed, and what the search changes.

N stops (households, and a stand-in for each locked visit), C cadres, D days, V villages,
W weeks, Z = C x D routes (route z = cadre z // D on day z % D), R stops in the longest route,
K visits of the neediest household. Times are minutes after midnight. Place c < C is the base
of cadre c, place C + i is stop i.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Places = NDArray[np.int16]

FORBIDDEN = 1e15
"""Cost of what may never be; far above any price, far below overflow."""

QUOTA, TRAVEL, FAIRNESS, CROWDING, SPACING = range(5)
"""Places in ``Fixed.weight``."""


class Fixed(NamedTuple):
    """What the search does not change."""

    ordinal: Ints  # (D,) proleptic ordinal of each day
    week: Ints  # (D,) index of its ISO week
    minutes: Floats  # (C + N, C + N) travel, row = from
    service: Floats  # (N,)
    windows: Ints  # (N,) number of windows
    window: Floats  # (N, q, 2) earliest and latest start, ascending
    due: Ints  # (N,) visits to place
    reach: Ints  # (N,) visits that the best cadre could make of it alone
    gap: Ints  # (N,) days between two visits
    ideal: Floats  # (N,) days between evenly spread visits
    home: Ints  # (N,) village
    fresh: Ints  # (N,) 1 if it counts for a quota, 0 if a locked visit already does
    missing: Floats  # (N,) price of a missing visit
    day_cost: Floats  # (N, D) 0, a price, or FORBIDDEN
    team: Ints  # (N, C) the cadres who may come, padded with -1
    team_cost: Floats  # (N, C) price of each of them, by position in `team`
    near: Ints  # (N, n) other stops, nearest first
    duty: Ints  # (C, D) indices of the days with a shift, padded with -1
    shift: Floats  # (C, D, 2) from and to
    capacity: Ints  # (C,) visits a day
    room: Ints  # (Z,) visits that a route may hold: the capacity, or 0 without a shift
    quota: Ints  # (C,)
    target: Floats  # (C,) target load, minutes
    teams: Ints  # (V,) cap a day
    weekly: Ints  # (V,) visits a week
    village_gap: Ints  # (V,) days between visit days
    weight: Floats  # (5,) prices: QUOTA, TRAVEL, FAIRNESS, CROWDING, SPACING


class State(NamedTuple):
    """What the search changes; counts of villages include the other pieces' visits."""

    route: Ints  # (Z, R) stops in order
    length: Ints  # (Z,)
    depart: Floats  # (Z, R + 1) earliest departure from the base and from each stop
    arrive: Floats  # (Z, R + 1) latest arrival at each stop and back at the base
    stays: Ints  # (V, Z) visits of a route in a village
    village_teams: Ints  # (V, D)
    village_near: Ints  # (V, D) other visit days within the village gap
    village_week: Ints  # (V, W) visits
    load: Floats  # (C,) service minutes
    reached: Ints  # (C,) distinct households
    used: Ints  # (D,) (cadre, village) pairs of this piece
    tokens: Ints  # (D,) pairs that this piece may use
    cadre: Ints  # (N,) or -1
    visits: Ints  # (N,) planned
    days: Ints  # (N, K) day index of each planned visit, ascending
    held: Ints  # (N,) 1 if it may not be moved now
    random: NDArray[np.uint64]  # (1,) state of the random numbers
    tally: Floats  # (4,) objective change, steps, accepted, stops that lack visits


class Scratch(NamedTuple):
    """Room to work in, so that kernels allocate nothing."""

    village_days: Ints  # (D,) days on which the stop's village could take a visit
    own: Floats  # (D,) what a visit costs on each of them, travel aside
    may_open: Ints  # (D,) 1 if it could take a new team on it
    open_days: Ints  # (D,) those of them on which one cadre could go
    price: Floats  # (D,) what a visit costs on each of these
    position: Ints  # (D,) its best index in the route
    chain: Floats  # (K, D) cheapest chain of visits that ends on each of these
    parent: Ints  # (K, D) the one before it
    last: Ints  # (2,) link and place in ``open_days`` at which the best chain ends
    stamp: Ints  # (Z,) number of the version that each route is in, from 1
    clock: Ints  # (1,) versions so far
    known_tag: Ints  # (M, Z) of which version and stop (stop % M is the row) the rest is
    known_extra: Floats  # (M, Z) its least extra minutes, or what they are at least
    known_position: Places  # (M, Z) its index, or -1 when only the least is known
    best_days: Ints  # (K,)
    best_position: Ints  # (K,)
    removed: Ints  # (N,) stops taken out in this step
    marked: Ints  # (N,) 1 if among them
    key: Floats  # (N,) order of putting them back
    old_cadre: Ints  # (N,) where they were
    old_visits: Ints  # (N,)
    old_days: Ints  # (N, K)
    touched: Ints  # (Z,) routes changed in this step
    is_touched: Ints  # (Z,)
    old_route: Ints  # (Z, R) and how they were
    old_length: Ints  # (Z,)
    old_stamp: Ints  # (Z,)
