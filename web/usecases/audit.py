"""Read the audit: what was done, by whom, and whether the record is whole."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data import audit as store
from data.db import Database
from data.store.accounts import list_users


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One deed."""

    id: int
    at: datetime
    actor: str
    action: str
    entity: str
    entity_id: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Some deeds, newest first."""

    rows: list[AuditRow]
    next_before: int | None
    broken_at: int | None


def page(database: Database, *, limit: int, before_id: int | None = None) -> AuditPage:
    """Return deeds older than ``before_id``, and the first row at which the chain breaks."""
    with database.read() as session:
        names = {user.id: user.display_name or user.name for user in list_users(session)}
        rows = store.newest(session, limit=limit + 1, before_id=before_id)
        return AuditPage(
            rows=[
                AuditRow(
                    id=row.id,
                    at=row.at,
                    actor=names.get(row.actor_id, f"#{row.actor_id}") if row.actor_id else "",
                    action=row.action,
                    entity=row.entity,
                    entity_id=row.entity_id,
                    facts=row.facts,
                )
                for row in rows[:limit]
            ],
            next_before=rows[limit - 1].id if len(rows) > limit else None,
            broken_at=store.first_broken(session),
        )
