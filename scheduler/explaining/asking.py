"""
Can all of this be met? A model of rules, asked again and again with other rules dropped.

OR-Tools chooses cadres and days; each cadre's day is then ordered exactly, and a set of stops
that no order fits is forbidden, with the rules that forbid it, until all days work or nothing
is left (logic-based Benders decomposition, Hooker and Ottosson 2003). So "possible" comes with
visits, and "impossible" is a proof; whatever is in between is said to be unknown.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ortools.sat.python import cp_model

from scheduler.cadre import Cadre
from scheduler.engine import Visits
from scheduler.explaining.one_day import timed_day
from scheduler.explaining.rule_model import MOST_STOPS, RuleModel
from scheduler.explaining.rules import Kind, Rule, without
from scheduler.explaining.switches import let
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem
from scheduler.travel import LineTravel

MOST_ROUNDS = 200
CORE_EFFORT = 0.1
"""Deterministic seconds for rules that cannot all hold; without them all rules are gone through."""

CORE_CHOICES = 1_500
"""Models with more possible visits than this are not asked for such rules: it takes too long."""

BLAMED: tuple[Kind, ...] = ("window", "travel", "locked")
"""Rules of a household that can make a day too tight."""

Verdict = Literal["possible", "impossible", "unknown"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict; the visits when it is possible, all of them, those that stand included."""

    verdict: Verdict
    visits: Visits = ()


class Asking:
    """
    A model, and what is known of its days.

    Parameters
    ----------
    rules
        The model.
    like
        Visits that an answer should keep where it can.
    effort
        Deterministic seconds of one question.
    """

    def __init__(
        self, rules: RuleModel, *, like: Iterable[PlannedVisit] = (), effort: float = 1.0
    ) -> None:
        self._rules = rules
        self._problem = rules.problem
        self._effort = effort
        self._straight = isinstance(rules.problem.travel, LineTravel)
        self._sound = rules.is_sound
        self._has_long_day = False
        for x in like:
            chosen = rules.x.get((x.household, x.cadre, x.date))
            if chosen is not None:
                rules.model.add_hint(chosen, True)

    def possible(
        self, dropped: Collection[Rule], seconds: float, *, effort: float | None = None
    ) -> Answer:
        """
        Answer whether all visits can be made when some rules do not hold.

        Parameters
        ----------
        dropped
            Rules with a switch; the others hold.
        seconds
            Wall-clock limit.
        effort
            Deterministic seconds, if this question is worth another number than usual.
        """
        effort = effort or self._effort
        self._rules.switches.drop(dropped)
        # An answer with a day of more stops than can be ordered says nothing: ask for another.
        self._be_modest(0, 0)
        answer = self._search(frozenset(dropped), seconds, effort)
        if answer.verdict != "unknown" or not self._has_long_day:
            return answer
        self._be_modest(1, 1)
        modest = self._search(frozenset(dropped), seconds, effort)
        return modest if modest.verdict == "possible" else answer

    def core(self, seconds: float) -> tuple[Rule, ...] | None:
        """Return rules that cannot all hold, by sufficient assumptions; None if not soon proven."""
        if len(self._rules.x) > CORE_CHOICES:
            return None
        self._be_modest(0, 0)
        self._rules.switches.assume()
        solver = _solver(seconds, CORE_EFFORT)
        status = solver.solve(self._rules.model)
        self._rules.model.clear_assumptions()
        return self._rules.switches.guilty(solver) if status == cp_model.INFEASIBLE else None

    def _be_modest(self, least: int, most: int) -> None:
        let(self._rules.model, self._rules.modest, least, most)

    def _search(self, dropped: frozenset[Rule], seconds: float, effort: float) -> Answer:
        """Solve, order every day, forbid what no order fits, and solve again."""
        self._has_long_day = False
        problem = without(self._problem, dropped)
        ends = time.monotonic() + seconds
        for _ in range(MOST_ROUNDS):
            if effort <= 0 or time.monotonic() >= ends:
                break
            solver = _solver(ends - time.monotonic(), effort)
            status = solver.solve(self._rules.model)
            effort -= solver.deterministic_time
            if status == cp_model.INFEASIBLE:
                return Answer("impossible" if self._sound else "unknown")
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return Answer("unknown")
            routes: dict[tuple[str, date], list[str]] = defaultdict(list)
            for (h, c, day), chosen in self._rules.x.items():
                if solver.boolean_value(chosen):
                    routes[c, day].append(h)
            if any(len(stops) > MOST_STOPS for stops in routes.values()):
                self._has_long_day = True
                return Answer("unknown")
            visits = self._ordered(problem, dropped, routes)
            if visits is not None:
                return Answer("possible", visits)
        return Answer("unknown")

    def _ordered(
        self,
        problem: Problem,
        dropped: frozenset[Rule],
        routes: Mapping[tuple[str, date], list[str]],
    ) -> Visits | None:
        """Order every changed day; None when some set of stops was forbidden instead."""
        made: list[PlannedVisit] = []
        forbidden = False
        for (c, day), stops in routes.items():
            found = self._day(problem, problem.cadre(c), day, stops)
            if found is None:
                self._forbid(problem, dropped, c, day, stops)
                forbidden = True
            else:
                made += found
        if forbidden:
            return None
        return (*made, *(x for x in self._rules.standing if (x.cadre, x.date) not in routes))

    def _day(
        self, problem: Problem, c: Cadre, day: date, stops: Sequence[str]
    ) -> list[PlannedVisit] | None:
        others = [x.household for x in self._rules.days_standing.get((c.id, day), ())]
        return timed_day(problem, c, day, [problem.household(h) for h in (*others, *stops)])

    def _forbid(
        self, problem: Problem, dropped: frozenset[Rule], cadre: str, day: date, stops: list[str]
    ) -> None:
        """Forbid a smallest set of stops that does not fit, under the rules that are to blame."""
        c = problem.cadre(cadre)
        least = list(stops)
        for stop in stops:
            fewer = [h for h in least if h != stop]
            if fewer and self._day(problem, c, day, fewer) is None:
                least = fewer
        self._sound &= self._straight
        switches = self._rules.switches
        names: list[tuple[Kind, str]] = [("shift", cadre)]
        names += [(kind, h) for h in least for kind in BLAMED]
        blamed = [
            switches.one(r) for name in names for r in switches.named(*name) if r not in dropped
        ]
        for other in self._alike(c, day, least):
            chosen = (self._rules.x[h, cadre, other] for h in least)
            self._rules.model.add_bool_or([*(~x for x in chosen), *(~s for s in blamed)])

    def _alike(self, c: Cadre, day: date, stops: Sequence[str]) -> list[date]:
        """The day, and those on which the same stops would fit no better."""

        def plain(d: date) -> bool:
            return not self._rules.days_standing.get((c.id, d)) and not any(
                (h, c.id, d) in self._rules.locks for h in stops
            )

        if not plain(day):
            return [day]
        return [
            d
            for d in self._problem.days
            if c.shifts.get(d) == c.shifts.get(day)
            and plain(d)
            and all((h, c.id, d) in self._rules.x for h in stops)
        ]


def _solver(seconds: float, effort: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = effort
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    solver.parameters.cp_model_probing_level = 0  # sums that count prove more, and sooner
    return solver
