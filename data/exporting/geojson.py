"""A plan as a map layer: stops and days, without the name of any resident."""

import json
from collections import defaultdict
from typing import Any

from data.exporting.plan_rows import PlanRows, VisitRow
from data.exporting.plan_sheets import SYNTHETIC
from data.exporting.sheets import clock


def plan_geojson(rows: PlanRows) -> bytes:
    """
    Write one point for each household that is visited or lacks a visit, WGS-84.

    A file that leaves the house carries registry numbers only: no names, no addresses.
    """
    visits: dict[str, list[VisitRow]] = defaultdict(list)
    for visit in rows.visits:
        visits[visit.household].append(visit)
    features = [_feature(household, visits[household]) for household in sorted(visits)]
    document = {
        "type": "FeatureCollection",
        "name": rows.title,
        "first_day": rows.first_day.isoformat(),
        "last_day": rows.last_day.isoformat(),
        "note": SYNTHETIC if rows.is_synthetic else "",
        "features": [feature for feature in features if feature is not None],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _feature(household: str, visits: list[VisitRow]) -> dict[str, Any] | None:
    first = visits[0]
    if first.lon is None or first.lat is None:
        return None
    return {
        "type": "Feature",
        "id": household,
        "geometry": {"type": "Point", "coordinates": [first.lon, first.lat]},
        "properties": {
            "household": household,
            "kind": first.kind,
            "village_code": first.village_code,
            "village": first.village,
            "cadre": first.cadre_number,
            "visits": [
                {
                    "date": visit.day.isoformat(),
                    "start": clock(visit.start_min),
                    "end": clock(visit.end_min),
                    "order": visit.position,
                }
                for visit in visits
            ],
        },
    }
