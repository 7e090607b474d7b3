"""
How much a set of visits disturbs those who receive them, beside the same work uncoordinated.

A session is one cadre in one village on one date. The uncoordinated baseline keeps every
session with its households, and puts each on a random working day of the horizon.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from scheduler.plan import PlannedVisit
from scheduler.problem import Problem

DRAWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Disturbance:
    """
    Counts over the horizon; means over the draws for a baseline.

    Parameters
    ----------
    close_village_days
        Pairs of successive visit days of a village that are less than its gap apart.
    close_household_visits
        Pairs of successive visits of a household that are less than its gap apart.
    blackout_sessions
        Sessions on a day on which the village takes no visits.
    crowded_village_days
        Days on which a village has more teams than it may.
    peak_sessions
        Most sessions on one date.
    """

    close_village_days: float
    close_household_visits: float
    blackout_sessions: float
    crowded_village_days: float
    peak_sessions: float


@dataclass(frozen=True, slots=True)
class _Session:
    village: str
    households: tuple[str, ...]
    day: int


def disturbance(problem: Problem, visits: Iterable[PlannedVisit]) -> Disturbance:
    """Count the disturbance of these visits."""
    sessions = _sessions(problem, visits)
    return _count(problem, sessions, [s.day for s in sessions])


def uncoordinated(
    problem: Problem, visits: Iterable[PlannedVisit], *, seed: int = 0, draws: int = DRAWS
) -> Disturbance:
    """
    Count the disturbance of the same sessions on random working days.

    Parameters
    ----------
    seed
        Seed of the draws.
    draws
        How many times the days are drawn; the counts are means over them. At least 1.
    """
    sessions = _sessions(problem, visits)
    rng = np.random.default_rng(seed)
    working = np.array([d.toordinal() for d in problem.days])
    counts = [
        _count(problem, sessions, [int(d) for d in rng.choice(working, len(sessions))])
        for _ in range(draws)
    ]
    return Disturbance(
        close_village_days=_mean(c.close_village_days for c in counts),
        close_household_visits=_mean(c.close_household_visits for c in counts),
        blackout_sessions=_mean(c.blackout_sessions for c in counts),
        crowded_village_days=_mean(c.crowded_village_days for c in counts),
        peak_sessions=_mean(c.peak_sessions for c in counts),
    )


def _sessions(problem: Problem, visits: Iterable[PlannedVisit]) -> list[_Session]:
    found: dict[tuple[str, date, str], list[str]] = defaultdict(list)
    for x in visits:
        found[problem.household(x.household).village, x.date, x.cadre].append(x.household)
    return [
        _Session(village, tuple(sorted(households)), day.toordinal())
        for (village, day, _), households in sorted(found.items())
    ]


def _count(problem: Problem, sessions: Sequence[_Session], days: Sequence[int]) -> Disturbance:
    teams: dict[tuple[str, int], int] = defaultdict(int)
    a_day: dict[int, int] = defaultdict(int)
    of_village: dict[str, set[int]] = defaultdict(set)
    of_household: dict[str, list[int]] = defaultdict(list)
    blackout = 0
    closed = {v.id: {d.toordinal() for d in v.blackout_days} for v in problem.villages}
    for session, day in zip(sessions, days, strict=True):
        teams[session.village, day] += 1
        a_day[day] += 1
        of_village[session.village].add(day)
        blackout += day in closed[session.village]
        for household in session.households:
            of_household[household].append(day)
    return Disturbance(
        close_village_days=sum(
            _close(found, problem.village(code).min_gap_days) for code, found in of_village.items()
        ),
        close_household_visits=sum(
            _close(found, problem.household(key).gap_days) for key, found in of_household.items()
        ),
        blackout_sessions=blackout,
        crowded_village_days=sum(
            n > problem.village(code).max_teams_per_day for (code, _), n in teams.items()
        ),
        peak_sessions=max(a_day.values(), default=0),
    )


def _close(days: Iterable[int], gap: int) -> int:
    return sum(b - a < gap for a, b in pairwise(sorted(days)))


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)
