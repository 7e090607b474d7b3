"""The map of an import: outlines and points as they would be stored, and as they might be."""

import math
from typing import Any

import numpy as np

from data.importing.examination import Examination, Part
from data.importing.points import Outlines, place
from data.importing.reading import Row
from geo.datum import Datum
from web.usecases import map_layers

SITES = ("households", "enterprises")
INSIDE, OTHER, OUTSIDE = 0, 1, 2
"""Status of a point: in the village it names, in another one, in none."""


def has_map(found: Examination) -> bool:
    """Whether there is anything to draw."""
    return any(_sites(part) or part.villages or part.roads for part in found.parts)


def outlines(found: Examination) -> dict[str, Any]:
    """Villages, stored ones and those of the import, as a layer."""
    known = [one for one in found.reference.villages.values() if one.geometry is not None]
    return map_layers.outlines(
        [(one.code, one.name, one.town_name, one.geometry) for one in known],
        synthetic=any(one.is_synthetic for one in known),
    )


def systems(found: Examination) -> list[str]:
    """Coordinate systems worth comparing; none where no point was given."""
    return [datum.value for datum in Datum] if any(_sites(part) for part in found.parts) else []


def points(found: Examination, *, datum: str = "") -> dict[str, Any]:
    """
    Points as rows ``[id, lon, lat, status]`` with their names.

    Parameters
    ----------
    datum
        Show them as if they were given in this system; by default as they would be stored.
    """
    shapes = Outlines(list(found.reference.villages.values()))
    rows: list[list[Any]] = []
    names: list[list[Any]] = []
    for part in found.parts:
        sites = _sites(part)
        if not sites:
            continue
        pairs = np.array([_pair(values) for _, values in sites])
        claimed = [str(values.get("village", "")) for _, values in sites]
        chosen = datum or _stored_system(part)
        placed = place(pairs, claimed, shapes, declared=chosen)
        for (number, values), (lon, lat), inside, village in zip(
            sites, placed.lonlat.tolist(), placed.inside, claimed, strict=True
        ):
            if math.isnan(lon):  # no place at all
                continue
            strays = bool(village) and inside != village
            status = OUTSIDE if shapes and not inside else OTHER if strays else INSIDE
            rows.append([len(rows), round(lon, 6), round(lat, 6), status if shapes else INSIDE])
            names.append([part.upload.name, number, values.get("number", "")])
    counts = [sum(row[3] == status for row in rows) for status in (INSIDE, OTHER, OUTSIDE)]
    return {"rows": rows, "names": names, "counts": counts}


def _stored_system(part: Part) -> str:
    if part.reading is None or part.reading.decision is None:
        return Datum.WGS84.value
    return part.reading.decision.system


def _sites(part: Part) -> list[tuple[int, dict[str, Any]]]:
    """Row numbers and values of sites with a point, also of rows with errors elsewhere."""
    if part.households:
        return [(index + 1, row) for index, row in enumerate(part.households)]
    if part.reading is None or part.upload.kind not in SITES:
        return []
    return [(row.number, row.values) for row in part.reading.rows if _has_point(row)]


def _has_point(row: Row) -> bool:
    return "raw_point" in row.values


def _pair(values: dict[str, Any]) -> tuple[float, float]:
    raw = values.get("raw_point")
    return (raw["x"], raw["y"]) if raw else (values["lon"], values["lat"])
