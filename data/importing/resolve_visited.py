"""Resolve registers of what is visited: names become codes, numbers become places."""

from collections import defaultdict
from typing import Any

import numpy as np
import shapely

from data.importing.points import VOTERS_HEARD, WGS, Decision, Outlines, place
from data.importing.reading import Reading, Row
from data.importing.values import Fault, plain
from geo.crs import great_circle_km

FAR_OUTSIDE_M = 1000.0
"""Beyond it a point is refused; nearer ones may be a matter of an imprecise outline."""
SAME_DOOR_KM = 0.03
SYSTEM_NAMES = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}


def villages(reading: Reading) -> None:
    """Give each village its town; its code says which."""
    for row in reading.sound():
        code = row.values["code"]
        if not (len(code) == 12 and code.isdigit() and code.isascii()):
            reading.error("village-code-invalid", row, "code")
            continue
        row.values.setdefault("kind", "community" if "社区" in row.values["name"] else "village")
        row.values["town_code"] = code[:9] + "000"


def households(reading: Reading) -> None:
    """Find the village and the place of every household or enterprise."""
    kind = reading.kind.key.removesuffix("s")
    for row in reading.rows:
        _find_village(row, reading)
        number = row.values.get("number")
        if number and reading.reference.sites.get(number, kind) != kind:
            reading.error("number-other-kind", row, "number")
        if "not_before" in row.values and "not_after" in row.values:
            first, last = row.values["not_before"], row.values["not_after"]
            if last < first:
                reading.error("dates-reversed", row, "not_after", other=first.isoformat())
        row.values["kind"] = kind
    _find_points(reading)
    _find_twins(reading)


def blackouts(reading: Reading) -> None:
    """Find the region each rule holds for."""
    assumed = 0
    for row in reading.sound():
        try:
            row.values["region"] = reading.reference.region(row.values["region"])
        except Fault as fault:
            reading.error(fault.code, row, "region", **fault.facts)
            continue
        row.values["rule"], row.values["params"] = row.values["rule"]
        row.values.setdefault("name", "")
        words = plain(str(row.cells.get("rule")))
        assumed += row.values["rule"] == "market_lunar" and "农历" not in words
    if assumed:
        reading.problems.warning("market-lunar-assumed", sheet=reading.sheet, count=assumed)


def calendar(reading: Reading) -> None:
    """Days as a planner imports them are the official ones."""
    for row in reading.sound():
        row.values.setdefault("name", "")


def _find_village(row: Row, reading: Reading) -> None:
    code, name = row.values.pop("village_code", ""), row.values.pop("village", "")
    town = row.values.pop("town", "")
    if row.flawed & {"village_code", "village"} or not (code or name):
        return
    key = "village_code" if code else "village"
    try:
        village = reading.reference.village(code, name, town)
    except Fault as fault:
        reading.error(fault.code, row, key, **fault.facts)
        return
    row.values["village"] = village.code
    if code and name and plain(name) != plain(village.name):
        try:
            agrees = reading.reference.village(name=name, town=town).code == code
        except Fault as fault:
            agrees = fault.code == "village-ambiguous"
        if not agrees:
            reading.warning("village-name-differs", row, "village", other=village.name)


def take_pairs(reading: Reading) -> tuple[list[Row], list[tuple[float, float]]]:
    """Rows that give a point, and the pair as written; the cells leave the values."""
    rows: list[Row] = []
    pairs: list[tuple[float, float]] = []
    for row in reading.rows:
        point = row.values.pop("point", None)
        lon, lat = row.values.pop("lon", None), row.values.pop("lat", None)
        if lon is not None and lat is not None:
            point = (lon, lat)
        elif point is None and (lon is None) != (lat is None) and not row.flawed & {"lon", "lat"}:
            reading.error("point-half", row, "lat" if lat is None else "lon")
        if point is not None:
            rows.append(row)
            pairs.append(point)
    return rows, pairs


def _find_points(reading: Reading) -> None:
    rows, pairs = take_pairs(reading)
    outlines = Outlines(list(reading.reference.villages.values()))
    claimed = [str(row.values.get("village", "")) for row in rows]
    placed = place(np.array(pairs), claimed, outlines, declared=reading.datum)
    reading.decision = placed.decision if rows else None
    for index, row in enumerate(rows):
        lon, lat = (float(degree) for degree in placed.lonlat[index])
        key = "lon" if "lon" in row.cells else "point"
        if np.isnan(lon):
            reading.error("point-unreadable", row, key)
            continue
        row.values |= {"lon": lon, "lat": lat, "raw_point": _raw(pairs[index], placed.decision)}
        outside_m = placed.outside_m[index]
        if outside_m > FAR_OUTSIDE_M:
            far_km = (
                "> 500" if np.isinf(outside_m) or outside_m > 5e5 else f"{outside_m / 1000:.1f}"
            )
            reading.error("point-outside-district", row, key, distance_km=far_km)
        elif outside_m > 0:
            reading.warning("point-near-border", row, key, distance_m=round(outside_m))
        elif placed.inside[index] not in ("", claimed[index]) and claimed[index]:
            known = reading.reference.villages
            reading.warning(
                "point-other-village",
                row,
                key,
                found=known[placed.inside[index]].name,
                claimed=known[claimed[index]].name,
            )
    if placed.swapped.any():
        first = rows[int(np.argmax(placed.swapped))].number
        reading.problems.warning(
            "points-swapped", sheet=reading.sheet, row=first, count=int(placed.swapped.sum())
        )
    missing = len(reading.rows) - len(rows)
    if missing:
        reading.problems.warning("points-missing", sheet=reading.sheet, count=missing)
    if rows and not outlines:
        reading.problems.warning("boundaries-missing", sheet=reading.sheet)
    if rows:
        _say_decision(placed.decision, reading)


def _say_decision(decision: Decision, reading: Reading) -> None:
    """Warn of a datum that was guessed, or declared against the evidence."""
    if decision.voters < VOTERS_HEARD and decision.decided_by != "declared":
        return
    if not decision.voters:
        return
    (best, best_share), (_, second_share) = decision.ranked[:2]
    percent = {system: round(100 * share) for system, share in decision.shares.items()}
    if decision.decided_by == "voted" and decision.system != WGS:
        reading.problems.warning(
            "datum-voted",
            sheet=reading.sheet,
            system=SYSTEM_NAMES[decision.system],
            percent=round(100 * best_share),
            second=round(100 * second_share),
            count=decision.voters,
        )
    elif decision.decided_by == "assumed" and percent[WGS] < 90:
        reading.problems.warning(
            "datum-unclear",
            sheet=reading.sheet,
            system=SYSTEM_NAMES[decision.system],
            wgs84=percent["wgs84"],
            gcj02=percent["gcj02"],
            bd09=percent["bd09"],
        )
    elif decision.decided_by == "declared" and decision.is_clear and best != decision.system:
        reading.problems.warning(
            "datum-suspect",
            sheet=reading.sheet,
            system=SYSTEM_NAMES[decision.system],
            other=SYSTEM_NAMES[best],
            percent=percent[decision.system],
            second=percent[best],
        )


def _find_twins(reading: Reading) -> None:
    """Ask about households of one village and name that lie at the same door."""
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in reading.rows:
        if row.values.get("name") and "lon" in row.values:
            groups[row.values.get("village", ""), row.values["name"]].append(row)
    for twins in groups.values():
        for index, row in enumerate(twins[1:], start=1):
            here = [row.values["lon"], row.values["lat"]]
            others = [[one.values["lon"], one.values["lat"]] for one in twins[:index]]
            km = great_circle_km(here, others)
            nearest = int(np.argmin(km))
            other = twins[nearest]
            if km[nearest] < SAME_DOOR_KM and other.values.get("number") != row.values.get(
                "number"
            ):
                reading.warning(
                    "household-maybe-twice",
                    row,
                    "name",
                    other_row=other.number,
                    distance_m=round(1000 * float(km[nearest])),
                )


def _raw(pair: tuple[float, float], decision: Decision) -> dict[str, Any]:
    return {
        "x": pair[0],
        "y": pair[1],
        "system": decision.system,
        "decided_by": decision.decided_by,
    }


def middle_of(geometries: list[shapely.Geometry]) -> tuple[float, float]:
    """A point amid outlines, degrees, rounded to about ten metres."""
    middles = shapely.get_coordinates(shapely.point_on_surface(np.array(geometries, dtype=object)))
    lon, lat = middles.mean(axis=0)
    return round(float(lon), 4), round(float(lat), 4)
