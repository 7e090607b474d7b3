"""
What nobody could place: a proof, village by village.

A village is taken alone with every cadre who may come to it; everything else in the district
is left out, so whatever is impossible here is impossible in every plan. OR-Tools proves how
much priority-weighted visiting the village's days, teams, weeks, gaps and the cadres' shifts
can hold at most. Villages share no household, so the certificates add up.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from scheduler.calendar import iso_week
from scheduler.engine import Run
from scheduler.household import Household
from scheduler.legs import LeastLegs
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem
from scheduler.village import Village

SCALE = 1000
"""Priorities become whole numbers of this many parts."""

EFFORT = 2.0
"""Most deterministic time of one proof, about seconds: the same plan has the same proof."""

UNIT_EFFORT = 1.0
"""The same for all villages of a unit together."""

BUILDING = 2e-5
"""Effort of building a model, for each possible visit."""

MOST_BOOLEANS = 30_000
"""A village with more possible visits than this is not certified."""

MOST_PAIRED = 40
"""A cadre's day that more households could share is proved without excluding pairs."""

Key = tuple[int, int, int]  # household, cadre, day: indices within the village's model


def unavoidable_missing(
    problem: Problem, visits: Iterable[PlannedVisit], run: Run
) -> Mapping[str, float]:
    """
    Certify the villages that lack visits in a plan.

    Parameters
    ----------
    problem
        What was asked.
    visits
        The plan; only villages with missing visits are looked at.
    run
        Its remaining time is the limit.

    Returns
    -------
    Mapping
        By village: missing visits times priority that every plan has at least.
    """
    return Certifier(problem).prove(lacking(problem, visits), run)


@dataclass(frozen=True, slots=True)
class _Proof:
    """Weight that a village lacks in every plan, and whether all was tried to prove more."""

    weight: float
    is_last: bool


class Certifier:
    """
    Proofs village by village, each made once.

    Parameters
    ----------
    problem
        What was asked.
    effort
        Most deterministic time of all proofs together, about seconds.
    """

    def __init__(self, problem: Problem, effort: float = float("inf")) -> None:
        self._problem = problem
        self._effort = effort
        self._legs = LeastLegs(problem)
        self._at_home: dict[str, list[Household]] = defaultdict(list)
        for h in problem.households:
            self._at_home[h.village].append(h)
        self._proofs: dict[str, _Proof] = {}

    def prove(self, lacks: Mapping[str, float], run: Run) -> Mapping[str, float]:
        """
        Prove what villages lack in every plan, the small ones first: they take least effort.

        Parameters
        ----------
        lacks
            By village, missing visits times priority of a plan: no more is to be proved.
        run
            Its remaining time is the limit.

        Returns
        -------
        Mapping
            By village, missing visits times priority of every plan; only those above 0.
        """
        waiting = self.open(lacks)
        for n, village_id in enumerate(waiting):
            if run.is_over() or self._effort <= 0:
                break
            seconds = run.seconds_left * min(1.0, 2.0 / (len(waiting) - n))
            self._prove(village_id, lacks[village_id], max(0.05, seconds))
        proven = {village_id: self.weight(village_id) for village_id in lacks}
        return {village_id: weight for village_id, weight in proven.items() if weight > 0}

    def open(self, lacks: Mapping[str, float]) -> list[str]:
        """Villages of which more might be proved than is, those with few households first."""
        return sorted(
            (v for v, lack in lacks.items() if not self._is_settled(v, lack)),
            key=lambda v: (len(self._at_home[v]), v),
        )

    @property
    def proven(self) -> dict[str, float]:
        """By village, what was proved so far; may be asked while proofs go on."""
        return {v: proof.weight for v, proof in self._proofs.copy().items()}

    def weight(self, village_id: str) -> float:
        """Missing visits times priority of one village in every plan, as far as proven."""
        if village_id in self._proofs:
            return self._proofs[village_id].weight
        return _beyond_its_weeks(
            self._problem, self._problem.village(village_id), self._at_home[village_id]
        )

    def prove_unit(self, unit: str, run: Run) -> float:
        """Missing visits times priority that the villages of a unit together have at least."""
        homes = [(v, self._at_home[v.id]) for v in self._problem.villages if v.unit == unit]
        limits = (max(0.05, run.seconds_left), max(0.0, min(UNIT_EFFORT, self._effort)))
        proof, spent = _certify(self._problem, homes, self._legs, limits)
        self._effort -= spent
        return proof

    def _is_settled(self, village_id: str, lack: float) -> bool:
        proof = self._proofs.get(village_id)
        return proof is not None and (proof.is_last or proof.weight >= lack - 1e-6)

    def _prove(self, village_id: str, lack: float, seconds: float) -> None:
        """Prove a village by those due more than once, and by all if that is not enough."""
        v, everybody = self._problem.village(village_id), self._at_home[village_id]
        needy = [h for h in everybody if h.visits_due > 1]
        weight, asked = self.weight(village_id), village_id in self._proofs
        for some in (needy, everybody) if 0 < len(needy) < len(everybody) else (everybody,):
            is_last = some is everybody
            if asked and not is_last:
                continue
            limits = (seconds, max(0.0, min(EFFORT, self._effort)))
            proof, spent = _certify(self._problem, ((v, some),), self._legs, limits)
            self._effort -= spent
            weight = max(weight, proof)
            self._proofs[village_id] = _Proof(weight, is_last)
            if weight >= lack - 1e-6 or self._effort <= 0:
                return


def lacking(problem: Problem, visits: Iterable[PlannedVisit]) -> Mapping[str, float]:
    """By village: the visits that its households lack in a plan, times priority."""
    planned = Counter(x.household for x in visits)
    lacks: dict[str, float] = defaultdict(float)
    for h in problem.households:
        if planned[h.id] < h.visits_due:
            lacks[h.village] += (h.visits_due - planned[h.id]) * h.priority
    return lacks


def _beyond_its_weeks(problem: Problem, v: Village, households: Sequence[Household]) -> float:
    """Weight of the visits, those of least priority, that its weeks can never hold."""
    weeks = {iso_week(d) for d in problem.days if d not in v.blackout_days}
    due = sorted(h.priority for h in households for _ in range(h.visits_due))
    return sum(due[: max(0, len(due) - v.max_visits_per_week * len(weeks))])


def _certify(
    problem: Problem,
    homes: Sequence[tuple[Village, Sequence[Household]]],
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
