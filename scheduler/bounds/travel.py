"""How little any plan can travel that lacks no more than a number of visits."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from scheduler.bounds.district import DistrictBound
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem
from scheduler.weights import Weights

MISSING_MIN = 1000.0
"""Minutes of travel that a missing visit is priced with: dearer than any visit's way."""


def only_travel(
    problem: Problem,
    unavoidable: Mapping[str, float],
    visits: Iterable[PlannedVisit],
    lacking: float,
    *,
    time_limit_s: float,
    workers: int,
    should_stop: Callable[[], bool],
) -> float:
    """
    Bound the travel part of J from below, by column generation for travel alone.

    Missing visits are priced, and the price of those that may be missing is taken off again.

    Parameters
    ----------
    problem, unavoidable, visits
        As for ``DistrictBound``.
    lacking
        Missing visits times priority up to which a plan is bounded.
    time_limit_s, workers, should_stop
        As for ``DistrictBound.improve``.

    Returns
    -------
    float
        Travel part of J; minus infinity when the time did not suffice.
    """
    price = problem.weights.travel
    if price <= 0:
        return 0.0
    alone = Weights(
        unplanned=MISSING_MIN, travel=1.0, quota=0.0, fairness=0.0, crowding=0.0, spacing=0.0
    )
    district = DistrictBound(replace(problem, weights=alone), unavoidable, visits)
    best = -math.inf

    def better(minutes: float) -> None:
        nonlocal best
        best = max(best, minutes)

    district.improve(
        time_limit_s=time_limit_s, workers=workers, should_stop=should_stop, on_bound=better
    )
    return price * (max(best, district.bound) - MISSING_MIN * lacking)
