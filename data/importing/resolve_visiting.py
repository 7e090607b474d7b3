"""Resolve registers of who visits: units with their villages, cadres, pairings, visits made."""

import hashlib

import numpy as np

from data.importing.points import Outlines, place
from data.importing.reading import Reading, Row
from data.importing.resolve_visited import middle_of, take_pairs
from data.importing.values import Fault

QUOTAS = {"leader": 40, "staff": 15}


def units(reading: Reading) -> None:
    """Join the rows of one unit, and give every village one unit."""
    joined: dict[str, Row] = {}
    others: list[Row] = []
    for row in reading.rows:
        codes = _village_codes(row, reading)
        if row.flawed:
            others.append(row)
            continue
        first = joined.setdefault(row.values["number"], row)
        if first.values["name"] != row.values["name"]:
            reading.error("number-duplicate", row, "number", other_row=first.number)
            others.append(row)
            continue
        known = first.values.setdefault("villages", []) if first is not row else []
        first.values["villages"] = list(dict.fromkeys([*known, *codes]))
    reading.rows[:] = sorted([*joined.values(), *others], key=lambda row: row.number)
    _one_unit_each(reading)


def cadres(reading: Reading) -> None:
    """Find the unit and the starting point of every cadre."""
    for row in reading.rows:
        if "unit" in row.values:
            try:
                row.values["unit"] = reading.reference.unit(row.values["unit"])
            except Fault as fault:
                reading.error(fault.code, row, "unit", **fault.facts)
        if "quota" not in row.values and "role" in row.values:
            row.values["quota"] = QUOTAS[row.values["role"]]
    _find_bases(reading)


def pairings(reading: Reading) -> None:
    """Find both sides of every pairing."""
    for row in reading.rows:
        _find_household(row, reading)
        _find_cadre(row, reading)


def visits(reading: Reading) -> None:
    """Find household and cadre of every visit made, and name the visit by its content."""
    for row in reading.rows:
        _find_household(row, reading)
        _find_cadre(row, reading)
        if "day" in row.values and row.values["day"] > reading.today:
            reading.error("date-in-future", row, "day")
        row.values.setdefault("outcome", "visited")
        if not row.flawed:
            facts = [row.values.get(key, "") for key in ("household", "day", "cadre", "outcome")]
            digest = hashlib.sha256("|".join(map(str, facts)).encode()).hexdigest()
            row.values["op_id"] = f"import-{digest[:32]}"


def _village_codes(row: Row, reading: Reading) -> list[str]:
    codes = []
    for words in row.values.get("villages", ()):
        try:
            codes.append(reading.reference.village(name=words).code)
        except Fault as fault:
            reading.error(fault.code, row, "villages", **fault.facts)
    return codes


def _one_unit_each(reading: Reading) -> None:
    owner: dict[str, Row] = {}
    for row in reading.sound():
        for code in row.values.get("villages", ()):
            first = owner.setdefault(code, row)
            if first is not row:
                reading.error(
                    "village-two-units",
                    row,
                    "villages",
                    other=first.values["name"],
                    other_row=first.number,
                )


def _find_bases(reading: Reading) -> None:
    """Where a day starts: as given, else amid the villages of the unit."""
    reference = reading.reference
    rows, pairs = take_pairs(reading)
    outlines = Outlines(list(reference.villages.values()))
    placed = place(np.array(pairs), [""] * len(rows), outlines, declared=reading.datum)
    reading.decision = placed.decision if rows else None
    for row, (lon, lat) in zip(rows, placed.lonlat.tolist(), strict=True):
        if np.isnan(lon):
            reading.error("point-unreadable", row, "lon" if "lon" in row.cells else "point")
        else:
            row.values |= {"base_lon": lon, "base_lat": lat}
    located = {id(row) for row in rows}
    assumed = 0
    for row in reading.sound():
        if id(row) in located or row.values["number"] in reference.cadres:
            continue
        shapes = _shapes_of(row.values["unit"], reading)
        if not shapes:
            reading.error("base-missing", row, "lon")
            continue
        row.values["base_lon"], row.values["base_lat"] = middle_of(shapes)
        assumed += 1
    if assumed:
        reading.problems.warning("base-assumed", sheet=reading.sheet, count=assumed)


def _shapes_of(unit: str, reading: Reading) -> list[object]:
    known = reading.reference
    shapes = {
        code: village.geometry
        for code, village in known.villages.items()
        if village.geometry is not None
    }
    own = [shape for code, shape in shapes.items() if known.unit_of_village.get(code) == unit]
    return own or list(shapes.values())


def _find_household(row: Row, reading: Reading) -> None:
    number = row.values.get("household")
    if number is not None and number not in reading.reference.sites:
        reading.error("household-unknown", row, "household")


def _find_cadre(row: Row, reading: Reading) -> None:
    if "cadre" not in row.values:
        return
    try:
        row.values["cadre"] = reading.reference.cadre(row.values["cadre"])
    except Fault as fault:
        reading.error(fault.code, row, "cadre", **fault.facts)
