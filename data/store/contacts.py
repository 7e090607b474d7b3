"""The ledger: contacts that stand, which are those no later row replaces or takes back."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Row, select
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


def standing_contacts(
    session: Session, first: date, last: date
) -> Sequence[Row[int, int, int | None, date, str]]:
    """Return ``(household_id, village_id, cadre_id, day, outcome)`` of a period, by day."""
    query = (
        select(
            Contact.household_id,
            Household.village_id,
            Contact.cadre_id,
            Contact.day,
            Contact.outcome,
        )
        .join(Household, Household.id == Contact.household_id)
        .where(Contact.day.between(first, last), stands())
        .order_by(Contact.day, Contact.id)
    )
    return session.execute(query).all()


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
