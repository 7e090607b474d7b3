"""
VROOM: given who is in which village on which day, which household goes into which session?

It knows shifts, several windows, most visits a day, and skills: each session is a vehicle, and a
household has the skill of the sessions it may join. It knows no gaps, no one cadre for all visits
of a household, no caps of weeks, and neither fairness nor spacing; so households with several
visits stay on the days they have, and only the others choose.
"""

from collections import defaultdict
from datetime import date, timedelta

import numpy as np
import vroom

from scheduler.problem import Problem
from tests.benchmarks.peers.routes import Routes

SECONDS = 60
EXPLORATION = 5
NOBODY = 1_000_000


def by_vroom(problem: Problem, given: Routes, seconds: float) -> Routes:
    """Choose session and order for the given sessions in a number of seconds."""
    asked = vroom.Input()
    places = [(c.node, c.base) for c in problem.cadres]
    places += [(h.node, h.point) for h in problem.households]
    minutes = problem.travel.block(places, places)
    asked.set_durations_matrix("car", np.ceil(minutes * SECONDS).astype(np.uint32))
    cadre_at = {c.id: n for n, c in enumerate(problem.cadres)}
    jobs, skills = _jobs(problem, given)
    vehicles = sorted(given)
    for number, (cadre_id, day) in enumerate(vehicles):
        cadre = problem.cadre(cadre_id)
        asked.add_vehicle(
            vroom.Vehicle(
                number,
                start=cadre_at[cadre_id],
                end=cadre_at[cadre_id],
                time_window=[int(SECONDS * t) for t in cadre.shifts[day]],
                skills=skills[cadre_id, day] or {NOBODY},
                max_tasks=cadre.max_visits_per_day,
            )
        )
    for number, row in enumerate(jobs, start=1):
        h = problem.households[row]
        windows = [
            vroom.TimeWindow(int(SECONDS * a), int(SECONDS * (b - h.service_min)))
            for a, b in sorted(h.windows)
            if b - h.service_min >= a
        ]
        asked.add_job(
            vroom.Job(
                number,
                location=len(cadre_at) + row,
                default_service=int(SECONDS * h.service_min),
                skills={number},
                priority=min(100, int(10 * h.priority)),
                time_windows=windows,
            )
        )
    answer = asked.solve(EXPLORATION, nb_threads=2, timeout=timedelta(seconds=seconds))
    routes: dict[tuple[str, date], list[str]] = defaultdict(list)
    stops = answer.routes[answer.routes["type"] == "job"]
    for vehicle, job in zip(stops["vehicle_id"], stops["id"], strict=True):
        routes[vehicles[int(vehicle)]].append(problem.households[jobs[int(job) - 1]].id)
    return routes


def _jobs(problem: Problem, given: Routes) -> tuple[list[int], dict[tuple[str, date], set[int]]]:
    """Row of the household of each job, and the jobs that each cadre-day may do."""
    sessions: dict[str, set[tuple[str, date]]] = defaultdict(set)
    planned: dict[str, list[tuple[str, date]]] = defaultdict(list)
    for key, households in given.items():
        for household in households:
            sessions[problem.household(household).village].add(key)
            planned[household].append(key)
    jobs: list[int] = []
    skills: dict[tuple[str, date], set[int]] = defaultdict(set)
    for row, h in enumerate(problem.households):
        if h.visits_due == 1:
            jobs.append(row)
            for cadre_id, day in sessions[h.village]:
                if problem.may_visit(problem.cadre(cadre_id), h) and _in_dates(problem, row, day):
                    skills[cadre_id, day].add(len(jobs))
        else:
            for key in planned[h.id]:
                jobs.append(row)
                skills[key].add(len(jobs))
    return jobs, skills


def _in_dates(problem: Problem, row: int, day: date) -> bool:
    h = problem.households[row]
    if (h.not_before and day < h.not_before) or (h.not_after and day > h.not_after):
        return False
    return h.last_visit is None or (day - h.last_visit).days >= h.gap_days
