"""
The outlines of villages: which one holds a place, and whether they fit together.

Outlines are polygons in degrees ``lon, lat`` (WGS-84) that should form a coverage:
neighbours share their border, nothing overlaps, nothing is left between. What breaks
this is named with its size in square metres; repair is a separate step, since it moves
borders.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.crs import MetricPlane
from geo.travel import as_lonlat

OUTSIDE = -1
LEAST_OVERLAP_M2 = 1.0
LEAST_GAP_M2 = 1.0
Shapes = NDArray[Any]
"""Geometries, shape (n,), dtype object."""


class Areas:
    """
    Finds the area of a place.

    Parameters
    ----------
    shapes
        Valid polygons, degrees; areas are known by their position here.
    """

    def __init__(self, shapes: ArrayLike) -> None:
        self.shapes: Shapes = np.asarray(shapes, dtype=object)
        self._tree = shapely.STRtree(self.shapes)
        self._plane: MetricPlane | None = None
        if len(self.shapes):
            self._plane = MetricPlane.around(shapely.get_coordinates(self.shapes))
            self._tree_m = shapely.STRtree(self._plane.shapes_to_m(self.shapes))

    def locate(self, lonlat: ArrayLike) -> NDArray[np.int64]:
        """
        Area that holds each point; on a shared border the first of them.

        Parameters
        ----------
        lonlat
            Shape (n, 2), degrees.

        Returns
        -------
        NDArray
            Shape (n,): position of the area, or ``OUTSIDE``.
        """
        points = as_lonlat(lonlat)
        found = np.full(len(points), OUTSIDE, dtype=np.int64)
        at, area = self._tree.query(shapely.points(points), predicate="intersects")
        order = np.lexsort((-area, at))  # the last writer is the first area
        found[at[order]] = area[order]
        return found

    def nearest(
        self, lonlat: ArrayLike, *, within_m: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """
        Nearest area to each point, with its distance: for a person to confirm.

        Parameters
        ----------
        lonlat
            Shape (n, 2), degrees.
        within_m
            Areas farther than this are not looked at.

        Returns
        -------
        area, distance_m
            Shape (n,) each; ``OUTSIDE`` and inf when none is near enough, 0 m inside.
        """
        points = as_lonlat(lonlat)
        area = np.full(len(points), OUTSIDE, dtype=np.int64)
        distance_m = np.full(len(points), np.inf)
        if self._plane is not None and len(points):
            places = self._plane.to_m(points)
            # A place on the other side of the earth has none in this plane.
            real = np.flatnonzero(np.isfinite(places).all(axis=1))
            (at, near), found_m = self._tree_m.query_nearest(
                shapely.points(places[real]),
                max_distance=within_m,
                return_distance=True,
                all_matches=False,
            )
            area[real[at]], distance_m[real[at]] = near, found_m
        return area, distance_m


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two areas that cover the same ground; ``share`` is of the smaller one, 0 to 1."""

    one: int
    other: int
    area_m2: float
    share: float


def overlaps(shapes: ArrayLike, *, least_m2: float = LEAST_OVERLAP_M2) -> list[Overlap]:
    """Pairs of valid polygons (degrees) that overlap by at least some square metres."""
    polygons = np.asarray(shapes, dtype=object)
    if len(polygons) < 2:
        return []
    flat = MetricPlane.around(shapely.get_coordinates(polygons)).shapes_to_m(polygons)
    one, other = shapely.STRtree(flat).query(flat, predicate="intersects")
    one, other = one[one < other], other[one < other]
    common_m2 = shapely.area(shapely.intersection(flat[one], flat[other]))
    size_m2 = shapely.area(flat)
    return [
        Overlap(int(i), int(j), float(m2), float(m2 / min(size_m2[i], size_m2[j])))
        for i, j, m2 in zip(one, other, common_m2, strict=True)
        if m2 >= least_m2
    ]


def gaps(shapes: ArrayLike, *, least_m2: float = LEAST_GAP_M2) -> list[tuple[Any, float]]:
    """Holes between valid polygons (degrees): each as a polygon, with its square metres."""
    polygons = np.asarray(shapes, dtype=object)
    if not len(polygons):
        return []
    plane = MetricPlane.around(shapely.get_coordinates(polygons))
    whole = shapely.union_all(plane.shapes_to_m(polygons))
    holes = [
        shapely.polygons(ring)
        for part in shapely.get_parts(whole)
        for ring in shapely.get_rings(part)[1:]
    ]
    # A hole of one village, such as a lake it leaves out, is its own decision.
    own = shapely.union_all(
        [shapely.polygons(r) for p in polygons for q in shapely.get_parts(p) for r in _holes(q)]
    )
    named = plane.shapes_to_m([own])[0]
    found = [(hole, float(shapely.area(hole))) for hole in holes]
    return [
        (plane.shapes_to_lonlat([hole])[0], m2)
        for hole, m2 in found
        if m2 >= least_m2 and not shapely.covers(shapely.buffer(named, 0.01), hole)
    ]


def _holes(polygon: Any) -> Sequence[Any]:
    rings: Sequence[Any] = shapely.get_rings(polygon)[1:]
    return rings


def repaired(shape: Any) -> tuple[Any, float]:
    """
    Make one outline valid, flat and all polygon.

    Parameters
    ----------
    shape
        Any geometry, degrees.

    Returns
    -------
    shape, change
        Valid Polygon or MultiPolygon (empty when there is no area in it), and how much its
        area changed: 0.02 is two percent, measured on the outline as it was drawn.
    """
    flat = shapely.force_2d(shape)
    before = float(shapely.area(flat))
    valid = flat if shapely.is_valid(flat) else shapely.make_valid(flat, method="structure")
    parts = shapely.get_parts(shapely.get_parts(valid))
    polygons = [part for part in parts if shapely.get_type_id(part) == POLYGON]
    whole = polygons[0] if len(polygons) == 1 else shapely.MultiPolygon(polygons)
    after = float(shapely.area(whole))
    return whole, abs(after - before) / max(before, after, 1e-300)


POLYGON = int(shapely.GeometryType.POLYGON)


def cleaned_coverage(shapes: ArrayLike) -> Shapes:
    """Close gaps and overlaps between polygons (degrees); it moves borders, so ask first."""
    polygons = np.asarray(shapes, dtype=object)
    plane = MetricPlane.around(shapely.get_coordinates(polygons))
    return plane.shapes_to_lonlat(shapely.coverage_clean(plane.shapes_to_m(polygons)))


def simplified_coverage(shapes: ArrayLike, *, tolerance_m: float) -> Shapes:
    """
    Fewer bends, for a small map; neighbours keep sharing their border.

    Polygons (degrees) that overlap share no border and come back as they are.
    """
    polygons = np.asarray(shapes, dtype=object)
    if not len(polygons) or not shapely.coverage_is_valid(polygons):
        return polygons
    plane = MetricPlane.around(shapely.get_coordinates(polygons))
    simple = shapely.coverage_simplify(plane.shapes_to_m(polygons), tolerance_m)
    return plane.shapes_to_lonlat(simple)


def dissolved(shapes: ArrayLike, keys: Sequence[Hashable]) -> dict[Hashable, Any]:
    """Outline of each group, such as of a town from its villages, in order of appearance."""
    polygons = np.asarray(shapes, dtype=object)
    groups: dict[Hashable, list[int]] = {}
    for position, key in enumerate(keys):
        groups.setdefault(key, []).append(position)
    return {key: shapely.union_all(polygons[members]) for key, members in groups.items()}
