"""The shifts of a unit's cadres as arrays: on which days, how long, and for how many visits."""

import numpy as np

from scheduler.engines.search.arrays import Floats, Ints
from scheduler.problem import Problem


def duty_of(problem: Problem, unit: str) -> Ints:
    """Indices of the days on which each cadre works, shape (C, D), padded with -1."""
    cadres = problem.cadres_of_unit(unit)
    duty = np.full((len(cadres), len(problem.days)), -1, np.int64)
    for i, c in enumerate(cadres):
        mine = [k for k, d in enumerate(problem.days) if d in c.shifts]
        duty[i, : len(mine)] = mine
    return duty


def room_of(problem: Problem, unit: str) -> Ints:
    """Visits that each route may hold, shape (C x D,): 0 without a shift."""
    return np.array(
        [
            c.max_visits_per_day if d in c.shifts else 0
            for c in problem.cadres_of_unit(unit)
            for d in problem.days
        ],
        np.int64,
    )


def shifts_of(problem: Problem, unit: str) -> Floats:
    """When each shift begins and ends, shape (C, D, 2), minutes after midnight."""
    cadres = problem.cadres_of_unit(unit)
    shift = np.zeros((len(cadres), len(problem.days), 2))
    for i, c in enumerate(cadres):
        for k, d in enumerate(problem.days):
            shift[i, k] = c.shifts.get(d, (0.0, 0.0))
    return shift
