"""The objective J of a set of visits, in closed form: what solvers and pages show."""

from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise

from scheduler.calendar import iso_week
from scheduler.metrics import Metrics
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem


def score(problem: Problem, visits: Iterable[PlannedVisit]) -> Metrics:
    """
    Compute J and its parts for visits that break no rule.

    Parameters
    ----------
    problem
        Prices, targets and distances.
    visits
        In any order.
    """
    w = problem.weights
    routes: dict[tuple[str, object], list[PlannedVisit]] = defaultdict(list)
    dates: dict[str, list[int]] = defaultdict(list)
    reached: dict[str, set[str]] = defaultdict(set)
    week: dict[tuple[str, tuple[int, int]], int] = defaultdict(int)
    teams: dict[object, set[tuple[str, str]]] = defaultdict(set)
    load = {c.id: 0.0 for c in problem.cadres}
    count = 0
    for x in visits:
        h = problem.household(x.household)
        count += 1
        routes[x.cadre, x.date].append(x)
        dates[h.id].append(x.date.toordinal())
        reached[x.cadre].add(h.id)
        week[h.village, iso_week(x.date)] += 1
        teams[x.date].add((x.cadre, h.village))
        load[x.cadre] += h.service_min
    travel_min = sum(_route_min(problem, route) for route in routes.values())
    missing = {h.id: h.visits_due - len(dates[h.id]) for h in problem.households}
    shortfall = sum(max(0, c.quota - len(reached[c.id])) for c in problem.cadres)
    target = target_loads(problem)
    parts = {
        "unplanned": w.unplanned
        * sum(max(0, missing[h.id]) * h.priority for h in problem.households),
        "quota": w.quota * shortfall,
        "travel": w.travel * travel_min,
        "fairness": w.fairness * sum(load[c.id] ** 2 / target[c.unit] for c in problem.cadres),
        "crowding": w.crowding * sum(n * n for n in week.values()),
        "spacing": w.spacing
        * sum(
            abs(b - a - problem.ideal_gap_days(problem.household(key)))
            for key, mine in dates.items()
            for a, b in _pairs(mine)
        ),
    }
    return Metrics(
        J=sum(parts.values()),
        **parts,
        missing_visits=sum(max(0, n) for n in missing.values()),
        quota_shortfall=shortfall,
        travel_min=travel_min,
        visits=count,
        cadre_days=len(routes),
        peak_teams_per_day=max((len(t) for t in teams.values()), default=0),
    )


def target_loads(problem: Problem) -> dict[str, float]:
    """Service minutes due in a unit's villages, shared among its cadres; at least 1."""
    due: dict[str, float] = defaultdict(float)
    for h in problem.households:
        due[problem.village(h.village).unit] += h.visits_due * h.service_min
    return {u: max(1.0, due[u] / max(1, len(problem.cadres_of_unit(u)))) for u in problem.units}


def _route_min(problem: Problem, route: list[PlannedVisit]) -> float:
    cadre = problem.cadre(route[0].cadre)
    base = (cadre.node, cadre.base)
    stops = [problem.household(x.household) for x in sorted(route, key=lambda x: x.start)]
    places = [base, *((h.node, h.point) for h in stops), base]
    legs = pairwise(places)
    return sum(problem.travel.minutes(a, b) for a, b in legs)


def _pairs(days: list[int]) -> list[tuple[int, int]]:
    days.sort()
    return list(pairwise(days))
