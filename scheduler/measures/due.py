"""
Due and overdue (应访, 逾期): when the next visit of a household may and must happen.

``due_from`` is the last visit plus the earliest interval, never below the household gap;
``due_by`` is the last visit plus the latest interval. A household never visited is due from
the first day of the period to the earlier of its last day and first day + latest interval.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

DueState = Literal["not-yet", "due", "overdue", "ended"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DueWindow:
    """First and last day on which the next visit is due, both included."""

    due_from: date
    due_by: date


def due_window(
    *,
    last_visit: date | None,
    first_day: date,
    last_day: date,
    earliest_days: int,
    latest_days: int,
    min_gap_days: int = 0,
    away_until: date | None = None,
) -> DueWindow:
    """
    Find the window of a household's next visit.

    Parameters
    ----------
    last_visit
        Day of the last visit, or None.
    first_day, last_day
        The period, both included.
    earliest_days, latest_days
        Interval from one visit to the next.
    min_gap_days
        The household gap; the window never opens earlier.
    away_until
        The household is away before this day; the whole window moves behind it.
    """
    if last_visit is None:
        window = DueWindow(
            due_from=first_day,
            due_by=max(first_day, min(last_day, first_day + timedelta(days=latest_days))),
        )
    else:
        opens = last_visit + timedelta(days=max(earliest_days, min_gap_days))
        closes = last_visit + timedelta(days=latest_days)
        window = DueWindow(due_from=opens, due_by=max(opens, closes))
    if away_until is None or away_until <= window.due_from:
        return window
    length = window.due_by - window.due_from
    return DueWindow(due_from=away_until, due_by=away_until + length)


def due_state(window: DueWindow, today: date, *, moved_or_refused: bool = False) -> DueState:
    """Tell where today stands: overdue is from the day after ``due_by``, and nothing else."""
    if moved_or_refused:
        return "ended"
    if today > window.due_by:
        return "overdue"
    return "due" if today >= window.due_from else "not-yet"


def is_overdue(window: DueWindow, today: date, *, moved_or_refused: bool = False) -> bool:
    """Whether today is after the window of a household that is still to be visited."""
    return due_state(window, today, moved_or_refused=moved_or_refused) == "overdue"


def days_overdue(window: DueWindow, today: date) -> int:
    """Days since the window closed; 0 while it is open or to come."""
    return max(0, (today - window.due_by).days)
