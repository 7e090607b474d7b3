"""
What a piece costs at least: the parts of J as prices of routes, and what needs no route.

Symbols: docs/bounds.md. A village that several pieces visit is priced by one fixed tangent
of its crowding in all of them; the constant is added once, by ``district``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.bounds.spacing import least_spacing
from scheduler.engines.search.arrays import (
    CROWDING,
    FAIRNESS,
    FORBIDDEN,
    SPACING,
    TRAVEL,
    Fixed,
    Floats,
    Ints,
)
from scheduler.engines.search.pieces import Piece

MUST = 1e5
"""Price of leaving out a locked visit: the bound is smaller than with the rule itself."""


LOAD_STEP, LOADS = 0.05, 12
"""Tangents of fairness touch at these shares of the mean load apart, so many to each side."""


def tangent(visits: int, m: int) -> int:
    """
    Slope part of the tangent m of n^2, strengthened for a route with several visits.

    For whole n: n^2 >= (2m + 1) n - m (m + 1) + sum over routes of (k - m)(k - m - 1), where
    k > m visits are by one route; equal for n = m and n = m + 1 when each route has few.
    """
    return (2 * m + 1) * visits + max(0, visits - m) * max(0, visits - m - 1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Terms:
    """
    One piece, priced.

    Parameters
    ----------
    fixed
        Its arrays; the stand-ins of locked visits are stops that must be visited.
    due, least_missing
        Visits of each stop, and those nobody can make.
    missing
        Least rise of J by each missing visit.
    priority, certified
        Priority of each stop; by village, missing visits times priority in every plan.
    tangent
        Of each village: the one fixed tangent, or -1 where the master chooses.
    rate, mean
        Price of a squared load, and the load of each cadre where all share evenly, minutes.
    allowed
        Whether dates and blackouts let a stop be visited on a day, shape (N, D).
    back
        Least minutes from each stop to each base by any way, over other stops too, shape (N, C).
    metric
        Whether no way over another stop is shorter.
    constant
        What every plan pays: spacing, and the constant of the tangent of fairness.
    """

    fixed: Fixed
    due: Ints
    least_missing: Ints
    missing: Floats
    priority: Floats
    certified: Floats
    tangent: Ints
    rate: float
    mean: float
    allowed: NDArray[np.bool_]
    back: Floats
    metric: bool
    constant: float

    @property
    def travel(self) -> float:
        """Price of a minute of travel."""
        return float(self.fixed.weight[TRAVEL])

    @property
    def crowding(self) -> float:
        """Price of a squared visit."""
        return float(self.fixed.weight[CROWDING])

    @property
    def minute(self) -> float:
        """Price of a minute of service: the tangent of fairness where all share evenly."""
        return 2.0 * self.rate * self.mean

    def load(self, at: int) -> float:
        """Load, minutes, at which a tangent of fairness touches; 0 is where all share evenly."""
        return self.mean * (1.0 + LOAD_STEP * at)

    def cost(self, stops: Sequence[int], minutes: float) -> float:
        """Price of a route but for what the master's rows say."""
        total = self.travel * minutes
        for i in stops:
            total += self.minute * float(self.fixed.service[i])
        for v, k in per_village(self.fixed.home, stops):
            if self.tangent[v] >= 0:
                total += self.crowding * tangent(k, int(self.tangent[v]))
        return total


def per_village(home: Ints, stops: Sequence[int]) -> list[tuple[int, int]]:
    """Villages of a route and its visits in each."""
    count: dict[int, int] = {}
    for i in stops:
        v = int(home[i])
        count[v] = count.get(v, 0) + 1
    return list(count.items())


def price(
    piece: Piece,
    alone: Fixed,
    priorities: Mapping[str, float],
    certified: Mapping[str, float],
    shared: Mapping[str, int],
) -> Terms:
    """
    Price a piece.

    Parameters
    ----------
    piece
        One unit.
    alone
        Its arrays by least legs.
    priorities
        Of each household.
    certified
        By village, missing visits times priority in every plan; only of villages whose
        households are all in this piece.
    shared
        Fixed tangents of villages that several pieces visit.
    """
    f = alone._replace(minutes=piece.fixed.minutes)
    first, w = piece.first_locked, piece.fixed.weight
    due = f.due.copy()
    due[first:] = 1
    least_missing = np.maximum(0, f.due - f.reach)
    least_missing[first:] = 0
    missing = np.where(np.arange(len(due)) < first, f.missing, MUST)
    constant = 0.0
    held = {x.household for x in piece.locked}
    for i in range(first):
        if f.due[i] > 1 and piece.stops[i] not in held:
            spread, slope = least_spacing(alone, i)
            constant += float(w[SPACING]) * spread
            missing[i] += w[SPACING] * slope
    fixed_tangent = np.full(len(f.teams), -1, np.int64)
    for v, name in enumerate(piece.villages):
        if name in shared:
            fixed_tangent[v] = shared[name]
    # Fairness: squares of loads are above their tangents at the mean of all that can be done.
    on_duty = int((f.duty[:, 0] >= 0).sum())
    rate = float(w[FAIRNESS] / f.target[0])
    mean = float(((due - least_missing) * f.service).sum()) / max(1, on_duty)
    return Terms(
        fixed=f,
        due=due,
        least_missing=least_missing,
        missing=missing,
        priority=np.array([priorities[h] for h in piece.stops]),
        certified=np.array([certified.get(v, 0.0) for v in piece.villages]),
        tangent=fixed_tangent,
        rate=rate,
        mean=mean,
        allowed=_allowed(piece),
        back=_back(piece, alone),
        metric=_is_metric(f.minutes),
        constant=constant - rate * on_duty * mean**2,
    )


def _allowed(piece: Piece) -> NDArray[np.bool_]:
    f = piece.fixed
    allowed = f.day_cost < FORBIDDEN
    for i, x in enumerate(piece.locked, start=piece.first_locked):
        allowed[i] = f.ordinal == x.date.toordinal()
    allowed &= ((f.teams[f.home] > 0) & (f.weekly[f.home] > 0))[:, None]
    return allowed


def _back(piece: Piece, alone: Fixed) -> Floats:
    """Least minutes from stops to bases; a locked visit is where its household is."""
    cadres = len(piece.cadres)
    row = {h: i for i, h in enumerate(piece.stops[: piece.first_locked])}
    places = [cadres + row.get(h, i) for i, h in enumerate(piece.stops)]
    return alone.minutes[places, :cadres]


def _is_metric(minutes: Floats) -> bool:
    """Whether every leg is no longer than any way over a third place."""
    return all(
        bool((minutes[:, k, None] + minutes[None, k, :] >= minutes - 1e-9).all())
        for k in range(len(minutes))
    )
