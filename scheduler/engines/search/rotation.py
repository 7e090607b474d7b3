"""
Whose turn it is: which pieces a round searches, and how much of its work each gets.

A piece that is begun anew for a handful of steps costs more than they are worth. So a round of
a large district takes some of its pieces, those that waited longest, for a turn worth having.
Pieces that lack visits they could have come round sooner, or get more of the round.
"""

import math

import numpy as np

from scheduler.engines.search.arrays import Floats, Ints

STEPS_OF_A_TURN = 600
"""Steps of a piece that are worth beginning."""

LEAST_TURNS = 24
"""A piece has so many turns in a search at least, or its cooling would have too few steps."""

EXTRA, MOST_URGENT = 0.25, 8.0
"""Pieces that lack visits share so much of the work on top, each at most so much."""


class Rotation:
    """
    Turns of pieces.

    Parameters
    ----------
    sizes
        Stops of each piece, shape (P,).
    random
        Source of the order in which they begin.
    """

    def __init__(self, sizes: Ints, random: np.random.Generator) -> None:
        self._sizes = sizes
        self._waited = random.random(len(sizes))
        self.laps = 0.0

    def next(
        self, steps_per_household: float, share: float, urgent: Ints
    ) -> tuple[list[int], Floats]:
        """
        Choose the pieces of a round.

        Parameters
        ----------
        steps_per_household
            Steps of the round for each stop of all pieces.
        share
            Of the whole search.
        urgent
            1 for pieces that lack visits, shape (P,).

        Returns
        -------
        tuple
            The pieces, and the steps of each of all pieces, shape (P,), 0 where not chosen.
        """
        work = steps_per_household * float(self._sizes.sum())
        extra = EXTRA * len(urgent) / max(1, int(urgent.sum()))
        weight: Floats = (1.0 + min(MOST_URGENT - 1.0, extra) * urgent).astype(np.float64)
        turn = steps_per_household * float(self._sizes.mean())
        parts = min(STEPS_OF_A_TURN / max(1e-9, turn), 1.0 / (LEAST_TURNS * max(1e-9, share)))
        self.laps += 1.0 / max(1.0, parts)
        if parts > 1.0:
            self._waited += weight
            most = math.ceil(len(self._sizes) / parts)
            chosen = np.sort(np.argsort(-self._waited, kind="stable")[:most])
            self._waited[chosen] = 0.0
            weight[:] = 0.0
            weight[chosen] = 1.0
        weighted = weight * self._sizes
        steps = work * weighted / max(1.0, float(weighted.sum()))
        return [int(n) for n in np.flatnonzero(weight)], steps
