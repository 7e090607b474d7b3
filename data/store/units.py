"""Departments and the villages they answer for (包村)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.tables import Unit, VillageLink


def load_units(session: Session) -> dict[int, Unit]:
    """Return departments by id, ordered by registry number."""
    return {unit.id: unit for unit in session.scalars(select(Unit).order_by(Unit.number))}


def unit_of_village(session: Session) -> dict[int, int]:
    """Return village id -> unit id; a village nobody answers for is absent."""
    query = select(VillageLink.village_id, VillageLink.unit_id)
    return dict(session.execute(query).all())
