"""
What nobody could place, as a statement that can be checked: numbers, and the rules behind them.

Three proofs. A household alone: even the best cadre has fewer days for it than it is due. A
village alone: its days, teams and weeks hold less than its households are due. A unit alone:
the days of its cadres hold less than its villages are due together. Each says which numbers it
rests on, so that anyone can count again.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scheduler.bounds.alone import alone
from scheduler.calendar import iso_week
from scheduler.certify import Certifier, unavoidable_missing
from scheduler.engine import Run
from scheduler.engines.search.pieces import cut
from scheduler.household import Household
from scheduler.legs import LeastLegs
from scheduler.plan import Plan
from scheduler.problem import Problem
from scheduler.sentences import counted
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
            f"Village {self.village} is due {counted(self.visits_due, 'visit')} by "
            f"{counted(self.cadres, 'cadre')}. It can be visited on "
            f"{counted(self.session_days, 'day')} by {counted(self.teams_per_day, 'team')}, and "
            f"takes {counted(self.visits_per_week, 'visit')} in each of "
            f"{counted(self.weeks, 'week')}: at least "
            f"{counted(self.visits_missing, 'visit is', 'visits are')} missing in every plan."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitCut:
    """
    Why the villages of a unit together lack more visits than each alone.

    Parameters
    ----------
    unit
        Id.
    villages, cadres, cadre_days
        How many it has; days with a shift of all cadres.
    visits_due, visits_missing
        Due to its villages; missing in every plan at least.
    rules
        Names of the rules that the proof rests on.
    """

    unit: str
    villages: int
    cadres: int
    cadre_days: int
    visits_due: int
    visits_missing: int
    rules: tuple[str, ...] = VILLAGE_RULES

    @property
    def sentence(self) -> str:
        """The cut in English."""
        return (
            f"Unit {self.unit} is due {counted(self.visits_due, 'visit')} in "
            f"{counted(self.villages, 'village')}, each with its own days. Its "
            f"{counted(self.cadres, 'cadre')} can go out on {counted(self.cadre_days, 'day')} "
            f"together: at least {counted(self.visits_missing, 'visit is', 'visits are')} "
            "missing in every plan."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """
    Visits that every plan lacks.

    Parameters
    ----------
    missing_visits
        At least so many in all.
    weight
        Missing visits times priority, as far as villages prove it.
    by_household
        Visits that each household lacks even if it is alone; only those above 0.
    by_village
        Missing visits times priority of each village; only those above 0.
    cuts
        One for each of these villages.
    unit_cuts
        Units whose villages together lack more than these.
    """

    missing_visits: int
    weight: float
    by_household: Mapping[str, int] = field(default_factory=dict)
    by_village: Mapping[str, float] = field(default_factory=dict)
    cuts: tuple[Cut, ...] = ()
    unit_cuts: tuple[UnitCut, ...] = ()


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
        A plan: villages that lack nothing in it need no proof. Without one all villages are
        looked at, but no units.
    should_stop
        Asked now and then.
    """
    run = Run(time_limit_s=time_limit_s, should_stop=should_stop)
    at_home: dict[str, list[Household]] = defaultdict(list)
    for h in problem.households:
        at_home[h.village].append(h)
    weights = dict(unavoidable_missing(problem, plan.visits if plan else (), run))
    visits: dict[str, int] = defaultdict(int)
    alone = missing_alone(problem)
    alone_weight: dict[str, float] = defaultdict(float)
    for key, missing in alone.items():
        h = problem.household(key)
        alone_weight[h.village] += missing * h.priority
        visits[h.village] += missing
    for village, weight in alone_weight.items():
        weights[village] = max(weight, weights.get(village, 0.0))
    for village, weight in weights.items():
        visits[village] = max(visits[village], _fewest(at_home[village], weight))
    units: Mapping[str, int] = {}
    if plan is not None:
        units = _count(problem, plan, visits, run)
    for village, count in visits.items():
        least = count * min(h.priority for h in at_home[village])
        weights[village] = max(least, weights.get(village, 0.0))
    in_villages: dict[str, int] = defaultdict(int)
    for village, count in visits.items():
        in_villages[problem.village(village).unit] += count
    return Certificate(
        missing_visits=sum(visits.values())
        + sum(count - in_villages[unit] for unit, count in units.items()),
        weight=sum(weights.values()),
        by_household=alone,
        by_village=weights,
        cuts=tuple(
            _cut(problem, problem.village(village), at_home[village], weight, visits[village])
            for village, weight in sorted(weights.items())
        ),
        unit_cuts=tuple(
            _unit_cut(problem, unit, at_home, count) for unit, count in sorted(units.items())
        ),
    )


def _fewest(households: Sequence[Household], weight: float) -> int:
    """Fewest missing visits of a village that weigh so much: those of highest priority."""
    count = 0
    for h in sorted(households, key=lambda h: -h.priority):
        needed = math.ceil(weight / h.priority - 1e-6)
        if needed <= h.visits_due:
            return count + max(0, needed)
        count, weight = count + h.visits_due, weight - h.visits_due * h.priority
    return count


def _count(problem: Problem, plan: Plan, visits: dict[str, int], run: Run) -> Mapping[str, int]:
    """
    Prove by number what is not proven by weight: in ``visits`` by village, and by unit.

    A visit of low priority and two of high priority may weigh the same as more visits, so where
    a village lacks more visits than its weight proves, all count alike. What its villages leave
    open is asked of the unit.
    """
    lacks: dict[str, int] = defaultdict(int)
    for u in plan.unplanned:
        lacks[problem.household(u.household).village] += u.missing
    still_open = {v: float(n) for v, n in lacks.items() if n > visits.get(v, 0)}
    if not still_open:
        return {}
    alike = [replace(h, priority=1.0) for h in problem.households]
    certifier = Certifier(replace(problem, households=tuple(alike)))
    for village, count in certifier.prove(still_open, run).items():
        visits[village] = max(visits[village], round(count))
    of_unit: dict[str, int] = defaultdict(int)
    proven: dict[str, int] = defaultdict(int)
    for village, lack in lacks.items():
        of_unit[problem.village(village).unit] += lack
    for village, count in visits.items():
        proven[problem.village(village).unit] += count
    due: dict[str, int] = defaultdict(int)
    for h in problem.households:
        due[problem.village(h.village).unit] += h.visits_due
    units = {}
    waiting = (u for u, lack in of_unit.items() if lack > proven[u])
    for unit in sorted(waiting, key=lambda u: (due[u], u)):
        if run.is_over():
            break
        count = round(certifier.prove_unit(unit, run, of_unit[unit]))
        if count > proven[unit]:
            units[unit] = count
    return units


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
    problem: Problem, v: Village, households: Sequence[Household], weight: float, visits: int
) -> Cut:
    """Numbers of a village that lacks a weight and so many visits in every plan."""
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
        visits_missing=visits,
        weight_missing=weight,
        session_days=sessions,
        teams_per_day=v.max_teams_per_day,
        weeks=len({iso_week(d) for d in days}),
        visits_per_week=v.max_visits_per_week,
        cadres=len(cadres),
    )


def _unit_cut(
    problem: Problem, unit: str, at_home: Mapping[str, Sequence[Household]], visits: int
) -> UnitCut:
    villages = [v.id for v in problem.villages if v.unit == unit]
    cadres = problem.cadres_of_unit(unit)
    return UnitCut(
        unit=unit,
        villages=len(villages),
        cadres=len(cadres),
        cadre_days=sum(len(c.shifts) for c in cadres),
        visits_due=sum(h.visits_due for v in villages for h in at_home[v]),
        visits_missing=visits,
    )
