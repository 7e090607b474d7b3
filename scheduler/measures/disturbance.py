"""
How much a set of visits disturbs those who receive them, beside the same work uncoordinated.

A session is one cadre in one village on one date. The uncoordinated baseline keeps every
session with its households, and puts each on a random working day of the horizon.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from scheduler.measures.spacing import pairs_too_close
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
    day: date


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
    counts = []
    for _ in range(draws):
        drawn = rng.integers(len(problem.days), size=len(sessions))
        counts.append(_count(problem, sessions, [problem.days[i] for i in drawn]))
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
        _Session(village, tuple(sorted(households)), day)
        for (village, day, _), households in sorted(found.items())
    ]


def _count(problem: Problem, sessions: Sequence[_Session], days: Sequence[date]) -> Disturbance:
    teams: dict[tuple[str, date], int] = defaultdict(int)
    a_day: dict[date, int] = defaultdict(int)
    of_village: dict[str, set[date]] = defaultdict(set)
    of_household: dict[str, list[date]] = defaultdict(list)
    blackout = 0
    for session, day in zip(sessions, days, strict=True):
        teams[session.village, day] += 1
        a_day[day] += 1
        of_village[session.village].add(day)
        blackout += day in problem.village(session.village).blackout_days
        for household in session.households:
            of_household[household].append(day)
    return Disturbance(
        close_village_days=sum(
            pairs_too_close(found, problem.village(code).min_gap_days)
            for code, found in of_village.items()
        ),
        close_household_visits=sum(
            pairs_too_close(found, problem.household(key).gap_days)
            for key, found in of_household.items()
        ),
        blackout_sessions=blackout,
        crowded_village_days=sum(
            n > problem.village(code).max_teams_per_day for (code, _), n in teams.items()
        ),
        peak_sessions=max(a_day.values(), default=0),
    )


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found)
