"""
When to stop: criteria that can be combined, and what they may look at.

``solve(problem, stop=FirstOf(MaxSeconds(60), WithinGap(0.05)))``. A criterion that limits seconds
or iterations beforehand says so in its budget, and the search cools down towards that end. Where
no budget is known the search cools again and again, each time for longer, until it is enough.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """
    What a criterion allows at most, known beforehand; infinite where it cannot say.

    Parameters
    ----------
    seconds
        Wall-clock seconds.
    iterations
        Search steps per household.
    """

    seconds: float = math.inf
    iterations: float = math.inf

    @property
    def is_known(self) -> bool:
        """Whether either is finite."""
        return min(self.seconds, self.iterations) < math.inf


class Standing(Protocol):
    """How a running solve stands."""

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the start."""

    @property
    def iterations(self) -> float:
        """Search steps per household so far; 0 for engines that do not count them."""

    @property
    def stale_seconds(self) -> float:
        """Seconds since the last improvement, or since the start."""

    @property
    def stale_iterations(self) -> float:
        """Search steps per household since the last improvement, or since the start."""

    @property
    def objective(self) -> float:
        """J of the best plan so far; infinite before there is one."""

    @property
    def missing(self) -> int | None:
        """Visits that this plan lacks; None before there is one."""

    @property
    def bound(self) -> float:
        """A proven lower bound of J."""

    def coverage_is_proven(self) -> bool:
        """Whether every plan is proven to lack what this plan lacks; proofs may take seconds."""


class StoppingCriterion(Protocol):
    """Decides when a solve has gone on for long enough."""

    @property
    def budget(self) -> Budget:
        """What is known beforehand."""

    def is_met(self, standing: Standing) -> bool:
        """Whether to stop now; asked after every round of the search."""


@dataclass(frozen=True, slots=True)
class MaxSeconds:
    """
    Stop after so many wall-clock seconds.

    Parameters
    ----------
    seconds
        At least 0; with 0 the first plan is returned.
    """

    seconds: float

    def __post_init__(self) -> None:
        _require_not_negative("seconds", self.seconds)

    @property
    def budget(self) -> Budget:
        """Those seconds."""
        return Budget(seconds=self.seconds)

    def is_met(self, standing: Standing) -> bool:
        """Whether they are over."""
        return standing.seconds >= self.seconds


@dataclass(frozen=True, slots=True)
class MaxIterations:
    """
    Stop after so many search steps per household: the same plan on every machine.

    Parameters
    ----------
    iterations
        At least 0.
    """

    iterations: float

    def __post_init__(self) -> None:
        _require_not_negative("iterations", self.iterations)

    @property
    def budget(self) -> Budget:
        """Those steps."""
        return Budget(iterations=self.iterations)

    def is_met(self, standing: Standing) -> bool:
        """Whether they are done."""
        return standing.iterations >= self.iterations


@dataclass(frozen=True, slots=True, kw_only=True)
class NoImprovement:
    """
    Stop when the best plan has not improved for so long.

    Parameters
    ----------
    seconds
        Wall-clock seconds.
    iterations
        Search steps per household; repeatable. Whichever comes first.
    """

    seconds: float = math.inf
    iterations: float = math.inf

    def __post_init__(self) -> None:
        _require_not_negative("seconds", self.seconds)
        _require_not_negative("iterations", self.iterations)
        if not Budget(seconds=self.seconds, iterations=self.iterations).is_known:
            raise ValueError("NoImprovement needs seconds or iterations.")

    @property
    def budget(self) -> Budget:
        """Unknown beforehand."""
        return Budget()

    def is_met(self, standing: Standing) -> bool:
        """Whether nothing has improved for that long."""
        return (
            standing.stale_seconds >= self.seconds or standing.stale_iterations >= self.iterations
        )


@dataclass(frozen=True, slots=True)
class WithinGap:
    """
    Stop when J is proven to be within a share of the best possible.

    Parameters
    ----------
    share
        (J - bound) / J; 0.05 is 5 %. At least 0.
    """

    share: float

    def __post_init__(self) -> None:
        _require_not_negative("share", self.share)

    @property
    def budget(self) -> Budget:
        """Unknown beforehand."""
        return Budget()

    def is_met(self, standing: Standing) -> bool:
        """Whether the proof is there."""
        J = standing.objective  # noqa: N806  (the objective's name)
        return math.inf > J and J - standing.bound <= self.share * abs(J)


@dataclass(frozen=True, slots=True)
class CoverageProven:
    """Stop when nothing is missing, or every plan is proven to lack what is missing."""

    @property
    def budget(self) -> Budget:
        """Unknown beforehand."""
        return Budget()

    def is_met(self, standing: Standing) -> bool:
        """Whether no plan covers more."""
        if standing.missing is None:
            return False
        return standing.missing == 0 or standing.coverage_is_proven()


@dataclass(frozen=True, slots=True)
class When:
    """
    Stop when a function says so.

    Parameters
    ----------
    wish
        Called with how the solve stands.
    """

    wish: Callable[[Standing], bool]

    @property
    def budget(self) -> Budget:
        """Unknown beforehand."""
        return Budget()

    def is_met(self, standing: Standing) -> bool:
        """Whether it says so."""
        return self.wish(standing)


class FirstOf:
    """
    Stop when the first of several criteria is met.

    Parameters
    ----------
    criteria
        At least one.
    """

    __slots__ = ("criteria",)

    def __init__(self, *criteria: StoppingCriterion) -> None:
        if not criteria:
            raise ValueError("FirstOf needs at least one criterion.")
        self.criteria = criteria

    @property
    def budget(self) -> Budget:
        """The least of each."""
        budgets = [c.budget for c in self.criteria]
        return Budget(
            seconds=min(b.seconds for b in budgets), iterations=min(b.iterations for b in budgets)
        )

    def is_met(self, standing: Standing) -> bool:
        """Whether any is met."""
        return any(c.is_met(standing) for c in self.criteria)


def stopping(
    stop: StoppingCriterion | None,
    time_limit_s: float | None,
    iterations: float | None,
    default_s: float = 10.0,
) -> StoppingCriterion:
    """Combine what a caller gave; with nothing given, stop after the default seconds."""
    given: list[StoppingCriterion] = [stop] if stop is not None else []
    if time_limit_s is not None:
        given.append(MaxSeconds(time_limit_s))
    if iterations is not None:
        given.append(MaxIterations(iterations))
    if not given:
        return MaxSeconds(default_s)
    return given[0] if len(given) == 1 else FirstOf(*given)


def _require_not_negative(name: str, value: float) -> None:
    if not value >= 0:
        raise ValueError(f"{name} is {value}, must be 0 or more.")
