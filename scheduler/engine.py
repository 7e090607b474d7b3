"""The seam between a planner and its engines: what an engine gets, and what it gives."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from scheduler.plan import PlannedVisit
from scheduler.problem import Problem

Visits = tuple[PlannedVisit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """
    What an engine gives back: visits that break no rule, and what it knows about them.

    Parameters
    ----------
    visits
        All planned visits, the locked ones among them.
    finished
        Whether the engine came to its own end, rather than to the end of its time.
    bound
        A proven lower bound of J, if the engine has one.
    proof
        How that bound was proved, one line.
    """

    visits: Visits
    finished: bool = True
    bound: float | None = None
    proof: str = ""


class Run:
    """
    The limits of one solve, and the ear that listens.

    Parameters
    ----------
    time_limit_s
        Wall-clock seconds.
    iterations
        Search steps per household instead of seconds: the same seed gives the same plan.
    seed
        Seed of everything random.
    workers
        Processes that may be used.
    should_stop
        Asked now and then; true means stop and keep the best plan.
    listen
        Called with an improved set of visits and the name of the phase.
    """

    def __init__(
        self,
        *,
        time_limit_s: float = 10.0,
        iterations: float | None = None,
        seed: int = 0,
        workers: int = 1,
        should_stop: Callable[[], bool] | None = None,
        listen: Callable[[Iterable[PlannedVisit], str], None] | None = None,
    ) -> None:
        self.time_limit_s = time_limit_s
        self.iterations = iterations
        self.seed = seed
        self.workers = max(1, workers)
        self.was_stopped = False
        self._should_stop = should_stop
        self._listen = listen
        self._started = time.monotonic()

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the start."""
        return time.monotonic() - self._started

    @property
    def seconds_left(self) -> float:
        """Seconds to the limit; endless when the effort is counted in iterations."""
        return float("inf") if self.iterations is not None else self.time_limit_s - self.seconds

    def is_over(self) -> bool:
        """Whether the time is up or somebody asked to stop."""
        if self._should_stop is not None and not self.was_stopped:
            self.was_stopped = self._should_stop()
        return self.was_stopped or self.seconds_left <= 0

    def report(self, visits: Iterable[PlannedVisit], phase: str) -> None:
        """Tell whoever listens about an improved set of visits."""
        if self._listen is not None:
            self._listen(visits, phase)


class Engine(Protocol):
    """A way to choose who is visited when, by whom."""

    def propose(self, problem: Problem, run: Run, start: Visits = ()) -> Proposal:
        """
        Choose visits that break no rule.

        Parameters
        ----------
        problem
            Left unchanged.
        run
            Limits, seed, and where to report improvements.
        start
            Visits of an earlier plan; what still fits of them may be kept.
        """
