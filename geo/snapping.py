"""
From a door to the nearest usable road, and how far that is.

A door meets the road at the nearest point of the nearest open edge that belongs to the
largest connected network; the rest is walked. Doors farther than ``FAR_M`` are shown for
checking, beyond ``BEYOND_M`` a door counts as not connected.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.crs import MetricPlane
from geo.edges import RoadEdges

SNAPPING_VERSION = 1
FAR_M = 300.0
BEYOND_M = 3000.0
NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Snapped:
    """
    Where n doors meet the road.

    Parameters
    ----------
    edge
        Shape (n,): edge of the network; ``NOWHERE`` when none is near enough.
    share
        Shape (n,): 0 at the tail to 1 at the head of that edge.
    walk_m
        Shape (n,), metres from the road to the door in a straight line; inf for nowhere.
    lonlat
        Shape (n, 2), degrees: the point on the road; NaN for nowhere.
    """

    edge: NDArray[np.int64]
    share: NDArray[np.float64]
    walk_m: NDArray[np.float64]
    lonlat: NDArray[np.float64]

    @property
    def connected(self) -> NDArray[np.bool_]:
        """Doors with a road, shape (n,)."""
        met: NDArray[np.bool_] = self.edge != NOWHERE
        return met

    @property
    def far(self) -> NDArray[np.bool_]:
        """Doors to be checked on the map, shape (n,): more than ``FAR_M`` from a road."""
        return self.walk_m > FAR_M


class Snapper:
    """
    Finds the nearest of some edges.

    Parameters
    ----------
    edges
        The whole network.
    usable
        Shape (m,): the edges a door may meet.
    plane
        Where metres are measured.
    """

    def __init__(self, edges: RoadEdges, usable: NDArray[np.bool_], plane: MetricPlane) -> None:
        self._plane = plane
        self._number = np.flatnonzero(usable)
        xy = plane.to_m(edges.lonlat)
        sizes = np.diff(edges.offsets)
        owner = np.repeat(np.arange(len(edges)), sizes)
        kept = usable[owner]
        position = np.cumsum(usable) - 1
        self._lines = (
            shapely.linestrings(xy[kept], indices=position[owner[kept]])
            if len(self._number)
            else np.empty(0, dtype=object)
        )
        self._tree = shapely.STRtree(self._lines)

    def snap(self, lonlat: NDArray[np.float64]) -> Snapped:
        """Meet the road from each point, shape (n, 2), degrees ``lon, lat``."""
        n = len(lonlat)
        edge = np.full(n, NOWHERE, dtype=np.int64)
        share, walk_m = np.zeros(n), np.full(n, np.inf)
        on_road = np.full((n, 2), np.nan)
        if n and len(self._number):
            doors = shapely.points(self._plane.to_m(lonlat))
            (at, line), distance = self._tree.query_nearest(
                doors, max_distance=BEYOND_M, return_distance=True, all_matches=False
            )
            lines = self._lines[line]
            edge[at] = self._number[line]
            walk_m[at] = distance
            share[at] = shapely.line_locate_point(lines, doors[at], normalized=True)
            meeting = shapely.line_interpolate_point(lines, share[at], normalized=True)
            on_road[at] = self._plane.to_lonlat(shapely.get_coordinates(meeting))
        return Snapped(edge=edge, share=share, walk_m=walk_m, lonlat=on_road)
