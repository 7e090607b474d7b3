"""
PyVRP: day by day, given which households are visited on it, who goes and in which order?

It knows shifts, most visits a day, prizes, and several windows as groups of clients of which at
most one is visited; a cadre who may not come is a vehicle with a long way. It knows nothing that
joins two days, so days and gaps are given; and it knows no caps of teams, so a household may only
change to a cadre who is in its village on that day anyway.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

import numpy as np
from pyvrp import Client, ClientGroup, Depot, Location, ProblemData, VehicleType, solve
from pyvrp.stop import MaxRuntime

from scheduler.cadre import Cadre
from scheduler.household import Household
from scheduler.problem import Problem
from tests.benchmarks.peers.routes import Routes

SECONDS = 60
FORBIDDEN = 100_000
"""Seconds of travel to a household that a cadre may not visit; more than any shift."""


def by_pyvrp(problem: Problem, given: Routes, seconds: float) -> Routes:
    """Choose cadre and order on the days of the given routes in a number of seconds."""
    days: dict[date, dict[str, Sequence[str]]] = defaultdict(dict)
    for (cadre_id, day), households in given.items():
        days[day][cadre_id] = households
    found: dict[tuple[str, date], Sequence[str]] = {}
    for day, routes in sorted(days.items()):
        for cadre_id, households in _day(problem, day, routes, seconds / len(days)).items():
            found[cadre_id, day] = households
    return found


def _day(
    problem: Problem, day: date, given: dict[str, Sequence[str]], seconds: float
) -> dict[str, list[str]]:
    cadres = [problem.cadre(key) for key in given]
    stops = [problem.household(key) for households in given.values() for key in households]
    places = [(c.node, c.base) for c in cadres] + [(h.node, h.point) for h in stops]
    legs = np.ceil(problem.travel.block(places, places) * SECONDS).astype(np.int64)
    clients: list[Client] = []
    row_of: list[int] = []
    groups: list[ClientGroup] = []
    for row, h in enumerate(stops):
        members = []
        for a, b in h.windows:
            if b - h.service_min >= a:
                members.append(len(clients))
                row_of.append(row)
                clients.append(_client(h, len(cadres) + row, (a, b), len(groups)))
        groups.append(ClientGroup(members, required=False))
    data = ProblemData(
        locations=[Location(*point) for _, point in places],
        clients=clients,
        depots=[Depot(n) for n in range(len(cadres))],
        vehicle_types=[_vehicle(c, n, day) for n, c in enumerate(cadres)],
        distance_matrices=[_seen_by(problem, c, given, stops, legs) for c in cadres],
        duration_matrices=[legs] * len(cadres),
        groups=groups,
    )
    answer = solve(data, MaxRuntime(seconds), seed=1, collect_stats=False, display=False)
    return {
        cadres[route.vehicle_type()].id: [
            stops[row_of[stop.idx]].id for stop in route.schedule() if stop.is_client()
        ]
        for route in answer.best.routes()
    }


def _client(h: Household, location: int, window: tuple[float, float], group: int) -> Client:
    return Client(
        location,
        delivery=[1],
        service_duration=int(SECONDS * h.service_min),
        tw_early=int(SECONDS * window[0]),
        tw_late=int(SECONDS * (window[1] - h.service_min)),
        prize=FORBIDDEN // 2,
        required=False,
        group=group,
    )


def _vehicle(c: Cadre, number: int, day: date) -> VehicleType:
    begin, end = (int(SECONDS * t) for t in c.shifts[day])
    return VehicleType(
        1,
        [c.max_visits_per_day],
        start_depot=number,
        end_depot=number,
        tw_early=begin,
        tw_late=end,
        profile=number,
    )


def _seen_by(
    problem: Problem,
    c: Cadre,
    given: dict[str, Sequence[str]],
    stops: Sequence[Household],
    legs: np.ndarray,
) -> np.ndarray:
    """Seconds of travel of one cadre; far to households that somebody else must visit."""
    villages = {problem.household(key).village for key in given[c.id]}
    mine = set(given[c.id])
    seen = legs.copy()
    for row, h in enumerate(stops):
        may = h.id in mine if h.visits_due > 1 else h.village in villages
        if not (may and problem.may_visit(c, h)):
            seen[:, len(given) + row] = FORBIDDEN
    np.fill_diagonal(seen, 0)
    return seen
