"""What pages read of a plan: its row without the documents, and the names behind its ids."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased, defer, joinedload

from data.store.contacts import stands
from data.tables import (
    Cadre,
    Contact,
    Household,
    Plan,
    PlannedVisit,
    Region,
    Unit,
    UnplannedVisit,
    User,
)

BATCH = 500  # numbers in one query; SQLite takes only so many parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class CadreName:
    """A cadre as pages name one; ``number`` is the id in problems and plans."""

    id: int
    number: str
    name: str
    role: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageName:
    """A village as pages name one; ``code`` is the id in problems and plans."""

    code: str
    name: str
    kind: str
    town: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """
    A household or enterprise as its visitor must find it; personal.

    Parameters
    ----------
    lon, lat
        Degrees, WGS-84; None where it is not located.
    """

    id: int
    number: str
    kind: str
    name: str
    village: str
    village_name: str
    hamlet: str
    address: str
    phone: str
    lon: float | None
    lat: float | None
    visits_due: int
    service_min: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """Visits of one household that a plan lacks."""

    household: str
    village: str
    missing: int
    reasons: tuple[dict[str, Any], ...]


def find_plan(session: Session, plan_id: int) -> Plan | None:
    """Return a plan with its campaign, without its two documents."""
    query = _plans().where(Plan.id == plan_id)
    return session.scalars(query).first()


def list_plans(session: Session, campaign_id: int | None = None) -> list[Plan]:
    """Return the plans of one campaign, or of all, newest first."""
    query = _plans().order_by(Plan.campaign_id.desc(), Plan.number.desc())
    if campaign_id is not None:
        query = query.where(Plan.campaign_id == campaign_id)
    return list(session.scalars(query))


def plan_documents(session: Session, plan_id: int) -> tuple[bytes, bytes]:
    """Return the problem and the plan as stored: gzipped JSON."""
    problem, document = session.execute(
        select(Plan.problem, Plan.document).where(Plan.id == plan_id)
    ).one()
    return problem, document


def user_names(session: Session) -> dict[int, str]:
    """Return account id -> the name shown for it."""
    rows = session.execute(select(User.id, User.display_name, User.name))
    return {user_id: shown or name for user_id, shown, name in rows}


def cadre_names(session: Session) -> dict[str, CadreName]:
    """Return registry number -> cadre, for all that ever were."""
    query = select(Cadre.id, Cadre.number, Cadre.name, Cadre.role, Unit.number).join(Unit)
    return {
        number: CadreName(id=row_id, number=number, name=name, role=role, unit=unit)
        for row_id, number, name, role, unit in session.execute(query)
    }


def unit_names(session: Session) -> dict[str, str]:
    """Return registry number -> name of each unit."""
    rows = session.execute(select(Unit.number, Unit.name))
    return dict(rows.all())


def village_names(session: Session) -> dict[str, VillageName]:
    """Return code -> village, with the name of its town."""
    town = aliased(Region)
    query = (
        select(Region.code, Region.name, Region.kind, town.name)
        .outerjoin(town, Region.parent_id == town.id)
        .where(Region.kind.in_(("village", "community")))
    )
    return {
        code: VillageName(code=code, name=name, kind=kind, town=town_name or "")
        for code, name, kind, town_name in session.execute(query)
    }


def district_name(session: Session) -> str:
    """Return the name of the district; empty when none is known."""
    return session.scalar(select(Region.name).where(Region.kind == "district").limit(1)) or ""


def door_points(session: Session, numbers: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Return registry number -> (lon, lat) of those of these numbers that are located."""
    found = doors(session, numbers)
    return {
        number: (door.lon, door.lat)
        for number, door in found.items()
        if door.lon is not None and door.lat is not None
    }


def doors(session: Session, numbers: Iterable[str]) -> dict[str, Door]:
    """Return registry number -> door, of these numbers."""
    wanted = sorted(set(numbers))
    found: dict[str, Door] = {}
    for low in range(0, len(wanted), BATCH):
        query = _doors().where(Household.number.in_(wanted[low : low + BATCH]))
        found |= {row.number: Door(**row._mapping) for row in session.execute(query)}
    return found


def unplanned(session: Session, plan_id: int) -> list[Missing]:
    """Return everything a plan lacks, by village and number."""
    query = (
        select(Household.number, Region.code, UnplannedVisit.missing, UnplannedVisit.reasons)
        .join(Household, UnplannedVisit.household_id == Household.id)
        .join(Region, Household.village_id == Region.id)
        .where(UnplannedVisit.plan_id == plan_id)
        .order_by(Region.code, Household.number)
    )
    return [
        Missing(household=number, village=code, missing=missing, reasons=tuple(reasons))
        for number, code, missing, reasons in session.execute(query)
    ]


def published_visits(session: Session, cadre_id: int) -> list[PlannedVisit]:
    """Return a cadre's visits of published plans with household and village, in order of time."""
    query = _published(cadre_id).order_by(PlannedVisit.day, PlannedVisit.start_min)
    return list(session.scalars(query))


def published_visit(session: Session, cadre_id: int, visit_id: int) -> PlannedVisit | None:
    """Return one of them by id; None when it is another's or not published."""
    return session.scalars(_published(cadre_id).where(PlannedVisit.id == visit_id)).first()


def newest_published_of(session: Session, cadre_id: int) -> tuple[int, str] | None:
    """Return (plan id, registry number) of the newest published plan that a cadre is in."""
    query = (
        select(Plan.id, Cadre.number)
        .join(PlannedVisit, PlannedVisit.plan_id == Plan.id)
        .join(Cadre, PlannedVisit.cadre_id == Cadre.id)
        .where(Plan.state == "published", Cadre.id == cadre_id)
        .order_by(Plan.id.desc())
        .limit(1)
    )
    row = session.execute(query).first()
    return (row[0], row[1]) if row else None


def base_of(session: Session, cadre_id: int) -> tuple[float, float]:
    """Return where a cadre starts: longitude and latitude, degrees."""
    lon, lat = session.execute(
        select(Cadre.base_lon, Cadre.base_lat).where(Cadre.id == cadre_id)
    ).one()
    return lon, lat


def recorded_visits(session: Session, planned_visit_ids: Iterable[int]) -> dict[int, Contact]:
    """Return planned visit id -> the contact that stands for it."""
    wanted = list(planned_visit_ids)
    found: dict[int, Contact] = {}
    for low in range(0, len(wanted), BATCH):
        query = select(Contact).where(
            Contact.planned_visit_id.in_(wanted[low : low + BATCH]), stands()
        )
        for contact in session.scalars(query.order_by(Contact.id)):
            if contact.planned_visit_id is not None:
                found[contact.planned_visit_id] = contact
    return found


def is_contact_of(session: Session, planned_visit_id: int, contact_id: int) -> bool:
    """Whether a contact, standing or not, was recorded for a planned visit."""
    query = select(Contact.id).where(
        Contact.id == contact_id, Contact.planned_visit_id == planned_visit_id
    )
    return session.scalar(query) is not None


def _plans() -> Select[Plan]:
    return select(Plan).options(
        joinedload(Plan.campaign),
        defer(Plan.problem, raiseload=True),
        defer(Plan.document, raiseload=True),
    )


def _published(cadre_id: int) -> Select[PlannedVisit]:
    return (
        select(PlannedVisit)
        .join(Plan, PlannedVisit.plan_id == Plan.id)
        .where(Plan.state == "published", PlannedVisit.cadre_id == cadre_id)
        .options(joinedload(PlannedVisit.household).joinedload(Household.village))
    )


def _doors() -> Select[*tuple[Any, ...]]:
    return select(
        Household.id,
        Household.number,
        Household.kind,
        Household.name,
        Region.code.label("village"),
        Region.name.label("village_name"),
        Household.hamlet,
        Household.address,
        Household.phone,
        Household.lon,
        Household.lat,
        Household.visits_due,
        Household.service_min,
        Household.state,
    ).join(Region, Household.village_id == Region.id)
