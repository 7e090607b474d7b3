"""The ledger: contacts that stand, which are those no later row replaces or takes back."""

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from data.tables import Contact, Household

VISITED = "visited"
"""Outcome of a contact in which somebody was spoken with; the only one that is a visit."""


def stands() -> ColumnElement[bool]:
    """Condition on ``Contact``: nobody has corrected or withdrawn it."""
    later = aliased(Contact)
    replaced = select(later.id).where(later.replaces_id == Contact.id).exists()
    return ~replaced & ~Contact.withdrawn


def visit_days(session: Session, *, until: date | None = None) -> dict[int, list[date]]:
    """Return household id -> dates of its visits, ascending, each date once."""
    query = (
        select(Contact.household_id, Contact.day)
        .where(Contact.outcome == VISITED, stands())
        .distinct()
        .order_by(Contact.household_id, Contact.day)
    )
    if until is not None:
        query = query.where(Contact.day <= until)
    days: dict[int, list[date]] = defaultdict(list)
    for household_id, day in session.execute(query):
        days[household_id].append(day)
    return days


def households_visited(session: Session, first: date, last: date) -> dict[int, int]:
    """Return cadre id -> distinct households visited in a period: what counts for a quota."""
    query = (
        select(Contact.cadre_id, func.count(Contact.household_id.distinct()))
        .where(Contact.outcome == VISITED, stands(), Contact.day.between(first, last))
        .group_by(Contact.cadre_id)
    )
    return {cadre_id: count for cadre_id, count in session.execute(query) if cadre_id is not None}


class LedgerRow(NamedTuple):
    """A contact that stands, as reports read it; nothing personal."""

    household_id: int
    village_id: int
    cadre_id: int | None
    unit_name: str
    day: date
    outcome: str

    @property
    def is_visit(self) -> bool:
        """Whether somebody of the household was spoken with."""
        return self.outcome == VISITED

    @property
    def team(self) -> str:
        """Who came, for counting teams: a cadre, else the office."""
        return f"cadre:{self.cadre_id}" if self.cadre_id is not None else f"unit:{self.unit_name}"


def standing_contacts(
    session: Session, *, until: date, village_id: int | None = None
) -> list[LedgerRow]:
    """Return every contact up to a day, by day; of one village or of all."""
    query = (
        select(
            Contact.household_id,
            Household.village_id,
            Contact.cadre_id,
            Contact.unit_name,
            Contact.day,
            Contact.outcome,
        )
        .join(Household, Household.id == Contact.household_id)
        .where(Contact.day <= until, stands())
        .order_by(Contact.day, Contact.id)
    )
    if village_id is not None:
        query = query.where(Household.village_id == village_id)
    return [LedgerRow(*row) for row in session.execute(query)]


def find_by_op(session: Session, op_id: str) -> Contact | None:
    """Return the contact of an operation that was already acknowledged."""
    return session.scalars(select(Contact).where(Contact.op_id == op_id)).first()


def newest_standing(session: Session, household_id: int) -> Contact | None:
    """Return the last contact of a household that stands."""
    query = (
        select(Contact)
        .where(Contact.household_id == household_id, stands())
        .order_by(Contact.day.desc(), Contact.id.desc())
    )
    return session.scalars(query.limit(1)).first()


def contact_of_visit(session: Session, planned_visit_id: int) -> Contact | None:
    """Return the contact that stands for a planned visit."""
    query = select(Contact).where(Contact.planned_visit_id == planned_visit_id, stands())
    return session.scalars(query.order_by(Contact.id.desc()).limit(1)).first()


def is_standing(session: Session, contact_id: int) -> bool:
    """Whether a contact exists and nobody has corrected or withdrawn it."""
    query = select(Contact.id).where(Contact.id == contact_id, stands())
    return session.scalars(query).first() is not None
