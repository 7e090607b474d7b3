"""What a solve gives back: the plan, how good it is, and how it got there."""

from dataclasses import dataclass

from scheduler.plan import Plan, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """
    One point of a trace.

    Parameters
    ----------
    seconds
        Wall-clock seconds since the start.
    objective
        J of the best plan then.
    missing
        Visits it lacked.
    bound
        Proven lower bound of J then, or None.
    """

    seconds: float
    objective: float
    missing: int
    bound: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """
    The answer of one solve.

    Parameters
    ----------
    plan
        Breaks no rule; what is missing has a reason.
    trace
        From the first plan to the last, by seconds: for plots of J and bound over time.
    """

    plan: Plan
    trace: tuple[Moment, ...] = ()

    @property
    def J(self) -> float:  # noqa: N802  (the objective's name)
        """The objective; less is better."""
        return self.plan.metrics.J

    @property
    def missing(self) -> int:
        """Visits due that are not in the plan."""
        return self.plan.missing_visits

    @property
    def bound(self) -> float | None:
        """Proven lower bound of J, if there is one."""
        return self.plan.bound.J if self.plan.bound else None

    @property
    def optimality_gap(self) -> float | None:
        """(J - bound) / J: 0 when proven optimal; None without a bound."""
        if self.bound is None:
            return None
        return max(0.0, self.J - self.bound) / abs(self.J) if self.J else 0.0

    @property
    def status(self) -> Status:
        """``optimal`` only when proven; ``stopped`` when somebody asked to stop."""
        return self.plan.status

    @property
    def is_optimal(self) -> bool:
        """Whether no plan is proven to be better."""
        return self.plan.status == "optimal"

    @property
    def seconds(self) -> float:
        """Wall-clock seconds it took."""
        return self.plan.seconds

    def __str__(self) -> str:
        """Return one line for people."""
        gap = "no bound" if self.optimality_gap is None else f"{self.optimality_gap:.1%} from bound"
        return (
            f"{self.status}: {len(self.plan.visits)} visits, {self.missing} missing, "
            f"J {self.J:.1f} ({gap}) in {self.seconds:.1f} s"
        )
