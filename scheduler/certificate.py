"""
What nobody could place, as a statement that can be checked: numbers, and the rules behind them.

Two proofs. A household alone: even the best cadre has fewer days for it than it is due. A
village alone: its days, teams and weeks hold less than its households are due. Each says
which numbers it rests on, so that anyone can count again.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from scheduler.bounds.alone import alone
from scheduler.calendar import iso_week
from scheduler.certify import unavoidable_missing
from scheduler.engine import Run
from scheduler.engines.search.pieces import cut
from scheduler.household import Household
from scheduler.legs import LeastLegs
from scheduler.plan import Plan
from scheduler.problem import Problem
from scheduler.village import Village

HOUSEHOLD_RULES = ("window", "shift", "blackout", "dates", "pairing", "unit", "household-gap")
VILLAGE_RULES = ("village-gap", "village-teams", "village-week", "capacity", *HOUSEHOLD_RULES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """
    Why a village lacks visits in every plan: what it is due, and what it can take.

    Parameters
    ----------
    village
        Id.
    visits_due, visits_missing
        Due to its households; missing in every plan at least.
    weight_missing
        The same, times priority.
    session_days
        Most days with visits that its gap and blackouts allow while a cadre is on duty.
    teams_per_day, weeks, visits_per_week
        Its caps, and the weeks with such a day.
    cadres
        Cadres who may come.
    rules
        Names of the rules that the proof rests on.
    """

    village: str
    visits_due: int
    visits_missing: int
    weight_missing: float
    session_days: int
    teams_per_day: int
    weeks: int
    visits_per_week: int
    cadres: int
    rules: tuple[str, ...] = VILLAGE_RULES

    @property
    def sentence(self) -> str:
        """The cut in English."""
        return (
            f"{self.cadres} cadres may visit {self.village}, which is due {self.visits_due} visits "
            f"and can be visited on {self.session_days} days by {self.teams_per_day} teams, "
            f"{self.visits_per_week} visits in each of {self.weeks} weeks: at least "
            f"{self.visits_missing} visits are missing in every plan."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """
    Visits that every plan lacks.

    Parameters
    ----------
    missing_visits, weight
        At least so many in all, and the same times priority.
    by_household
        Visits that each household lacks even if it is alone; only those above 0.
    by_village
        Missing visits times priority of each village; only those above 0.
    cuts
        One for each of these villages.
    """

    missing_visits: int
    weight: float
    by_household: Mapping[str, int] = field(default_factory=dict)
    by_village: Mapping[str, float] = field(default_factory=dict)
    cuts: tuple[Cut, ...] = ()


def certify(
    problem: Problem,
    *,
    time_limit_s: float = 10.0,
    plan: Plan | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Certificate:
    """
    Prove which visits nobody could place.

    Parameters
    ----------
    problem
        What is asked.
    time_limit_s
        Wall-clock seconds; a village that is not reached is not certified.
    plan
        A plan: villages that lack nothing in it need no proof. Without one all are looked at.
    should_stop
        Asked now and then.
    """
    run = Run(time_limit_s=time_limit_s, should_stop=should_stop)
    weights = dict(unavoidable_missing(problem, plan.visits if plan else (), run))
    households = missing_alone(problem)
    alone_weight: dict[str, float] = defaultdict(float)
    alone_visits: dict[str, int] = defaultdict(int)
    for key, missing in households.items():
        h = problem.household(key)
        alone_weight[h.village] += missing * h.priority
        alone_visits[h.village] += missing
    for village, weight in alone_weight.items():
        weights[village] = max(weight, weights.get(village, 0.0))
    at_home: dict[str, list[Household]] = defaultdict(list)
    for h in problem.households:
        at_home[h.village].append(h)
    cuts = tuple(
        _cut(problem, problem.village(village), at_home[village], weight, alone_visits[village])
        for village, weight in sorted(weights.items())
    )
    return Certificate(
        missing_visits=sum(c.visits_missing for c in cuts),
        weight=sum(weights.values()),
        by_household=households,
        by_village=weights,
        cuts=cuts,
    )


def missing_alone(problem: Problem) -> dict[str, int]:
    """Visits that each household lacks even if it is alone in the district; only above 0."""
    legs = LeastLegs(problem)
    placed: dict[str, int] = {h.id: 0 for h in problem.households}
    for piece in cut(problem):
        reach = alone(piece, legs).reach
        for i, key in enumerate(piece.stops):
            placed[key] += int(reach[i]) if i < piece.first_locked else 1
    return {
        h.id: h.visits_due - placed[h.id] for h in problem.households if placed[h.id] < h.visits_due
    }


def _cut(
    problem: Problem, v: Village, households: Sequence[Household], weight: float, alone: int
) -> Cut:
    """Numbers of a village that lacks a weight; ``alone`` visits of its households one by one."""
    highest = max(h.priority for h in households)
    paired = {h.cadre for h in households if h.cadre is not None}
    cadres = [c for c in problem.cadres_of_unit(v.unit) if c.id not in paired]
    if all(h.cadre is not None for h in households):
        cadres = []  # nobody else may come
    cadres += [problem.cadre(c) for c in paired]
    days = [
        d for d in problem.days if d not in v.blackout_days and any(d in c.shifts for c in cadres)
    ]
    sessions, last = 0, None
    for d in days:
        if last is None or (d - last).days >= v.min_gap_days:
            sessions, last = sessions + 1, d
    return Cut(
        village=v.id,
        visits_due=sum(h.visits_due for h in households),
        visits_missing=max(alone, math.ceil(weight / highest - 1e-6)),
        weight_missing=weight,
        session_days=sessions,
        teams_per_day=v.max_teams_per_day,
        weeks=len({iso_week(d) for d in days}),
        visits_per_week=v.max_visits_per_week,
        cadres=len(cadres),
    )
