"""
Least minutes from place to place, for proofs.

A line with a detour keeps the triangle inequality: no way over another stop is shorter. A
matrix need not, so there each leg is replaced by the shortest way over any stops of the same
routes, the service at them included; what is impossible with these legs is impossible.
"""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from scheduler.cadre import Cadre
from scheduler.calendar import Minutes
from scheduler.household import Household
from scheduler.problem import Problem
from scheduler.travel import NO_ROAD_MIN, LineTravel, Place

SLACK_MIN = 1e-3


class LeastLegs:
    """
    Least minutes between the places of each unit's routes.

    Parameters
    ----------
    problem
        Places, services and travel.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._members: dict[str, list[Household]] = defaultdict(list)
        for h in problem.households:
            self._members[self._unit(h)].append(h)
        self._minutes: dict[str, NDArray[np.float64]] = {}
        self._row: dict[str, dict[str, int]] = {}

    def of_unit(self, unit: str) -> NDArray[np.float64]:
        """Least minutes between the bases and then the members of a unit, row = from."""
        return self._of(unit)[0]

    def members(self, unit: str) -> list[Household]:
        """Households whose visits run in a unit's routes."""
        return self._members[unit]

    def there_and_back(self, c: Cadre, h: Household) -> tuple[float, float]:
        """Least minutes from a base to a household, and back."""
        minutes, row = self._of(self._unit(h))
        return float(minutes[row[c.node], row[h.node]]), float(minutes[row[h.node], row[c.node]])

    def least_in(self, h: Household) -> float:
        """Least minutes of any leg that ends at a household."""
        minutes, row = self._of(self._unit(h))
        column = minutes[:, row[h.node]].copy()
        column[row[h.node]] = NO_ROAD_MIN
        return float(column.min())

    def both_fit(self, c: Cadre, shift: Minutes, a: Household, b: Household) -> bool:
        """Whether one cadre can visit both in one shift, in either order."""
        return self._in_turn(c, shift, a, b) or self._in_turn(c, shift, b, a)

    def _in_turn(self, c: Cadre, shift: Minutes, a: Household, b: Household) -> bool:
        minutes, row = self._of(self._unit(a))
        at = self._leave(a, shift[0] + minutes[row[c.node], row[a.node]])
        at = self._leave(b, at + minutes[row[a.node], row[b.node]])
        return bool(at + minutes[row[b.node], row[c.node]] <= shift[1] + SLACK_MIN)

    @staticmethod
    def _leave(h: Household, arrival: float) -> float:
        """Earliest end of a visit after an arrival; infinite when no window holds it."""
        ends = [
            max(arrival, a) + h.service_min
            for a, b in h.windows
            if max(arrival, a) + h.service_min <= b + SLACK_MIN
        ]
        return min(ends, default=np.inf)

    def _of(self, unit: str) -> tuple[NDArray[np.float64], dict[str, int]]:
        if unit not in self._minutes:
            cadres = self._problem.cadres_of_unit(unit)
            members = self._members[unit]
            places: list[Place] = [(c.node, c.base) for c in cadres]
            places += [(h.node, h.point) for h in members]
            minutes = np.minimum(self._problem.travel.block(places, places), NO_ROAD_MIN)
            if not isinstance(self._problem.travel, LineTravel):
                service = np.array([0.0] * len(cadres) + [h.service_min for h in members])
                minutes = _shortest(minutes, service, len(cadres))
            self._minutes[unit] = minutes
            self._row[unit] = {name: i for i, (name, _) in enumerate(places)}
        return self._minutes[unit], self._row[unit]

    def _unit(self, h: Household) -> str:
        if h.cadre is not None:
            return self._problem.cadre(h.cadre).unit
        return self._problem.village(h.village).unit


def _shortest(
    minutes: NDArray[np.float64], service: NDArray[np.float64], bases: int
) -> NDArray[np.float64]:
    """Shortest ways over any stops (never over a base), their service included; Floyd."""
    shortest = minutes.copy()
    for k in range(bases, len(service)):
        over = shortest[:, k, None] + service[k] + shortest[None, k, :]
        np.minimum(shortest, over, out=shortest)
    return shortest
