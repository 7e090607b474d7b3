"""
Trade-offs: plans of one problem of which none is better than another in everything.

Three things pull against each other: minutes on the way, the burden of the village that bears
most, and how evenly the cadres share the work. Runs of the search lean towards one or the other:
by weights, and by caps that hold the worst village below what it bore before (the epsilon
constraint). Each run begins with the plan so far that suits it best; an archive keeps the
non-dominated among those that lack least. After Haimes, Lasdon, Wismer 1971; Deb 2001.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from scheduler.archive import Archive, TradeOff
from scheduler.calendar import iso_week
from scheduler.engine import Run
from scheduler.engines.portfolio import Portfolio
from scheduler.engines.search.engine import Search
from scheduler.plan import Plan
from scheduler.possible import require_possible_locks
from scheduler.problem import Problem
from scheduler.weights import Weights

FIRST_SHARE = 0.3
"""Share of the time for the plan that all others begin with."""

LEAN = 30.0
"""A run that cares for one aim only weighs it so many times as much as the others."""

TIGHTER = 0.25
"""A run that cares for burden only holds villages this share below the worst so far."""

RUNS_FOR_A_POINT = 2
"""Some runs find nothing new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lean:
    """How a run leans: shares of its care for travel, burden and fairness; they sum to 1."""

    shares: tuple[float, float, float]

    def weights(self, w: Weights) -> Weights:
        """Lean the weights; a missing visit or household never becomes cheaper beside them."""
        travel, burden, fair = (LEAN ** (share - 1 / 3) for share in self.shares)
        most = max(travel, burden, fair)
        return replace(
            w,
            unplanned=w.unplanned * most,
            quota=w.quota * most,
            travel=w.travel * travel,
            crowding=w.crowding * burden,
            fairness=w.fairness * fair,
        )


def trade_offs(
    problem: Problem,
    *,
    points: int = 8,
    time_limit_s: float | None = None,
    iterations: float | None = None,
    seed: int = 0,
    workers: int = 1,
    start: Plan | None = None,
    on_point: Callable[[TradeOff], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[TradeOff, ...]:
    """
    Find plans of which none is better than another in travel, worst burden and fairness.

    Parameters
    ----------
    problem
        Left unchanged; every plan breaks none of its rules.
    points
        Most plans to return. At least 1.
    time_limit_s
        Wall-clock seconds for all of them; 30 where nothing else is given.
    iterations
        Search steps per household of every run instead: the same points on every machine.
    seed
        Seed of the first run; each later run has the next one.
    workers
        Threads that may search at once.
    start
        A plan to begin with.
    on_point
        Called with every plan that no earlier one dominates.
    should_stop
        Asked often; true means return what there is.

    Returns
    -------
    tuple
        By travel, least first. All lack the same: the least that any run lacked.

    Raises
    ------
    InvalidProblem
        If the locked visits contradict each other.
    """
    require_possible_locks(problem)
    if time_limit_s is None and iterations is None:
        time_limit_s = 30.0
    whole = Run(
        time_limit_s=time_limit_s,
        iterations=iterations,
        seed=seed,
        workers=workers,
        should_stop=should_stop,
    )
    first = Portfolio().propose(problem, whole.part(FIRST_SHARE), start.visits if start else ())
    archive = Archive(problem, first.unavoidable, whole, on_point)
    archive.add(first.visits, problem.weights, None, seed)
    runs = RUNS_FOR_A_POINT * points if points > 1 else 0
    for n, lean in zip(range(runs), _leans(), strict=False):
        if whole.is_over():
            break
        _lean_once(problem, archive, lean, whole.part(1.0 / (runs - n)), seed + n + 1)
    return archive.best(points)


def _lean_once(problem: Problem, archive: "Archive", lean: _Lean, share: Run, seed: int) -> None:
    """Search once with leaning weights and caps, from the plan that suits them best."""
    weights = lean.weights(problem.weights)
    leaning = replace(problem, weights=weights)
    start = archive.suits(leaning)
    burden = lean.shares[1]
    limit = None
    if burden > 0 and start.aims.worst_burden_min > 0:
        limit = (1 - TIGHTER * burden) * start.aims.worst_burden_min
        leaning = _capped(leaning, limit)
    share.seed = seed
    found = Search().propose(leaning, share, start.plan.visits)
    archive.add(found.visits, weights, limit, seed)


def _capped(problem: Problem, limit_min: float) -> Problem:
    """Lower the weekly caps to about a burden, but to no less than an even spread needs."""
    minutes: dict[str, float] = defaultdict(float)
    due: dict[str, int] = defaultdict(int)
    for h in problem.households:
        minutes[h.village] += h.visits_due * h.service_min
        due[h.village] += h.visits_due
    locked: dict[str, dict[tuple[int, int], int]] = defaultdict(lambda: defaultdict(int))
    for x in problem.locked:
        locked[problem.household(x.household).village][iso_week(x.date)] += 1
    villages = []
    for v in problem.villages:
        if due[v.id] and minutes[v.id] > 0:
            weeks = len({iso_week(d) for d in problem.days if d not in v.blackout_days})
            fits = math.floor(limit_min * due[v.id] / minutes[v.id])
            needs = math.ceil(due[v.id] / max(1, weeks))
            cap = max(1, fits, needs, *locked[v.id].values())
            v = replace(v, max_visits_per_week=min(v.max_visits_per_week, cap))
        villages.append(v)
    return replace(problem, villages=tuple(villages))


def _leans() -> Iterator[_Lean]:
    """Corners, edges and then ever finer grids of the triangle of shares, each once."""
    seen = set()
    for grid in range(1, 50):
        for a in range(grid, -1, -1):
            for b in range(grid - a, -1, -1):
                shares = (a / grid, b / grid, (grid - a - b) / grid)
                if shares not in seen:
                    seen.add(shares)
                    yield _Lean(shares=shares)
