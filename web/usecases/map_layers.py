"""Base layers of every map: village boundaries with names, and roads."""

import hashlib
import json
from typing import Any

import shapely

from data.db import Database
from data.store.regions import load_regions, load_shapes

PLACES = 5  # decimals of a degree: about a metre


def villages(database: Database) -> dict[str, Any]:
    """
    Return villages as GeoJSON, WGS-84 ``lon, lat``: code, name, town, whether the shape is invented.

    The boundaries are simplified as one coverage, so that neighbours keep their common border.
    """
    with database.read() as session:
        regions = load_regions(session)
        shapes = load_shapes(session)
    listed = [region for region in regions.values() if region.code in shapes]
    drawn = _simplified([shapes[region.code] for region in listed])
    return {
        "type": "FeatureCollection",
        "synthetic": any(region.synthetic_shape for region in listed),
        "features": [
            {
                "type": "Feature",
                "id": region.code,
                "properties": {
                    "code": region.code,
                    "name": region.name,
                    "town": _town(regions, region.parent_id),
                },
                "geometry": shape,
            }
            for region, shape in zip(listed, drawn, strict=True)
        ],
    }


def outlines(database: Database) -> dict[str, Any]:
    """Return the same boundaries with the code as the only property, as Folium may have them."""
    collection = villages(database)
    return {
        "type": "FeatureCollection",
        "features": [
            {**feature, "properties": {"code": feature["properties"]["code"]}}
            for feature in collection["features"]
        ],
    }


def etag(value: Any) -> str:
    """Return the hash of a JSON value."""
    packed = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(packed.encode()).hexdigest()[:20]


def _town(regions: dict[int, Any], parent_id: int | None) -> str:
    parent = regions.get(parent_id) if parent_id is not None else None
    return parent.name if parent is not None and parent.kind == "town" else ""


def _simplified(shapes: list[shapely.Geometry], tolerance_deg: float = 0.0001) -> list[Any]:
    if not shapes:
        return []
    if shapely.coverage_is_valid(shapes):
        shapes = list(shapely.coverage_simplify(shapes, tolerance_deg))
    rounded = shapely.set_precision(shapes, 10**-PLACES, mode="pointwise")
    return [json.loads(text) for text in shapely.to_geojson(rounded)]
