"""
The audit: who did what, when, each row holding the hash of the row before.

Facts are ids, counts and names of fields, never values about a person, so the chain
survives the erasure of a person. A changed or removed row breaks the chain at its place.
"""

import hashlib
import json
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from data.tables import Audit


def record(
    session: Session,
    *,
    at: datetime,
    actor_id: int | None,
    action: str,
    entity: str,
    entity_id: str | int,
    facts: dict[str, Any] | None = None,
) -> Audit:
    """Append one row in the caller's transaction: deed and record stand or fall together."""
    if session.get_bind().dialect.name == "postgresql":
        # Two writers must not both hang on to the same last row; SQLite has one writer anyway.
        session.execute(text("LOCK TABLE audit IN EXCLUSIVE MODE"))
    last = session.scalars(select(Audit).order_by(Audit.id.desc()).limit(1)).first()
    row = Audit(
        at=at,
        actor_id=actor_id,
        action=action,
        entity=entity,
        entity_id=str(entity_id),
        facts=facts or {},
        before_hash=last.row_hash if last else "",
        row_hash="",
    )
    row.row_hash = hash_of(row)
    session.add(row)
    session.flush()
    return row


def hash_of(row: Audit) -> str:
    """Return the SHA-256 of a row's content and of the hash before it."""
    content = json.dumps(
        [
            row.before_hash,
            row.at.isoformat(timespec="microseconds"),
            row.actor_id,
            row.action,
            row.entity,
            row.entity_id,
            row.facts,
        ],
        sort_keys=True,
        ensure_ascii=False,
    )
    return hashlib.sha256(content.encode()).hexdigest()


def first_broken(session: Session) -> int | None:
    """Return the id of the first row whose hash or link does not hold; ``None``: all hold."""
    before = ""
    for row in session.scalars(select(Audit).order_by(Audit.id)):
        if row.before_hash != before or row.row_hash != hash_of(row):
            return row.id
        before = row.row_hash
    return None


def newest(session: Session, *, limit: int, before_id: int | None = None) -> list[Audit]:
    """Return the newest rows, or those older than ``before_id``, newest first."""
    query = select(Audit).order_by(Audit.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(Audit.id < before_id)
    return list(session.scalars(query))


def of_entity(
    session: Session, entity: str, entity_id: str | int, *, action: str, limit: int = 50
) -> list[Audit]:
    """Return the newest rows of one kind of deed on one thing, newest first."""
    query = select(Audit).where(
        Audit.entity == entity, Audit.entity_id == str(entity_id), Audit.action == action
    )
    return list(session.scalars(query.order_by(Audit.id.desc()).limit(limit)))
