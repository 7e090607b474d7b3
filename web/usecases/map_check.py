"""
Find what is wrong between registry and map, and mend it: one site at a time, by a person.

Counted is what keeps a site from being planned or plans it in the wrong village. A village
without households, or two of one name, may be right; they are only named.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from data import audit
from data.importing.points import Outlines
from data.importing.reference import Village, load_reference
from data.tables import Household, Region
from geo.crs import great_circle_km

SAME_DOOR_KM = 0.03
GROUPS = ("nowhere", "outside", "elsewhere", "twins")
"""Kinds of findings that are counted, the most pressing first."""


class UnknownSite(Exception):
    """There is no such household or enterprise."""

    code = "unknown-site"


class PlaceRefused(Exception):
    """A point or village that cannot be stored; ``field`` says which."""

    code = "place-refused"

    def __init__(self, field: str) -> None:
        super().__init__(f"The {field} is missing or is no place of this district.")
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """
    One site to look at.

    Parameters
    ----------
    group
        One of ``GROUPS``.
    inside
        The village around its point, or None.
    other
        For twins: registry number of the other one.
    distance_m
        To the nearest village, or to the twin.
    """

    group: str
    site_id: int
    number: str
    kind: str
    name: str
    version: int
    village: Village
    lon: float | None
    lat: float | None
    inside: Village | None = None
    other: str = ""
    distance_m: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MapCheck:
    """All findings, and the villages worth a look."""

    findings: list[Finding]
    empty_villages: list[Village]
    shapeless_villages: list[Village]
    orphan_villages: list[Village]
    homonyms: list[list[Village]]
    has_outlines: bool
    sites: int

    def of(self, group: str) -> list[Finding]:
        """Findings of one kind."""
        return [finding for finding in self.findings if finding.group == group]


@dataclass(frozen=True, slots=True, kw_only=True)
class SitePlace:
    """Where a site is said to be, as the form shows it."""

    id: int
    number: str
    kind: str
    name: str
    address: str
    version: int
    village_code: str
    lon: float | None
    lat: float | None


def check_map(session: Session) -> MapCheck:
    """Compare every active site with the outlines."""
    reference = load_reference(session)
    villages = list(reference.villages.values())
    outlines = Outlines(villages)
    rows = session.execute(
        select(
            Household.id,
            Household.number,
            Household.kind,
            Household.name,
            Household.version,
            Region.code,
            Household.lon,
            Household.lat,
        )
        .join(Region, Region.id == Household.village_id)
        .where(Household.state == "active")
        .order_by(Household.number)
    ).all()
    lonlat = np.array([[row.lon, row.lat] for row in rows], dtype=np.float64).reshape(-1, 2)
    inside, outside_m = outlines.around(lonlat)
    findings: list[Finding] = []
    homes: defaultdict[tuple[str, str], list[Finding]] = defaultdict(list)
    for row, code, apart_m in zip(rows, inside, outside_m.tolist(), strict=True):
        group = _group(row.lon, row.code, code, bool(outlines))
        finding = Finding(
            group=group,
            site_id=row.id,
            number=row.number,
            kind=row.kind,
            name=row.name,
            version=row.version,
            village=reference.villages[row.code],
            lon=row.lon,
            lat=row.lat,
            inside=reference.villages.get(code),
            distance_m=int(min(apart_m, 1e7)) if group == "outside" else 0,
        )
        if group:
            findings.append(finding)
        if row.name and row.lon is not None:
            homes[row.code, row.name].append(finding)
    findings += [twin for group_ in homes.values() for twin in _twins(group_)]
    inhabited = {row.code for row in rows}
    return MapCheck(
        findings=sorted(findings, key=lambda one: (GROUPS.index(one.group), one.number)),
        empty_villages=[one for one in villages if one.code not in inhabited],
        shapeless_villages=[one for one in villages if one.geometry is None],
        orphan_villages=[one for one in villages if one.code not in reference.unit_of_village],
        homonyms=_homonyms(villages),
        has_outlines=bool(outlines),
        sites=len(rows),
    )


def read_site(session: Session, site_id: int) -> SitePlace:
    """Where a site is said to be."""
    site = session.get(Household, site_id)
    if site is None:
        raise UnknownSite
    return SitePlace(
        id=site.id,
        number=site.number,
        kind=site.kind,
        name=site.name,
        address=site.address,
        version=site.version,
        village_code=site.village.code,
        lon=site.lon,
        lat=site.lat,
    )


def villages_of(session: Session) -> list[Village]:
    """Villages to choose from, by town and name."""
    villages = load_reference(session).villages.values()
    return sorted(villages, key=lambda one: (one.town_code, one.code))


def place_site(
    session: Session,
    site_id: int,
    *,
    version: int,
    village_code: str,
    lon: float | None,
    lat: float | None,
    by: int | None,
    now: datetime,
) -> None:
    """
    Put a site into a village and at a point; the caller commits.

    Raises
    ------
    UnknownSite, PlaceRefused
        If the site or the village is not known, or half a point or an impossible one is given.
    StaleDataError
        If somebody changed the site since ``version``.
    """
    site = session.get(Household, site_id)
    if site is None:
        raise UnknownSite
    if site.version != version:
        raise StaleDataError(f"site {site_id} has moved on")
    village = session.scalars(select(Region).where(Region.code == village_code)).first()
    if village is None or village.kind not in ("village", "community"):
        raise PlaceRefused("village")
    if (lon is None) != (lat is None):
        raise PlaceRefused("point")
    if lon is not None and lat is not None and not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise PlaceRefused("point")
    fields = []
    if site.village_id != village.id:
        site.village_id = village.id
        fields.append("village")
    if (site.lon, site.lat) != (lon, lat):
        site.lon, site.lat = lon, lat
        site.raw_point = (
            None
            if lon is None
            else {"x": lon, "y": lat, "system": "wgs84", "decided_by": "planner"}
        )
        fields.append("point")
    if fields:
        audit.record(
            session,
            at=now,
            actor_id=by,
            action="household.place",
            entity="household",
            entity_id=site_id,
            facts={"fields": fields},
        )


def _group(lon: float | None, claimed: str, inside: str, has_outlines: bool) -> str:
    if lon is None:
        return "nowhere"
    if not has_outlines or inside == claimed:
        return ""
    return "elsewhere" if inside else "outside"


def _twins(homes: list[Finding]) -> list[Finding]:
    """Of sites with one village and name, those at the door of an earlier one."""
    found = []
    for index, home in enumerate(homes[1:], start=1):
        points = np.array([[one.lon, one.lat] for one in homes[: index + 1]], dtype=np.float64)
        km = great_circle_km(points[-1], points[:-1])
        nearest = int(np.argmin(km))
        if km[nearest] < SAME_DOOR_KM:
            found.append(
                Finding(
                    group="twins",
                    site_id=home.site_id,
                    number=home.number,
                    kind=home.kind,
                    name=home.name,
                    version=home.version,
                    village=home.village,
                    lon=home.lon,
                    lat=home.lat,
                    inside=home.inside,
                    other=homes[nearest].number,
                    distance_m=round(1000 * float(km[nearest])),
                )
            )
    return found


def _homonyms(villages: list[Village]) -> list[list[Village]]:
    names: defaultdict[str, list[Village]] = defaultdict(list)
    for village in villages:
        names[village.name.removesuffix("社区").removesuffix("村")].append(village)
    return [same for same in names.values() if len(same) > 1]
