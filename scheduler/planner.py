"""
One function from a problem to a plan.

An engine proposes visits; here they get their best order and times, their figures, a proven
bound, and a reason for every visit that is missing. Method: docs/model.md.
"""

import math
from collections.abc import Callable
from dataclasses import replace

from scheduler.bound import improve_bound, lower_bound
from scheduler.crew import Crew
from scheduler.engine import Engine, Proposal, Run, Visits
from scheduler.engines.table import ENGINES, engine_named
from scheduler.explain import explain
from scheduler.metrics import Metrics
from scheduler.plan import Bound, Plan, Status, in_order
from scheduler.possible import require_possible_locks
from scheduler.problem import Problem
from scheduler.progress import Progress
from scheduler.result import Result
from scheduler.roster import Roster
from scheduler.score import score
from scheduler.size import require_memory
from scheduler.stopping import StoppingCriterion, stopping
from scheduler.watch import Watch

__all__ = ["ENGINES", "Progress", "solve"]

PROVEN = 1e-6
"""A plan is optimal when its J is within this share of the bound."""

COMPLETION_S = 8e-5
"""Seconds that figures, bound and reasons take for each visit due; kept from the engine."""

FIRST_LAP_S = 4.0
"""Without a budget the search cools in laps: the first one's seconds, then twice as long each."""

LEAST_SEARCH = 0.1
"""Share of the time that the search keeps, however long the proof may take."""


def solve(
    problem: Problem,
    *,
    stop: StoppingCriterion | None = None,
    time_limit_s: float | None = None,
    iterations: float | None = None,
    prove_s: float = 0.0,
    memory_mb: float | None = None,
    seed: int = 0,
    workers: int = 1,
    crew: Crew | None = None,
    start: Plan | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    engine: str = "portfolio",
    should_stop: Callable[[], bool] | None = None,
) -> Result:
    """
    Plan the visits: cover what can be covered, then spread, share and travel little.

    The same problem, seed and iterations give the same plan, with any number of workers; a
    limit in seconds does not promise that.

    Parameters
    ----------
    problem
        Left unchanged.
    stop
        When to stop (``scheduler.stopping``). With none of the three limits, after 10 seconds;
        with several, at the first.
    time_limit_s
        Short for ``stop=MaxSeconds(...)``: wall-clock seconds, the proof included.
    iterations
        Short for ``stop=MaxIterations(...)``: search steps per household.
    prove_s
        Seconds for a better bound after the search, out of the time limit where there is one.
    memory_mb
        Memory that may be used; a problem that is sure to need more is refused before it takes any.
    seed
        Seed of the search.
    workers
        Threads that may search at once.
    crew
        Who searches, if not threads of this process (``scheduler.crew``); the plan is the same.
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
    Result
        Its plan breaks no rule. What is missing has a reason.

    Raises
    ------
    InvalidProblem
        If the locked visits contradict each other, so that no plan exists; or if it is too large.
    UnknownEngine
        If the engine has no such name.

    Examples
    --------
    >>> from scheduler.engines.search.sample import tiny_problem
    >>> result = solve(tiny_problem(), iterations=2)
    >>> result.missing, result.plan.status in ("optimal", "feasible")
    (0, True)
    """
    if memory_mb is not None:
        require_memory(problem, memory_mb)
    criterion = stopping(stop, time_limit_s, iterations)
    budget = criterion.budget
    run = Run(
        time_limit_s=budget.seconds,
        iterations=budget.iterations if budget.iterations < math.inf else None,
        seed=seed,
        workers=workers,
        crew=crew,
        should_stop=should_stop,
    )
    return plan_with(
        engine_named(engine),
        problem,
        run,
        start.visits if start else (),
        on_progress,
        criterion=criterion,
        prove_s=prove_s,
    )


def plan_with(
    engine: Engine,
    problem: Problem,
    run: Run,
    start: Visits = (),
    on_progress: Callable[[Progress], None] | None = None,
    *,
    criterion: StoppingCriterion | None = None,
    prove_s: float = 0.0,
) -> Result:
    """Let an engine propose until it is enough, and make a complete plan of it."""
    require_possible_locks(problem)
    criterion = criterion or stopping(None, run.time_limit_s, run.iterations)
    watch = Watch(problem, run, criterion, on_progress)
    run.listen = watch.improved
    run.enough = watch.is_enough
    due = sum(h.visits_due for h in problem.households)
    search = run.ending(COMPLETION_S * due).ending(prove_s, least_share=LEAST_SEARCH)
    if criterion.budget.is_known:
        proposal = engine.propose(problem, search, start)
    else:
        proposal = _in_laps(engine, problem, search, start)
    plan = complete(problem, run, proposal)
    if prove_s > 0 and plan.status != "optimal":
        plan = _prove(problem, run, proposal, plan, prove_s, watch)
    watch.done(plan)
    return Result(plan=plan, trace=tuple(watch.trace))


def _in_laps(engine: Engine, problem: Problem, run: Run, start: Visits) -> Proposal:
    """Search again from the best plan, each lap twice as long, until it is enough."""
    seconds = FIRST_LAP_S
    while True:
        lap, before = run.lasting(seconds), run.effort.iterations
        proposal = engine.propose(problem, lap, start)
        goes_on = run.effort.iterations > before or lap.is_over()  # else it came to its end
        if run.is_over() or run.is_enough() or not goes_on:
            return proposal
        start, seconds = proposal.visits, 2 * seconds


def complete(problem: Problem, run: Run, proposal: Proposal) -> Plan:
    """Give proposed visits their figures, the reasons of what is missing, and a bound."""
    visits = in_order(proposal.visits)
    metrics = score(problem, visits)
    bound = _best_bound(problem, proposal, metrics)
    return Plan(
        visits=visits,
        unplanned=explain(problem, Roster(problem, visits), proposal.unavoidable),
        metrics=metrics,
        bound=bound,
        status=_status(run, metrics, bound),
        seed=run.seed,
        seconds=round(run.seconds, 3),
    )


def _status(run: Run, metrics: Metrics, bound: Bound | None) -> Status:
    if bound is not None and PROVEN * max(1.0, metrics.J) >= metrics.J - bound.J:
        return "optimal"
    return "stopped" if run.was_stopped else "feasible"


def _prove(
    problem: Problem, run: Run, proposal: Proposal, plan: Plan, seconds: float, watch: Watch
) -> Plan:
    """Spend what is left on a better bound."""
    left = min(seconds, max(0.0, run.seconds_left))

    def tell(bound: Bound) -> None:
        watch.bounded(plan, bound)

    if plan.unplanned and not proposal.unavoidable:  # nothing is certified yet
        found = improve_bound(
            problem,
            plan,
            seconds=left,
            workers=run.workers,
            should_stop=lambda: run.was_stopped,
            on_progress=tell,
        )
    else:
        found = lower_bound(
            problem,
            proposal.unavoidable,
            time_limit_s=left,
            plan=plan,
            workers=run.workers,
            should_stop=lambda: run.was_stopped,
            on_progress=tell,
        )
    bound = plan.bound
    if bound is None or found.J >= bound.J:
        bound = _at_most(plan.metrics, found)
    else:
        bound = replace(bound, travel=max(bound.travel, found.travel))
    return replace(
        plan,
        bound=bound,
        status=_status(run, plan.metrics, bound),
        seconds=round(run.seconds, 3),
    )


def _best_bound(problem: Problem, proposal: Proposal, metrics: Metrics) -> Bound | None:
    """The higher of the two bounds."""
    bound = lower_bound(problem, proposal.unavoidable)
    if proposal.bound is not None and proposal.bound > bound.J:
        bound = Bound(J=proposal.bound, travel=bound.travel, proof=proposal.proof)
    return _at_most(metrics, bound)


def _at_most(metrics: Metrics, bound: Bound) -> Bound | None:
    """Round a bound down to J; none if a valid plan is well below it, for then it is wrong."""
    above = bound.J - metrics.J
    if above > PROVEN * max(1.0, metrics.J):
        return None
    return replace(bound, J=metrics.J) if above > 0 else bound
