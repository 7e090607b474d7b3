"""The region tree, without the weight of its boundaries unless they are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.tables import Region

VILLAGE_KINDS = ("village", "community")


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionRow:
    """One region; ``parent_id`` is that of its town or district."""

    id: int
    code: str
    name: str
    kind: str
    parent_id: int | None
    synthetic_shape: bool

    @property
    def is_village(self) -> bool:
        """Whether households can live in it: a village or a community."""
        return self.kind in VILLAGE_KINDS


def load_regions(session: Session) -> dict[int, RegionRow]:
    """Return every region by id, ordered by code."""
    columns = (Region.id, Region.code, Region.name, Region.kind, Region.parent_id)
    query = select(*columns, Region.synthetic_shape).order_by(Region.code)
    return {
        row.id: RegionRow(
            id=row.id,
            code=row.code,
            name=row.name,
            kind=row.kind,
            parent_id=row.parent_id,
            synthetic_shape=row.synthetic_shape,
        )
        for row in session.execute(query)
    }


def load_shapes(session: Session) -> dict[str, shapely.Geometry]:
    """Return boundaries by village code, WGS-84 ``lon, lat``; villages without one are absent."""
    query = select(Region.code, Region.geometry).where(Region.geometry.is_not(None))
    return {code: shapely.from_wkb(wkb) for code, wkb in session.execute(query)}


def parents(regions: Mapping[int, RegionRow]) -> dict[int, int | None]:
    """Return each region's parent, as the expansion of blackouts wants it."""
    return {region.id: region.parent_id for region in regions.values()}
