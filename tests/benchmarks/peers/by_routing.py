"""
OR-Tools routing as one model a unit: every cadre-day is a vehicle, every visit due a stop.

Windows, shifts, most visits a day, who may come, prices of missing visits and travel are its own
words; one cadre for all visits of a household and its gap are constraints on their vehicles.
Teams, gaps and weeks of a village, the district's cap, fairness, crowding and spacing stay
outside: with a constraint on each pair of stops of a village the library placed none of 66 visits
in 8 s.
"""

import math
from collections import defaultdict
from datetime import date
from itertools import pairwise

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from scheduler.household import Household
from scheduler.problem import Problem
from tests.benchmarks.peers.routes import Routes

TENTHS = 10
DAY_MIN = 24 * 60
NEVER, LEFT_OUT_DAYS = 1_000_000, 1000
"""Day of a visit that is left out, and how far two such days are apart; above every gap."""


def by_routing(problem: Problem, _given: Routes, seconds: float) -> Routes:
    """Plan from nothing, unit after unit, in a number of seconds."""
    routes: dict[tuple[str, date], list[str]] = {}
    for unit in problem.units:
        homes = [h for h in problem.households if problem.village(h.village).unit == unit]
        if homes and problem.cadres_of_unit(unit):
            routes |= _Unit(problem, unit, homes).solve(seconds / len(problem.units))
    return routes


class _Unit:
    """The routing model of one unit."""

    def __init__(self, problem: Problem, unit: str, homes: list[Household]) -> None:
        self._problem = problem
        self._cadres = problem.cadres_of_unit(unit)
        self._vehicles = [
            (n, day) for n, c in enumerate(self._cadres) for day in problem.days if day in c.shifts
        ]
        self._stops = [h for h in homes for _ in range(h.visits_due)]
        first = len(self._cadres)  # nodes: bases, then stops
        bases = [n for n, _ in self._vehicles]
        self._manager = pywrapcp.RoutingIndexManager(
            first + len(self._stops), len(self._vehicles), bases, bases
        )
        self._model = pywrapcp.RoutingModel(self._manager)
        self._index = [self._manager.NodeToIndex(first + n) for n in range(len(self._stops))]
        self._add_legs()
        for n, h in enumerate(self._stops):
            self._add_stop(n, h)
        self._add_gaps()

    def solve(self, seconds: float) -> dict[tuple[str, date], list[str]]:
        """Search and return the routes."""
        asked = pywrapcp.DefaultRoutingSearchParameters()
        asked.first_solution_strategy = (
            routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
        )
        asked.local_search_metaheuristic = (
            routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
        )
        asked.time_limit.FromMilliseconds(max(100, int(1000 * seconds)))
        answer = self._model.SolveWithParameters(asked)
        routes: dict[tuple[str, date], list[str]] = defaultdict(list)
        if answer is None:
            return routes
        for number, (cadre, day) in enumerate(self._vehicles):
            at = answer.Value(self._model.NextVar(self._model.Start(number)))
            while not self._model.IsEnd(at):
                stop = self._manager.IndexToNode(at) - len(self._cadres)
                routes[self._cadres[cadre].id, day].append(self._stops[stop].id)
                at = answer.Value(self._model.NextVar(at))
        return routes

    def _add_legs(self) -> None:
        model, manager = self._model, self._manager
        places = [(c.node, c.base) for c in self._cadres]
        places += [(h.node, h.point) for h in self._stops]
        legs = np.ceil(TENTHS * self._problem.travel.block(places, places)).astype(int)
        service = np.array([0] * len(self._cadres) + [TENTHS * h.service_min for h in self._stops])
        times = (legs + service[:, None]).astype(int)
        model.SetArcCostEvaluatorOfAllVehicles(model.RegisterTransitMatrix(legs.tolist()))
        day = TENTHS * DAY_MIN
        model.AddDimension(model.RegisterTransitMatrix(times.tolist()), day, day, False, "time")
        ones = [0] * len(self._cadres) + [1] * len(self._stops)
        caps = [self._cadres[n].max_visits_per_day for n, _ in self._vehicles]
        count = model.RegisterUnaryTransitVector(ones)
        model.AddDimensionWithVehicleCapacity(count, 0, caps, True, "visits")
        time = model.GetDimensionOrDie("time")
        for number, (cadre, day_of) in enumerate(self._vehicles):
            begin, end = (int(TENTHS * t) for t in self._cadres[cadre].shifts[day_of])
            time.CumulVar(model.Start(number)).SetRange(begin, end)
            time.CumulVar(model.End(number)).SetRange(begin, end)
        assert manager.GetNumberOfVehicles() == len(self._vehicles)

    def _add_stop(self, n: int, h: Household) -> None:
        index = self._index[n]
        starts = [
            (math.ceil(TENTHS * a), int(TENTHS * (b - h.service_min)))
            for a, b in sorted(h.windows)
            if b - h.service_min >= a
        ]
        time = self._model.GetDimensionOrDie("time").CumulVar(index)
        time.SetRange(starts[0][0], starts[-1][1])
        for (_, closes), (opens, _) in pairwise(starts):
            if opens > closes + 1:
                time.RemoveInterval(closes + 1, opens - 1)
        village = self._problem.village(h.village)
        may = [
            number
            for number, (cadre, day) in enumerate(self._vehicles)
            if self._problem.may_visit(self._cadres[cadre], h)
            and day not in village.blackout_days
            and (h.last_visit is None or (day - h.last_visit).days >= h.gap_days)
        ]
        self._model.VehicleVar(index).SetValues([-1, *may])
        price = int(TENTHS * self._problem.weights.unplanned * h.priority)
        self._model.AddDisjunction([index], price)

    def _add_gaps(self) -> None:
        """Bind the vehicles of one household's visits: one cadre, days apart, none skipped."""
        solver = self._model.solver()
        days = [day.toordinal() for _, day in self._vehicles]
        cadres = [cadre for cadre, _ in self._vehicles]
        for (i, a), (j, b) in pairwise(enumerate(self._stops)):
            if a.id != b.id:
                continue
            # Vehicle -1 stands first: a visit that is left out has a day of its own, far away.
            vehicles = [self._model.VehicleVar(self._index[n]) for n in (i, j)]
            on = [
                solver.Element([NEVER + LEFT_OUT_DAYS * n, *days], vehicle + 1).Var()
                for n, vehicle in zip((i, j), vehicles, strict=True)
            ]
            who = [solver.Element([-1, *cadres], vehicle + 1).Var() for vehicle in vehicles]
            solver.Add(on[1] >= on[0] + a.gap_days)
            solver.Add((who[0] == who[1]) + (vehicles[1] == -1) >= 1)
