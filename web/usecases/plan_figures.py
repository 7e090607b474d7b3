"""The figures of a plan: what it reaches, what it costs, how it compares."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from scheduler.measures.disturbance import Disturbance
from scheduler.metrics import Metrics
from scheduler.plan import Bound
from web.usecases.read_plan import OpenPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFigures:
    """
    Figures of one plan.

    Parameters
    ----------
    households_reached, households_due
        Distinct households with a planned visit; households due at least one.
    broken
        Rules the independent checker finds broken; 0 for every stored plan.
    gap
        Distance of J from its proven bound as a share of J; None without a bound.
    sessions_a_day
        Sessions (cadre × village) of each working day, in order.
    baseline
        The same sessions on random days.
    """

    metrics: Metrics
    bound: Bound | None
    broken: int
    gap: float | None
    households_reached: int
    households_due: int
    villages_reached: int
    villages_due: int
    sessions_a_day: tuple[tuple[date, int], ...]
    own: Disturbance
    baseline: Disturbance


def plan_figures(opened: OpenPlan) -> PlanFigures:
    """Work out the figures of an opened plan; what costs most is kept with it."""
    problem, plan = opened.problem, opened.plan
    verdict = opened.verdict
    due = [h for h in problem.households if h.visits_due > 0]
    sessions = Counter(
        day for _, day in {((x.cadre, opened.village_of(x.household)), x.date) for x in plan.visits}
    )
    j, bound = verdict.metrics.J, plan.bound
    return PlanFigures(
        metrics=verdict.metrics,
        bound=bound,
        broken=len(verdict.broken),
        gap=max(0.0, j - bound.J) / j if bound is not None and j > 0 else None,
        households_reached=len(opened.by_household),
        households_due=len(due),
        villages_reached=len(opened.days_of_village),
        villages_due=len({h.village for h in due}),
        sessions_a_day=tuple((day, sessions[day]) for day in problem.days),
        own=opened.disturbance,
        baseline=opened.baseline,
    )
