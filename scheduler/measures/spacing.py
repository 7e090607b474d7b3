"""Spacing (间隔): days from one visit of a host to the next, and how even they are."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise


def gaps_days(dates: Iterable[date]) -> list[int]:
    """Calendar days between successive distinct dates; one date, however many records."""
    return [(b - a).days for a, b in pairwise(sorted(set(dates)))]


def smallest_gap_days(dates: Iterable[date]) -> int | None:
    """Fewest days between two successive dates; None for fewer than two."""
    return min(gaps_days(dates), default=None)


def pairs_too_close(dates: Iterable[date], min_gap_days: int) -> int:
    """Successive dates that are fewer than ``min_gap_days`` apart."""
    return sum(gap < min_gap_days for gap in gaps_days(dates))


def spacing_cost(dates: Iterable[date], ideal_gap_days: float) -> float:
    """Sum over successive dates of the days that the gap differs from the ideal gap."""
    return sum(abs(gap - ideal_gap_days) for gap in gaps_days(dates))
