"""Spread (均匀度): how evenly counts are distributed over the days of a horizon."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Day = TypeVar("Day")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """
    How even a series of counts is.

    Parameters
    ----------
    mean, deviation
        Of the counts; the deviation is that of the whole series.
    peak
        The largest count.
    evenness
        Mean over peak: 1 when every day is alike; None when every count is 0.
    """

    mean: float
    deviation: float
    peak: int
    evenness: float | None


def spread(counts: Mapping[Day, int], days: Sequence[Day]) -> Spread:
    """
    Describe how evenly counts lie over days.

    Parameters
    ----------
    counts
        Count of each day; absent days count 0.
    days
        Every day of the horizon on which something could happen.
    """
    series = [counts.get(day, 0) for day in days]
    if not series:
        return Spread(mean=0.0, deviation=0.0, peak=0, evenness=None)
    mean = sum(series) / len(series)
    deviation = math.sqrt(sum((n - mean) ** 2 for n in series) / len(series))
    peak = max(series)
    return Spread(mean=mean, deviation=deviation, peak=peak, evenness=mean / peak if peak else None)
