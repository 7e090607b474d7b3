"""Take a plan out of the house: a workbook, a map layer, calendars; each taking is on record."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from data import audit
from data.db import Database
from data.exporting.calendar_file import cadre_calendar
from data.exporting.excel import workbook
from data.exporting.geojson import plan_geojson
from data.exporting.plan_rows import PlanRows, load_plan_rows
from data.exporting.plan_sheets import plan_sheets
from data.store import plan_reading as store
from web.usecases.read_plan import NotInPlan, find_plan


class NothingPublished(LookupError):
    """No published plan holds a visit of this cadre."""

    code = "nothing-published"


def plan_workbook(
    db: Database,
    plan_id: int,
    *,
    say_reason: Callable[[dict[str, Any]], str],
    actor_id: int | None,
    now: datetime,
) -> bytes:
    """Write visits, totals and what is missing, with names and addresses."""
    rows = _rows(db, plan_id)
    made = workbook(plan_sheets(rows, say_reason=say_reason), made_at=now)
    _record(db, rows, "xlsx", actor_id, now)
    return made


def plan_layer(db: Database, plan_id: int, *, actor_id: int | None, now: datetime) -> bytes:
    """Write stops and days as GeoJSON, without names."""
    rows = _rows(db, plan_id)
    made = plan_geojson(rows)
    _record(db, rows, "geojson", actor_id, now)
    return made


def calendar_of(
    db: Database, plan_id: int, cadre_number: str, *, actor_id: int | None, now: datetime
) -> bytes:
    """Write one cadre's calendar, without residents' names."""
    rows = _rows(db, plan_id)
    if cadre_number not in {cadre.number for cadre in rows.cadres}:
        raise NotInPlan("cadre", cadre_number)
    made = cadre_calendar(rows, cadre_number)
    _record(db, rows, "ics", actor_id, now)
    return made


def own_calendar(session: Session, cadre_id: int) -> bytes:
    """Write the calendar of the cadre who asks, from the newest plan in force."""
    found = store.newest_published_of(session, cadre_id)
    if found is None:
        raise NothingPublished(f"No published plan holds a visit of cadre {cadre_id}.")
    plan_id, number = found
    return cadre_calendar(load_plan_rows(session, plan_id), number)


def _rows(db: Database, plan_id: int) -> PlanRows:
    with db.read() as session:
        find_plan(session, plan_id)
        return load_plan_rows(session, plan_id)


def _record(db: Database, rows: PlanRows, form: str, actor_id: int | None, now: datetime) -> None:
    # A transaction of its own: nobody waits to write while a workbook is being made.
    with db.write.begin() as session:
        audit.record(
            session,
            at=now,
            actor_id=actor_id,
            action="plan.export",
            entity="plan",
            entity_id=rows.plan_id,
            facts={"form": form, "visits": len(rows.visits)},
        )
