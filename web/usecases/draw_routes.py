"""The way of each cadre through a day, as a line for the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from sqlalchemy.orm import Session

from data.rules import CampaignRules
from data.store.roads import current_roads, open_roads
from data.tables import Plan as PlanRow
from geo.roads import RoadTravel
from geo.speeds import Mode
from web.usecases.my_day import MyDay, stop_points
from web.usecases.read_plan import OpenPlan, find_plan

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


def day_routes(session: Session, plan: PlanRow, opened: OpenPlan, day: date) -> list[Route]:
    """Draw the routes of one day of a plan; each is kept with the opened plan."""
    roads, mode = _ways(session, plan)
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


def own_route(session: Session, day: MyDay) -> Route:
    """Draw a cadre's way through his own day, over the stops that are located."""
    places = [day.base, *stop_points(day.stops), day.base]
    roads, mode = None, Mode.CAR
    if day.plan_id is not None:
        roads, mode = _ways(session, find_plan(session, day.plan_id))
    legs, along = draw(roads, places, mode)
    return Route(cadre="", legs=legs, by_road=along)


def _ways(session: Session, plan: PlanRow) -> tuple[RoadTravel | None, Mode]:
    mode = Mode(CampaignRules.read(plan.campaign.rules).travel_mode)
    roads = current_roads(session) if plan.travel_engine == "road" else None
    return (open_roads(session, roads) if roads is not None else None), mode


def draw(
    roads: RoadTravel | None, places: Sequence[Point], mode: Mode
) -> tuple[tuple[tuple[Point, ...], ...], bool]:
    """Draw the legs between successive places; tell whether all follow roads."""
    legs: list[tuple[Point, ...]] = []
    along = roads is not None
    for a, b in pairwise(places):
        way = roads.path(a, b, mode) if roads is not None and a != b else np.empty((0, 2))
        if len(way) < 2:
            along = along and a == b
            legs.append((a, b))
        else:
            legs.append(tuple((round(float(x), 6), round(float(y), 6)) for x, y in way))
    return tuple(legs), along
