"""
A proven lower bound of J: what no plan can beat.

In closed form in milliseconds; with time, by column generation over the days of every cadre
(``scheduler.bounds``). Every bound on the way is proven. Method: docs/bounds.md.
"""

import math
from collections.abc import Callable, Mapping

from scheduler.bounds.closed_form import closed_form
from scheduler.bounds.district import DistrictBound
from scheduler.engine import Run
from scheduler.engines.greedy import Greedy
from scheduler.plan import Bound, Plan
from scheduler.problem import Problem

PROOF = "column generation over cadre-day routes, level {level} of 2; visits certified missing"

ROUNDING = 1e-9
"""Share of a bound that is given away for the rounding of sums."""


def lower_bound(
    problem: Problem,
    unavoidable: Mapping[str, float] | None = None,
    *,
    time_limit_s: float = 0.0,
    plan: Plan | None = None,
    workers: int = 1,
    should_stop: Callable[[], bool] | None = None,
    on_progress: Callable[[Bound], None] | None = None,
) -> Bound:
    """
    Bound J from below.

    Parameters
    ----------
    problem
        What is asked.
    unavoidable
        By village, missing visits times priority that are certified (``scheduler.certify``).
    time_limit_s
        Wall-clock seconds for column generation; 0 gives the closed form at once.
    plan
        A plan to begin with, else a greedy one: the better it is, the sooner the bound is good.
    workers
        Threads that may work at once.
    should_stop
        Asked often; true means stop and keep the best bound.
    on_progress
        Called with every better bound.

    Returns
    -------
    Bound
        Proven, whatever the time was.
    """
    best = closed_form(problem, unavoidable or {})
    if on_progress:
        on_progress(best)
    if time_limit_s <= 0:
        return best
    visits = plan.visits if plan else Greedy().propose(problem, Run()).visits
    district = DistrictBound(problem, unavoidable or {}, visits)

    def better(J: float) -> None:  # noqa: N803  (the objective's name)
        nonlocal best
        if not math.isfinite(J):
            return
        J = math.floor((J - ROUNDING * abs(J)) * 1000) / 1000  # noqa: N806
        if best.J < J:
            best = Bound(J=J, travel=best.travel, proof=PROOF.format(level=district.level))
            if on_progress:
                on_progress(best)

    district.improve(
        time_limit_s=time_limit_s,
        workers=max(1, workers),
        should_stop=should_stop or (lambda: False),
        on_bound=better,
    )
    better(district.bound)
    return best
