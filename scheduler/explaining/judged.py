"""The judge has the last word: is a plan that was found here valid and complete?"""

from collections import Counter
from collections.abc import Mapping

from scheduler.check import check
from scheduler.engine import Visits
from scheduler.metrics import Metrics
from scheduler.plan import Plan
from scheduler.problem import Problem

ABOUT_THE_WHOLE = ("9-reason", "metrics", "bound")
"""Rules about what a plan says of itself."""


def is_valid(problem: Problem, visits: Visits, wanted: Mapping[str, int]) -> bool:
    """Whether no rule is broken and every household has the visits that are wanted for it."""
    has = Counter(x.household for x in visits)
    if any(has[key] != n for key, n in wanted.items()):
        return False
    broken = check(problem, Plan(visits=visits, unplanned=(), metrics=Metrics())).broken
    return all(b.rule in ABOUT_THE_WHOLE for b in broken)


def is_complete(problem: Problem, visits: Visits) -> bool:
    """Whether no rule is broken and no visit missing."""
    return is_valid(problem, visits, {h.id: h.visits_due for h in problem.households})
