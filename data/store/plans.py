"""Plans as they are written: versions, visits, what is missing, and which one is published."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from data.tables import Cadre, Plan, PlannedVisit, UnplannedVisit


def plan_of_job(session: Session, job_id: int) -> Plan | None:
    """Return the plan a job has already left."""
    return session.scalars(select(Plan).where(Plan.job_id == job_id)).first()


def next_number(session: Session, campaign_id: int) -> int:
    """Return the number of a campaign's next plan, from 1."""
    query = select(func.max(Plan.number)).where(Plan.campaign_id == campaign_id)
    return (session.scalar(query) or 0) + 1


def published_plan(session: Session, campaign_id: int) -> Plan | None:
    """Return the plan in force, without reading its documents twice."""
    query = select(Plan).where(Plan.campaign_id == campaign_id, Plan.state == "published")
    return session.scalars(query).first()


def insert_visits(session: Session, plan_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store a plan's visits in bulk; columns as in the table, without ``plan_id``."""
    if rows:
        session.execute(insert(PlannedVisit), [{"plan_id": plan_id, **row} for row in rows])


def insert_unplanned(session: Session, plan_id: int, rows: Sequence[Mapping[str, Any]]) -> None:
    """Store what a plan lacks in bulk; columns as in the table, without ``plan_id``."""
    if rows:
        session.execute(insert(UnplannedVisit), [{"plan_id": plan_id, **row} for row in rows])


def cadre_ids(session: Session) -> dict[str, int]:
    """Return registry number -> id of every cadre."""
    return dict(session.execute(select(Cadre.number, Cadre.id)).all())
