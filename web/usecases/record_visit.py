"""
Record what happened at a door; acknowledged means committed.

The ledger is append only: a correction is a new row that replaces one, an undo a row that takes
one back. The sender names each operation, so that a repeat is answered and not stored again.
Moved and refused end what a household is owed; taking such a row back restores it.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from data import audit
from data.store.contacts import contact_of_visit, find_by_op, is_standing, newest_standing
from data.store.households import lock_household
from data.tables import Contact, Household, PlannedVisit

OUTCOMES = ("visited", "no_answer", "moved", "refused")
ENDS_OWING = ("moved", "refused")
SHANGHAI = ZoneInfo("Asia/Shanghai")


class NoSuchVisit(LookupError):
    """There is no such planned visit or contact."""

    code = "no-such-visit"


class NotRecordable(ValueError):
    """An outcome that cannot be recorded, or a day still to come."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def record_visit(
    session: Session,
    *,
    planned_visit_id: int,
    cadre_id: int,
    op_id: str,
    outcome: str,
    note: str = "",
    minutes: int | None = None,
    day: date,
    now: datetime,
    recorded_by: int | None,
) -> Contact:
    """
    Record the outcome of a planned visit, replacing one recorded before.

    Parameters
    ----------
    session
        A write transaction; the caller commits.
    op_id
        Made by the sender; the same one again returns the stored row.
    outcome
        One of ``OUTCOMES``.
    day
        Day of the contact in Asia/Shanghai, at most today.

    Raises
    ------
    NoSuchVisit, NotRecordable
    """
    if outcome not in OUTCOMES:
        raise NotRecordable("unknown-outcome", f"{outcome!r} is none of {', '.join(OUTCOMES)}.")
    if day > now.astimezone(SHANGHAI).date():
        raise NotRecordable("day-to-come", f"{day} is still to come.")
    visit = session.get(PlannedVisit, planned_visit_id)
    if visit is None:
        raise NoSuchVisit(f"There is no planned visit {planned_visit_id}.")
    if known := _stored(session, visit.household_id, op_id):
        return known
    before = contact_of_visit(session, planned_visit_id)
    row = Contact(
        op_id=op_id,
        household_id=visit.household_id,
        cadre_id=cadre_id,
        planned_visit_id=visit.id,
        day=day,
        outcome=outcome,
        minutes=minutes,
        note=note,
        replaces_id=before.id if before else None,
        recorded_at=now,
        recorded_by=recorded_by,
    )
    return _append(session, row, action="visit.record", now=now)


def undo_visit(
    session: Session,
    *,
    contact_id: int,
    op_id: str,
    now: datetime,
    recorded_by: int | None,
) -> Contact:
    """
    Take a recorded contact back; it stays in the ledger, withdrawn.

    Raises
    ------
    NoSuchVisit
        If the contact does not exist or no longer stands.
    """
    before = session.get(Contact, contact_id)
    if before is None:
        raise NoSuchVisit(f"There is no contact {contact_id}.")
    if known := _stored(session, before.household_id, op_id):
        return known
    if not is_standing(session, contact_id):
        raise NoSuchVisit(f"Contact {contact_id} does not stand; there is nothing to take back.")
    row = Contact(
        op_id=op_id,
        household_id=before.household_id,
        cadre_id=before.cadre_id,
        planned_visit_id=before.planned_visit_id,
        day=before.day,
        outcome=before.outcome,
        replaces_id=before.id,
        withdrawn=True,
        recorded_at=now,
        recorded_by=recorded_by,
    )
    return _append(session, row, action="visit.undo", now=now)


def _stored(session: Session, household_id: int, op_id: str) -> Contact | None:
    """Return what the same operation stored before; until the commit nobody else may write."""
    lock_household(session, household_id)
    return find_by_op(session, op_id)


def _append(session: Session, row: Contact, *, action: str, now: datetime) -> Contact:
    session.add(row)
    session.flush()
    _settle_state(session, row.household_id)
    audit.record(
        session,
        at=now,
        actor_id=row.recorded_by,
        action=action,
        entity="contact",
        entity_id=row.id,
        facts={"household_id": row.household_id, "outcome": row.outcome},
    )
    return row


def _settle_state(session: Session, household_id: int) -> None:
    """A household is what its newest standing contact says: moved, refused, or still owed."""
    household = session.get_one(Household, household_id)
    if household.state not in ("active", *ENDS_OWING):
        return
    newest = newest_standing(session, household_id)
    ended = newest is not None and newest.outcome in ENDS_OWING
    state = newest.outcome if newest is not None and ended else "active"
    if household.state != state:
        household.state = state
        session.flush()
