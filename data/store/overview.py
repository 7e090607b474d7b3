"""Counts for start pages and the health page; one short query each."""

from dataclasses import dataclass

from sqlalchemy import func, select, text
from sqlalchemy.orm import InstrumentedAttribute, Session

from data.store.regions import VILLAGE_KINDS
from data.tables import (
    Base,
    Cadre,
    Contact,
    Household,
    Job,
    Plan,
    Region,
    RoadGraph,
    Unit,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much is known of the district."""

    towns: int
    villages: int
    villages_with_shape: int
    villages_without_households: int
    units: int
    cadres: int
    households: int
    households_without_point: int
    enterprises: int
    contacts: int
    has_roads: bool
    synthetic_shapes: bool


def load_counts(session: Session) -> Counts:
    """Return the counts of everything a plan needs."""
    is_village = Region.kind.in_(VILLAGE_KINDS)
    inhabited = select(Household.village_id).where(Household.state == "active")

    def count(column: InstrumentedAttribute[int], *where: object) -> int:
        query = select(func.count(column)).where(*where)  # type: ignore[arg-type]
        return session.scalar(query) or 0

    active = Household.state == "active"
    return Counts(
        towns=count(Region.id, Region.kind == "town"),
        villages=count(Region.id, is_village),
        villages_with_shape=count(Region.id, is_village, Region.geometry.is_not(None)),
        villages_without_households=count(Region.id, is_village, Region.id.not_in(inhabited)),
        units=count(Unit.id),
        cadres=count(Cadre.id, Cadre.active),
        households=count(Household.id, active, Household.kind == "household"),
        households_without_point=count(Household.id, active, Household.lon.is_(None)),
        enterprises=count(Household.id, active, Household.kind == "enterprise"),
        contacts=count(Contact.id),
        has_roads=count(RoadGraph.id, RoadGraph.current) > 0,
        synthetic_shapes=count(Region.id, is_village, Region.synthetic_shape) > 0,
    )


def newest_plan(session: Session, campaign_id: int, *, state: str | None = None) -> Plan | None:
    """Return a campaign's newest plan, without its documents; optionally of one state."""
    query = select(Plan).where(Plan.campaign_id == campaign_id).order_by(Plan.id.desc()).limit(1)
    if state is not None:
        query = query.where(Plan.state == state)
    return session.scalars(query).first()


def jobs_by_state(session: Session) -> dict[str, int]:
    """Return state -> number of jobs."""
    query = select(Job.state, func.count()).group_by(Job.state)
    return {row[0]: row[1] for row in session.execute(query)}


def rows_by_table(session: Session) -> dict[str, int]:
    """Return table -> number of rows."""
    return {
        table.name: session.scalar(select(func.count()).select_from(table)) or 0
        for table in Base.metadata.sorted_tables
    }


def schema_revision(session: Session) -> str:
    """Return the revision the database was migrated to."""
    return session.scalar(text("SELECT version_num FROM alembic_version")) or ""


def sqlite_pragmas(session: Session) -> dict[str, str]:
    """Return the settings that keep acknowledged visits through a power cut; empty elsewhere."""
    if session.get_bind().dialect.name != "sqlite":
        return {}
    names = ("journal_mode", "synchronous", "foreign_keys")
    return {name: str(session.scalar(text(f"PRAGMA {name}"))) for name in names}
