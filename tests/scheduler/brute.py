"""Tiny problems, and their best plans by trying everything: the oracle of bounds and engines."""

import math
import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import combinations, pairwise, permutations, product

import numpy as np

from scheduler.cadre import Cadre
from scheduler.household import Household
from scheduler.locked import LockedVisit
from scheduler.problem import Problem
from scheduler.score import target_loads
from scheduler.travel import LineTravel, MatrixTravel, Travel
from scheduler.village import Village
from scheduler.weights import Weights

MONDAY = date(2027, 3, 1)
WINDOWS = [((510.0, 690.0), (870.0, 1050.0)), ((510.0, 690.0),), ((870.0, 1050.0),)]
Choice = tuple[str, tuple[date, ...]]


def tiny_problem(seed: int) -> Problem:
    """Make a problem of three or four households with some rule of every kind."""
    r = random.Random(seed)
    days = tuple(MONDAY + timedelta(d) for d in sorted(r.sample(range(12), 4)))
    units = ("u0", "u1") if r.random() < 0.3 else ("u0",)
    villages = tuple(
        Village(
            id=f"v{n}",
            unit=units[n % len(units)],
            blackout_days=frozenset(d for d in days if r.random() < 0.15),
            max_teams_per_day=r.choice([1, 1, 2]),
            max_visits_per_week=r.choice([1, 2, 3, 9]),
            min_gap_days=r.choice([1, 2, 4]),
        )
        for n in range(2)
    )
    cadres = tuple(
        Cadre(
            id=f"c{n}",
            unit=units[n % len(units)],
            base=_point(r),
            shifts={
                d: r.choice([(510.0, 1080.0), (510.0, 720.0), (840.0, 1080.0)])
                for d in days
                if r.random() < 0.7
            },
            max_visits_per_day=r.choice([1, 2, 3]),
            quota=r.choice([0, 1, 3]),
        )
        for n in range(2)
    )
    households = []
    for n in range(r.choice([3, 3, 4])):
        twice = n < 2 and r.random() < 0.5
        households.append(
            Household(
                id=f"h{n}",
                village=r.choice(villages).id,
                point=_point(r),
                visits_due=2 if twice else 1,
                min_gap_days=r.choice([1, 3, 5]),
                service_min=r.choice([20.0, 45.0, 90.0]),
                windows=r.choice(WINDOWS),
                cadre=r.choice(cadres).id if r.random() < 0.25 else None,
                last_visit=days[0] - timedelta(1) if r.random() < 0.15 else None,
                not_before=days[1] if r.random() < 0.1 else None,
                not_after=days[2] if r.random() < 0.1 else None,
                priority=r.choice([1.0, 2.0]),
            )
        )
    problem = Problem(
        days=days,
        units=units,
        villages=villages,
        cadres=cadres,
        households=tuple(households),
        travel=_travel(r, cadres, households),
        district_max_teams_per_day=r.choice([None, 1, 2]),
        weights=r.choice([Weights(), Weights(unplanned=40.0, crowding=3.0, spacing=2.0)]),
        name=f"tiny-{seed}",
    )
    return _with_lock(problem) if r.random() < 0.2 else problem


def least_objective(problem: Problem) -> float:
    """Least J of all plans, by trying every cadre and set of days for every household."""
    tours: dict[tuple[str, date, frozenset[str]], float] = {}
    best = math.inf
    for choice in product(*(list(_choices(problem, h)) for h in problem.households)):
        J = _objective(problem, choice, tours, best)  # noqa: N806
        best = min(best, J)
    return best


def _choices(problem: Problem, h: Household) -> Iterator[Choice]:
    locked = {x.date for x in problem.locked if x.household == h.id}
    must = {x.cadre for x in problem.locked if x.household == h.id}
    v = problem.village(h.village)
    if not locked:
        yield "", ()
    for c in problem.cadres:
        if not problem.may_visit(c, h) or (must and c.id not in must):
            continue
        open_days = [
            d
            for d in problem.days
            if d in c.shifts
            and d not in v.blackout_days
            and not (h.not_before and d < h.not_before)
            and not (h.not_after and d > h.not_after)
            and not (h.last_visit and (d - h.last_visit).days < h.gap_days)
        ]
        for n in range(1, h.visits_due + 1):
            for days in combinations(open_days, n):
                if locked <= set(days) and all(
                    (b - a).days >= h.gap_days for a, b in pairwise(days)
                ):
                    yield c.id, days


def _objective(
    problem: Problem,
    choice: tuple[Choice, ...],
    tours: dict[tuple[str, date, frozenset[str]], float],
    below: float,
) -> float:
    w = problem.weights
    routes: dict[tuple[str, date], set[str]] = defaultdict(set)
    teams: dict[tuple[str, date], set[str]] = defaultdict(set)
    week: dict[tuple[str, tuple[int, int]], int] = defaultdict(int)
    load: dict[str, float] = defaultdict(float)
    reached: dict[str, int] = defaultdict(int)
    total = 0.0
    for h, (cadre, days) in zip(problem.households, choice, strict=True):
        total += w.unplanned * h.priority * (h.visits_due - len(days))
        ideal = problem.ideal_gap_days(h)
        total += w.spacing * sum(abs((b - a).days - ideal) for a, b in pairwise(days))
        reached[cadre] += bool(days)
        for d in days:
            routes[cadre, d].add(h.id)
            teams[h.village, d].add(cadre)
            year, number, _ = d.isocalendar()
            week[h.village, (year, number)] += 1
            load[cadre] += h.service_min
    if total >= below or not _caps_hold(problem, routes, teams, week):
        return math.inf
    total += w.crowding * sum(n * n for n in week.values())
    target = target_loads(problem)
    for c in problem.cadres:
        total += w.quota * max(0, c.quota - reached[c.id])
        total += w.fairness * load[c.id] ** 2 / target[c.unit]
    for (cadre, day), stops in routes.items():
        key = (cadre, day, frozenset(stops))
        if key not in tours:
            tours[key] = shortest_day(problem, problem.cadre(cadre), day, sorted(stops))
        total += w.travel * tours[key]
    return total


def _caps_hold(
    problem: Problem,
    routes: dict[tuple[str, date], set[str]],
    teams: dict[tuple[str, date], set[str]],
    week: dict[tuple[str, tuple[int, int]], int],
) -> bool:
    if any(len(s) > problem.cadre(c).max_visits_per_day for (c, _), s in routes.items()):
        return False
    if any(n > problem.village(v).max_visits_per_week for (v, _), n in week.items()):
        return False
    if any(len(who) > problem.village(v).max_teams_per_day for (v, _), who in teams.items()):
        return False
    for v in problem.villages:
        days = sorted(d for (key, d), who in teams.items() if key == v.id and who)
        if any((b - a).days < v.min_gap_days for a, b in pairwise(days)):
            return False
    cap = problem.district_max_teams_per_day
    return cap is None or all(
        sum(len(who) for (_, e), who in teams.items() if e == d) <= cap for d in problem.days
    )


def shortest_day(problem: Problem, c: Cadre, day: date, stops: list[str]) -> float:
    """Least travel of one day over all orders that keep windows and shift; infinite if none."""
    fixed = {x.household: x.start for x in problem.locked if x.date == day}
    base = (c.node, c.base)
    best = math.inf
    for order in permutations(stops):
        at, place, way = c.shifts[day][0], base, 0.0
        for key in order:
            h = problem.household(key)
            leg = problem.travel.minutes(place, (h.node, h.point))
            way, place = way + leg, (h.node, h.point)
            windows = h.windows
            if key in fixed:
                windows = ((fixed[key], fixed[key] + h.service_min),)
            at = min(
                (
                    max(at + leg, a) + h.service_min
                    for a, b in windows
                    if max(at + leg, a) + h.service_min <= b + 1e-6
                ),
                default=math.inf,
            )
        leg = problem.travel.minutes(place, base)
        if at + leg <= c.shifts[day][1] + 1e-6:
            best = min(best, way + leg)
    return best


def _point(r: random.Random) -> tuple[float, float]:
    return 117.0 + r.uniform(0, 0.08), 30.5 + r.uniform(0, 0.08)


def _travel(r: random.Random, cadres: tuple[Cadre, ...], households: list[Household]) -> Travel:
    if r.random() < 0.5:
        return LineTravel()
    nodes = (*(c.node for c in cadres), *(h.node for h in households))
    minutes = np.array([[float(r.randrange(3, 60)) for _ in nodes] for _ in nodes])
    np.fill_diagonal(minutes, 0.0)
    return MatrixTravel(nodes=nodes, matrix=minutes)


def _with_lock(problem: Problem) -> Problem:
    """Lock the first visit that can be made alone."""
    for h in problem.households:
        for c in problem.cadres:
            for day in problem.days:
                single = (c.id, (day,)) in list(_choices(problem, h))
                if single and shortest_day(problem, c, day, [h.id]) < math.inf:
                    leg = problem.travel.minutes((c.node, c.base), (h.node, h.point))
                    at = c.shifts[day][0] + leg
                    start = min(max(at, a) for a, b in h.windows if max(at, a) + h.service_min <= b)
                    lock = LockedVisit(household=h.id, cadre=c.id, date=day, start=start)
                    return _locked(problem, lock)
    return problem


def _locked(problem: Problem, lock: LockedVisit) -> Problem:
    """The problem with a lock, unless the caps alone forbid it."""
    v = problem.village(problem.household(lock.household).village)
    if v.max_teams_per_day < 1 or v.max_visits_per_week < 1:
        return problem
    return Problem(
        days=problem.days,
        units=problem.units,
        villages=problem.villages,
        cadres=problem.cadres,
        households=problem.households,
        travel=problem.travel,
        district_max_teams_per_day=problem.district_max_teams_per_day,
        locked=(lock,),
        weights=problem.weights,
        name=problem.name,
    )
