"""
How long it takes from door to door: the one port for travel times.

Every source of times (roads, straight lines, a neighbouring road server) answers the
same questions in the same shape. A matrix comes from one source, which is named in the
plan: single cells are never filled in from another one, as their speeds differ. A pair
without a way is NaN, never zero; zero stands between identical points only.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.crs import great_circle_km
from geo.speeds import Mode

LEAST_MIN = 0.01
"""Shortest time between two different points, minutes; matrices are rounded to it."""

CELLS_PER_BLOCK = 4_000_000


class TravelMatrix(Protocol):
    """Minutes from door to door, and the way there."""

    @property
    def name(self) -> str:
        """Source, engine and version, as named in a plan."""
        ...

    def minutes(self, lonlat: ArrayLike, mode: Mode = Mode.CAR) -> NDArray[np.float64]:
        """
        Times between all pairs of points.

        Parameters
        ----------
        lonlat
            Shape (n, 2), degrees ``lon, lat`` (WGS-84).
        mode
            How one moves.

        Returns
        -------
        NDArray
            Shape (n, n), minutes, row = from; NaN = no way; zero for identical points only.
        """
        ...

    def path(self, a: ArrayLike, b: ArrayLike, mode: Mode = Mode.CAR) -> NDArray[np.float64]:
        """Points from ``a`` to ``b``, shape (k, 2), degrees ``lon, lat``; k = 0 when no way."""
        ...

    def cache_key(self, lonlat: ArrayLike, mode: Mode = Mode.CAR) -> str:
        """Hash of everything the matrix depends on; equal keys mean equal matrices."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class LineTravel:
    """
    Straight line times a detour factor: the fallback that always answers.

    Parameters
    ----------
    speed_kmh
        By mode, over the lengthened line. Above 0.
    detour
        Length of the way over length of the line; 1.4 until the district's own is known.
    fixed_min
        Minutes that every way between different points costs on top.
    """

    speed_kmh: dict[Mode, float] = field(
        default_factory=lambda: {Mode.CAR: 30.0, Mode.EBIKE: 18.0, Mode.FOOT: 4.0}
    )
    detour: float = 1.4
    fixed_min: float = 0.0

    def __post_init__(self) -> None:
        for mode, kmh in self.speed_kmh.items():
            if not kmh > 0:
                raise ValueError(f"speed_kmh of {mode} is {kmh}, must be above 0.")
        if not self.detour >= 1:
            raise ValueError(f"detour is {self.detour}, must be 1 or more.")
        if not self.fixed_min >= 0:
            raise ValueError(f"fixed_min is {self.fixed_min}, must be 0 or more.")

    @property
    def name(self) -> str:
        """As named in a plan."""
        return f"line x {self.detour:g}"

    def minutes(self, lonlat: ArrayLike, mode: Mode = Mode.CAR) -> NDArray[np.float64]:
        """See ``TravelMatrix.minutes``; every pair has a way."""
        points = as_lonlat(lonlat)
        result = np.empty((len(points), len(points)))
        block = max(1, CELLS_PER_BLOCK // max(1, len(points)))
        for low in range(0, len(points), block):
            rows = points[low : low + block, None, :]
            km = great_circle_km(rows, points[None, :, :])
            result[low : low + block] = (
                self.fixed_min + self.detour * km / self.speed_kmh[mode] * 60
            )
        return settled(result, points)

    def path(self, a: ArrayLike, b: ArrayLike, mode: Mode = Mode.CAR) -> NDArray[np.float64]:
        """The straight line itself, shape (2, 2)."""
        return as_lonlat(
            np.stack([np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)])
        )

    def cache_key(self, lonlat: ArrayLike, mode: Mode = Mode.CAR) -> str:
        """See ``TravelMatrix.cache_key``."""
        return content_key(
            "line", self.speed_kmh[mode], self.detour, self.fixed_min, as_lonlat(lonlat)
        )


def as_lonlat(lonlat: ArrayLike) -> NDArray[np.float64]:
    """
    Points as an array of shape (n, 2), checked.

    Raises
    ------
    ValueError
        If the shape is another, or a coordinate is no degree; it names the first such point.
    """
    points = np.asarray(lonlat, dtype=np.float64)
    if points.size == 0:
        return np.empty((0, 2))
    if points.ndim != 2 or points.shape[1] != 2:
        raise ValueError(f"Points have shape {points.shape}, expected (n, 2) with lon, lat.")
    bad = ~(np.abs(points) <= (180, 90)).all(axis=1)
    if bad.any():
        i = int(np.flatnonzero(bad)[0])
        raise ValueError(
            f"Point {i} is ({points[i, 0]}, {points[i, 1]}); expected degrees lon, lat within "
            "±180 and ±90."
        )
    return points


def settled(minutes: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """
    Round to hundredths, with zero between identical points and nowhere else.

    Parameters
    ----------
    minutes
        Shape (n, n); changed in place and returned. NaN stays NaN.
    points
        Shape (n, 2), degrees.
    """
    np.round(minutes, 2, out=minutes)
    np.fmax(minutes, LEAST_MIN, out=minutes, where=~np.isnan(minutes))
    _, place = np.unique(points, axis=0, return_inverse=True)
    order = np.argsort(place, kind="stable")
    starts = np.flatnonzero(np.diff(place[order], prepend=-1))
    for same in np.split(order, starts[1:]):
        minutes[np.ix_(same, same)] = 0.0
    return minutes


def unreachable(minutes: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points, shape (n,), have no way to or from most of the others."""
    n = len(minutes)
    gaps = np.isnan(minutes)
    cut: NDArray[np.bool_] = (gaps.sum(axis=0) * 2 > n) | (gaps.sum(axis=1) * 2 > n)
    return cut


def content_key(*parts: object) -> str:
    """Hash of numbers, texts and arrays in order; coordinates count to 1e-7 degrees (1 cm)."""
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(str(part.shape).encode())
            digest.update(np.round(part * 1e7).astype("<i8").tobytes())
        else:
            digest.update(repr(part).encode())
        digest.update(b"\x1f")
    return digest.hexdigest()
