"""
The model of a certificate: villages with all who may come, and nothing else of the district.

What it cannot hold no plan can. The bound of OR-Tools is the proof, whether or not the search
for the best comes to its end.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from ortools.sat.python import cp_model

from scheduler.calendar import iso_week
from scheduler.household import Household
from scheduler.legs import LeastLegs
from scheduler.problem import Problem
from scheduler.village import Village

SCALE = 1000
"""Priorities become whole numbers of this many parts."""

BUILDING = 2e-5
"""Effort of building a model, for each possible visit."""

MOST_BOOLEANS = 30_000
"""Villages with more possible visits than this are not certified."""

MOST_PAIRED = 40
"""A cadre's day that more households could share is proved without excluding pairs."""

Homes = Sequence[tuple[Village, Sequence[Household]]]
Key = tuple[int, int, int]  # household, cadre, day: indices within the model


def least_missing(
    problem: Problem,
    homes: Homes,
    legs: LeastLegs,
    limits: tuple[float, float],
) -> tuple[float, float]:
    """
    Priority-weighted visits of some households that every plan lacks at least, and the effort.

    Whoever is left out has all visits and is in nobody's way. ``limits`` are seconds and
    deterministic time.
    """
    households = [h for _, mine in homes for h in mine]
    worth = [round(SCALE * h.priority) for h in households]
    due = sum(n * h.visits_due for n, h in zip(worth, households, strict=True))
    possible = [_possible(problem, v, mine, legs) for v, mine in homes]
    count = sum(len(keys) for keys in possible)
    if count > MOST_BOOLEANS:
        return 0.0, 0.0
    model = cp_model.CpModel()
    visit: dict[Key, cp_model.IntVar] = {}
    before = 0
    for (v, mine), keys in zip(homes, possible, strict=True):
        x = {key: model.new_bool_var("") for key in keys}
        _one_cadre_and_gaps(model, problem, v, mine, x)
        _village_caps(model, problem, v, x)
        visit |= {(before + i, j, k): b for (i, j, k), b in x.items()}
        before += len(mine)
    _cadre_days(model, problem, households, legs, visit)
    model.maximize(sum(worth[i] * b for (i, _, _), b in visit.items()))
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = limits[1]
    solver.parameters.max_time_in_seconds = min(limits[0], 60.0)
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    status = solver.solve(model)
    spent = BUILDING * count + solver.response_proto.deterministic_time
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return 0.0, spent
    most = int(np.floor(solver.best_objective_bound + 1e-6))
    return max(0, due - most) / SCALE, spent


def _possible(
    problem: Problem, v: Village, households: Sequence[Household], legs: LeastLegs
) -> list[Key]:
    """Visits that calendar, unit, pairing, dates and time allow when nothing else is planned."""
    keys: list[Key] = []
    if v.max_teams_per_day < 1 or v.max_visits_per_week < 1:
        return keys
    number = {c.id: j for j, c in enumerate(problem.cadres)}
    team = problem.cadres_of_unit(v.unit)
    for i, h in enumerate(households):
        for c in team if h.cadre is None else (problem.cadre(h.cadre),):
            if not problem.may_visit(c, h) or c.max_visits_per_day < 1:
                continue
            j = number[c.id]
            out, back = legs.there_and_back(c, h)
            for k, day in enumerate(problem.days):
                if day not in c.shifts or day in v.blackout_days or not _in_dates(h, k, problem):
                    continue
                start, end = c.shifts[day]
                if any(
                    max(start + out, a) + h.service_min <= min(end - back, b) + 1e-6
                    for a, b in h.windows
                ):
                    keys.append((i, j, k))
    return keys


def _in_dates(h: Household, k: int, problem: Problem) -> bool:
    day = problem.days[k]
    if (h.not_before and day < h.not_before) or (h.not_after and day > h.not_after):
        return False
    return h.last_visit is None or (day - h.last_visit).days >= h.gap_days


def _one_cadre_and_gaps(
    model: cp_model.CpModel,
    problem: Problem,
    v: Village,
    households: Sequence[Household],
    x: Mapping[Key, cp_model.IntVar],
) -> None:
    mine: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, j, k in x:
        mine[i, j].append(k)
    by: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    visits: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    for (i, j), days in mine.items():
        h = households[i]
        gap = max(h.gap_days, v.min_gap_days)
        comes = model.new_bool_var("")
        by[i].append(comes)
        visits[i] += [x[i, j, k] for k in days]
        model.add(sum(x[i, j, k] for k in days) <= h.visits_due * comes)
        for k in days:
            near = [x[i, j, e] for e in days if 0 <= _apart(problem, k, e) < gap]
            model.add(sum(near) <= comes)
    for i, options in by.items():
        model.add_at_most_one(options)
        # Implied, but the solver's relaxation does not see it, and its bound would stay above
        # what is due: a village of 50 takes 0.5 s with this and is not proven in 3 s without.
        model.add(sum(visits[i]) <= households[i].visits_due)


def _village_caps(
    model: cp_model.CpModel, problem: Problem, v: Village, x: Mapping[Key, cp_model.IntVar]
) -> None:
    session: dict[tuple[int, int], cp_model.IntVar] = {}
    for (_, j, k), b in x.items():
        if (j, k) not in session:
            session[j, k] = model.new_bool_var("")
        model.add_implication(b, session[j, k])
    opened = {k: model.new_bool_var("") for k in sorted({k for _, k in session})}
    for k, day_open in opened.items():
        teams = [s for (_, e), s in session.items() if e == k]
        model.add(sum(teams) <= v.max_teams_per_day * day_open)
        near = [opened[e] for e in opened if 0 <= _apart(problem, k, e) < v.min_gap_days]
        if len(near) > 1:
            model.add_at_most_one(near)
    weeks: dict[tuple[int, int], list[cp_model.IntVar]] = defaultdict(list)
    for (_, _, k), b in x.items():
        weeks[iso_week(problem.days[k])].append(b)
    for options in weeks.values():
        model.add(sum(options) <= v.max_visits_per_week)


def _cadre_days(
    model: cp_model.CpModel,
    problem: Problem,
    households: Sequence[Household],
    legs: LeastLegs,
    x: Mapping[Key, cp_model.IntVar],
) -> None:
    """Number of visits, time of the shift, and pairs of visits that exclude each other."""
    routes: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, j, k in x:
        routes[j, k].append(i)
    exclusive: dict[tuple[int, int, tuple[float, float], int], bool] = {}
    for (j, k), stops in routes.items():
        c = problem.cadres[j]
        shift = c.shifts[problem.days[k]]
        model.add(sum(x[i, j, k] for i in stops) <= c.max_visits_per_day)
        # Whoever makes a visit spends its minutes and the least way that leads to it.
        spent = [int(households[i].service_min + legs.least_in(households[i])) for i in stops]
        model.add(
            sum(n * x[i, j, k] for n, i in zip(spent, stops, strict=True))
            <= int(shift[1] - shift[0])
        )
        if len(stops) > MOST_PAIRED:
            continue
        for a, i in enumerate(stops):
            for e in stops[a + 1 :]:
                key = (i, e, shift, j)
                if key not in exclusive:
                    exclusive[key] = not legs.both_fit(c, shift, households[i], households[e])
                if exclusive[key]:
                    model.add_at_most_one([x[i, j, k], x[e, j, k]])


def _apart(problem: Problem, k: int, e: int) -> int:
    return (problem.days[e] - problem.days[k]).days
