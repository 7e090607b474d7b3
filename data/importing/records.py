"""From checked rows and frames to records: what each register says about each table."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
import shapely

from data.importing.entities import ENTITIES, Record, identity_of

Records = dict[str, list[Record]]
"""Records by entity, in the order they must be written."""


def records_of(kind: str, rows: Iterable[Mapping[str, Any]]) -> Records:
    """
    Say in records what the rows of a register say.

    Parameters
    ----------
    rows
        Values of checked rows (``data.importing.registers``).
    """
    rows = list(rows)
    if kind == "villages":
        return village_records(rows, source="")
    if kind == "units":
        return _units(rows)
    if kind == "cadres":
        return _cadres(rows)
    if kind in ("households", "enterprises"):
        return {"household": [dict(row) for row in rows]}
    if kind == "pairings":
        return {"pairing": [dict(row) for row in rows]}
    if kind == "blackouts":
        return {"blackout": [dict(row) for row in rows]}
    if kind == "calendar":
        return {"calendar_day": [{**row, "official": True} for row in rows]}
    if kind == "visits":
        return {"contact": [dict(row) for row in rows]}
    raise ValueError(f"No records are known for {kind!r}.")


def village_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame of villages, as the readers of boundaries make it."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def village_records(rows: Iterable[Mapping[str, Any]], *, source: str) -> Records:
    """Villages with their towns and districts; a name that is unknown is left as it is stored."""
    rows = list(rows)
    districts: dict[str, Record] = {}
    towns: dict[str, Record] = {}
    villages: list[Record] = []
    for row in rows:
        district, town = row["code"][:6] + "000000", row["town_code"]
        districts.setdefault(
            district, {"code": district, "kind": "district", "name": row.get("district_name", "")}
        )
        towns.setdefault(
            town,
            {"code": town, "kind": "town", "name": row.get("town_name", ""), "parent": district},
        )
        villages.append(
            {"code": row["code"], "name": row["name"], "kind": row["kind"], "parent": town}
            | _shape(row, source)
        )
    named = [*districts.values(), *towns.values()]
    for area in named:
        if not area["name"]:
            del area["name"]
    return {"region": [*named, *villages]}


def household_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Households of a test district as rows of the register."""
    return [
        {
            "number": row["number"],
            "kind": "household",
            "name": row["householder"],
            "village": row["village_code"],
            "lon": round(float(row["lon"]), 7),
            "lat": round(float(row["lat"]), 7),
        }
        for row in frame.to_dict("records")
    ]


def draw_number(number: str) -> float:
    """Permanent random number in [0, 1) of a registry number, for the fair draw of households."""
    digest = hashlib.blake2b(number.encode(), digest_size=6).digest()
    return int.from_bytes(digest) / 2**48


def _shape(row: Mapping[str, Any], source: str) -> Record:
    geometry = row.get("geometry")
    if geometry is None:
        return {}
    low_x, low_y, high_x, high_y = geometry.bounds
    return {
        "geometry": shapely.to_wkb(geometry),
        "min_lon": low_x,
        "min_lat": low_y,
        "max_lon": high_x,
        "max_lat": high_y,
        "synthetic_shape": bool(row.get("synthetic_shape", False)),
        "source": source,
    }


def _units(rows: Iterable[Mapping[str, Any]]) -> Records:
    rows = list(rows)
    links = [
        {"village": code, "unit": row["number"]} for row in rows for code in row.get("villages", ())
    ]
    return {
        "unit": [{"number": row["number"], "name": row["name"]} for row in rows],
        "village_link": links,
    }


def _cadres(rows: Iterable[Mapping[str, Any]]) -> Records:
    rows = list(rows)
    away = {
        (row["number"], first, last): reason
        for row in rows
        for first, last, reason in row.get("absences", ())
    }
    return {
        "cadre": [{key: row[key] for key in row if key != "absences"} for row in rows],
        "cadre_absence": [
            {"cadre": number, "first_day": first, "last_day": last, "reason": reason}
            for (number, first, last), reason in away.items()
        ],
    }


def merged(parts: Iterable[Records]) -> Records:
    """All records of one import; where two files say something of one row, the later adds to it."""
    found: dict[str, dict[tuple[str, ...], Record]] = {key: {} for key in ENTITIES}
    for part in parts:
        for key, records in part.items():
            for record in records:
                name = identity_of(ENTITIES[key], record)
                found[key][name] = found[key].get(name, {}) | record
    return {key: list(records.values()) for key, records in found.items() if records}
