"""
Between WGS-84 and the shifted datums of Chinese map services.

GCJ-02 (Amap, Tencent, Google in China) moves a place by some 300 to 700 m, BD-09 (Baidu)
by another 900 m. The shift is a published formula, defined inside China only; elsewhere
a place stays where it is. Its inverse has no formula and is found by fixed-point steps:
round trips end within 0.1 mm. How well the formula agrees with a given service is not
known better than about a metre.
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

INVERSE_STEPS = 4
"""Three leave 1.3 mm somewhere in China, four less than 0.1 mm."""

SEMI_MAJOR_M = 6378245.0
ECCENTRICITY_SQUARED = 0.00669342162296594323
BAIDU_PI = np.pi * 3000 / 180


_Shift = Callable[[NDArray[np.float64]], NDArray[np.float64]]


class Datum(StrEnum):
    """What the degrees of a coordinate refer to."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def convert(lonlat: ArrayLike, source: Datum, target: Datum) -> NDArray[np.float64]:
    """
    Degrees in another datum.

    Parameters
    ----------
    lonlat
        Shape (n, 2), degrees ``lon, lat``.
    source, target
        What they refer to, and shall refer to.

    Returns
    -------
    NDArray
        Shape (n, 2), degrees ``lon, lat``.
    """
    points = np.array(lonlat, dtype=np.float64).reshape(-1, 2)
    if source == target:
        return points
    if source is Datum.BD09:
        points = _inverse(points, _gcj_to_bd)
    if source is Datum.WGS84:
        points = _wgs_to_gcj(points)
    if target is Datum.WGS84:
        return _inverse(points, _wgs_to_gcj)
    return _gcj_to_bd(points) if target is Datum.BD09 else points


def in_china(lonlat: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Whether the shift is defined at places, shape (n, 2): the services' own rectangle."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    inside: NDArray[np.bool_] = (lon > 72.004) & (lon < 137.8347) & (lat > 0.8293) & (lat < 55.8271)
    return inside


def _inverse(shifted: NDArray[np.float64], shift: _Shift) -> NDArray[np.float64]:
    guess = shifted.copy()
    for _ in range(INVERSE_STEPS):
        guess -= shift(guess) - shifted
    return guess


def _wgs_to_gcj(points: NDArray[np.float64]) -> NDArray[np.float64]:
    x, y = points[:, 0] - 105.0, points[:, 1] - 35.0
    root = np.sqrt(np.abs(x))
    common = 2 / 3 * (20 * np.sin(6 * np.pi * x) + 20 * np.sin(2 * np.pi * x))
    north_m = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north_m += 2 / 3 * (20 * np.sin(np.pi * y) + 40 * np.sin(np.pi * y / 3))
    north_m += 2 / 3 * (160 * np.sin(np.pi * y / 12) + 320 * np.sin(np.pi * y / 30))
    east_m = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east_m += 2 / 3 * (20 * np.sin(np.pi * x) + 40 * np.sin(np.pi * x / 3))
    east_m += 2 / 3 * (150 * np.sin(np.pi * x / 12) + 300 * np.sin(np.pi * x / 30))

    lat = np.radians(points[:, 1])
    bend = 1 - ECCENTRICITY_SQUARED * np.sin(lat) ** 2
    meridian_m = SEMI_MAJOR_M * (1 - ECCENTRICITY_SQUARED) / bend**1.5
    parallel_m = SEMI_MAJOR_M / np.sqrt(bend) * np.cos(lat)
    moved = points + np.degrees(np.column_stack([east_m / parallel_m, north_m / meridian_m]))
    return np.where(in_china(points)[:, None], moved, points)


def _gcj_to_bd(points: NDArray[np.float64]) -> NDArray[np.float64]:
    lon, lat = points[:, 0], points[:, 1]
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BAIDU_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BAIDU_PI)
    moved = np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])
    return np.where(in_china(points)[:, None], moved, points)
