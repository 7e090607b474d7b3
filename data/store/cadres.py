"""Cadres and the days they are away."""

from collections import defaultdict
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.calendar import each_day
from data.tables import Cadre, CadreAbsence


def active_cadres(session: Session) -> list[Cadre]:
    """Return cadres who take part, by registry number."""
    query = select(Cadre).where(Cadre.active).order_by(Cadre.number)
    return list(session.scalars(query))


def days_away(session: Session, first: date, last: date) -> dict[int, set[date]]:
    """Return cadre id -> days of the period on which the cadre cannot come."""
    query = select(CadreAbsence).where(
        CadreAbsence.first_day <= last, CadreAbsence.last_day >= first
    )
    away: dict[int, set[date]] = defaultdict(set)
    for absence in session.scalars(query):
        start, end = max(first, absence.first_day), min(last, absence.last_day)
        away[absence.cadre_id].update(each_day(start, end))
    return away
