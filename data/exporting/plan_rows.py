"""What the files of a plan are made of: its visits with names, and what it lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased, defer, joinedload

from data.tables import (
    Cadre,
    Household,
    Plan,
    PlannedVisit,
    Region,
    Unit,
    UnplannedVisit,
    VillageLink,
)


class VisitRow(NamedTuple):
    """One visit; ``name`` and ``address`` are personal."""

    day: date
    position: int
    start_min: float
    end_min: float
    cadre_number: str
    cadre_name: str
    cadre_role: str
    unit_name: str
    household: str
    kind: str
    name: str
    hamlet: str
    address: str
    lon: float | None
    lat: float | None
    village_code: str
    village: str
    town: str


class MissingRow(NamedTuple):
    """Visits of one household that the plan lacks, with its reasons as stored."""

    household: str
    name: str
    village_code: str
    village: str
    town: str
    missing: int
    reasons: list[dict[str, Any]]


class CadreRow(NamedTuple):
    """A cadre of the register."""

    number: str
    name: str
    role: str
    unit_name: str


class VillageRow(NamedTuple):
    """A village with who answers for it."""

    code: str
    name: str
    town: str
    unit_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRows:
    """
    A plan with its names.

    Parameters
    ----------
    title
        Campaign and number of the plan.
    is_synthetic
        Whether boundaries are invented: every file then says so.
    """

    plan_id: int
    number: int
    title: str
    first_day: date
    last_day: date
    state: str
    created_at: datetime
    is_synthetic: bool
    visits: Sequence[VisitRow]
    missing: Sequence[MissingRow]
    cadres: Sequence[CadreRow]
    villages: Sequence[VillageRow]


def load_plan_rows(session: Session, plan_id: int) -> PlanRows:
    """Read everything that the files of a plan need, in a handful of queries."""
    plan = session.scalars(
        select(Plan)
        .where(Plan.id == plan_id)
        .options(joinedload(Plan.campaign), defer(Plan.problem), defer(Plan.document))
    ).one()
    synthetic = select(Region.id).where(Region.synthetic_shape).limit(1)
    return PlanRows(
        plan_id=plan.id,
        number=plan.number,
        title=f"{plan.campaign.name} 第{plan.number}版",
        first_day=plan.campaign.first_day,
        last_day=plan.campaign.last_day,
        state=plan.state,
        created_at=plan.created_at,
        is_synthetic=session.scalar(synthetic) is not None,
        visits=_visits(session, plan_id),
        missing=_missing(session, plan_id),
        cadres=_cadres(session),
        villages=_villages(session),
    )


def _visits(session: Session, plan_id: int) -> list[VisitRow]:
    town = aliased(Region)
    query = (
        select(
            PlannedVisit.day,
            PlannedVisit.position,
            PlannedVisit.start_min,
            PlannedVisit.end_min,
            Cadre.number,
            Cadre.name,
            Cadre.role,
            Unit.name,
            Household.number,
            Household.kind,
            Household.name,
            Household.hamlet,
            Household.address,
            Household.lon,
            Household.lat,
            Region.code,
            Region.name,
            func.coalesce(town.name, ""),
        )
        .join(Cadre, PlannedVisit.cadre_id == Cadre.id)
        .join(Unit, Cadre.unit_id == Unit.id)
        .join(Household, PlannedVisit.household_id == Household.id)
        .join(Region, Household.village_id == Region.id)
        .outerjoin(town, Region.parent_id == town.id)
        .where(PlannedVisit.plan_id == plan_id)
        .order_by(PlannedVisit.day, Cadre.number, PlannedVisit.position)
    )
    return [VisitRow._make(row) for row in session.execute(query)]


def _missing(session: Session, plan_id: int) -> list[MissingRow]:
    town = aliased(Region)
    query = (
        select(
            Household.number,
            Household.name,
            Region.code,
            Region.name,
            town.name,
            UnplannedVisit.missing,
            UnplannedVisit.reasons,
        )
        .join(Household, UnplannedVisit.household_id == Household.id)
        .join(Region, Household.village_id == Region.id)
        .outerjoin(town, Region.parent_id == town.id)
        .where(UnplannedVisit.plan_id == plan_id)
        .order_by(Region.code, Household.number)
    )
    return [
        MissingRow(number, name, code, village, town_name or "", missing, reasons)
        for number, name, code, village, town_name, missing, reasons in session.execute(query)
    ]


def _cadres(session: Session) -> list[CadreRow]:
    query = select(Cadre.number, Cadre.name, Cadre.role, Unit.name)
    query = query.join(Unit, Cadre.unit_id == Unit.id).where(Cadre.active).order_by(Cadre.number)
    return [CadreRow(*row) for row in session.execute(query)]


def _villages(session: Session) -> list[VillageRow]:
    town = aliased(Region)
    query = (
        select(Region.code, Region.name, town.name, Unit.name)
        .outerjoin(town, Region.parent_id == town.id)
        .outerjoin(VillageLink, VillageLink.village_id == Region.id)
        .outerjoin(Unit, VillageLink.unit_id == Unit.id)
        .where(Region.kind.in_(("village", "community")))
        .order_by(Region.code)
    )
    return [
        VillageRow(code, name, town_name or "", unit)
        for code, name, town_name, unit in session.execute(query)
    ]
