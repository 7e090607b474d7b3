"""
Choose the best routes among all that the lanes have driven: set partitioning by CP-SAT.

Each route seen is a column; a customer's pattern decides on which days exactly one column
visits it. Rochat and Taillard (1995) and many since; days and patterns make it periodic.
"""

from collections.abc import Iterable

from ortools.sat.python import cp_model

from scheduler.classical.answer import ROUNDING, Route, length
from scheduler.classical.instance import Instance

MOST_COLUMNS = 6000
CENTS = 1000
"""Whole units of cost that CP-SAT counts in, per unit of distance."""


class RoutePool:
    """
    Routes that were part of good answers, each set of customers in its shortest order.

    Parameters
    ----------
    instance
        What the routes belong to.
    """

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._routes: dict[tuple[int, frozenset[int]], tuple[float, Route]] = {}

    def add(self, routes: Iterable[Route]) -> None:
        """Remember routes that are not too full; the same ones again become the latest."""
        for route in routes:
            load = sum(self._instance.demand[i] for i in route.nodes)
            if load > self._instance.capacity + ROUNDING:
                continue
            key = (route.day, frozenset(route.nodes))
            known = self._routes.pop(key, None)
            cost = length(self._instance, route.nodes)
            self._routes[key] = min(known or (cost, route), (cost, route), key=lambda c: c[0])

    def columns(self) -> list[tuple[float, Route]]:
        """Return the latest routes, no more than a model bears."""
        return list(self._routes.values())[-MOST_COLUMNS:]


def recombine(
    instance: Instance,
    columns: list[tuple[float, Route]],
    start: Iterable[Route],
    *,
    seconds: float,
    effort: float,
    seed: int,
) -> tuple[Route, ...] | None:
    """
    Find cheaper routes among the columns than those of the start.

    Parameters
    ----------
    instance
        What is to be driven.
    columns
        Cost and route, those of the start among them.
    start
        A complete answer.
    seconds, effort
        Limits of wall-clock time and of CP-SAT's deterministic time.
    seed
        Of CP-SAT.

    Returns
    -------
    tuple of Route
        A complete answer that costs less, or None if none was found.
    """
    chosen = {(r.day, frozenset(r.nodes)) for r in start}
    days_of = {
        i: {d for route in start for d in (route.day,) if i in route.nodes}
        for i in range(len(instance.ids))
    }
    model = cp_model.CpModel()
    drive = [model.new_bool_var("") for _ in columns]
    visiting: dict[tuple[int, int], list[cp_model.IntVar]] = {}
    by_day: dict[int, list[cp_model.IntVar]] = {}
    for (_, route), var in zip(columns, drive, strict=True):
        model.add_hint(var, (route.day, frozenset(route.nodes)) in chosen)
        by_day.setdefault(route.day, []).append(var)
        for i in route.nodes:
            visiting.setdefault((i, route.day), []).append(var)
    for routes in by_day.values():
        model.add(sum(routes) <= instance.vehicles)
    for i, patterns in enumerate(instance.patterns):
        if len(patterns) == 1:
            for d in range(instance.days):
                if patterns[0] >> d & 1:
                    model.add_exactly_one(visiting[i, d])
        elif patterns:
            taken = [model.new_bool_var("") for _ in patterns]
            pattern_now = sum(1 << d for d in days_of[i])
            for pattern, var in zip(patterns, taken, strict=True):
                model.add_hint(var, pattern == pattern_now)
            model.add_exactly_one(taken)
            for d in range(instance.days):
                wanted = [v for p, v in zip(patterns, taken, strict=True) if p >> d & 1]
                model.add(sum(visiting.get((i, d), [])) == sum(wanted))
    model.minimize(
        sum(round(CENTS * cost) * var for (cost, _), var in zip(columns, drive, strict=True))
    )
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_time_in_seconds = max(0.01, seconds)
    solver.parameters.max_deterministic_time = effort
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    found = tuple(
        route for (_, route), var in zip(columns, drive, strict=True) if solver.value(var)
    )
    before = sum(length(instance, route.nodes) for route in start)
    after = sum(length(instance, route.nodes) for route in found)
    return found if after < before - 1e-6 else None
