"""Days and times of day: a time is minutes after midnight, a week is an ISO week."""

import math
from datetime import date

from scheduler.errors import InvalidProblem

MINUTES_PER_DAY = 24 * 60

MOST = 10**9
"""No count, price or gap is larger."""

Minutes = tuple[float, float]
"""From and to, minutes after midnight."""


def iso_week(day: date) -> tuple[int, int]:
    """ISO year and ISO week of a date; weeks start on Monday."""
    year, week, _ = day.isocalendar()
    return year, week


def require_amount(value: float, field: str, most: float = MOST) -> None:
    """Refuse what is no amount: not a number, below 0, or beyond anything that can be meant."""
    if not math.isfinite(value):
        raise InvalidProblem("not-finite", field, value, "Write a finite number.")
    if value < 0:
        raise InvalidProblem("negative", field, value, "Write 0 or more.")
    if value > most:
        raise InvalidProblem("too-large", field, value, f"Write {most:,.0f} or less.")


def require_minutes(span: Minutes, field: str) -> None:
    """Refuse a span of time that is no span within one day."""
    start, end = span
    if not 0 <= start < end <= MINUTES_PER_DAY:
        raise InvalidProblem(
            "not-a-time-span", field, list(span), "Write [from, to] with 0 <= from < to <= 1440."
        )


def require_point(point: tuple[float, float], field: str) -> None:
    """Refuse a point that is not WGS-84 longitude, latitude."""
    lon, lat = point
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InvalidProblem(
            "not-a-point", field, list(point), "Write [lon, lat] in degrees, longitude first."
        )
