"""
The exact engine: one model where the problem is small, else unit by unit from a greedy plan.

Only a model of the whole problem proves anything about J. Unit by unit the other units stand
as they are, so every answer is a valid plan, and none is worse than the one before.
"""

from collections import defaultdict
from collections.abc import Iterable

from scheduler.engine import Proposal, Run, Visits
from scheduler.engines.cpsat.model import Answer, ExactModel
from scheduler.engines.finish import finish
from scheduler.engines.greedy import Greedy
from scheduler.engines.search.pieces import routing_unit
from scheduler.household import Household
from scheduler.problem import Problem
from scheduler.score import score

MOST_ARCS = 100_000
"""Arcs of routes, about, beyond which a model is not built."""

WHOLE_ARCS = 30_000
"""Arcs up to which the whole problem is one model."""

CLOSE = 5e-7
"""Share of J given away for the solver's scaling of the objective."""


class CpSat:
    """Everything decided at once by OR-Tools."""

    def propose(self, problem: Problem, run: Run, start: Visits = ()) -> Proposal:
        """Begin with the greedy plan, then solve the whole or its units exactly."""
        visits = Greedy().propose(problem, run.part(0.2), start).visits
        run.report(visits, "start")
        if _arcs(problem, problem.households) <= WHOLE_ARCS:
            return self._whole(problem, run, visits)
        return self._by_unit(problem, run, visits)

    def _whole(self, problem: Problem, run: Run, visits: Visits) -> Proposal:
        answer = _solve(problem, problem.households, visits, run, run.seconds_left)
        if answer is None:
            return Proposal(visits=visits, finished=False)
        better = min((visits, answer.visits), key=lambda v: score(problem, v).J)
        bound = min(answer.bound, score(problem, better).J)
        return Proposal(
            visits=better,
            finished=answer.proven,
            bound=bound - CLOSE * abs(bound),
            proof="CP-SAT over the whole problem",
        )

    def _by_unit(self, problem: Problem, run: Run, visits: Visits) -> Proposal:
        units: dict[str, list[Household]] = defaultdict(list)
        for h in problem.households:
            units[routing_unit(problem, h)].append(h)
        finished = True
        for n, free in enumerate(units.values()):
            if run.is_over() or _arcs(problem, free) > MOST_ARCS:
                finished = False
                continue
            seconds = run.seconds_left / (len(units) - n)
            answer = _solve(problem, free, visits, run, seconds)
            if answer is None:
                finished = False
                continue
            mine = {h.id for h in free}
            changed = (*(y for y in visits if y.household not in mine), *answer.visits)
            if score(problem, changed).J < score(problem, visits).J:
                visits = changed
                run.report(visits, "search")
        # A unit whose time ran out may still drive its days in a roundabout order.
        return Proposal(visits=finish(problem, visits), finished=finished)


def _solve(
    problem: Problem, free: Iterable[Household], visits: Visits, run: Run, seconds: float
) -> Answer | None:
    """Solve for some households, the visits of the others as they stand."""
    free = list(free)
    mine = {h.id for h in free}
    begun = run.seconds
    model = ExactModel(problem, free, [y for y in visits if y.household not in mine])
    model.hint(y for y in visits if y.household in mine)
    return model.solve(run, seconds - (run.seconds - begun))


def _arcs(problem: Problem, free: Iterable[Household]) -> int:
    """Arcs of a model over some households, at most."""
    many: dict[str, int] = defaultdict(int)
    for h in free:
        many[h.cadre or problem.village(h.village).unit] += 1
    total = 0
    for c in problem.cadres:
        stops = many[c.unit] + many[c.id]
        total += (stops + 1) ** 2 * len(c.shifts) if stops else 0
    return total
