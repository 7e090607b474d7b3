"""
A vehicle routing problem as the literature poses it: one depot, some days, equal vehicles.

Node 0 is the depot, nodes 1 to n are customers. A pattern is a set of days on which a customer
may be visited, as bits: bit d stands for day d, counted from 0. Symbols: docs/classical.md.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from scheduler.errors import PlanningError

Floats = NDArray[np.float64]
MOST_DAYS = 60
"""Bits of a pattern that fit into one signed word, with room to spare."""


class InvalidInstance(PlanningError):
    """
    An instance that contradicts itself or its format.

    Parameters
    ----------
    field
        Which field is wrong.
    advice
        What was found and what is expected, one English sentence.
    line
        Line of the file, from 1; 0 if no single line is to blame.
    """

    code = "invalid-instance"

    def __init__(self, field: str, advice: str, *, line: int = 0) -> None:
        place = f"line {line}, {field}" if line else field
        super().__init__(f"{place}: {advice}")
        self.field = field
        self.line = line
        self.advice = advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """
    What is to be driven.

    Parameters
    ----------
    name
        As the file says.
    ids
        Number of each node in its file, n + 1 of them, the depot first.
    distance
        Shape (n + 1, n + 1), row = from; cost and driving time alike.
    demand
        Shape (n + 1,), per visit; 0 at the depot.
    service
        Shape (n + 1,), time spent at a visit.
    window
        Shape (n + 1, 2), earliest and latest start of service; that of the depot bounds every
        route. None if there are no time windows.
    patterns
        The patterns that each node allows; empty for the depot, and for customers that
        nobody needs to visit.
    days
        How many days there are.
    vehicles
        At most so many routes a day.
    capacity
        Most demand of a route.
    duration
        Most driving and service of a route; waiting is not counted.

    Raises
    ------
    InvalidInstance
        If an array has another shape, a number is negative or not finite, or one customer alone
        is more than a route may carry.
    """

    name: str
    ids: tuple[int, ...]
    distance: Floats
    demand: Floats
    service: Floats
    patterns: tuple[tuple[int, ...], ...]
    days: int = 1
    vehicles: int
    capacity: float
    duration: float = float("inf")
    window: Floats | None = field(default=None)

    def __post_init__(self) -> None:
        n = len(self.ids)
        shapes = {
            "distance": (self.distance.shape, (n, n)),
            "demand": (self.demand.shape, (n,)),
            "service": (self.service.shape, (n,)),
            "patterns": ((len(self.patterns),), (n,)),
        }
        if self.window is not None:
            shapes["window"] = (self.window.shape, (n, 2))
        for name, (found, wanted) in shapes.items():
            if found != wanted:
                raise InvalidInstance(name, f"has shape {found}, {wanted} is expected.")
        if len(set(self.ids)) < n:
            raise InvalidInstance("ids", "two nodes have the same number.")
        for name, array in (
            ("distance", self.distance),
            ("demand", self.demand),
            ("service", self.service),
        ):
            if not np.isfinite(array).all() or (array < 0).any():
                raise InvalidInstance(name, "numbers must be finite and 0 or more.")
        if self.demand[0] or self.service[0] or self.patterns[0]:
            raise InvalidInstance("depot", "must have no demand, no service and no patterns.")
        if not 1 <= self.days <= MOST_DAYS:
            raise InvalidInstance("days", f"is {self.days}, must be from 1 to {MOST_DAYS}.")
        if self.vehicles < 1:
            raise InvalidInstance("vehicles", f"is {self.vehicles}, must be 1 or more.")
        for node in np.flatnonzero(self.demand > self.capacity):
            raise InvalidInstance(
                "demand",
                f"of customer {self.ids[node]} is {self.demand[node]:g}, "
                f"a vehicle carries {self.capacity:g}.",
            )
        if not any(self.patterns):
            raise InvalidInstance("patterns", "nobody needs a visit.")
        self._check_patterns()

    def _check_patterns(self) -> None:
        """Refuse days that do not exist, and customers who say sometimes how often."""
        for i, patterns in enumerate(self.patterns):
            for pattern in patterns:
                if not 0 < pattern < 1 << self.days:
                    raise InvalidInstance(
                        "patterns", f"of customer {self.ids[i]} name a day after {self.days}."
                    )
            if len({pattern.bit_count() for pattern in patterns}) > 1:
                raise InvalidInstance(
                    "patterns", f"of customer {self.ids[i]} differ in the number of visits."
                )

    @property
    def frequency(self) -> NDArray[np.int64]:
        """Visits of each node over all days, shape (n + 1,)."""
        return np.array([p[0].bit_count() if p else 0 for p in self.patterns], np.int64)


def euclidean(points: Floats) -> Floats:
    """Straight-line distances between points, shape (n, 2) to (n, n), in double precision."""
    gaps: Floats = points[:, None, :] - points[None, :, :]
    distance: Floats = np.sqrt((gaps**2).sum(-1))
    return distance
