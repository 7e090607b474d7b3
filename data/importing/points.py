"""
Place the points of a register: system, datum, order, and the village they fall into.

Numbers alone cannot tell WGS-84 from GCJ-02, which differ by half a kilometre. But most
registers name the village beside the point: under the right hypothesis most points fall
into the village they claim. The vote is accepted alone when it is clear; otherwise a
person decides. Rounded to 1e-7 degrees (1 cm), so that the same file is the same again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer

from data.importing.reference import Village
from geo.areas import OUTSIDE, Areas
from geo.crs import WGS84, metric_epsg
from geo.datum import Datum, convert

Lonlat = NDArray[np.float64]
WGS = Datum.WGS84.value
AUTO = "auto"
VOTERS_NEEDED = 50
VOTERS_HEARD = 20  # fewer say too little to depart from WGS-84 or to ask
SHARE_NEEDED = 0.8
LEAD_NEEDED = 0.1
FARTHEST_M = 500_000.0
CLEAR_SHARE = 0.9  # with few voters, WGS-84 is believed from here on without a question


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """
    How the points of a file were read.

    Parameters
    ----------
    system
        ``wgs84``, ``gcj02`` or ``bd09``.
    decided_by
        ``declared`` by a person, ``voted`` by the points, ``assumed`` for want of both.
    shares
        By system: part of the voters that fall into the village they name, 0 to 1.
    voters
        Points that name a village with a known outline.
    swapped
        Points whose longitude and latitude had changed places.
    """

    system: str = WGS
    decided_by: str = "assumed"
    shares: Mapping[str, float] = field(default_factory=dict)
    voters: int = 0
    swapped: int = 0

    @property
    def ranked(self) -> list[tuple[str, float]]:
        """Systems with their share, best first; WGS-84 first among equals."""
        return sorted(self.shares.items(), key=lambda pair: -pair[1])

    @property
    def is_clear(self) -> bool:
        """Whether the vote may decide alone."""
        if self.voters < VOTERS_NEEDED:
            return False
        (_, best), (_, second) = self.ranked[:2]
        return best >= SHARE_NEEDED and best - second >= LEAD_NEEDED


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """
    Points as they will be stored.

    Parameters
    ----------
    lonlat
        Shape (n, 2), degrees, WGS-84; NaN where the numbers are no place.
    inside
        Code of the village around each point, or an empty text.
    outside_m
        Metres to the nearest village; 0 inside one, inf beyond ``FARTHEST_M``, NaN where there
        are no outlines.
    swapped
        Shape (n,), whether longitude and latitude had changed places.
    """

    lonlat: Lonlat
    inside: list[str]
    outside_m: NDArray[np.float64]
    swapped: NDArray[np.bool_]
    decision: Decision


class Outlines:
    """Outlines of villages in degrees (WGS-84), known by their codes."""

    def __init__(self, villages: Sequence[Village]) -> None:
        known = [village for village in villages if village.geometry is not None]
        self.codes = [village.code for village in known]
        self.geometries = np.array([village.geometry for village in known], dtype=object)
        self._areas = Areas(self.geometries)
        self._row = {code: row for row, code in enumerate(self.codes)}

    def __bool__(self) -> bool:
        return bool(self.codes)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """``min_lon, min_lat, max_lon, max_lat`` of all outlines."""
        low_x, low_y, high_x, high_y = shapely.total_bounds(self.geometries)
        return float(low_x), float(low_y), float(high_x), float(high_y)

    def share(self, lonlat: Lonlat, claimed: Sequence[str]) -> tuple[float, int]:
        """Part of the points that lie in the village they claim, and how many can say so."""
        rows = np.array([self._row.get(code, -1) for code in claimed], dtype=np.int64)
        voters = (rows >= 0) & ~_is_nowhere(lonlat)
        if not voters.any():
            return 0.0, 0
        points = shapely.points(lonlat[voters])
        hits = shapely.contains(self.geometries[rows[voters]], points)
        return float(hits.mean()), int(voters.sum())

    def around(self, lonlat: Lonlat) -> tuple[list[str], NDArray[np.float64]]:
        """Village around each point, and metres to the nearest one where there is none."""
        inside = [""] * len(lonlat)
        outside_m = np.full(len(lonlat), np.nan)
        if not self:
            return inside, outside_m
        located = np.flatnonzero(~_is_nowhere(lonlat))
        rows = self._areas.locate(lonlat[located])
        for point, row in zip(located, rows, strict=True):
            inside[point] = self.codes[row] if row != OUTSIDE else ""
        outside_m[located] = 0.0
        astray = located[rows == OUTSIDE]
        outside_m[astray] = self._areas.nearest(lonlat[astray], within_m=FARTHEST_M)[1]
        return inside, outside_m


def place(
    pairs: NDArray[np.float64],
    claimed: Sequence[str],
    outlines: Outlines,
    *,
    declared: str = AUTO,
) -> Placed:
    """
    Turn coordinates as given into degrees, WGS-84.

    Parameters
    ----------
    pairs
        Shape (n, 2): longitude and latitude, or easting and northing, as written.
    claimed
        Code of the village each row names, or an empty text.
    outlines
        Villages to vote with and to fall into; may be empty.
    declared
        ``wgs84``, ``gcj02``, ``bd09``, or ``auto`` for the vote.
    """
    degrees, swapped = _degrees(np.asarray(pairs, dtype=np.float64).reshape(-1, 2), outlines)
    shares: dict[str, float] = {}
    voters = 0
    if outlines and len(degrees):
        for system in Datum:
            as_wgs = convert(degrees, system, Datum.WGS84)
            shares[system.value], voters = outlines.share(as_wgs, claimed)
    decision = _decide(shares, voters, declared, int(swapped.sum()))
    lonlat = np.round(convert(degrees, Datum(decision.system), Datum.WGS84), 7)
    inside, outside_m = outlines.around(lonlat)
    return Placed(
        lonlat=lonlat, inside=inside, outside_m=outside_m, swapped=swapped, decision=decision
    )


def _decide(shares: dict[str, float], voters: int, declared: str, swapped: int) -> Decision:
    cast = Decision(shares=shares if voters else {}, voters=voters, swapped=swapped)
    if declared != AUTO:
        system, decided_by = declared, "declared"
    elif not voters:
        system, decided_by = WGS, "assumed"
    elif cast.is_clear:
        system, decided_by = cast.ranked[0][0], "voted"
    else:
        believed = shares[WGS] >= CLEAR_SHARE or voters < VOTERS_HEARD
        system, decided_by = (WGS if believed else cast.ranked[0][0]), "assumed"
    return Decision(
        system=system,
        decided_by=decided_by,
        shares=cast.shares,
        voters=voters,
        swapped=swapped,
    )


def _degrees(pairs: NDArray[np.float64], outlines: Outlines) -> tuple[Lonlat, NDArray[np.bool_]]:
    """Degrees ``lon, lat`` of numbers in degrees or metres; NaN where they are no place."""
    x, y = pairs[:, 0].copy(), pairs[:, 1].copy()
    northing_first = (x > 1e6) & (x < 6e6) & ((y > 6e6) | ((y > 2.5e5) & (y < 7.5e5)))
    swapped = northing_first | _is_latitude_first(x, y, outlines)
    x[swapped], y[swapped] = pairs[swapped, 1], pairs[swapped, 0]
    degrees = np.column_stack([x, y])
    metres = (np.abs(x) > 180) | (np.abs(y) > 90)
    for row in np.flatnonzero(metres):
        degrees[row] = _from_metres(x[row], y[row], outlines)
    nowhere = (np.abs(degrees) < 1e-9).all(axis=1)
    degrees[nowhere] = np.nan
    return degrees, swapped


def _is_latitude_first(
    x: NDArray[np.float64], y: NDArray[np.float64], outlines: Outlines
) -> NDArray[np.bool_]:
    """Points that make sense only the other way round."""
    in_china = (x < 60) & (x > 3) & (y > 60) & (y < 140)
    if not outlines:
        return in_china
    low_x, low_y, high_x, high_y = outlines.box
    near = 0.2  # degrees; a neighbouring district is still the right way round

    def fits(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> NDArray[np.bool_]:
        return (
            (lon > low_x - near) & (lon < high_x + near) & (lat > low_y - near)
            & (lat < high_y + near)
        )  # fmt: skip

    return in_china | (fits(y, x) & ~fits(x, y))


def _from_metres(x: float, y: float, outlines: Outlines) -> tuple[float, float]:
    epsg = None
    if 24.2e6 < x < 46e6:
        epsg = int(x // 1e6) + 4488  # 3-degree Gauss-Krüger zone in front of the easting
    elif 12.2e6 < x < 15.1e6 and 3e5 < y < 7.2e6:
        epsg = 3857
    elif 13e6 < x < 23.9e6:
        epsg = int(x // 1e6) + 4478  # 6-degree zone
    elif 2e5 < x < 8e5 and outlines:
        low_x, low_y, high_x, high_y = outlines.box
        epsg = metric_epsg((low_x + high_x) / 2, (low_y + high_y) / 2)
    if epsg is None or not 0 < y < 1e7:
        return np.nan, np.nan
    lon, lat = _to_degrees(epsg).transform(x, y)
    return lon, lat


def _is_nowhere(lonlat: Lonlat) -> NDArray[np.bool_]:
    return np.asarray(np.isnan(lonlat).any(axis=1), dtype=np.bool_)


@lru_cache(maxsize=16)
def _to_degrees(epsg: int) -> Transformer:
    return Transformer.from_crs(epsg, WGS84, always_xy=True)
