"""
The search engine: fill, then search all pieces round after round while it cools.

It can stop after any round, and keeps the best plan that a round ended with.
"""

from collections.abc import Callable, Mapping

from scheduler.engine import Proposal, Run, Visits
from scheduler.engines.search.district import District, Snapshot
from scheduler.engines.search.pace import Pace
from scheduler.engines.search.prices import Prices
from scheduler.problem import Problem
from scheduler.roster import Roster

HOT, WARM, COLD = 8.0, 2.0, 0.15
"""Temperatures in units of J: of a start from nothing, of a start from a plan, of the end."""

Look = Callable[[float, Mapping[str, float]], Mapping[str, float]]
"""Told after every round how far the search has come (0 to 1), and what its best lacks; tells
what is proven to be missing in every plan."""


class Search:
    """
    Ruin and recreate over pieces.

    Parameters
    ----------
    prices
        What it costs to change an earlier plan, or None.
    look
        Told how the search goes on; may be None.
    leave
        Share of the time to leave to others while visits are missing.
    """

    def __init__(
        self, prices: Prices | None = None, look: Look | None = None, leave: float = 0.0
    ) -> None:
        self._prices = prices
        self._look = look
        self._leave = leave

    def propose(self, problem: Problem, run: Run, start: Visits = ()) -> Proposal:
        """Fill, then cool down in rounds until the time or the steps are used up."""
        district = District(problem, run, self._prices)
        if not district.pieces:
            return Proposal(visits=())
        if start:
            roster = Roster(problem)
            roster.adopt(start)
            district.load(tuple(roster.visits()))
        elif problem.locked:
            district.load(tuple(Roster(problem).visits()))
        district.fill()
        best = district.snapshot()
        run.report(district.visits(best), "start")
        with district.holding:
            return self._cool(district, run, best, WARM if start else HOT)

    def _cool(self, district: District, run: Run, best: Snapshot, hot: float) -> Proposal:
        objective = lowest = 0.0
        lacking = district.lacking()
        told, told_at = 0.0, run.seconds
        pace = Pace(run)
        while not (run.is_over() or run.is_enough()) and (part := pace.next()) is not None:
            begin_at, end_at, per_household = part
            objective += district.round(
                per_household,
                hot * (COLD / hot) ** begin_at,
                hot * (COLD / hot) ** end_at,
                end_at - begin_at,
            )
            pace.spent(per_household)
            improved = objective < lowest - 1e-6
            run.passed(per_household, improved=improved)
            if improved:
                lowest = objective
                best, lacking = district.snapshot(), district.lacking()
            pace.leave(self._leave if lacking else 0.0)
            if self._look is not None:
                district.settle(self._look(end_at, lacking))
            if lowest < told - 1e-6 and run.seconds - told_at > pace.seconds_between_reports:
                told, told_at = lowest, run.seconds
                run.report(district.visits(best), "search")
        district.finish(best)
        return Proposal(visits=tuple(district.visits(best)), finished=pace.is_done)


def warm() -> None:
    """Compile the kernels, or find them compiled: set-up calls it, so nobody waits later."""
    from scheduler.engines.search.sample import tiny_problem

    Search().propose(tiny_problem(), Run(iterations=1.0))
