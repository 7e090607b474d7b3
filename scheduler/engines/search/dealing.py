"""
Deal the spare teams of every day to lanes: a small flow by OR-Tools, solved before each round.

A piece tells how many further teams it could send out on a day, and how many stops that lack
visits could then have one. What a lane wants of a day is worth ``want / k`` for its k-th team:
shares in proportion to the wants are the optimum. Days are tied together, for a lane gets
little more than its share of all days: who is short on Monday may go on Tuesday.
"""

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from scheduler.engines.search.arrays import FORBIDDEN, Fixed, Floats, Ints, State

LACKING = 16.0
"""A stop that lacks visits wants a team as much as so many villages that could have one."""

BEYOND_SHARE = 0.25
"""What a team must be worth, of the mean want, to go to a lane beyond its share of all days."""

JITTER = 0.3
"""Wants are taken so much higher or lower at random: other shares are tried next round."""

UNIT = 1000.0
"""Costs of the flow are whole numbers of this part of a want."""

BLOCKS = np.array([1, 1, 2, 4, 8, 16, 1 << 30])
"""Teams of a lane and day that are worth the same each, and which of all they are on the mean."""
RANKS = np.array([1.0, 2.0, 3.5, 6.5, 12.5, 24.5, 1e6])


def open_days(f: Fixed) -> NDArray[np.bool_]:
    """Days on which each village has a stop that may be visited, shape (V, D)."""
    may = f.day_cost < FORBIDDEN
    return np.array([may[f.home == v].any(0) for v in range(len(f.teams))]).reshape(
        len(f.teams), len(f.ordinal)
    )


def wants(f: Fixed, s: State, may_open: NDArray[np.bool_]) -> Floats:
    """How much a piece wants a further team on each day, shape (D,)."""
    cadres, days = f.duty.shape
    quiet = (s.village_teams > 0) | (s.village_near == 0)
    teams = np.where(quiet & may_open, f.teams[:, None] - s.village_teams, 0)
    room = np.maximum(f.room - s.length, 0).reshape(cadres, days).sum(0)
    useful: Floats = np.minimum(teams.sum(0), room).astype(np.float64)
    if s.tally[3] > 0:
        waiting = np.flatnonzero(s.visits < f.reach)
        could = (teams[f.home[waiting]] > 0) & (f.day_cost[waiting] < FORBIDDEN)
        useful += LACKING * np.minimum(could.sum(0), room)
    return useful


def shares(spare: Ints, want: Floats, random: np.random.Generator) -> Ints:
    """
    Deal all spare teams to lanes.

    Parameters
    ----------
    spare
        Teams of each day, shape (D,).
    want
        How much each lane wants a further one, shape (D, L).
    random
        Source of the jitter.

    Returns
    -------
    NDArray
        Shape (D, L); every day's row sums up to what is spare.
    """
    days, lanes = want.shape
    if not spare.any():
        return np.zeros((days, lanes), np.int64)
    want = want * (1.0 + JITTER * (2.0 * random.random(want.shape) - 1.0))
    unit = UNIT / max(1e-9, float(want.mean()))
    flow = SimpleMinCostFlow()
    blocks = 1 + int(np.searchsorted(np.cumsum(BLOCKS), spare.max()))
    day, lane, block = (a.ravel() for a in np.indices((days, lanes, blocks)))
    dealt = flow.add_arcs_with_capacity_and_unit_cost(
        day,
        days + lane,
        np.minimum(BLOCKS[block], spare[day]),
        -np.rint(unit * want[day, lane] / RANKS[block]).astype(np.int64),
    )
    end = days + lanes
    of_all = -(-int(spare.sum()) // lanes)
    for most, price in ((of_all, 0), (int(spare.sum()), round(BEYOND_SHARE * UNIT))):
        flow.add_arcs_with_capacity_and_unit_cost(
            days + np.arange(lanes),
            np.full(lanes, end),
            np.full(lanes, most),
            np.full(lanes, price),
        )
    flow.set_nodes_supplies(
        np.arange(end + 1), np.concatenate([spare, np.zeros(lanes, np.int64), [-spare.sum()]])
    )
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("The flow that deals the spare teams has no solution.")
    found: Ints = flow.flows(dealt).reshape(days, lanes, -1).sum(2).astype(np.int64)
    return found
