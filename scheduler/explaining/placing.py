"""
Place the missing visits of some households in a plan: in gaps, else by moving their neighbours.

Everybody else keeps as many visits as the plan gives them, and the judge has the last word.
"""

import time
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from scheduler.engine import Visits
from scheduler.engines.greedy import place_household
from scheduler.explaining.asking import Answer, Asking
from scheduler.explaining.choices import TooManyChoices
from scheduler.explaining.judged import is_valid
from scheduler.explaining.part import part_of
from scheduler.explaining.rule_model import RuleModel
from scheduler.explaining.rules import Rule
from scheduler.problem import Problem
from scheduler.roster import Roster

EFFORT = 0.6
"""Deterministic seconds of one rearrangement."""

PATIENCE_S = 0.5
"""Wall-clock seconds of one question."""


def find_place(
    problem: Problem, visits: Visits, household: str, *, time_limit_s: float = 1.0
) -> Visits | None:
    """
    Place all visits of a household without any change, moving others in its village if needed.

    Returns
    -------
    tuple of PlannedVisit or None
        The whole plan, judged; None when no such place was found.
    """
    near = {h.id for h in part_of(problem, visits, household, "village").households}
    placing = Placing(visits, {household}, near, time.monotonic() + time_limit_s)
    placing.may_move = True
    return placing.judged(problem, placing.placed(problem))


class Placing:
    """
    Some households of one plan, and the problems in which their visits are to be placed.

    Parameters
    ----------
    visits
        A valid plan.
    asked
        Households that lack visits.
    near
        Households whose visits may move, once ``may_move`` is set.
    ends
        When to stop, seconds of ``time.monotonic``.
    """

    def __init__(
        self, visits: Visits, asked: Collection[str], near: Collection[str], ends: float
    ) -> None:
        self._visits = visits
        self._asked = frozenset(asked)
        self._near = frozenset(near)
        self._ends = ends
        self._had = Counter(x.household for x in visits)
        self.may_move = False

    def judged(self, problem: Problem, visits: Visits | None) -> Visits | None:
        """Return the visits if no rule is broken and nobody else lost one."""
        if visits is None:
            return None
        wanted = {**self._had, **self._due(problem)}
        return visits if is_valid(problem, visits, wanted) else None

    def placed(self, problem: Problem) -> Visits | None:
        """All visits of the households in the plan: in gaps of it, else by moving neighbours."""
        if all(self._had[key] == due for key, due in self._due(problem).items()):
            return self._visits
        found = self._in_gaps(problem)
        return self._rearranged(problem) if found is None and self.may_move else found

    def _due(self, problem: Problem) -> dict[str, int]:
        return {key: problem.household(key).visits_due for key in sorted(self._asked)}

    def _in_gaps(self, problem: Problem) -> Visits | None:
        locked = {(x.household, x.date) for x in problem.locked}
        stand = [
            x
            for x in self._visits
            if x.household not in self._asked or (x.household, x.date) in locked
        ]
        roster = Roster(problem, stand)
        for key, due in self._due(problem).items():
            place_household(roster, problem.household(key))
            if len(roster.dates.get(key, [])) < due:
                return None
        return tuple(roster.visits())

    def _rearranged(self, problem: Problem) -> Visits | None:
        model = self.model(problem)
        answer = model.possible((), self.patience()) if model else Answer("unknown")
        return answer.visits if answer.verdict == "possible" else None

    def model(self, problem: Problem, rules: Sequence[Rule] = ()) -> Asking | None:
        """Every visit of the part may move, all others stand; None where that is too large."""
        standing = [x for x in self._visits if x.household not in self._near]
        due = due_as_planned(problem, self._asked, self._had)
        try:
            model = RuleModel(due, sorted(self._near), rules=rules, standing=standing)
        except TooManyChoices:
            return None
        return Asking(model, like=self._visits, effort=EFFORT)

    def patience(self) -> float:
        """Seconds for one question."""
        return max(0.01, min(PATIENCE_S, self._ends - time.monotonic()))


def due_as_planned(problem: Problem, asked: Collection[str], planned: Counter[str]) -> Problem:
    """Ask of everybody else no more visits than a plan gives them."""
    households = tuple(
        h if h.id in asked else replace(h, visits_due=planned[h.id]) for h in problem.households
    )
    return replace(problem, households=households)
