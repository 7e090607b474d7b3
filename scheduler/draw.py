"""
A fair draw of households, which anybody can repeat and contest.

Every household keeps one random number for life. A draw starts at a place that follows from its
seed and takes the next ones round the circle; successive seeds start far from each other, so that
successive draws meet as few of the same households as possible (permanent random numbers with
negative coordination, Ohlsson 1995). Whoever was visited lately is never drawn; who needs it most
and who waited longest come first, and among equals only the number decides.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

GOLDEN = 0.6180339887498949
"""Multiples of it, modulo 1, keep as far from each other as can be."""

LONG_UNVISITED_DAYS = (365, 180)
"""More days than the first since the last visit, or none ever: first in line; and so on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """
    Who may be drawn.

    Parameters
    ----------
    id
        Registry number.
    draw_number
        Its number for life, in [0, 1).
    priority
        Weight of a missing visit; the higher are drawn first.
    last_visit
        Day of the latest visit, or None.
    """

    id: str
    draw_number: float
    priority: float = 1.0
    last_visit: date | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.draw_number < 1:
            raise ValueError(f"{self.id}: draw_number is {self.draw_number}, must be in [0, 1).")


def draw(
    candidates: Iterable[Candidate], *, count: int, seed: int, day: date, rest_days: int = 28
) -> tuple[str, ...]:
    """
    Draw households.

    Parameters
    ----------
    candidates
        In any order; the order has no influence.
    count
        How many; fewer are returned where there are not so many who may be drawn.
    seed
        Number of the draw.
    day
        Day from which waiting is counted.
    rest_days
        Whoever was visited fewer days ago is left out.

    Returns
    -------
    tuple of str
        Ids in the order in which they were drawn.
    """
    start = seed * GOLDEN % 1.0
    rested = [c for c in candidates if _days_waited(c, day) >= rest_days]
    rested.sort(
        key=lambda c: (-c.priority, _place_in_line(c, day), (c.draw_number - start) % 1.0, c.id)
    )
    return tuple(c.id for c in rested[: max(0, count)])


def _days_waited(candidate: Candidate, day: date) -> float:
    if candidate.last_visit is None:
        return float("inf")
    return (day - candidate.last_visit).days


def _place_in_line(candidate: Candidate, day: date) -> int:
    waited = _days_waited(candidate, day)
    return sum(waited <= limit for limit in LONG_UNVISITED_DAYS)
