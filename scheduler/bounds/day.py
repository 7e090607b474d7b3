"""
One cadre's day as the pricing sees it, and room to work in.

Place 0 is the base, place 1 + i is stop i of the day.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.search.compiled import part

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEVER = 1e15
SLACK_MIN = 2e-3
"""Minutes that the judge forgives at every stop."""

DEAR = 3
"""Stops that completions may be told apart by: those that bring the most."""


class Day(NamedTuple):
    """One cadre's day: n stops."""

    legs: Floats  # (n + 1, n + 1) minutes, row = from
    back: Floats  # (n,) least minutes home by any way
    service: Floats  # (n,)
    windows: Ints  # (n,) number of windows
    window: Floats  # (n, q, 2) earliest and latest start, ascending
    village: Ints  # (n,) index of the village among those of the day
    shift: Floats  # (2,) from and to
    most: int  # stops at most


class Room(NamedTuple):
    """Room to work in, and for the routes found: S stops at most, M routes, V villages."""

    stops: Ints  # (M, S) the routes found, worst replaced first
    length: Ints  # (M,)
    minutes: Floats  # (M,)
    value: Floats  # (M,)
    arc: Floats  # (n + 1, n + 1) price of each leg
    first: Floats  # (V,) least price of going into a village
    rest: Floats  # (B, S + 1, S + 1, n + 1) least value of a completion, B sets of dear stops
    other: Floats  # (B, S + 1, S + 1, n + 1) least value when it goes elsewhere first
    hop: Ints  # (B, S + 1, S + 1, n + 1) where the least way goes first; 0 is home
    bit: Ints  # (n + 1,) of a dear stop in such a set, else 0
    level: Floats  # (3, S + 2) time, value and travel so far
    order: Ints  # (3, S + 2) place, next place to try, dear stops visited
    inside: Ints  # (V,) stops of the route in each village
    used: Ints  # (n + 1,)
    barred: Ints  # (n + 1,) 1 for stops that are left out of a search
    next: Ints  # (S, n + 1, n) stops in the order in which they are tried
    key: Floats  # (S, n + 1, n) least value of any route from that place to them
    many: Ints  # (S, n + 1) stops to try
    net: Floats  # (n,) what a stop brings at most, falling
    bringer: Ints  # (n,) that stop
    half: Floats  # (n + 1,) half the least leg out of each place; of 0: home


def room(stops: int, most: int, villages: int, routes: int) -> Room:
    """Make room for days of at most so many stops and villages."""
    table = 1 << DEAR, most + 1, most + 1, stops + 1
    return Room(
        stops=np.zeros((routes, most), np.int64),
        length=np.zeros(routes, np.int64),
        minutes=np.zeros(routes),
        value=np.zeros(routes),
        arc=np.zeros((stops + 1, stops + 1)),
        first=np.zeros(villages),
        rest=np.zeros(table),
        other=np.zeros(table),
        hop=np.zeros(table, np.int64),
        bit=np.zeros(stops + 1, np.int64),
        level=np.zeros((3, most + 2)),
        order=np.zeros((3, most + 2), np.int64),
        inside=np.zeros(villages, np.int64),
        used=np.zeros(stops + 1, np.int64),
        barred=np.zeros(stops + 1, np.int64),
        next=np.zeros((most, stops + 1, stops), np.int64),
        key=np.zeros((most, stops + 1, stops)),
        many=np.zeros((most, stops + 1), np.int64),
        net=np.zeros(stops),
        bringer=np.zeros(stops, np.int64),
        half=np.zeros(stops + 1),
    )


@part
def starting(day: Day, i: int, arrival: float) -> float:
    """Earliest start of stop i after an arrival; NEVER when no window is left."""
    for q in range(day.windows[i]):
        if arrival <= day.window[i, q, 1] + SLACK_MIN:
            start: float = max(arrival, day.window[i, q, 0] - SLACK_MIN)
            return start
    return NEVER
