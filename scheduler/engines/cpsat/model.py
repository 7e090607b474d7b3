"""The exact model, solved: a complete hint in, visits and a proven bound out."""

import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from ortools.sat.python import cp_model

from scheduler.engine import Run, Visits
from scheduler.engines.cpsat.constraints import BASE, add_constraints
from scheduler.engines.cpsat.objective import add_objective
from scheduler.engines.cpsat.variables import TICKS, Duty, Variables, make_variables
from scheduler.household import Household
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem

EFFORT_PER_ITERATION = 0.002
"""Deterministic seconds for each step per household, when the effort is counted in steps."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Visits of the free households, whether they are proven best, and the bound of J."""

    visits: Visits
    proven: bool
    bound: float


class ExactModel:
    """
    All rules and all parts of J over some free households.

    Parameters
    ----------
    problem
        What is asked.
    free
        Households whose visits are decided.
    standing
        Visits of the others.
    """

    def __init__(
        self, problem: Problem, free: Iterable[Household], standing: Iterable[PlannedVisit]
    ) -> None:
        self._x: Variables = make_variables(problem, free, standing)
        add_constraints(self._x)
        self._constant = add_objective(self._x)

    def hint(self, visits: Iterable[PlannedVisit]) -> None:
        """Begin with these visits; every choice gets a value, so the hint is a solution."""
        x = self._x
        chosen = {(y.household, y.cadre, y.date): y for y in visits}
        true = {id(x.visit[key]) for key in chosen if key in x.visit}
        routes: dict[Duty, list[PlannedVisit]] = defaultdict(list)
        days: dict[str, list[date]] = defaultdict(list)
        for (h, c, day), y in sorted(chosen.items(), key=lambda item: item[1].start):
            if (h, c, day) not in x.visit:
                continue
            village = x.problem.household(h).village
            routes[c, day].append(y)
            days[h].append(day)
            named = (x.comes[h, c], x.session[village, (c, day)], x.opened[village, day])
            true |= {id(v) for v in named}
            x.model.add_hint(x.start[h, c, day], round(y.start * TICKS))
        for duty in x.by_duty():
            places = [BASE, *(y.household for y in routes[duty]), BASE]
            true |= {id(x.arc[duty, a, b]) for a, b in pairwise(places)}
        for (h, earlier, later), link in x.after.items():
            mine: list[date | None] = [*sorted(days[h])]
            if earlier == later:
                used = earlier not in mine if earlier else not mine
            else:
                used = (earlier, later) in pairwise([None, *mine, None]) and bool(mine)
            if used:
                true.add(id(link))
        for table in (x.visit, x.comes, x.session, x.opened, x.arc, x.after):
            for variable in table.values():
                x.model.add_hint(variable, id(variable) in true)

    def solve(self, run: Run, seconds: float) -> Answer | None:
        """Solve; None when the solver found nothing in its time."""
        solver = cp_model.CpSolver()
        p = solver.parameters
        p.random_seed = run.seed
        if run.iterations is None:
            p.num_workers = run.workers
            p.max_time_in_seconds = max(0.01, seconds)
        else:  # one worker and counted work: the same answer on every machine
            p.num_workers = 1
            if math.isfinite(seconds):
                p.max_time_in_seconds = max(0.01, seconds)
            p.max_deterministic_time = EFFORT_PER_ITERATION * run.iterations * len(self._x.free)
        status = solver.solve(self._x.model, _StopWhenAsked(run))
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None
        return Answer(
            visits=tuple(self._visits(solver)),
            proven=status == cp_model.OPTIMAL,
            bound=solver.best_objective_bound + self._constant,
        )

    def _visits(self, solver: cp_model.CpSolver) -> Iterable[PlannedVisit]:
        routes: dict[Duty, list[tuple[int, Household]]] = defaultdict(list)
        for (h, c, day), visit in self._x.visit.items():
            if solver.boolean_value(visit):
                start = solver.value(self._x.start[h, c, day])
                routes[c, day].append((start, self._x.problem.household(h)))
        for (c, day), stops in routes.items():
            yield from self._earliest(c, day, [h for _, h in sorted(stops, key=lambda s: s[0])])

    def _earliest(self, cadre_id: str, day: date, stops: list[Household]) -> Iterable[PlannedVisit]:
        """Earliest times in this order; within the ticks that the model rounds away."""
        problem = self._x.problem
        c = problem.cadre(cadre_id)
        fixed = {y.household: y.start for y in problem.locked if y.date == day}
        at, place = c.shifts[day][0], (c.node, c.base)
        slack = (len(stops) + 2) / TICKS
        for order, h in enumerate(stops, start=1):
            at += problem.travel.minutes(place, (h.node, h.point))
            starts = [max(at, a) for a, b in h.windows if max(at, a) + h.service_min <= b + slack]
            start = fixed.get(h.id, min(starts))
            at, place = start + h.service_min, (h.node, h.point)
            yield PlannedVisit(
                household=h.id, cadre=cadre_id, date=day, start=start, end=at, order=order
            )


class _StopWhenAsked(cp_model.CpSolverSolutionCallback):
    """Stops at the next solution once somebody asked to stop, or it is enough."""

    def __init__(self, run: Run) -> None:
        super().__init__()
        self._run = run

    def on_solution_callback(self) -> None:
        if self._run.was_stopped or self._run.is_enough():
            self.stop_search()
