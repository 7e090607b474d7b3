"""A problem small enough to compile the kernels with."""

from datetime import date, timedelta

from scheduler.cadre import Cadre
from scheduler.household import Household
from scheduler.problem import Problem
from scheduler.village import Village


def tiny_problem() -> Problem:
    """Two villages, two cadres, six households, ten days."""
    first = date(2027, 3, 1)
    days = tuple(first + timedelta(days=n) for n in range(10))
    shifts = dict.fromkeys(days, (510.0, 1080.0))
    return Problem(
        days=days,
        units=("u",),
        villages=tuple(Village(id=v, unit="u") for v in "ab"),
        cadres=tuple(
            Cadre(id=c, unit="u", base=(117.0, 30.5), shifts=shifts, quota=1) for c in "xy"
        ),
        households=tuple(
            Household(
                id=str(n),
                village="ab"[n % 2],
                point=(117.0 + 0.01 * n, 30.5),
                visits_due=1 + n % 2,
                min_gap_days=3,
            )
            for n in range(6)
        ),
        district_max_teams_per_day=2,
    )
