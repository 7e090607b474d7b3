"""Base layers of every map: village boundaries with names, and roads."""

import hashlib
import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import shapely
from sqlalchemy.orm import Session

from data.store.regions import load_regions, load_shapes
from data.store.roads import current_roads, load_edges
from geo.areas import simplified_coverage
from geo.edges import RoadEdges
from geo.speeds import ROAD_CLASSES

PLACES = 5  # decimals of a degree: about a metre
VILLAGE_TOLERANCE_M = 10.0
ROAD_TOLERANCE_DEG = 0.00005  # about five metres
LARGE = {
    "major": ("motorway", "trunk", "primary", "secondary"),
    "middle": ("tertiary", "unclassified"),
}
SMALL = {"minor": ("residential", "living_street", "service", "track")}
KEPT_ROADS = 4
KEPT_OUTLINES = 4

_drawn_roads: dict[tuple[str, bool], list[dict[str, Any]]] = {}  # by content: never stale


def villages(session: Session) -> dict[str, Any]:
    """
    Return villages as GeoJSON, WGS-84 ``lon, lat``: code, name, town; ``synthetic`` if invented.

    The boundaries are simplified as one coverage, so that neighbours keep their common border.
    """
    regions = load_regions(session)
    shapes = load_shapes(session)
    listed = [region for region in regions.values() if region.code in shapes]
    return outlines(
        [(one.code, one.name, _town(regions, one.parent_id), shapes[one.code]) for one in listed],
        synthetic=any(region.synthetic_shape for region in listed),
    )


def outlines(
    places: Sequence[tuple[str, str, str, shapely.Geometry]], *, synthetic: bool
) -> dict[str, Any]:
    """
    Return villages as the layer of ``villages``, stored or not.

    Parameters
    ----------
    places
        Code, name, name of the town, outline in degrees (WGS-84).
    """
    drawn = _simplified(tuple(shapely.to_wkb([shape for _, _, _, shape in places])))
    return {
        "type": "FeatureCollection",
        "synthetic": synthetic,
        "features": [
            {
                "type": "Feature",
                "id": code,
                "properties": {"code": code, "name": name, "town": town},
                "geometry": shape,
            }
            for (code, name, town, _), shape in zip(places, drawn, strict=True)
        ],
    }


def roads(session: Session, *, detail: bool) -> dict[str, Any]:
    """
    Return roads for drawing, WGS-84 ``lon, lat``: one feature a rank, each many lines.

    Parameters
    ----------
    detail
        False: the roads that order a district. True: the small ones, for zoomed maps.
    """
    graph = current_roads(session)
    if graph is None:
        return {"type": "FeatureCollection", "features": []}
    key = (graph.content_hash, detail)
    if key not in _drawn_roads:
        if len(_drawn_roads) >= KEPT_ROADS:
            _drawn_roads.clear()
        _drawn_roads[key] = _road_features(load_edges(session, graph.id), detail)
    return {"type": "FeatureCollection", "features": _drawn_roads[key]}


def road_attribution(session: Session) -> str:
    """Return whom the roads are owed to; empty without roads."""
    graph = current_roads(session)
    return graph.attribution if graph is not None else ""


def etag(value: Any) -> str:
    """Return the hash of a JSON value."""
    packed = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(packed.encode()).hexdigest()[:20]


def _town(regions: dict[int, Any], parent_id: int | None) -> str:
    parent = regions.get(parent_id) if parent_id is not None else None
    return parent.name if parent is not None and parent.kind == "town" else ""


@lru_cache(maxsize=KEPT_OUTLINES)
def _simplified(wkbs: tuple[bytes, ...]) -> list[Any]:
    """Simplify outlines for drawing: nine tenths of the work of a page with a map."""
    simple = simplified_coverage(shapely.from_wkb(wkbs), tolerance_m=VILLAGE_TOLERANCE_M)
    rounded = shapely.set_precision(simple, 10**-PLACES, mode="pointwise")
    return [json.loads(text) for text in shapely.to_geojson(rounded)]


def _road_features(edges: RoadEdges, detail: bool) -> list[dict[str, Any]]:
    features = []
    for rank, classes in (SMALL if detail else LARGE).items():
        chosen = np.flatnonzero(np.isin(edges.road_class, [ROAD_CLASSES.index(c) for c in classes]))
        lines = [
            shapely.LineString(edges.lonlat[edges.offsets[e] : edges.offsets[e + 1]])
            for e in chosen
        ]
        merged = shapely.line_merge(shapely.MultiLineString(lines))
        simple = shapely.simplify(merged, ROAD_TOLERANCE_DEG, preserve_topology=False)
        drawn = shapely.set_precision(simple, 10**-PLACES, mode="pointwise")
        if not drawn.is_empty:
            features.append(
                {
                    "type": "Feature",
                    "properties": {"rank": rank},
                    "geometry": json.loads(shapely.to_geojson(drawn)),
                }
            )
    return features
