"""
The engine for every day: a quick start, the search, and what can be proved about the rest.

The search fills the days, each in its proven-best order; then OR-Tools certifies, village by
village, which of the missing visits nobody could make.
"""

from dataclasses import replace

from scheduler.certify import unavoidable_missing
from scheduler.engine import Proposal, Run, Visits
from scheduler.engines.search.engine import Search
from scheduler.engines.search.pieces import Prices
from scheduler.problem import Problem

PROOF_SHARE = 0.15
"""Share of the time kept for certificates."""


class Portfolio:
    """
    Search, then certify.

    Parameters
    ----------
    prices
        What it costs to change an earlier plan, or None.
    """

    def __init__(self, prices: Prices | None = None) -> None:
        self._prices = prices

    def propose(self, problem: Problem, run: Run, start: Visits = ()) -> Proposal:
        """Search for most of the time, then certify what is missing."""
        proposal = Search(self._prices).propose(problem, run.part(1.0 - PROOF_SHARE), start)
        return replace(proposal, unavoidable=unavoidable_missing(problem, proposal.visits, run))
