"""
What one lane does in one round: its pieces, one after the other.

A function of arrays alone, so that a crew can do it in a thread, in a process or on another
computer (``scheduler.crew``). Only numbers travel; the ids stay with the district.
"""

import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scheduler.engines.search.anneal import improve
from scheduler.engines.search.arrays import Fixed, Floats, Ints, State
from scheduler.engines.search.states import scratch

PRESSURE, MOST_PRESSED = 0.1, 4.0
"""A missing visit costs so much more after every round it is missing, up to a multiple."""

MEAN_RUIN = 6.0
NOBODY = np.zeros(0, np.int64)


class Turn(NamedTuple):
    """A piece's part of a round."""

    state: State
    missing: Floats  # (N,) prices of missing visits, as far as they are raised
    steps: int
    hot: float  # temperatures, units of J
    cold: float


class LaneTask(NamedTuple):
    """What a lane is asked to do."""

    spare: Ints  # (D,) tokens beyond those that its pieces use
    turns: tuple[Turn, ...]


class LaneDone(NamedTuple):
    """How its pieces are afterwards, in the same order."""

    states: tuple[State, ...]
    missing: tuple[Floats, ...]
    change: float  # of the true objective
    seconds: tuple[float, ...]  # that each piece took to compute


def search_lane(pieces: Sequence[Fixed], task: LaneTask) -> LaneDone:
    """Search the pieces of a lane; each may use the tokens that those before it left."""
    spare, change, seconds = task.spare, 0.0, []
    for fixed, turn in zip(pieces, task.turns, strict=True):
        begun = time.thread_time()
        s = turn.state
        f = fixed._replace(missing=turn.missing)
        used, visits = s.used.copy(), s.visits.copy()
        s.tokens[:] = used + spare
        room = scratch(f, s)
        change += float(improve(f, s, room, NOBODY, turn.steps, turn.hot, turn.cold, MEAN_RUIN))
        spare += used - s.used
        change += _press(fixed, turn, visits)
        seconds.append(time.thread_time() - begun)
    return LaneDone(
        tuple(t.state for t in task.turns),
        tuple(t.missing for t in task.turns),
        change,
        tuple(seconds),
    )


def _press(fixed: Fixed, turn: Turn, visits: Ints) -> float:
    """
    Raise the prices of a piece's waiting stops, so that others make room for them.

    The kernels paid the raised prices for the visits gained and lost since ``visits``; the
    correction to the true objective is returned, and kept in the tally.
    """
    s, missing = turn.state, turn.missing
    correction = float(((missing - fixed.missing) * (s.visits - visits)).sum())
    s.tally[0] += correction
    waiting = s.visits < fixed.reach
    raised = np.minimum(missing + PRESSURE * fixed.missing, MOST_PRESSED * fixed.missing)
    missing[waiting] = raised[waiting]
    return correction
