"""Blackouts as stored, and the days on which they close each place."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.blackouts import BlackoutRule, closed_days
from data.store.regions import load_regions, parents
from data.tables import Blackout


def active_rules(session: Session) -> list[BlackoutRule]:
    """Return the rules in force."""
    query = select(Blackout).where(Blackout.active).order_by(Blackout.id)
    return [
        BlackoutRule(region_id=row.region_id, rule=row.rule, params=row.params, name=row.name)
        for row in session.scalars(query)
    ]


def all_rules(session: Session) -> list[Blackout]:
    """Return every rule, also those switched off, by region and number."""
    query = select(Blackout).order_by(Blackout.region_id, Blackout.id)
    return list(session.scalars(query))


def single_dates(session: Session, region_id: int) -> list[Blackout]:
    """Return the rules of one region that list single dates and are in force."""
    query = select(Blackout).where(
        Blackout.region_id == region_id, Blackout.rule == "dates", Blackout.active
    )
    return list(session.scalars(query.order_by(Blackout.id)))


def load_closed_days(
    session: Session, days: Sequence[date]
) -> dict[int, dict[date, tuple[str, ...]]]:
    """Return region id -> date -> reasons, for the days asked; villages inherit from above."""
    return closed_days(active_rules(session), parents(load_regions(session)), days)
