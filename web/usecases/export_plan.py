"""Take a plan out of the house: a workbook, a map layer, calendars; each taking is on record."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from data import audit
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
    session: Session,
    plan_id: int,
    *,
    say_reason: Callable[[dict[str, Any]], str],
    actor_id: int | None,
    now: datetime,
) -> bytes:
    """Write visits, totals and what is missing, with names and addresses."""
    rows = _taken(session, plan_id, "xlsx", actor_id, now)
    return workbook(plan_sheets(rows, say_reason=say_reason), made_at=now)


def plan_layer(session: Session, plan_id: int, *, actor_id: int | None, now: datetime) -> bytes:
    """Write stops and days as GeoJSON, without names."""
    return plan_geojson(_taken(session, plan_id, "geojson", actor_id, now))


def calendar_of(
    session: Session, plan_id: int, cadre_number: str, *, actor_id: int | None, now: datetime
) -> bytes:
    """Write one cadre's calendar, without residents' names."""
    rows = _taken(session, plan_id, "ics", actor_id, now)
    if cadre_number not in {cadre.number for cadre in rows.cadres}:
        raise NotInPlan("cadre", cadre_number)
    return cadre_calendar(rows, cadre_number)


def own_calendar(session: Session, cadre_id: int) -> bytes:
    """Write the calendar of the cadre who asks, from the newest plan in force."""
    found = store.newest_published_of(session, cadre_id)
    if found is None:
        raise NothingPublished(f"No published plan holds a visit of cadre {cadre_id}.")
    plan_id, number = found
    return cadre_calendar(load_plan_rows(session, plan_id), number)


def _taken(
    session: Session, plan_id: int, form: str, actor_id: int | None, now: datetime
) -> PlanRows:
    find_plan(session, plan_id)
    rows = load_plan_rows(session, plan_id)
    audit.record(
        session,
        at=now,
        actor_id=actor_id,
        action="plan.export",
        entity="plan",
        entity_id=plan_id,
        facts={"form": form, "visits": len(rows.visits)},
    )
    return rows
