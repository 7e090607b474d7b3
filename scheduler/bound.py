"""
A proven lower bound of J: what no plan can beat.

In closed form in milliseconds; with time, by column generation over the days of every cadre
(``scheduler.bounds``). Every bound on the way is proven. Method: docs/bounds.md.

``improve_bound`` is for a plan that exists: it certifies what is missing, then bounds J.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from scheduler.bounds.closed_form import closed_form
from scheduler.bounds.district import DistrictBound
from scheduler.bounds.travel import only_travel
from scheduler.certificate import Certificate, certify
from scheduler.engine import Run
from scheduler.engines.greedy import Greedy
from scheduler.plan import Bound, Plan
from scheduler.problem import Problem

PROOF = "column generation over cadre-day routes, {how_far}; visits certified missing"

CERTIFICATE_SHARE = 0.2
"""Share of the time in which missing visits may be certified."""

GREEDY_SHARE = 0.1
"""Share of the time in which a plan to begin with may be made."""

TRAVEL_SHARE = 0.1
"""Share of the time that the bound of travel alone is given."""

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
    end = time.monotonic() + time_limit_s
    best = closed_form(problem, unavoidable or {})
    if on_progress:
        on_progress(best)
    if time_limit_s <= 0:
        return best
    stop = should_stop or (lambda: False)
    if plan:
        visits = plan.visits
    else:
        run = Run(time_limit_s=GREEDY_SHARE * time_limit_s, should_stop=should_stop)
        visits = Greedy().propose(problem, run).visits
    district = DistrictBound(problem, unavoidable or {}, visits)

    def better(J: float) -> None:  # noqa: N803  (the objective's name)
        nonlocal best
        if _rounded(J) > best.J:
            best = replace(best, J=_rounded(J), proof=PROOF.format(how_far=district.how_far))
            if on_progress:
                on_progress(best)

    better(district.bound)
    district.improve(
        time_limit_s=end - TRAVEL_SHARE * time_limit_s - time.monotonic(),
        workers=max(1, workers),
        should_stop=stop,
        on_bound=better,
    )
    better(district.bound)
    travel = only_travel(
        problem,
        unavoidable or {},
        visits,
        max(sum((unavoidable or {}).values()), _lacking(problem, plan) if plan else 0.0),
        time_limit_s=end - time.monotonic(),
        workers=max(1, workers),
        should_stop=stop,
    )
    return replace(best, travel=max(best.travel, _rounded(travel)))


def improve_bound(
    problem: Problem,
    plan: Plan,
    *,
    seconds: float,
    workers: int = 1,
    certificate: Certificate | None = None,
    should_stop: Callable[[], bool] | None = None,
    on_progress: Callable[[Bound], None] | None = None,
) -> Bound:
    """
    Prove how far a plan is from the best one: certify what it lacks, then bound J.

    Parameters
    ----------
    problem
        What is asked.
    plan
        A plan that breaks no rule.
    seconds
        Wall-clock seconds for all of it.
    workers
        Threads that may work at once.
    certificate
        What is certified already; else a share of the time goes into it.
    should_stop, on_progress
        As for ``lower_bound``.

    Returns
    -------
    Bound
        The better of the new bound and the plan's own.
    """
    began = time.monotonic()
    known = certificate or certify(
        problem, time_limit_s=CERTIFICATE_SHARE * seconds, plan=plan, should_stop=should_stop
    )
    found = lower_bound(
        problem,
        known.by_village,
        time_limit_s=max(0.0, seconds - (time.monotonic() - began)),
        plan=plan,
        workers=workers,
        should_stop=should_stop,
        on_progress=on_progress,
    )
    if plan.bound is None or found.J >= plan.bound.J:
        return found
    return replace(plan.bound, travel=max(plan.bound.travel, found.travel))


def _lacking(problem: Problem, plan: Plan) -> float:
    """Missing visits of a plan, times priority."""
    return sum(x.missing * problem.household(x.household).priority for x in plan.unplanned)


def _rounded(value: float) -> float:
    """Round a bound down, a little more than sums are rounded."""
    if not math.isfinite(value):
        return -math.inf
    return math.floor((value - ROUNDING * abs(value)) * 1000) / 1000


def warm() -> None:
    """Compile the kernels, or find them compiled: set-up calls it, so nobody waits later."""
    from scheduler.engines.search.sample import tiny_problem

    lower_bound(tiny_problem(), time_limit_s=60.0)
