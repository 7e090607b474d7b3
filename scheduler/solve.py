"""
One function from a problem to a plan.

An engine proposes visits; here they get their figures, their bound, and a reason for every
visit that is missing.
"""

from collections.abc import Callable, Iterable

from scheduler.engine import Engine, Run
from scheduler.engines.greedy import Greedy
from scheduler.engines.search.engine import Search
from scheduler.errors import UnknownEngine
from scheduler.explain import explain
from scheduler.plan import Plan, PlannedVisit, Status, in_order
from scheduler.problem import Problem
from scheduler.progress import Progress
from scheduler.roster import Roster
from scheduler.score import score

ENGINES: dict[str, Callable[[], Engine]] = {"greedy": Greedy, "search": Search, "portfolio": Search}


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
        Processes that may search at once.
    start
        An earlier plan to begin from; what still fits of it is kept to begin with.
    on_progress
        Called whenever there is something to tell.
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
    if engine not in ENGINES:
        raise UnknownEngine(engine, tuple(ENGINES))
    run = Run(
        time_limit_s=time_limit_s,
        iterations=iterations,
        seed=seed,
        workers=workers,
        should_stop=should_stop,
    )
    proposal = ENGINES[engine]().propose(problem, run, start.visits if start else ())
    plan = _plan(problem, proposal.visits, run, "stopped" if run.was_stopped else "feasible")
    if on_progress:
        on_progress(
            Progress(
                seconds=run.seconds,
                objective=plan.metrics.J,
                unplanned=plan.missing_visits,
                bound=None,
                plan=plan,
                phase="done",
            )
        )
    return plan


def _plan(problem: Problem, visits: Iterable[PlannedVisit], run: Run, status: Status) -> Plan:
    ordered = in_order(visits)
    return Plan(
        visits=ordered,
        unplanned=explain(problem, Roster(problem, ordered)),
        metrics=score(problem, ordered),
        status=status,
        seed=run.seed,
        seconds=round(run.seconds, 3),
    )
