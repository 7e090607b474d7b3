"""
Choose and apply the metric coordinate system of a district.

Stored coordinates are ``lon, lat`` in degrees, WGS-84. Metres exist only inside a
computation: in China in the 3-degree Gauss-Krüger zone of the district (CGCS2000 without
zone prefix, EPSG:4534 to 4554, 4548 at 117°E), elsewhere in its UTM zone. CGCS2000 and
WGS-84 are one for our purpose: PROJ transforms between them without a change.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from pyproj import Transformer

WGS84 = 4326
EARTH_RADIUS_KM = 6371.0088


def metric_epsg(lon_deg: float, lat_deg: float) -> int:
    """
    EPSG code of the metric system around a place.

    Parameters
    ----------
    lon_deg, lat_deg
        Middle of the district, degrees.

    Raises
    ------
    ValueError
        If the place is outside ±180 / ±84 degrees, where neither system is defined.
    """
    if not (-180 <= lon_deg <= 180 and -84 <= lat_deg <= 84):
        raise ValueError(
            f"Place ({lon_deg}, {lat_deg}) has no metric zone: expected longitude within ±180 and "
            "latitude within ±84. Check the order lon, lat."
        )
    if 73.5 <= lon_deg <= 136.5 and 3 <= lat_deg <= 54:
        return 4534 + (gauss_krueger_meridian(lon_deg) - 75) // 3
    zone = min(int((lon_deg + 180) // 6) + 1, 60)
    return (32600 if lat_deg >= 0 else 32700) + zone


def gauss_krueger_meridian(lon_deg: float) -> int:
    """Central meridian, degrees, of the 3-degree zone that holds a longitude."""
    return 3 * int(np.floor(lon_deg / 3 + 0.5))


@dataclass(frozen=True, slots=True)
class MetricPlane:
    """
    The plane in which one district is measured.

    Parameters
    ----------
    epsg
        A metric system, as from ``metric_epsg``.
    """

    epsg: int

    @classmethod
    def around(cls, lonlat: ArrayLike) -> "MetricPlane":
        """Plane of the middle of points, shape (n, 2), degrees ``lon, lat``."""
        points = np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)
        low, high = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
        lon, lat = (low + high) / 2
        return cls(metric_epsg(float(lon), float(lat)))

    def to_m(self, lonlat: ArrayLike) -> NDArray[np.float64]:
        """Easting and northing in metres, shape (n, 2), of degrees ``lon, lat``."""
        return _through(_transformer(WGS84, self.epsg), lonlat)

    def to_lonlat(self, xy_m: ArrayLike) -> NDArray[np.float64]:
        """Degrees ``lon, lat``, shape (n, 2), of metres; inverse of ``to_m``."""
        return _through(_transformer(self.epsg, WGS84), xy_m)

    def shapes_to_m(self, geometries: ArrayLike) -> NDArray[np.object_]:
        """Geometries in metres, of geometries in degrees ``lon, lat``."""
        moved = shapely.transform(np.asarray(geometries, dtype=object), self.to_m)
        return np.asarray(moved, dtype=object)

    def shapes_to_lonlat(self, geometries: ArrayLike) -> NDArray[np.object_]:
        """Geometries in degrees ``lon, lat``; inverse of ``shapes_to_m``."""
        moved = shapely.transform(np.asarray(geometries, dtype=object), self.to_lonlat)
        return np.asarray(moved, dtype=object)


def great_circle_km(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """
    Distance over the sphere (radius 6371.0088 km), broadcast over leading axes.

    Parameters
    ----------
    a, b
        Degrees ``lon, lat`` in the last axis, shape (..., 2).
    """
    lon_a, lat_a = np.moveaxis(np.radians(np.asarray(a, dtype=np.float64)), -1, 0)
    lon_b, lat_b = np.moveaxis(np.radians(np.asarray(b, dtype=np.float64)), -1, 0)
    h = (
        np.sin((lat_b - lat_a) / 2) ** 2
        + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    )
    distance: NDArray[np.float64] = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(h, 0, 1)))
    return distance


@lru_cache(maxsize=64)
def _transformer(source: int, target: int) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


def _through(transformer: Transformer, pairs: ArrayLike) -> NDArray[np.float64]:
    points = np.asarray(pairs, dtype=np.float64).reshape(-1, 2)
    x, y = transformer.transform(points[:, 0], points[:, 1])
    return np.column_stack([x, y])
