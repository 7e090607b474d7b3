"""Store the sample district in an empty database."""

from datetime import datetime
from typing import Any

import pandas as pd
import shapely
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from data.store.calendar import seed_calendar
from data.store.roads import save_roads
from data.synthesis.district import SampleDistrict
from data.synthesis.frames import records
from data.synthesis.places import DISTRICT_CODE, DISTRICT_NAME
from data.synthesis.roads import ATTRIBUTION, NAME
from data.tables import (
    Blackout,
    Cadre,
    CadreAbsence,
    Contact,
    Household,
    Pairing,
    Region,
    Unit,
    VillageLink,
)

SHAPE_SOURCE = "示意边界,非真实界线 · synthetic"
YEARS = (2026, 2027)


class NotEmpty(Exception):
    """The database already holds a district; the sample is not mixed into it."""

    code = "not-empty"

    def __init__(self) -> None:
        super().__init__("The registry already holds regions; load the sample into an empty one.")


def load_sample(session: Session, district: SampleDistrict, *, at: datetime) -> None:
    """
    Store a sample district; the caller commits.

    Raises
    ------
    NotEmpty
        If any region is stored already.
    """
    if session.scalars(select(Region.id).limit(1)).first() is not None:
        raise NotEmpty
    regions = _load_regions(session, district)
    units = _load_units(session, district.people.units, regions)
    cadres = _load_cadres(session, district, units)
    sites = _load_sites(session, district, regions)
    _load_pairings(session, district.people.pairings, sites, cadres)
    _load_days(session, district, regions, cadres, sites, at)
    save_roads(session, district.roads, name=NAME, attribution=ATTRIBUTION, at=at)
    seed_calendar(session, YEARS)


def _load_regions(session: Session, district: SampleDistrict) -> dict[str, int]:
    places = district.places
    top = {"code": DISTRICT_CODE, "name": DISTRICT_NAME, "kind": "district"}
    ids = _insert(session, Region, [top], Region.code)
    towns = [
        {
            "code": town.code,
            "name": town.name,
            "kind": "town",
            "parent_id": ids[DISTRICT_CODE],
        }
        for town in places.towns.itertuples(name="Town")
    ]
    ids = _insert(session, Region, towns, Region.code)
    villages = []
    for village in records(places.villages):
        low_lon, low_lat, high_lon, high_lat = village["geometry"].bounds
        villages.append(
            {
                "code": village["code"],
                "name": village["name"],
                "kind": village["kind"],
                "parent_id": ids[village["town_code"]],
                "geometry": shapely.to_wkb(village["geometry"]),
                "min_lon": low_lon,
                "min_lat": low_lat,
                "max_lon": high_lon,
                "max_lat": high_lat,
                "synthetic_shape": True,
                "source": SHAPE_SOURCE,
            }
        )
    return _insert(session, Region, villages, Region.code)


def _load_units(session: Session, units: pd.DataFrame, regions: dict[str, int]) -> dict[str, int]:
    ids = _insert(session, Unit, records(units[["number", "name"]]), Unit.number)
    links = [
        {"unit_id": ids[unit["number"]], "village_id": regions[village]}
        for unit in records(units)
        for village in unit["villages"]
    ]
    session.execute(insert(VillageLink), links)
    return ids


def _load_cadres(
    session: Session, district: SampleDistrict, units: dict[str, int]
) -> dict[str, int]:
    rows = records(district.people.cadres)
    stored = [_renamed(row, "unit", "unit_id", units) for row in rows]
    ids = _insert(session, Cadre, stored, Cadre.number)
    absences = records(district.days.absences)
    session.execute(
        insert(CadreAbsence), [_renamed(row, "cadre", "cadre_id", ids) for row in absences]
    )
    return ids


def _load_sites(
    session: Session, district: SampleDistrict, regions: dict[str, int]
) -> dict[str, int]:
    frame = district.people.sites.copy()
    for column in ("not_before", "not_after"):
        frame[column] = pd.to_datetime(frame[column]).dt.date.astype(object)
        frame[column] = frame[column].where(frame[column].notna(), None)
    rows = [_renamed(row, "village", "village_id", regions) for row in records(frame)]
    return _insert(session, Household, rows, Household.number)


def _load_pairings(
    session: Session, pairings: pd.DataFrame, sites: dict[str, int], cadres: dict[str, int]
) -> None:
    rows = [
        {
            "household_id": sites[row["household"]],
            "cadre_id": cadres[row["cadre"]],
            "since": datetime.fromisoformat(row["since"]).date(),
        }
        for row in records(pairings)
    ]
    session.execute(insert(Pairing), rows)


def _load_days(
    session: Session,
    district: SampleDistrict,
    regions: dict[str, int],
    cadres: dict[str, int],
    sites: dict[str, int],
    at: datetime,
) -> None:
    blackouts = [
        {
            "region_id": regions[row["region"]],
            "rule": row["rule"],
            "params": row["params"],
            "name": row["name"],
        }
        for row in records(district.days.blackouts)
    ]
    session.execute(insert(Blackout), blackouts)
    contacts = [
        {
            "op_id": f"sample-{serial:05d}",
            "household_id": sites[row["household"]],
            "cadre_id": cadres.get(row["cadre"]),
            "unit_name": row["unit_name"],
            "day": row["day"],
            "outcome": row["outcome"],
            "minutes": row["minutes"],
            "recorded_at": at,
        }
        for serial, row in enumerate(records(district.days.contacts), start=1)
    ]
    session.execute(insert(Contact), contacts)


def _renamed(row: dict[str, Any], old: str, new: str, ids: dict[str, int]) -> dict[str, Any]:
    return {(new if k == old else k): (ids[v] if k == old else v) for k, v in row.items()}


def _insert(
    session: Session, table: type[Any], rows: list[dict[str, Any]], key: Any
) -> dict[str, int]:
    """Insert rows in bulk; return the ids of the whole table by its natural key."""
    session.execute(insert(table), rows)
    return dict(session.execute(select(key, table.id)).all())
