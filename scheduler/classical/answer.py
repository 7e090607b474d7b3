"""An answer to an instance, and the rules and costs that any answer is judged by."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from scheduler.classical.instance import Instance

ROUNDING = 1e-6


@dataclass(frozen=True, slots=True)
class Route:
    """
    One vehicle's day.

    Parameters
    ----------
    day
        From 0.
    nodes
        Customers in order, without the depot; indices of the instance, not numbers of the file.
    """

    day: int
    nodes: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    Routes for all days.

    Parameters
    ----------
    routes
        Sorted by day; no empty ones.
    unserved
        Customers that the search could not place.
    cost
        Distance of all routes.
    bound
        No complete answer costs less; proven.
    seconds
        Wall-clock time of the search.
    steps
        Steps of ruin and recreate.
    """

    routes: tuple[Route, ...]
    unserved: tuple[int, ...]
    cost: float
    bound: float
    seconds: float
    steps: int

    def to_json(self, instance: Instance) -> dict[str, Any]:
        """Return the document of the contract: days, vehicles and numbers as in the file."""
        vehicle: Counter[int] = Counter()
        routes = []
        for route in self.routes:
            vehicle[route.day] += 1
            routes.append(
                {
                    "day": route.day + 1,
                    "vehicle": vehicle[route.day],
                    "customers": [instance.ids[i] for i in route.nodes],
                }
            )
        document: dict[str, Any] = {
            "cost": round(self.cost, 6),
            "routes": routes,
            "bound": round(self.bound, 6),
            "seconds": round(self.seconds, 3),
        }
        if self.unserved:
            document["unserved"] = [instance.ids[i] for i in self.unserved]
        return document


def length(instance: Instance, nodes: tuple[int, ...]) -> float:
    """Distance of a route from the depot and back."""
    stops = (0, *nodes, 0)
    return float(sum(instance.distance[a, b] for a, b in pairwise(stops)))


def broken_rules(instance: Instance, answer: Answer) -> list[str]:
    """
    Judge an answer from the instance alone; one sentence for each broken rule.

    Shares nothing with the search: a slip there shows here.
    """
    broken = []
    on: dict[int, list[int]] = {}
    for route in answer.routes:
        name = f"route {route.nodes} on day {route.day + 1}"
        if not 0 <= route.day < instance.days:
            broken.append(f"{name}: there is no such day")
        if sum(instance.demand[i] for i in route.nodes) > instance.capacity + ROUNDING:
            broken.append(f"{name}: more than the capacity")
        busy = length(instance, route.nodes) + sum(instance.service[i] for i in route.nodes)
        if busy > instance.duration + ROUNDING:
            broken.append(f"{name}: longer than the duration")
        if not _keeps_windows(instance, route.nodes):
            broken.append(f"{name}: late for a window")
        for i in route.nodes:
            on.setdefault(i, []).append(route.day)
    for day, routes in Counter(route.day for route in answer.routes).items():
        if routes > instance.vehicles:
            broken.append(f"{routes} vehicles on day {day + 1}, {instance.vehicles} exist")
    for i, patterns in enumerate(instance.patterns):
        days = on.get(i, [])
        pattern = sum(1 << day for day in set(days))
        wanted = patterns and i not in answer.unserved
        if len(days) != len(set(days)) or (pattern not in patterns if wanted else bool(days)):
            broken.append(f"customer {instance.ids[i]} visited on days {sorted(days)}")
    cost = sum(length(instance, route.nodes) for route in answer.routes)
    if abs(cost - answer.cost) > ROUNDING * (1 + cost):
        broken.append(f"says cost {answer.cost}, it is {cost}")
    return broken


def _keeps_windows(instance: Instance, nodes: tuple[int, ...]) -> bool:
    """Drive a route as early as possible."""
    if instance.window is None:
        return True
    at, place = float(instance.window[0, 0]), 0
    for i in (*nodes, 0):
        at += float(instance.service[place]) + float(instance.distance[place, i])
        if at > instance.window[i, 1] + ROUNDING:
            return False
        at, place = max(at, float(instance.window[i, 0])), i
    return True
