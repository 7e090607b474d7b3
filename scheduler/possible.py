"""Whether any plan at all can exist: the locked visits must keep the rules by themselves."""

from scheduler.check import check
from scheduler.errors import InvalidProblem
from scheduler.metrics import Metrics
from scheduler.plan import Plan, PlannedVisit
from scheduler.problem import Problem


def require_possible_locks(problem: Problem) -> None:
    """Raise InvalidProblem when the locked visits by themselves break a rule."""
    if not problem.locked:
        return
    visits = tuple(
        PlannedVisit(
            household=x.household,
            cadre=x.cadre,
            date=x.date,
            start=x.start,
            end=x.start + problem.household(x.household).service_min,
            order=0,
        )
        for x in problem.locked
    )
    verdict = check(problem, Plan(visits=visits, unplanned=(), metrics=Metrics()))
    for broken in verdict.broken:
        if broken.rule not in ("9-reason", "metrics", "bound"):
            raise InvalidProblem(
                "locked-contradiction",
                "locked",
                broken.rule,
                f"The locked visits break a rule by themselves: {broken.detail}",
            )
