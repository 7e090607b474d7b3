"""Plans as they are written: versions, visits, what is missing, and which one is published."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session, defer

from data.tables import Cadre, Household, Plan, PlannedVisit, UnplannedVisit


def plan_of_job(session: Session, job_id: int) -> Plan | None:
    """Return the plan a job has already left."""
    return session.scalars(select(Plan).where(Plan.job_id == job_id)).first()


def next_number(session: Session, campaign_id: int) -> int:
    """Return the number of a campaign's next plan, from 1."""
    query = select(func.max(Plan.number)).where(Plan.campaign_id == campaign_id)
    return (session.scalar(query) or 0) + 1


def published_plan(session: Session, campaign_id: int) -> Plan | None:
    """Return the plan in force, its documents unread."""
    query = (
        select(Plan)
        .where(Plan.campaign_id == campaign_id, Plan.state == "published")
        .options(defer(Plan.problem), defer(Plan.document))
    )
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


class PlannedSession(NamedTuple):
    """A cadre in a village on a day of a plan, and how many households that is for."""

    village_id: int
    day: date
    cadre_id: int
    visits: int


def planned_sessions(session: Session, plan_id: int) -> list[PlannedSession]:
    """Return the sessions of a plan, by day."""
    keys = (Household.village_id, PlannedVisit.day, PlannedVisit.cadre_id)
    query = (
        select(*keys, func.count())
        .join(Household, Household.id == PlannedVisit.household_id)
        .where(PlannedVisit.plan_id == plan_id)
        .group_by(*keys)
        .order_by(PlannedVisit.day, PlannedVisit.cadre_id)
    )
    return [PlannedSession(*row) for row in session.execute(query)]
