"""Problems in which one visit cannot be made, for a reason planted on purpose; and an exact check.

``PLANTED`` names the rule that must be among those found. ``can_be_met`` tries every cadre and
every set of days: it shares nothing with what explains.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from math import inf

from scheduler.engine import Run, Visits
from scheduler.engines.greedy import Greedy
from scheduler.explaining.placing import find_place
from scheduler.locked import LockedVisit
from scheduler.problem import Problem
from tests.scheduler.brute import _caps_hold, _choices, shortest_day
from tests.scheduler.problems import (
    AFTERNOON,
    MORNING,
    a_cadre,
    a_household,
    a_problem,
    a_village,
    workdays,
)


def _window(r: random.Random) -> Problem:
    days = workdays(r.randint(3, 8))
    late = a_cadre(shifts=dict.fromkeys(days, AFTERNOON))
    odd = a_household(0, windows=((510.0, r.choice([600.0, 690.0])),))
    return a_problem(odd, *_easy(r), days=days, cadres=(late,))


def _shift(r: random.Random) -> Problem:
    days = workdays(r.randint(5, 8))
    cadres = tuple(a_cadre(n, days=(days[n],)) for n in range(r.randint(1, 2)))
    return a_problem(
        a_household(0, visits_due=2, min_gap_days=1), *_easy(r), days=days, cadres=cadres
    )


def _capacity(r: random.Random) -> Problem:
    n = r.randint(2, 3)
    days = workdays(n)
    homes = [a_household(k, service_min=20.0) for k in range(n + 1)]
    cadre = a_cadre(days=days, max_visits_per_day=1)
    return a_problem(*homes, days=days, cadres=(cadre,))


def _village_gap(r: random.Random) -> Problem:
    days = workdays(r.randint(3, 6))
    homes = [a_household(k, service_min=90.0) for k in range(r.randint(3, 4))]
    cadre = a_cadre(shifts=dict.fromkeys(days, MORNING))
    return a_problem(*homes, days=days, cadres=(cadre,), villages=(a_village(min_gap_days=30),))


def _village_teams(r: random.Random) -> Problem:
    days = workdays(r.randint(1, 2))
    homes = [a_household(k, service_min=90.0) for k in range(2 * len(days) + 1)]
    cadres = tuple(a_cadre(n, shifts=dict.fromkeys(days, MORNING)) for n in range(2))
    return a_problem(*homes, days=days, cadres=cadres, villages=(a_village(max_teams_per_day=1),))


def _village_week(r: random.Random) -> Problem:
    days, cap = workdays(r.randint(2, 5)), r.randint(1, 3)
    homes = [a_household(k, service_min=20.0) for k in range(cap + 1)]
    return a_problem(
        *homes,
        days=days,
        cadres=(a_cadre(days=days),),
        villages=(a_village(max_visits_per_week=cap),),
    )


def _blackout(r: random.Random) -> Problem:
    days = workdays(r.randint(3, 10))
    quiet = a_village(blackout_days=frozenset(days))
    return a_problem(days=days, cadres=(a_cadre(days=days),), villages=(quiet,))


def _household_gap(r: random.Random) -> Problem:
    days, gap = workdays(r.randint(5, 10)), r.randint(4, 9)
    fits = (days[-1] - days[0]).days // gap + 1
    often = a_household(0, visits_due=fits + r.randint(1, 2), min_gap_days=gap)
    return a_problem(often, *_easy(r), days=days, cadres=(a_cadre(days=days),))


def _last_visit(r: random.Random) -> Problem:
    days = workdays(r.randint(4, 8))
    lately = a_household(0, last_visit=days[0] - timedelta(r.randint(1, 5)), min_gap_days=40)
    return a_problem(lately, *_easy(r), days=days, cadres=(a_cadre(days=days),))


def _pairing(r: random.Random) -> Problem:
    days = workdays(r.randint(3, 8))
    cadres = (a_cadre(0, days=days), a_cadre(1, days=()))
    return a_problem(a_household(0, cadre="c1"), *_easy(r), days=days, cadres=cadres)


def _unit(r: random.Random) -> Problem:
    days = workdays(r.randint(3, 8))
    return a_problem(
        a_household(0, village="v1"),
        *_easy(r),
        days=days,
        units=("u0", "u1"),
        villages=(a_village(0), a_village(1, unit="u1")),
        cadres=(a_cadre(days=days),),
    )


def _dates(r: random.Random) -> Problem:
    days = workdays(r.randint(5, 8))
    early = a_household(0, not_after=days[r.randint(0, 1)])
    return a_problem(early, *_easy(r), days=days, cadres=(a_cadre(days=days[2:]),))


def _district(r: random.Random) -> Problem:
    days = workdays(r.randint(1, 2))
    homes = [a_household(n, village=f"v{n}") for n in range(len(days) + 1)]
    return replace(
        a_problem(
            *homes,
            days=days,
            villages=tuple(a_village(n) for n in range(len(homes))),
            cadres=tuple(a_cadre(n, days=days) for n in range(2)),
        ),
        district_max_teams_per_day=1,
    )


def _unreachable(r: random.Random) -> Problem:
    days = workdays(r.randint(3, 6))
    far = a_household(0, point=(117.01, 30.55 + r.uniform(0.3, 0.4)))
    cadre = a_cadre(shifts=dict.fromkeys(days, MORNING))
    return a_problem(far, *_easy(r), days=days, cadres=(cadre,))


def _locked(r: random.Random) -> Problem:
    days = workdays(6)
    lock = LockedVisit(household="h1", cadre="c0", date=days[r.randint(1, 4)], start=600.0)
    return a_problem(
        a_household(0),
        a_household(1),
        days=days,
        cadres=(a_cadre(days=days, max_visits_per_day=1),),
        villages=(a_village(min_gap_days=7),),
        locked=(lock,),
    )


def _easy(r: random.Random) -> list:  # type: ignore[type-arg]
    """Neighbours without trouble."""
    return [a_household(n, service_min=20.0) for n in range(1, r.randint(1, 3))]


PLANTED: Mapping[str, Callable[[random.Random], Problem]] = {
    "window": _window,
    "shift": _shift,
    "capacity": _capacity,
    "village-gap": _village_gap,
    "village-teams": _village_teams,
    "village-week": _village_week,
    "blackout": _blackout,
    "household-gap": _household_gap,
    "last-visit": _last_visit,
    "pairing": _pairing,
    "unit": _unit,
    "dates": _dates,
    "district": _district,
    "travel": _unreachable,
    "locked": _locked,
}


def planted(kind: str, seed: int) -> tuple[Problem, Visits, str]:
    """A problem, a plan to which nothing can be added, and a household that lacks visits."""
    problem = PLANTED[kind](random.Random(f"{kind}-{seed}"))
    visits: Visits = Greedy().propose(problem, Run()).visits
    for h in problem.households:
        if Counter(x.household for x in visits)[h.id] < h.visits_due:
            visits = find_place(problem, visits, h.id) or visits
    had = Counter(x.household for x in visits)
    lacking = [h.id for h in problem.households if had[h.id] < h.visits_due]
    return problem, visits, lacking[0]


def can_be_met(problem: Problem) -> bool:
    """Whether every visit can be made, by trying every cadre and every set of days."""
    options = []
    for h in problem.households:
        mine = [x for x in _choices(problem, h) if len(x[1]) == h.visits_due]
        options.append((h, mine or ([("", ())] if not h.visits_due else [])))
    options.sort(key=lambda pair: len(pair[1]))
    routes: dict[tuple[str, date], set[str]] = defaultdict(set)
    teams: dict[tuple[str, date], set[str]] = defaultdict(set)
    week: dict[tuple[str, tuple[int, int]], int] = defaultdict(int)
    known: dict[tuple[str, date, frozenset[str]], bool] = {}

    def fits(cadre: str, day: date) -> bool:
        key = (cadre, day, frozenset(routes[cadre, day]))
        if key not in known:
            known[key] = shortest_day(problem, problem.cadre(cadre), day, sorted(key[2])) < inf
        return known[key]

    def place(n: int) -> bool:
        if n == len(options):
            return True
        h, choices = options[n]
        for cadre, days in choices:
            new = [d for d in days if cadre not in teams[h.village, d]]
            for d in days:
                routes[cadre, d].add(h.id)
                teams[h.village, d].add(cadre)
                week[h.village, d.isocalendar()[:2]] += 1
            held = _caps_hold(problem, routes, teams, week) and all(fits(cadre, d) for d in days)
            if held and place(n + 1):
                return True
            for d in days:
                routes[cadre, d].discard(h.id)
                week[h.village, d.isocalendar()[:2]] -= 1
            for d in new:
                teams[h.village, d].discard(cadre)
        return False

    return place(0)
