"""
OR-Tools in two stages: first sessions by the number of households, then households into them.

Stage one chooses cadre, village, day and a number of visits for each session, under all caps of
villages and the district, with the mean of service times. Stage two deals the households out,
unit by unit, with gaps, one cadre each, dates, pairs and windows as they are. Order and times are
left to the completion. Stage one sees neither gaps nor pairs nor windows: that is its weakness.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from statistics import fmean

from ortools.sat.python import cp_model

from scheduler.calendar import iso_week
from scheduler.problem import Problem
from scheduler.roster import Roster
from tests.benchmarks.peers.routes import Routes

STAGE_ONE_SHARE = 0.5
SCALE = 10
STOP_MIN = 5
"""Minutes from one household to the next in a village, guessed."""

Session = tuple[str, str, date]  # cadre, village, day
Choice = tuple[str, str, date]  # household, cadre, day


def by_stages(problem: Problem, given: Routes, seconds: float) -> Routes:
    """Plan in a number of seconds; the sessions of the given routes are the first ones tried."""
    sessions = _choose_sessions(problem, _sessions_of(problem, given), STAGE_ONE_SHARE * seconds)
    routes: dict[tuple[str, date], list[str]] = defaultdict(list)
    for unit in problem.units:
        left = (1 - STAGE_ONE_SHARE) * seconds / len(problem.units)
        for household, cadre, day in _deal(problem, unit, sessions, left):
            routes[cadre, day].append(household)
    return routes


def _sessions_of(problem: Problem, given: Routes) -> dict[Session, int]:
    """Count the visits of each session of some routes."""
    found: dict[Session, int] = defaultdict(int)
    for (cadre, day), households in given.items():
        for household in households:
            found[cadre, problem.household(household).village, day] += 1
    return found


def _choose_sessions(
    problem: Problem, first: dict[Session, int], seconds: float
) -> dict[Session, int]:
    """Visits in each session that is held."""
    model = cp_model.CpModel()
    due: dict[str, int] = defaultdict(int)
    service: dict[str, list[float]] = defaultdict(list)
    bases: dict[tuple[str, str], float] = {}
    for h in problem.households:
        due[h.village] += h.visits_due
        service[h.village].append(h.service_min)
    held: dict[Session, cp_model.IntVar] = {}
    visits: dict[Session, cp_model.IntVar] = {}
    for v in problem.villages:
        homes = [(h.node, h.point) for h in problem.households if h.village == v.id]
        if not homes:
            continue
        for c in problem.cadres_of_unit(v.unit):
            bases[c.id, v.id] = float(problem.travel.block([(c.node, c.base)], homes).mean())
            for day in c.shifts:
                if day in problem.days and day not in v.blackout_days:
                    key = c.id, v.id, day
                    held[key] = model.new_bool_var("")
                    visits[key] = model.new_int_var(0, c.max_visits_per_day, "")
                    model.add(visits[key] <= c.max_visits_per_day * held[key])
                    model.add(visits[key] >= held[key])
    cost: list[cp_model.LinearExprT] = []
    _by_village(model, problem, held, visits, due, cost)
    _by_cadre_day(model, problem, held, visits, service, bases)
    cap = problem.district_max_teams_per_day
    for day in problem.days:
        teams = [b for (_, _, d), b in held.items() if d == day]
        if cap is not None and teams:
            model.add(sum(teams) <= cap)
    cost += [int(SCALE * 2 * bases[c, v]) * b for (c, v, _), b in held.items()]
    model.minimize(sum(cost))
    for key, b in held.items():
        model.add_hint(b, key in first)
        model.add_hint(visits[key], first.get(key, 0))
    solver = _solver(seconds)
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {}
    return {key: solver.value(n) for key, n in visits.items() if solver.value(held[key])}


def _by_village(
    model: cp_model.CpModel,
    problem: Problem,
    held: dict[Session, cp_model.IntVar],
    visits: dict[Session, cp_model.IntVar],
    due: dict[str, int],
    cost: list[cp_model.LinearExprT],
) -> None:
    of: dict[str, list[Session]] = defaultdict(list)
    for key in held:
        of[key[1]].append(key)
    for v in problem.villages:
        mine = of[v.id]
        days = sorted({day for _, _, day in mine})
        opened = {day: model.new_bool_var("") for day in days}
        for day in days:
            teams = [held[key] for key in mine if key[2] == day]
            model.add(sum(teams) <= v.max_teams_per_day * opened[day])
            near = [opened[e] for e in days if timedelta() <= e - day < timedelta(v.min_gap_days)]
            model.add_at_most_one(near)
        missing = model.new_int_var(0, due[v.id], "")
        model.add(sum(visits[key] for key in mine) + missing == due[v.id])
        cost.append(int(SCALE * problem.weights.unplanned) * missing)
        for week in sorted({iso_week(day) for day in days}):
            n = [visits[key] for key in mine if iso_week(key[2]) == week]
            model.add(sum(n) <= v.max_visits_per_week)
            cost.append(
                _tangents(
                    model, sum(n), v.max_visits_per_week, lambda x: problem.weights.crowding * x * x
                )
            )


def _by_cadre_day(
    model: cp_model.CpModel,
    problem: Problem,
    held: dict[Session, cp_model.IntVar],
    visits: dict[Session, cp_model.IntVar],
    service: dict[str, list[float]],
    bases: dict[tuple[str, str], float],
) -> None:
    of: dict[tuple[str, date], list[Session]] = defaultdict(list)
    for key in held:
        of[key[0], key[2]].append(key)
    for (cadre_id, day), mine in of.items():
        c = problem.cadre(cadre_id)
        begin, end = c.shifts[day]
        model.add(sum(visits[key] for key in mine) <= c.max_visits_per_day)
        spent = [
            int(fmean(service[key[1]]) + STOP_MIN) * visits[key]
            + int(bases[key[0], key[1]]) * held[key]
            for key in mine
        ]
        model.add(sum(spent) <= int(end - begin))


def _deal(
    problem: Problem, unit: str, sessions: dict[Session, int], seconds: float
) -> list[Choice]:
    """Households of a unit into its sessions."""
    model = cp_model.CpModel()
    roster = Roster(problem)
    x: dict[Choice, cp_model.IntVar] = {}
    cost: list[cp_model.LinearExprT] = []
    for h in problem.households:
        if problem.village(h.village).unit != unit:
            continue
        comes = []
        for c in problem.cadres_of_unit(unit):
            days = sorted(
                day
                for (cadre, village, day) in sessions
                if (cadre, village) == (c.id, h.village)
                and next(roster.obstacles(h, c, day), None) is None
            )
            if not days:
                continue
            comes.append(model.new_bool_var(""))
            for day in days:
                x[h.id, c.id, day] = model.new_bool_var("")
            mine = [x[h.id, c.id, day] for day in days]
            model.add(sum(mine) <= h.visits_due * comes[-1])
            for day in days:
                gap = timedelta(h.gap_days)
                model.add_at_most_one(
                    x[h.id, c.id, e] for e in days if timedelta() <= e - day < gap
                )
            cost += [-int(problem.weights.unplanned * h.priority) * b for b in mine]
        model.add_at_most_one(comes)
    _caps(model, problem, sessions, x)
    model.minimize(sum(cost))
    solver = _solver(seconds)
    if not x or solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return []
    return [key for key, b in x.items() if solver.value(b)]


def _caps(
    model: cp_model.CpModel,
    problem: Problem,
    sessions: dict[Session, int],
    x: dict[Choice, cp_model.IntVar],
) -> None:
    """Most visits and minutes of a cadre's day, most visits of a village's week."""
    days: dict[tuple[str, date], list[Choice]] = defaultdict(list)
    weeks: dict[tuple[str, tuple[int, int]], list[Choice]] = defaultdict(list)
    for key in x:
        household, cadre, day = key
        days[cadre, day].append(key)
        weeks[problem.household(household).village, iso_week(day)].append(key)
    for (cadre_id, day), mine in days.items():
        c = problem.cadre(cadre_id)
        begin, end = c.shifts[day]
        model.add(sum(x[key] for key in mine) <= c.max_visits_per_day)
        minutes = [int(problem.household(key[0]).service_min + STOP_MIN) * x[key] for key in mine]
        model.add(sum(minutes) <= int(end - begin))
    for (village_id, _), mine in weeks.items():
        cap = problem.village(village_id).max_visits_per_week
        model.add(sum(x[key] for key in mine) <= cap)


def _tangents(
    model: cp_model.CpModel,
    expression: cp_model.LinearExprT,
    most: int,
    price: Callable[[float], float],
) -> cp_model.IntVar:
    """Return a cost that is at least a convex price at whole numbers."""
    cost = model.new_int_var(0, int(SCALE * price(most)) + SCALE, "")
    for n in range(most):
        slope = round(SCALE * (price(n + 1) - price(n)))
        model.add(cost >= slope * (expression - n) + round(SCALE * price(n)))
    return cost


def _solver(seconds: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(0.2, seconds)
    solver.parameters.num_workers = 2
    solver.parameters.random_seed = 1
    return solver
