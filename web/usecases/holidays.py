"""The official calendar: mark holidays and swapped days, confirm what was only assumed."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from data import audit
from data.store.calendar import load_marks
from data.tables import CalendarDay

NAME_LENGTH = 120


def mark_day(
    session: Session, day: date, kind: str, *, name: str, actor_id: int | None, now: datetime
) -> None:
    """Mark a day ``holiday`` or ``workday`` (调休) as official, or ``usual`` to unmark it."""
    row = session.get(CalendarDay, day)
    if kind == "usual":
        if row is not None:
            session.delete(row)
    elif row is None:
        session.add(CalendarDay(day=day, kind=kind, name=name[:NAME_LENGTH], official=True))
    else:
        row.kind, row.official, row.name = kind, True, name[:NAME_LENGTH] or row.name
    session.flush()
    audit.record(
        session,
        at=now,
        actor_id=actor_id,
        action="calendar.mark",
        entity="calendar_day",
        entity_id=day.isoformat(),
        facts={"kind": kind},
    )


def confirm_year(session: Session, year: int, *, actor_id: int | None, now: datetime) -> int:
    """Call the assumed marks of a year official, once the list is published; return how many."""
    marks = load_marks(session, date(year, 1, 1), date(year, 12, 31))
    assumed = [mark for mark in marks if not mark.official]
    for mark in assumed:
        mark.official = True
    session.flush()
    audit.record(
        session,
        at=now,
        actor_id=actor_id,
        action="calendar.confirm",
        entity="calendar",
        entity_id=year,
        facts={"days": len(assumed)},
    )
    return len(assumed)
