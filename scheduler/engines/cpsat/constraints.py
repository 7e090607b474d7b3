"""The rules of the contract, each a function; ``add_constraints`` is their table of contents."""

from collections import defaultdict
from datetime import date

from ortools.sat.python import cp_model

from scheduler.calendar import iso_week
from scheduler.engines.cpsat.variables import TICKS, Variables
from scheduler.travel import Place

BASE = ""
"""Name of the base among the places of a route."""


def add_constraints(x: Variables) -> None:
    """Add every rule."""
    one_cadre_for_each_household(x)
    no_more_visits_than_due(x)
    days_of_a_household_keep_its_gap(x)
    routes_keep_windows_and_shifts(x)
    cadres_make_no_more_visits_than_they_can(x)
    villages_take_so_many_teams_and_keep_their_gap(x)
    weeks_of_villages_take_so_many_visits(x)
    the_district_takes_so_many_teams(x)
    locked_visits_stand(x)


def one_cadre_for_each_household(x: Variables) -> None:
    """Continuity: all visits of a household are by one cadre."""
    who: dict[str, list[cp_model.IntVar]] = defaultdict(list)
    for (h, _), comes in x.comes.items():
        who[h].append(comes)
    for options in who.values():
        x.model.add_at_most_one(options)
    days: dict[tuple[str, str], list[cp_model.IntVar]] = defaultdict(list)
    for (h, c, _), visit in x.visit.items():
        x.model.add_implication(visit, x.comes[h, c])
        days[h, c].append(visit)
    for key, visits in days.items():
        x.model.add_bool_or(visits).only_enforce_if(x.comes[key])


def no_more_visits_than_due(x: Variables) -> None:
    """A household gets at most what it is due."""
    for h in x.free:
        visits = [v for (key, _, _), v in x.visit.items() if key == h.id]
        x.model.add(sum(visits) <= h.visits_due)


def days_of_a_household_keep_its_gap(x: Variables) -> None:
    """The days of a household are a chain; each link is as long as the gap or longer."""
    for h in x.free:
        on: dict[date, list[cp_model.IntVar]] = defaultdict(list)
        for (key, _, day), visit in x.visit.items():
            if key == h.id:
                on[day].append(visit)
        for visits in on.values():
            x.model.add_at_most_one(visits)
        if h.visits_due < 2 or not on:
            continue
        days = sorted(on)
        node = {day: n for n, day in enumerate(days, start=1)}
        arcs: list[tuple[int, int, cp_model.LiteralT]] = []
        none = x.model.new_bool_var("")
        x.after[h.id, None, None] = none
        arcs.append((0, 0, none))
        for day in days:
            free = x.model.new_bool_var("")
            x.after[h.id, day, day] = free
            x.model.add(sum(on[day]) + free == 1)
            arcs.append((node[day], node[day], free))
            for origin, target in ((None, day), (day, None)):
                link = x.model.new_bool_var("")
                x.after[h.id, origin, target] = link
                arcs.append((node[day] if origin else 0, node[day] if target else 0, link))
            for later in days:
                if (later - day).days >= h.gap_days:
                    link = x.model.new_bool_var("")
                    x.after[h.id, day, later] = link
                    arcs.append((node[day], node[later], link))
        x.model.add_circuit(arcs)


def routes_keep_windows_and_shifts(x: Variables) -> None:
    """Each cadre's day is a round from the base; every arc leaves time for service and way."""
    for duty, stops in x.by_duty().items():
        cadre, day = x.problem.cadre(duty[0]), duty[1]
        begin, end = (round(t * TICKS) for t in cadre.shifts[day])
        place: dict[str, Place] = {BASE: (cadre.node, cadre.base)}
        for h in stops:
            place[h] = (x.problem.household(h).node, x.problem.household(h).point)
        node = {name: n for n, name in enumerate(place)}
        arcs: list[tuple[int, int, cp_model.LiteralT]] = []
        for a in place:
            for b in place:
                if a == b and a != BASE:
                    arcs.append((node[a], node[a], ~x.visit[a, *duty]))
                    continue
                go = x.model.new_bool_var("")
                x.arc[duty, a, b] = go
                arcs.append((node[a], node[b], go))
                if a == b:
                    continue
                leg = int(min(x.problem.travel.minutes(place[a], place[b]), 1e5) * TICKS)
                leave: cp_model.LinearExprT = leg + begin
                if a != BASE:
                    service = round(x.problem.household(a).service_min * TICKS)
                    leave = leg + service + x.start[a, *duty]
                arrive = end if b == BASE else x.start[b, *duty]
                x.model.add(leave <= arrive).only_enforce_if(go)
        x.model.add_circuit(arcs)


def cadres_make_no_more_visits_than_they_can(x: Variables) -> None:
    """A cadre's day holds so many visits."""
    for (cadre, day), stops in x.by_duty().items():
        most = x.problem.cadre(cadre).max_visits_per_day
        x.model.add(sum(x.visit[h, cadre, day] for h in stops) <= most)


def villages_take_so_many_teams_and_keep_their_gap(x: Variables) -> None:
    """Teams on a day, and days between the days; sessions that stand count, too."""
    standing: dict[str, dict[date, set[str]]] = {v.id: {} for v in x.problem.villages}
    for y in x.standing:
        here = standing[x.problem.household(y.household).village]
        here.setdefault(y.date, set()).add(y.cadre)
    for (h, c, day), visit in x.visit.items():
        x.model.add_implication(visit, x.session[x.problem.household(h).village, (c, day)])
    teams: dict[tuple[str, date], list[cp_model.IntVar]] = defaultdict(list)
    for (v, (_, day)), session in x.session.items():
        teams[v, day].append(session)
    for (v, day), sessions in teams.items():
        room = x.problem.village(v).max_teams_per_day - len(standing[v].get(day, ()))
        x.model.add(sum(sessions) <= max(0, room) * x.opened[v, day])
    for v in {v for v, _ in x.opened}:
        gap = x.problem.village(v).min_gap_days
        days = sorted(day for village, day in x.opened if village == v)
        for day in days:
            if any(0 < abs((day - e).days) < gap for e in standing[v]):
                x.model.add(x.opened[v, day] == 0)
            near = [x.opened[v, e] for e in days if 0 <= (e - day).days < gap]
            if len(near) > 1:
                x.model.add_at_most_one(near)


def weeks_of_villages_take_so_many_visits(x: Variables) -> None:
    """A village's week holds so many visits; those that stand count, too."""
    for (v, _), (visits, standing) in visits_by_week(x).items():
        x.model.add(sum(visits) + standing <= x.problem.village(v).max_visits_per_week)


def visits_by_week(
    x: Variables,
) -> dict[tuple[str, tuple[int, int]], tuple[list[cp_model.IntVar], int]]:
    """Free visits, and the number of those that stand, by village and week."""
    free: dict[tuple[str, tuple[int, int]], list[cp_model.IntVar]] = defaultdict(list)
    for (h, _, day), visit in x.visit.items():
        free[x.problem.household(h).village, iso_week(day)].append(visit)
    standing: dict[tuple[str, tuple[int, int]], int] = defaultdict(int)
    for y in x.standing:
        standing[x.problem.household(y.household).village, iso_week(y.date)] += 1
    return {key: (visits, standing[key]) for key, visits in free.items()}


def the_district_takes_so_many_teams(x: Variables) -> None:
    """Cadres and villages that meet on one day, in all villages."""
    cap = x.problem.district_max_teams_per_day
    if cap is None:
        return
    standing: dict[date, set[tuple[str, str]]] = defaultdict(set)
    for y in x.standing:
        standing[y.date].add((y.cadre, x.problem.household(y.household).village))
    sessions: dict[date, list[cp_model.IntVar]] = defaultdict(list)
    for (_, (_, day)), session in x.session.items():
        sessions[day].append(session)
    for day, here in sessions.items():
        x.model.add(sum(here) <= cap - len(standing[day]))


def locked_visits_stand(x: Variables) -> None:
    """Locked visits are made."""
    for y in x.problem.locked:
        key = (y.household, y.cadre, y.date)
        if key in x.visit:
            x.model.add(x.visit[key] == 1)
