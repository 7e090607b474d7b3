"""Why a visit is missing: the rules that stand in the way, with their numbers."""

from collections import Counter

from scheduler import reasons
from scheduler.engines.greedy import candidates
from scheduler.household import Household
from scheduler.plan import Reason, Unplanned
from scheduler.problem import Problem
from scheduler.roster import Roster


def explain(problem: Problem, roster: Roster) -> tuple[Unplanned, ...]:
    """Tell for each household that lacks visits why the roster cannot take them."""
    told = []
    for h in problem.households:
        missing = h.visits_due - len(roster.dates.get(h.id, []))
        if missing > 0:
            found = _reasons(problem, roster, h, missing)
            told.append(Unplanned(household=h.id, missing=missing, reasons=found))
    return tuple(told)


def _reasons(problem: Problem, roster: Roster, h: Household, missing: int) -> tuple[Reason, ...]:
    counted: Counter[str] = Counter()
    first: dict[str, Reason] = {}
    for c in candidates(roster, h):
        for day in problem.days:
            for reason in roster.obstacles(h, c, day):
                counted[reason.rule] += 1
                first.setdefault(reason.rule, reason)
    return tuple(first[rule] for rule, _ in counted.most_common(3)) or (
        reasons.not_found(h, missing),
    )
