"""
Which travel times a problem gets: by road where roads are known, else by lengthened line.

A matrix comes from one source. Up to ``MATRIX_MOST`` stops it is worked out by road; beyond that
the file would hold tens of millions of numbers, so the speed that the roads allow over the
straight line is measured on a sample and taken for all, which the plan's facts then say.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from data.rules import CampaignRules
from data.store.roads import CurrentRoads, KeptMatrix, current_roads, find_matrix, open_roads
from geo.crs import great_circle_km
from geo.roads import RoadTravel
from geo.snapping import SNAPPING_VERSION
from geo.speeds import DEFAULT_SPEEDS, Mode
from geo.travel import LineTravel as GeoLine
from geo.travel import content_key
from scheduler.travel import LineTravel, MatrixTravel, Travel

MATRIX_MOST = 3000
SAMPLE = 200
APART_KM = 1.0
PARKING_MIN = 2.0
"""Minutes to park, lock up and find the door: on each leg of a line."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TravelTimes:
    """
    Travel for the stops of a problem.

    Parameters
    ----------
    travel
        What the planner asks; ``nodes`` are the stops that can be reached.
    cut_off
        Positions of stops without a way, among those asked about.
    engine
        ``road`` or ``line``.
    facts
        Source, mode and detour, for the plan's record.
    fresh
        A matrix worked out just now, to be kept by whoever may write.
    """

    travel: Travel
    cut_off: frozenset[int]
    engine: str
    facts: dict[str, Any] = field(default_factory=dict)
    fresh: KeptMatrix | None = None


def travel_times(
    session: Session,
    rules: CampaignRules,
    nodes: Sequence[str],
    lonlat: NDArray[np.float64],
    bases: int,
) -> TravelTimes:
    """
    Work out travel between bases and doors.

    Parameters
    ----------
    session
        Read only; the caller keeps ``fresh``.
    rules
        Way of moving, and whether roads are wanted.
    nodes, lonlat
        Names and degrees ``lon, lat`` of n stops, shape (n, 2).
    bases
        How many of the first nodes are bases; a stop is cut off when no base has a way to
        it and back.
    """
    mode = Mode(rules.travel_mode)
    roads = current_roads(session) if rules.travel_by == "road" else None
    if roads is None:
        line = GeoLine()
        return _by_line(mode, line.speed_kmh[mode], line.detour, {})
    if len(nodes) > MATRIX_MOST:
        speed_kmh = _measured_speed(open_roads(session, roads), mode, lonlat)
        facts = {"measured_on": SAMPLE, "roads": roads.name}
        return _by_line(mode, speed_kmh, 1.0, facts)
    return _by_road(session, roads, mode, nodes, lonlat, bases)


def _by_line(mode: Mode, speed_kmh: float, detour: float, facts: dict[str, Any]) -> TravelTimes:
    travel = LineTravel(speed_kmh=speed_kmh, detour=detour, fixed_min=PARKING_MIN)
    said = {
        "travel": f"line x {detour:g} at {speed_kmh:g} km/h",
        "mode": str(mode),
        "detour": detour,
        "speed_kmh": speed_kmh,
    }
    return TravelTimes(travel=travel, cut_off=frozenset(), engine="line", facts=said | facts)


def _by_road(
    session: Session,
    roads: CurrentRoads,
    mode: Mode,
    nodes: Sequence[str],
    lonlat: NDArray[np.float64],
    bases: int,
) -> TravelTimes:
    key = content_key(
        "roads", roads.content_hash, str(mode), DEFAULT_SPEEDS.version, SNAPPING_VERSION, lonlat
    )
    kept = find_matrix(session, key)
    fresh = None
    if kept is None:
        travel = open_roads(session, roads)
        minutes = travel.minutes(lonlat, mode)
        facts = {"travel": travel.name, "mode": str(mode), "roads": roads.name}
        kept = fresh = KeptMatrix(
            cache_key=key, minutes=np.round(minutes, 1).astype(np.float32), facts=facts
        )
    matrix = np.round(kept.minutes.astype(np.float64), 1)
    # Two doors a few steps apart: never a journey without time, but for one and the same place.
    apart = (lonlat[:, None, :] != lonlat[None, :, :]).any(-1)
    matrix[apart & (matrix == 0)] = 0.1
    has_way = np.isfinite(matrix)
    there_and_back = has_way[:bases] & has_way[:, :bases].T
    reached = np.concatenate(
        [has_way[:bases, bases:].any(axis=1), there_and_back[:, bases:].any(axis=0)]
    )
    return TravelTimes(
        travel=MatrixTravel(nodes=tuple(nodes), matrix=np.where(has_way, matrix, np.inf)),
        cut_off=frozenset(np.flatnonzero(~reached).tolist()),
        engine="road",
        facts=dict(kept.facts),
        fresh=fresh,
    )


def _measured_speed(travel: RoadTravel, mode: Mode, lonlat: NDArray[np.float64]) -> float:
    """Median km/h over the straight line between stops that lie apart, parking taken off."""
    some = lonlat[np.linspace(0, len(lonlat) - 1, SAMPLE).astype(int)]
    minutes = travel.minutes(some, mode) - PARKING_MIN
    straight_km = great_circle_km(some[:, None, :], some[None, :, :])
    far = (straight_km > APART_KM) & (minutes > 0)
    if not far.any():
        line = GeoLine()
        return line.speed_kmh[mode] / line.detour
    return round(float(np.median(straight_km[far] / minutes[far])) * 60, 1)
