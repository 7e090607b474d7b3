"""Marked days: public holidays and swapped days."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.calendar import MarkedDay, marked_days, working_days
from data.tables import CalendarDay


def load_marks(session: Session, first: date, last: date) -> list[CalendarDay]:
    """Return the marked days of a period, ascending."""
    query = select(CalendarDay).where(CalendarDay.day.between(first, last))
    return list(session.scalars(query.order_by(CalendarDay.day)))


def load_working_days(session: Session, first: date, last: date) -> tuple[date, ...]:
    """Return the days of a period on which offices work, ascending."""
    kinds = {mark.day: mark.kind for mark in load_marks(session, first, last)}
    return working_days(first, last, kinds)


def seed_calendar(session: Session, years: Iterable[int]) -> int:
    """
    Mark the holidays of years that have no mark yet; what somebody entered stays untouched.

    Returns
    -------
    int
        Days that were marked.
    """
    marked = 0
    for year in years:
        first, last = date(year, 1, 1), date(year, 12, 31)
        if not load_marks(session, first, last):
            marked += _insert(session, marked_days(year))
    return marked


def _insert(session: Session, marks: Iterable[MarkedDay]) -> int:
    rows = [
        CalendarDay(day=mark.day, kind=mark.kind, name=mark.name, official=mark.official)
        for mark in marks
    ]
    session.add_all(rows)
    session.flush()
    return len(rows)
