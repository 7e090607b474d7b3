"""
What an import writes: each table by the names people know its rows by.

A record holds a row in natural terms: a household names its village by code, a pairing
its cadre by number. So what a file would change can be told before anything is stored,
even for rows that refer to other rows of the same import.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Column, Table

from data.importing.windows import WORKING_DAY
from data.tables import (
    Base,
    Blackout,
    Cadre,
    CadreAbsence,
    CalendarDay,
    Contact,
    Household,
    Pairing,
    Region,
    RoadGraph,
    Unit,
    VillageLink,
)

Record = dict[str, Any]
OFFICE_WEEK: Final = {str(weekday): WORKING_DAY for weekday in range(1, 6)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """
    One table as an import sees it.

    Parameters
    ----------
    identity
        Fields of a record that tell its row; a single one is what others refer to it by.
    refs
        Field to the entity it names, and the column that keeps the id.
    defaults
        Columns of a new row that a record leaves out.
    """

    key: str
    label: str
    model: type[Base]
    identity: tuple[str, ...]
    refs: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)

    @property
    def table(self) -> Table:
        """The table of the model."""
        table = self.model.__table__
        assert isinstance(table, Table)  # noqa: S101 - mapped to a table, never to a join
        return table

    @property
    def row_key(self) -> Column[Any]:
        """The column of the primary key; every table written here has one."""
        (column,) = self.table.primary_key.columns
        return column


REGION: Final = Entity(
    key="region",
    label="Regions",
    model=Region,
    identity=("code",),
    refs={"parent": ("region", "parent_id")},
    defaults={"synthetic_shape": False, "source": ""},
)
UNIT: Final = Entity(key="unit", label="Units", model=Unit, identity=("number",))
VILLAGE_LINK: Final = Entity(
    key="village_link",
    label="Village links",
    model=VillageLink,
    identity=("village",),
    refs={"village": ("region", "village_id"), "unit": ("unit", "unit_id")},
)
CADRE: Final = Entity(
    key="cadre",
    label="Cadres",
    model=Cadre,
    identity=("number",),
    refs={"unit": ("unit", "unit_id")},
    defaults={
        "role": "staff",
        "quota": 15,
        "max_visits_per_day": 6,
        "availability": OFFICE_WEEK,
        "active": True,
    },
)
CADRE_ABSENCE: Final = Entity(
    key="cadre_absence",
    label="Absences",
    model=CadreAbsence,
    identity=("cadre", "first_day", "last_day"),
    refs={"cadre": ("cadre", "cadre_id")},
    defaults={"reason": ""},
)
HOUSEHOLD: Final = Entity(
    key="household",
    label="Households and enterprises",
    model=Household,
    identity=("number",),
    refs={"village": ("region", "village_id")},
    defaults={
        "name": "",
        "hamlet": "",
        "address": "",
        "phone": "",
        "visits_due": 1,
        "min_gap_days": 28,
        "service_min": 30,
        "windows": WORKING_DAY,
        "care_group": "",
        "priority": 1,
        "state": "active",
        "version": 1,
    },
)
PAIRING: Final = Entity(
    key="pairing",
    label="Pairings",
    model=Pairing,
    identity=("household",),
    refs={"household": ("household", "household_id"), "cadre": ("cadre", "cadre_id")},
    defaults={"note": ""},
)
BLACKOUT: Final = Entity(
    key="blackout",
    label="Blackout rules",
    model=Blackout,
    identity=("region", "rule", "params", "name"),
    refs={"region": ("region", "region_id")},
    defaults={"name": "", "active": True},
)
CALENDAR_DAY: Final = Entity(
    key="calendar_day",
    label="Calendar days",
    model=CalendarDay,
    identity=("day",),
    defaults={"name": ""},
)
CONTACT: Final = Entity(
    key="contact",
    label="Contacts made",
    model=Contact,
    identity=("op_id",),
    refs={"household": ("household", "household_id"), "cadre": ("cadre", "cadre_id")},
    defaults={"unit_name": "", "party_size": 1, "note": "", "withdrawn": False},
)
ROAD_GRAPH: Final = Entity(
    key="road_graph", label="Road graphs", model=RoadGraph, identity=("content_hash",)
)

ENTITIES: Final[Mapping[str, Entity]] = {
    entity.key: entity
    for entity in (
        REGION,
        UNIT,
        VILLAGE_LINK,
        CADRE,
        CADRE_ABSENCE,
        HOUSEHOLD,
        PAIRING,
        BLACKOUT,
        CALENDAR_DAY,
        CONTACT,
        ROAD_GRAPH,
    )
}
"""In the order in which they build upon each other."""


def identity_of(entity: Entity, record: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells a record from others, as texts."""
    return tuple(_text(record.get(key)) for key in entity.identity)


def identities(entity: Entity, records: Sequence[Record]) -> set[tuple[str, ...]]:
    """The identities of many records."""
    return {identity_of(entity, record) for record in records}


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return repr(sorted((key, _text(one)) for key, one in value.items()))
    return "" if value is None else str(value)
