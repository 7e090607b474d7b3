"""The seam between a planner and its engines: what an engine gets, and what it gives."""

import math
import time
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field
from typing import Protocol

from scheduler.crew import Crew, Threads
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
    unavoidable
        By village, missing visits times priority that every plan is proven to have.
    bound
        A proven lower bound of J, if the engine has one.
    proof
        How that bound was proved, one line.
    """

    visits: Visits
    finished: bool = True
    unavoidable: Mapping[str, float] = field(default_factory=dict)
    bound: float | None = None
    proof: str = ""


@dataclass(slots=True)
class Effort:
    """
    What a search has done so far.

    Parameters
    ----------
    iterations
        Search steps per household.
    improved_at, improved_at_s
        The same at the last improvement, and its second.
    """

    iterations: float = 0.0
    improved_at: float = 0.0
    improved_at_s: float = 0.0

    def improve(self, seconds: float) -> None:
        """Note an improvement now."""
        self.improved_at, self.improved_at_s = self.iterations, seconds


class Run:
    """
    The limits of one solve, and the ear that listens.

    Parameters
    ----------
    time_limit_s
        Wall-clock seconds; 10 where no limit is given at all.
    iterations
        Search steps per household: without a time limit the same seed gives the same plan.
    seed
        Seed of everything random.
    workers
        Threads that may search at once.
    crew
        Who searches, if not threads of this process.
    should_stop
        Asked now and then; true means stop and keep the best plan.

    Attributes
    ----------
    listen
        Called with an improved set of visits and the name of the phase; may be None.
    enough
        Asked after every round of the search whether to stop it; may be None.
    effort
        What the search has done, shared by all parts of the run.
    """

    def __init__(
        self,
        *,
        time_limit_s: float | None = None,
        iterations: float | None = None,
        seed: int = 0,
        workers: int = 1,
        crew: Crew | None = None,
        should_stop: Callable[[], bool] | None = None,
    ) -> None:
        if time_limit_s is None:
            time_limit_s = 10.0 if iterations is None else math.inf
        self.time_limit_s = time_limit_s
        self.iterations = iterations
        self.seed = seed
        self.workers = max(1, workers)
        self.crew: Crew = crew or Threads(self.workers)
        self._should_stop = should_stop
        self._stopped: list[bool] = []  # shared by the parts of a run
        self._started = time.monotonic()
        self.listen: Callable[[Iterable[PlannedVisit], str], None] | None = None
        self.enough: Callable[[], bool] | None = None
        self.effort = Effort()

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the start."""
        return time.monotonic() - self._started

    @property
    def seconds_left(self) -> float:
        """Seconds to the limit; endless without one."""
        return self.time_limit_s - self.seconds

    def part(self, share: float) -> "Run":
        """Limit to a share of the time that is left; iterations stay as they are."""
        part = copy(self)
        part.time_limit_s = self.seconds + share * max(0.0, self.seconds_left)
        return part

    def ending(self, seconds_earlier: float, *, least_share: float = 0.5) -> "Run":
        """Limit to an earlier end, but to no less than a share of the time that is left."""
        left = max(1e-9, self.seconds_left)
        return self.part(max(least_share, 1.0 - seconds_earlier / left))

    def lasting(self, seconds: float) -> "Run":
        """Limit to so many seconds from now."""
        part = copy(self)
        part.time_limit_s = min(self.time_limit_s, self.seconds + seconds)
        return part

    @property
    def was_stopped(self) -> bool:
        """Whether somebody asked to stop."""
        if self._should_stop is not None and not self._stopped and self._should_stop():
            self._stopped.append(True)
        return bool(self._stopped)

    def is_over(self) -> bool:
        """Whether the time is up or somebody asked to stop."""
        return self.was_stopped or self.seconds_left <= 0

    def passed(self, iterations: float, *, improved: bool) -> None:
        """Tell of a round of the search: its steps per household, and whether it improved."""
        self.effort.iterations += iterations
        if improved:
            self.effort.improve(self.seconds)

    def is_enough(self) -> bool:
        """Whether the search has met its criterion; asked between rounds."""
        return self.enough is not None and self.enough()

    def report(self, visits: Iterable[PlannedVisit], phase: str) -> None:
        """Tell whoever listens about an improved set of visits."""
        if self.listen is not None:
            self.listen(visits, phase)


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
