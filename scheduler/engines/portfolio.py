"""
The engine for every day: a quick start, the search, and what can be proved about the rest.

The search fills the days, each in its proven-best order. OR-Tools certifies, village by
village, which of the missing visits nobody could make: beside the search, once what is missing
hardly changes, so that nobody goes on looking for them; and what is left of it afterwards.
"""

import math
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

from scheduler.certify import Certifier, lacking
from scheduler.engine import Proposal, Run, Visits
from scheduler.engines.search.engine import Search
from scheduler.engines.search.prices import Prices
from scheduler.problem import Problem

PROOF_SHARE = 0.03
"""Share of the time kept, where visits are missing, for proofs the search has not waited for."""

PROOF_FROM = 0.3
"""Share of the search after which proofs begin."""

EFFORT_PER_STEP, LEAST_EFFORT = 2e-5, 1.0
"""Of a run counted in iterations: effort of proofs for each step of the search, and at least."""


class Portfolio:
    """
    Search, and certify.

    Parameters
    ----------
    prices
        What it costs to change an earlier plan, or None.
    """

    def __init__(self, prices: Prices | None = None) -> None:
        self._prices = prices

    def propose(self, problem: Problem, run: Run, start: Visits = ()) -> Proposal:
        """Search, certify beside it what seems to stay missing, then what is still to prove."""
        effort = math.inf
        if run.iterations is not None:
            effort = EFFORT_PER_STEP * run.iterations * len(problem.households)
        certifier = Certifier(problem, max(LEAST_EFFORT, effort))
        with Beside(certifier, run) as beside:
            search = Search(self._prices, beside.look, PROOF_SHARE)
            proposal = search.propose(problem, run, start)
        lacks = lacking(problem, proposal.visits)
        return replace(proposal, unavoidable=certifier.prove(lacks, run))


class Beside:
    """
    Certifies on a thread of its own while the search goes on.

    Parameters
    ----------
    certifier
        Makes the proofs and keeps them; not to be used by others until this is closed.
    run
        Its end is the end of the proofs. Of a run counted in iterations nothing is proved
        beside the search: how far that had come would depend on the clock.
    """

    def __init__(self, certifier: Certifier, run: Run) -> None:
        self._certifier = certifier
        self._run = run
        self._wanted: Mapping[str, float] = {}
        self._is_closed = False
        self._thread = ThreadPoolExecutor(1)
        self._work: Future[None] | None = None

    def look(self, progress: float, lacks: Mapping[str, float]) -> Mapping[str, float]:
        """
        Say what villages lack, by priority, when the search has come so far (0 to 1).

        Returns
        -------
        Mapping
            What is proven of it by now.
        """
        if progress < PROOF_FROM or self._run.iterations is not None:
            return {}
        self._wanted = lacks
        if self._work is None or self._work.done():
            self._work = self._thread.submit(self._prove)
        return self._certifier.proven

    def _prove(self) -> None:
        """Prove one village after the other, of those that lack visits at that moment."""
        while not (self._is_closed or self._run.is_over()):
            lacks = self._wanted
            waiting = self._certifier.open(lacks)
            if not waiting:
                return
            self._certifier.prove({waiting[0]: lacks[waiting[0]]}, self._run)

    def __enter__(self) -> "Beside":
        return self

    def __exit__(self, *_: object) -> None:
        self._is_closed = True
        self._thread.shutdown(wait=True)
        if self._work is not None:
            self._work.result()
