"""
How long it takes from one place to another, in minutes.

A place is the name of its node and its point. Two ways are known: a straight line with a
detour factor, and a matrix made elsewhere (by road), which need not be symmetric.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from scheduler.calendar import MINUTES_PER_DAY, require_amount
from scheduler.errors import InvalidProblem

EARTH_KM = 6371.0088
NO_ROAD_MIN = 1e9
"""Minutes written for a pair of places without a way between them."""

SLOWEST_KMH = 0.1
MOST_DETOUR = 100

BLOCK_PLACES = 500_000
"""Legs of a straight line that are computed at a time: what lies between them takes room."""

Place = tuple[str, tuple[float, float]]
"""Node name, and longitude and latitude in degrees."""


class Travel(Protocol):
    """Minutes between places."""

    def minutes(self, origin: Place, destination: Place) -> float:
        """Minutes of one leg."""

    def block(self, origins: Sequence[Place], destinations: Sequence[Place]) -> NDArray[np.float64]:
        """Minutes of all legs, shape (origins, destinations), row = from."""

    def to_json(self) -> dict[str, Any]:
        """Write the `travel` object of ``zoufang-problem/1``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTravel:
    """
    Straight line times a detour factor, plus a fixed time; zero between equal points.

    Parameters
    ----------
    speed_kmh
        At least 0.1.
    detour
        Road kilometres per kilometre of great circle. From 0 to 100.
    fixed_min
        Minutes added to each leg. From 0 to 1,440.
    """

    speed_kmh: float = 25.0
    detour: float = 1.35
    fixed_min: float = 2.0

    def __post_init__(self) -> None:
        if not self.speed_kmh > 0:
            raise InvalidProblem(
                "not-positive", "speed_kmh", self.speed_kmh, "Write more than 0 km/h."
            )
        if not SLOWEST_KMH <= self.speed_kmh < math.inf:
            raise InvalidProblem(
                "out-of-range", "speed_kmh", self.speed_kmh, f"Write {SLOWEST_KMH} km/h or more."
            )
        require_amount(self.detour, "detour", MOST_DETOUR)
        require_amount(self.fixed_min, "fixed_min", MINUTES_PER_DAY)

    def minutes(self, origin: Place, destination: Place) -> float:
        """Minutes of one leg."""
        if origin[1] == destination[1]:
            return 0.0
        km = great_circle_km(origin[1], destination[1])
        return self.fixed_min + self.detour * km / self.speed_kmh * 60

    def block(self, origins: Sequence[Place], destinations: Sequence[Place]) -> NDArray[np.float64]:
        """Minutes of all legs, shape (origins, destinations)."""
        a = np.radians(np.array([p for _, p in origins], float).reshape(-1, 1, 2))
        b = np.radians(np.array([p for _, p in destinations], float).reshape(1, -1, 2))
        minutes = np.empty((len(origins), len(destinations)))
        rows = max(1, BLOCK_PLACES // max(1, len(destinations)))
        for first in range(0, len(origins), rows):
            minutes[first : first + rows] = self._legs(a[first : first + rows], b)
        return minutes

    def _legs(self, a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
        """Minutes between points in radians, shapes (m, 1, 2) and (1, n, 2)."""
        d = b - a
        h = (
            np.sin(d[..., 1] / 2) ** 2
            + np.cos(a[..., 1]) * np.cos(b[..., 1]) * np.sin(d[..., 0] / 2) ** 2
        )
        km = 2 * EARTH_KM * np.arcsin(np.sqrt(h))
        minutes = self.fixed_min + self.detour * km / self.speed_kmh * 60
        minutes[(a == b).all(-1)] = 0.0
        return np.asarray(minutes, np.float64)

    def to_json(self) -> dict[str, Any]:
        """Write the `travel` object of ``zoufang-problem/1``."""
        return {
            "kind": "line",
            "speed_kmh": self.speed_kmh,
            "detour": self.detour,
            "fixed_min": self.fixed_min,
        }


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatrixTravel:
    """
    Minutes from a matrix made elsewhere.

    Parameters
    ----------
    nodes
        Names ``base:CADRE`` and ``household:HOUSEHOLD``, in the order of the matrix.
    matrix
        Minutes, shape (n, n), row = from; infinite where there is no way.
    """

    nodes: tuple[str, ...]
    matrix: NDArray[np.float64]
    _row: dict[str, int] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        n = len(self.nodes)
        if self.matrix.shape != (n, n):
            raise InvalidProblem(
                "not-square", "minutes", self.matrix.shape, f"Write {n} rows of {n} numbers."
            )
        bad = ~(self.matrix >= 0)
        if bad.any():
            i, j = (int(k) for k in np.argwhere(bad)[0])
            raise InvalidProblem(
                "not-a-travel-time",
                f"minutes[{i}][{j}]",
                float(self.matrix[i, j]),
                "Write minutes, 0 or more; null where there is no way.",
            )
        row = {name: i for i, name in enumerate(self.nodes)}
        if len(row) != n:
            twice = next(name for i, name in enumerate(self.nodes) if row[name] != i)
            raise InvalidProblem("duplicate-id", "nodes", twice, "Name each node once.")
        object.__setattr__(self, "_row", row)

    def knows(self, node: str) -> bool:
        """Whether a node is in the matrix."""
        return node in self._row

    def minutes(self, origin: Place, destination: Place) -> float:
        """Minutes of one leg."""
        return float(self.matrix[self._row[origin[0]], self._row[destination[0]]])

    def block(self, origins: Sequence[Place], destinations: Sequence[Place]) -> NDArray[np.float64]:
        """Minutes of all legs, shape (origins, destinations)."""
        rows = [self._row[name] for name, _ in origins]
        columns = [self._row[name] for name, _ in destinations]
        return np.array(self.matrix[np.ix_(rows, columns)], np.float64)

    def to_json(self) -> dict[str, Any]:
        """Write the `travel` object of ``zoufang-problem/1``."""
        written = np.minimum(self.matrix, NO_ROAD_MIN)
        return {"kind": "matrix", "nodes": list(self.nodes), "minutes": written.tolist()}


def great_circle_km(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Kilometres along the great circle between two points, degrees lon, lat."""
    la, lb = math.radians(a[1]), math.radians(b[1])
    h = (
        math.sin((lb - la) / 2) ** 2
        + math.cos(la) * math.cos(lb) * math.sin(math.radians(b[0] - a[0]) / 2) ** 2
    )
    return 2 * EARTH_KM * math.asin(math.sqrt(h))
