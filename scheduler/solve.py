"""
One function from a problem to a plan.

An engine proposes visits; here they get their best order and times, their figures, a proven
bound, and a reason for every visit that is missing. Method: docs/model.md.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import replace

from scheduler.bound import lower_bound
from scheduler.check import check
from scheduler.engine import Engine, Proposal, Run, Visits
from scheduler.engines.table import ENGINES, engine_named
from scheduler.errors import InvalidProblem
from scheduler.explain import explain, still_searching
from scheduler.metrics import Metrics
from scheduler.plan import Bound, Plan, PlannedVisit, Status, Unplanned, in_order
from scheduler.problem import Problem
from scheduler.progress import Progress
from scheduler.roster import Roster
from scheduler.score import score

__all__ = ["ENGINES", "Progress", "solve"]

PROVEN = 1e-6
"""A plan is optimal when its J is within this share of the bound."""

COMPLETION_S = 1e-4
"""Seconds that figures, bound and reasons take for each visit due; kept from the engine."""


def solve(
    problem: Problem,
    *,
    time_limit_s: float = 10.0,
    iterations: float | None = None,
    seed: int = 0,
    workers: int = 1,
    start: Plan | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    engine: str = "portfolio",
    should_stop: Callable[[], bool] | None = None,
) -> Plan:
    """
    Plan the visits: cover what can be covered, then spread, share and travel little.

    The same problem, seed and iterations give the same plan, with any number of workers; a
    limit in seconds does not promise that.

    Parameters
    ----------
    problem
        Left unchanged.
    time_limit_s
        Wall-clock seconds; ignored when ``iterations`` is given.
    iterations
        Search steps per household.
    seed
        Seed of the search.
    workers
        Threads that may search at once.
    start
        An earlier plan to begin from; what still fits of it is kept to begin with.
    on_progress
        Called whenever there is something to tell; the first plan comes at once.
    engine
        One of ``ENGINES``.
    should_stop
        Asked often; true means stop and keep the best plan.

    Returns
    -------
    Plan
        It breaks no rule. What is missing has a reason.

    Raises
    ------
    InvalidProblem
        If the locked visits contradict each other, so that no plan exists.
    UnknownEngine
        If the engine has no such name.
    """
    chosen = engine_named(engine)
    return plan_with(
        chosen,
        problem,
        Run(
            time_limit_s=time_limit_s,
            iterations=iterations,
            seed=seed,
            workers=workers,
            should_stop=should_stop,
        ),
        start.visits if start else (),
        on_progress,
    )


def plan_with(
    engine: Engine,
    problem: Problem,
    run: Run,
    start: Visits = (),
    on_progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Let an engine propose, and make a complete plan of it."""
    require_possible_locks(problem)
    teller = _Teller(problem, run, on_progress)
    run.listen = teller.improved
    due = sum(h.visits_due for h in problem.households)
    proposal = engine.propose(problem, run.ending(COMPLETION_S * due), start)
    plan = _complete(problem, run, proposal)
    teller.done(plan)
    return plan


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


def _complete(problem: Problem, run: Run, proposal: Proposal) -> Plan:
    visits = in_order(proposal.visits)
    metrics = score(problem, visits)
    unplanned = explain(problem, Roster(problem, visits), proposal.unavoidable)
    bound = _best_bound(problem, proposal, metrics)
    status: Status = "feasible"
    gap = metrics.J - bound.J if bound is not None else math.inf
    if gap <= PROVEN * max(1.0, metrics.J):
        status = "optimal"
    elif run.was_stopped:
        status = "stopped"
    return Plan(
        visits=visits,
        unplanned=unplanned,
        metrics=metrics,
        bound=bound,
        status=status,
        seed=run.seed,
        seconds=round(run.seconds, 3),
    )


def _best_bound(problem: Problem, proposal: Proposal, metrics: Metrics) -> Bound | None:
    """The higher of the two bounds; none if a valid plan is below it, for then it is wrong."""
    bound = lower_bound(problem, proposal.unavoidable)
    if proposal.bound is not None and proposal.bound > bound.J:
        bound = Bound(J=proposal.bound, travel=bound.travel, proof=proposal.proof)
    above = bound.J - metrics.J
    if above > PROVEN * max(1.0, metrics.J):
        return None
    return replace(bound, J=metrics.J) if above > 0 else bound


class _Teller:
    """Turns the improvements of an engine into progress for whoever asked."""

    def __init__(
        self, problem: Problem, run: Run, on_progress: Callable[[Progress], None] | None
    ) -> None:
        self._problem = problem
        self._run = run
        self._on_progress = on_progress

    def improved(self, visits: Iterable[PlannedVisit], phase: str) -> None:
        if self._on_progress is None:
            return
        ordered = in_order(visits)
        plan = Plan(
            visits=ordered,
            unplanned=_not_yet(self._problem, ordered),
            metrics=score(self._problem, ordered),
            seed=self._run.seed,
            seconds=round(self._run.seconds, 3),
        )
        self._tell(plan, phase)

    def done(self, plan: Plan) -> None:
        if self._on_progress is not None:
            self._tell(plan, "done")

    def _tell(self, plan: Plan, phase: str) -> None:
        if self._on_progress is not None:
            self._on_progress(
                Progress(
                    seconds=self._run.seconds,
                    objective=plan.metrics.J,
                    unplanned=plan.missing_visits,
                    bound=plan.bound.J if plan.bound else None,
                    plan=plan,
                    phase=phase,
                )
            )


def _not_yet(problem: Problem, visits: Iterable[PlannedVisit]) -> tuple[Unplanned, ...]:
    """What is missing while the search goes on; the reasons come with the final plan."""
    count = dict.fromkeys((h.id for h in problem.households), 0)
    for x in visits:
        count[x.household] += 1
    return tuple(
        Unplanned(household=h.id, missing=h.visits_due - count[h.id], reasons=still_searching(h))
        for h in problem.households
        if count[h.id] < h.visits_due
    )
