"""Keep the plans of a problem of which none is better than another in everything."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from scheduler.engine import Proposal, Run, Visits
from scheduler.measures.burden import peak_burdens_min
from scheduler.measures.fairness import fairness_cost
from scheduler.plan import Plan, PlannedVisit, in_order
from scheduler.planner import complete
from scheduler.problem import Problem
from scheduler.score import score, target_loads
from scheduler.weights import Weights

SAME = 1e-6
"""Figures closer than this are equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aims:
    """
    What is traded off; less is better in each.

    Parameters
    ----------
    travel_min
        Minutes on the way.
    worst_burden_min
        Most visiting minutes that any village bears within seven days.
    fairness
        Sum of squared loads over target loads of the cadres: least when shared evenly.
    """

    travel_min: float
    worst_burden_min: float
    fairness: float

    def dominates(self, other: "Aims") -> bool:
        """Whether this is no worse in anything and better in something."""
        mine, theirs = self.values, other.values
        return all(a <= b + SAME for a, b in zip(mine, theirs, strict=True)) and any(
            a < b - SAME for a, b in zip(mine, theirs, strict=True)
        )

    @property
    def values(self) -> tuple[float, float, float]:
        """The three figures."""
        return self.travel_min, self.worst_burden_min, self.fairness


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeOff:
    """
    One point: a plan, and how it was found.

    Parameters
    ----------
    plan
        Its J is by the problem's own weights.
    aims
        Its three figures.
    worst_village
        Village that bears the worst burden; None when there are no visits.
    weights
        Weights of the run that found it.
    burden_limit_min
        What the run allowed a village within a week, about; None for no limit.
    seed
        Seed of that run.
    """

    plan: Plan
    aims: Aims
    worst_village: str | None
    weights: Weights
    burden_limit_min: float | None
    seed: int

    def to_json(self) -> dict[str, Any]:
        """Write the facts of the point, without its visits."""
        return {
            **{key: round(value, 3) for key, value in asdict(self.aims).items()},
            "worst_village": self.worst_village,
            "J": round(self.plan.metrics.J, 3),
            "missing": self.plan.missing_visits,
            "weights": asdict(self.weights),
            "burden_limit_min": self.burden_limit_min,
            "seed": self.seed,
        }


def aims_of(problem: Problem, visits: Sequence[PlannedVisit]) -> tuple[Aims, str | None]:
    """Compute the three figures of a plan, and the village that bears most."""
    burden = peak_burdens_min(
        (h.village, x.date, h.service_min)
        for x, h in ((x, problem.household(x.household)) for x in visits)
    )
    worst = max(burden, key=lambda v: (burden[v], v), default=None)
    load = {c.id: 0.0 for c in problem.cadres}
    for x in visits:
        load[x.cadre] += problem.household(x.household).service_min
    target = target_loads(problem)
    aims = Aims(
        travel_min=score(problem, visits).travel_min,
        worst_burden_min=burden[worst] if worst else 0.0,
        fairness=fairness_cost(load, {c.id: target[c.unit] for c in problem.cadres}),
    )
    return aims, worst


class Archive:
    """The plans so far that lack least and that no other one dominates."""

    def __init__(
        self,
        problem: Problem,
        unavoidable: Mapping[str, float],
        run: Run,
        on_point: Callable[[TradeOff], None] | None,
    ) -> None:
        self._problem = problem
        self._unavoidable = unavoidable
        self._run = run
        self._on_point = on_point
        self._points: list[TradeOff] = []

    def add(self, visits: Visits, weights: Weights, limit: float | None, seed: int) -> None:
        """Take a plan in if it has a place, and put out whom it dominates."""
        visits = in_order(visits)
        aims, worst = aims_of(self._problem, visits)
        unplanned = score(self._problem, visits).unplanned
        least = min((p.plan.metrics.unplanned for p in self._points), default=unplanned)
        if unplanned > least + SAME:
            return
        if unplanned < least - SAME:
            self._points = []
        if any(p.aims.dominates(aims) or p.aims == aims for p in self._points):
            return
        proposal = Proposal(visits=visits, unavoidable=self._unavoidable)
        point = TradeOff(
            plan=replace(complete(self._problem, self._run, proposal), seed=seed),
            aims=aims,
            worst_village=worst,
            weights=weights,
            burden_limit_min=limit,
            seed=seed,
        )
        self._points = [p for p in self._points if not aims.dominates(p.aims)]
        self._points.append(point)
        if self._on_point is not None:
            self._on_point(point)

    def suits(self, problem: Problem) -> TradeOff:
        """Return the point that is best by the weights of a problem."""
        return min(self._points, key=lambda p: score(problem, p.plan.visits).J)

    def best(self, count: int) -> tuple[TradeOff, ...]:
        """Return so many points at most, far from each other, by travel."""
        kept = sorted(self._points, key=lambda p: p.aims.values)
        while len(kept) > max(1, count):
            kept.pop(_most_crowded(kept))
        return tuple(kept)


def _most_crowded(points: Sequence[TradeOff]) -> int:
    """Index of the point with the nearest neighbours on every axis (crowding distance)."""
    room = [0.0] * len(points)
    for axis in range(3):
        order = sorted(range(len(points)), key=lambda i: points[i].aims.values[axis])
        values = [points[i].aims.values[axis] for i in order]
        span = max(SAME, values[-1] - values[0])
        room[order[0]] = room[order[-1]] = math.inf
        for k in range(1, len(order) - 1):
            room[order[k]] += (values[k + 1] - values[k - 1]) / span
    return min(range(len(points)), key=lambda i: (room[i], i))
