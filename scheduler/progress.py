"""What a running solve tells: how far it is, and its best plan so far."""

from dataclasses import dataclass

from scheduler.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """
    One report of a running solve.

    Parameters
    ----------
    seconds
        Wall-clock seconds since the start.
    objective
        J of the best plan so far.
    unplanned
        Visits missing in it.
    bound
        Proven lower bound of J so far, or None.
    plan
        The best plan, when it has improved since the last report; else None.
    phase
        ``start``, ``search`` or ``done``.
    """

    seconds: float
    objective: float
    unplanned: int
    bound: float | None
    plan: Plan | None
    phase: str
