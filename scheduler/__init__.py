"""
Who is visited when, and by whom? Problem in, plan out.

What most callers need has its name here and is loaded when it is first used; planning again,
judging and trade-offs are ``scheduler.replan``, ``scheduler.check`` and ``scheduler.tradeoffs``.

>>> from scheduler import Problem, solve, MaxSeconds
>>> from scheduler.engines.search.sample import tiny_problem
>>> solve(tiny_problem(), stop=MaxSeconds(0.5)).missing
0
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from scheduler.bound import lower_bound
    from scheduler.cadre import Cadre
    from scheduler.errors import InvalidPlan, InvalidProblem, PlanningError
    from scheduler.household import Household
    from scheduler.locked import LockedVisit
    from scheduler.plan import Plan, PlannedVisit
    from scheduler.planner import solve
    from scheduler.problem import Problem
    from scheduler.progress import Progress
    from scheduler.replan import Replan
    from scheduler.result import Moment, Result
    from scheduler.stopping import (
        CoverageProven,
        FirstOf,
        MaxIterations,
        MaxSeconds,
        NoImprovement,
        StoppingCriterion,
        When,
        WithinGap,
    )
    from scheduler.travel import LineTravel, MatrixTravel
    from scheduler.village import Village
    from scheduler.weights import Weights

__all__ = [
    "Cadre",
    "CoverageProven",
    "FirstOf",
    "Household",
    "InvalidPlan",
    "InvalidProblem",
    "LineTravel",
    "LockedVisit",
    "MatrixTravel",
    "MaxIterations",
    "MaxSeconds",
    "Moment",
    "NoImprovement",
    "Plan",
    "PlannedVisit",
    "PlanningError",
    "Problem",
    "Progress",
    "Replan",
    "Result",
    "StoppingCriterion",
    "Village",
    "Weights",
    "When",
    "WithinGap",
    "lower_bound",
    "solve",
]

_ROOMS = {
    "bound": ("lower_bound",),
    "cadre": ("Cadre",),
    "errors": ("InvalidPlan", "InvalidProblem", "PlanningError"),
    "household": ("Household",),
    "locked": ("LockedVisit",),
    "plan": ("Plan", "PlannedVisit"),
    "planner": ("solve",),
    "problem": ("Problem",),
    "progress": ("Progress",),
    "replan": ("Replan",),
    "result": ("Moment", "Result"),
    "stopping": (
        "CoverageProven",
        "FirstOf",
        "MaxIterations",
        "MaxSeconds",
        "NoImprovement",
        "StoppingCriterion",
        "When",
        "WithinGap",
    ),
    "travel": ("LineTravel", "MatrixTravel"),
    "village": ("Village",),
    "weights": ("Weights",),
}
_MODULE = {name: module for module, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:
    """Load a name when it is first used, so that importing one noun does not load the engines."""
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"scheduler.{_MODULE[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Tell the public names."""
    return __all__
