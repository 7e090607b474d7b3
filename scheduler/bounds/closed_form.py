"""
A lower bound of J in closed form, in milliseconds.

Every part of J is bounded from below by a function that is linear in the number of visits of
each household: travel by half of the least legs in and out of each stop, crowding and
fairness by tangents at full coverage, spacing by the nearest whole gap. So the least J takes,
household by household, either all visits it could have or none, plus what the certificates
prove missing. The steps are in docs/bounds.md.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scheduler.bounds.alone import alone
from scheduler.calendar import iso_week
from scheduler.engines.search.pieces import cut
from scheduler.legs import LeastLegs
from scheduler.plan import Bound
from scheduler.problem import Problem
from scheduler.score import target_loads
from scheduler.travel import NO_ROAD_MIN

PROOF = (
    "least legs per stop, tangents of crowding and fairness, nearest whole gaps, "
    "visits certified missing"
)


@dataclass(slots=True)
class _Share:
    """What one household adds: `fixed` + `each` for every visit, up to `most`; `way` is travel."""

    household: str
    village: str
    priority: float
    due: int
    most: int
    each: float = 0.0
    fixed: float = 0.0
    way: float = 0.0


def closed_form(problem: Problem, unavoidable: Mapping[str, float]) -> Bound:
    """
    Bound J from below.

    Parameters
    ----------
    problem
        What is asked.
    unavoidable
        By village, missing visits times priority that are certified (``scheduler.certify``).
    """
    legs = LeastLegs(problem)
    shares = _shares(problem, legs)
    fixed = quota_cost(problem, {key: s.most for key, s in shares.items()})
    fixed += _crowding(problem, shares)
    fixed += _fairness(problem, shares)
    _spacing(problem, shares)
    travel = _travel(problem, shares, legs)
    price = problem.weights.unplanned
    total = fixed
    spare: dict[str, float] = defaultdict(float)
    cheapest: dict[str, float] = defaultdict(lambda: math.inf)
    for s in shares.values():
        gain = price * s.priority - s.each
        visits = s.most if gain > 0 else 0
        total += price * s.priority * s.due + s.fixed - gain * visits
        spare[s.village] += s.priority * (s.due - visits)
        if visits:
            cheapest[s.village] = min(cheapest[s.village], gain / s.priority)
    for village, weight in unavoidable.items():
        extra = weight - spare[village]
        if extra > 0 and cheapest[village] < math.inf:
            total += extra * cheapest[village]
    travel = max(0.0, travel - _spared(shares, unavoidable))
    return Bound(
        J=max(0.0, math.floor(total * 1000) / 1000),
        travel=math.floor(travel * 1000) / 1000,
        proof=PROOF,
    )


def _shares(problem: Problem, legs: LeastLegs) -> dict[str, _Share]:
    shares = {
        h.id: _Share(
            household=h.id,
            village=h.village,
            priority=h.priority,
            due=h.visits_due,
            most=0,
        )
        for h in problem.households
    }
    for piece in cut(problem):
        reach = alone(piece, legs).reach
        for i in range(len(piece.stops)):
            if i < piece.first_locked:
                shares[piece.stops[i]].most += int(reach[i])
            else:
                shares[piece.stops[i]].most += 1  # a locked visit
    return shares


def quota_cost(problem: Problem, most: Mapping[str, int]) -> float:
    """
    Price of the quotas that nobody can fill: a household counts for one cadre only.

    Parameters
    ----------
    problem
        What is asked.
    most
        Visits that each household can have.
    """
    quota: dict[str, int] = defaultdict(int)
    reachable: dict[str, int] = defaultdict(int)
    for c in problem.cadres:
        quota[c.unit] += c.quota
    for h in problem.households:
        reachable[_unit(problem, h.id)] += most[h.id] > 0
    short = sum(max(0, quota[u] - reachable[u]) for u in quota)
    return problem.weights.quota * short


def _crowding(problem: Problem, shares: dict[str, _Share]) -> float:
    """Sum of squares of M visits over W weeks, and its tangent below M."""
    weeks: dict[str, int] = {}
    for v in problem.villages:
        weeks[v.id] = len({iso_week(d) for d in problem.days if d not in v.blackout_days})
    visits: dict[str, int] = defaultdict(int)
    for s in shares.values():
        visits[s.village] += s.most
    fixed = 0.0
    slope: dict[str, float] = {}
    for village, m in visits.items():
        w = max(1, weeks[village])
        at, below = _least_squares(m, w), _least_squares(max(0, m - 1), w)
        slope[village] = problem.weights.crowding * (at - below)
        fixed += problem.weights.crowding * at - slope[village] * m
    for s in shares.values():
        s.each += slope[s.village]
    return fixed


def _least_squares(visits: int, weeks: int) -> int:
    q, r = divmod(visits, weeks)
    return r * (q + 1) ** 2 + (weeks - r) * q**2


def _fairness(problem: Problem, shares: dict[str, _Share]) -> float:
    """Squared loads are least when shared evenly; the tangent at full coverage."""
    target = target_loads(problem)
    load: dict[str, float] = defaultdict(float)
    for h in problem.households:
        load[_unit(problem, h.id)] += shares[h.id].most * h.service_min
    fixed = 0.0
    slope: dict[str, float] = {}
    for unit, full in load.items():
        scale = max(1, len(problem.cadres_of_unit(unit))) * target[unit]
        slope[unit] = problem.weights.fairness * 2.0 * full / scale
        fixed += problem.weights.fairness * full**2 / scale - slope[unit] * full
    for h in problem.households:
        shares[h.id].each += slope[_unit(problem, h.id)] * h.service_min
    return fixed


def _spacing(problem: Problem, shares: dict[str, _Share]) -> None:
    """Gaps are whole days, at least the household's; the ideal gap rarely is."""
    for h in problem.households:
        if h.visits_due < 2:
            continue
        ideal = problem.ideal_gap_days(h)
        least = max(h.gap_days, problem.village(h.village).min_gap_days)
        off = min(
            abs(g - ideal) for g in (max(least, math.floor(ideal)), max(least, math.ceil(ideal)))
        )
        share = shares[h.id]
        share.each += problem.weights.spacing * off
        share.fixed -= problem.weights.spacing * off  # one gap fewer than visits


def _travel(problem: Problem, shares: dict[str, _Share], legs: LeastLegs) -> float:
    """
    Half of the least leg in and out of every stop, and of the base shared by a full day.

    Returns the travel part of J at full coverage, a bound of it when nothing is left out.
    """
    total = 0.0
    for unit in problem.units:
        members = legs.members(unit)
        cadres = problem.cadres_of_unit(unit)
        if not members or not cadres:
            continue
        minutes = legs.of_unit(unit).copy()
        b = len(cadres)
        np.fill_diagonal(minutes, NO_ROAD_MIN)
        minutes[:b, :b] = NO_ROAD_MIN
        into, out = minutes.min(0)[b:], minutes.min(1)[b:]
        longest = max(1, max(c.max_visits_per_day for c in cadres))
        base = (minutes[:b, b:].min() + minutes[b:, :b].min()) / (2.0 * longest)
        for i, h in enumerate(members):
            each = problem.weights.travel * (float(into[i] + out[i]) / 2.0 + float(base))
            shares[h.id].each += each
            shares[h.id].way = each
            total += each * shares[h.id].most
    return total


def _spared(shares: Mapping[str, _Share], unavoidable: Mapping[str, float]) -> float:
    """Travel that the visits certified missing would have taken at most."""
    dearest: dict[str, float] = defaultdict(float)
    for s in shares.values():
        dearest[s.village] = max(dearest[s.village], s.way / s.priority)
    return sum(weight * dearest[village] for village, weight in unavoidable.items())


def _unit(problem: Problem, household_id: str) -> str:
    h = problem.household(household_id)
    if h.cadre is not None:
        return problem.cadre(h.cadre).unit
    return problem.village(h.village).unit
