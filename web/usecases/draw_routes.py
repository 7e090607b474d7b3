"""The way of each cadre through a day, as a line for the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from sqlalchemy.orm import Session

from data.store.roads import current_roads
from geo.roads import RoadTravel
from geo.speeds import Mode
from web.usecases.read_plan import OpenPlan

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """
    One cadre's way through one day: base, stops in order, base.

    Parameters
    ----------
    legs
        Points of each leg, longitude and latitude, degrees; a leg without a known way along
        roads is the straight line between its ends.
    by_road
        Whether every leg follows roads.
    """

    cadre: str
    legs: tuple[tuple[Point, ...], ...]
    by_road: bool


def day_routes(
    session: Session, opened: OpenPlan, day: date, *, by_road: bool, mode: Mode
) -> list[Route]:
    """Draw the routes of one day; each is kept with the opened plan."""
    roads = current_roads(session) if by_road else None
    routes = []
    for (cadre, on), visits in sorted(opened.by_cadre_day.items()):
        if on != day:
            continue
        key = (cadre, day)
        if key not in opened.routes:
            stops = [opened.problem.household(x.household).point for x in visits]
            base = opened.problem.cadre(cadre).base
            legs, along = draw(roads, [base, *stops, base], mode)
            opened.routes[key] = Route(cadre=cadre, legs=legs, by_road=along)
        routes.append(opened.routes[key])
    return routes


def draw(
    roads: RoadTravel | None, places: Sequence[Point], mode: Mode
) -> tuple[tuple[tuple[Point, ...], ...], bool]:
    """Draw the legs between successive places; tell whether all follow roads."""
    legs = []
    along = roads is not None
    for a, b in pairwise(places):
        way = roads.path(a, b, mode) if roads is not None and a != b else np.empty((0, 2))
        if len(way) < 2:
            along = along and a == b
            legs.append((a, b))
        else:
            legs.append(tuple((round(float(x), 6), round(float(y), 6)) for x, y in way))
    return tuple(legs), along
