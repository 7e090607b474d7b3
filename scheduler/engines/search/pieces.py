"""
Cut a problem into pieces and put each into arrays.

A household's visits run in the routes of one unit only: that of its paired cadre, else that
of its village. So each unit is a piece; a household paired with another unit is a guest there,
and its village is shared between the pieces.
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from scheduler.calendar import iso_week
from scheduler.engines.search.arrays import FORBIDDEN, Fixed, Ints
from scheduler.engines.search.prices import Prices
from scheduler.engines.search.shifts import duty_of, room_of, shifts_of
from scheduler.engines.search.stops import (
    day_costs,
    first_of_each,
    nearest_stops,
    start_spans,
    who_may_come,
)
from scheduler.household import Household
from scheduler.locked import LockedVisit
from scheduler.measures.fairness import target_load_min
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Piece:
    """
    One unit: who it is about, and the arrays.

    Parameters
    ----------
    unit
        Id of the unit.
    cadres, villages
        Ids in the order of the arrays; villages of guests come last.
    own_villages
        How many villages are the unit's own.
    stops
        Id of the household of each stop.
    locked
        Locked visits; the stand-in of locked[i] is stop ``first_locked + i``.
    fixed
        The arrays.
    """

    unit: str
    cadres: tuple[str, ...]
    villages: tuple[str, ...]
    own_villages: int
    stops: tuple[str, ...]
    locked: tuple[LockedVisit, ...]
    fixed: Fixed

    @property
    def first_locked(self) -> int:
        """Index of the first stand-in of a locked visit."""
        return len(self.stops) - len(self.locked)


def cut(problem: Problem, prices: Prices | None = None) -> list[Piece]:
    """Cut a problem into pieces, one for each unit that has cadres and households."""
    households: dict[str, list[Household]] = defaultdict(list)
    for h in problem.households:
        households[routing_unit(problem, h)].append(h)
    locked: dict[str, list[LockedVisit]] = defaultdict(list)
    for x in problem.locked:
        locked[problem.cadre(x.cadre).unit].append(x)
    calendar = _calendar(problem)
    targets = _targets(problem)
    earlier: dict[str, list[PlannedVisit]] = defaultdict(list)
    for visit in prices.earlier if prices else ():
        earlier[visit.household].append(visit)
    own: dict[str, list[str]] = defaultdict(list)
    for v in problem.villages:
        own[v.unit].append(v.id)
    return [
        _piece(problem, u, own[u], households[u], locked[u], calendar, targets[u], prices, earlier)
        for u in problem.units
        if households[u] and problem.cadres_of_unit(u)
    ]


def routing_unit(problem: Problem, h: Household) -> str:
    """Unit in whose routes a household's visits run."""
    if h.cadre is not None:
        return problem.cadre(h.cadre).unit
    return problem.village(h.village).unit


def _calendar(problem: Problem) -> tuple[Ints, Ints]:
    ordinal = np.array([d.toordinal() for d in problem.days], np.int64)
    seen: dict[tuple[int, int], int] = {}
    week = np.array([seen.setdefault(iso_week(d), len(seen)) for d in problem.days], np.int64)
    return ordinal, week


def _targets(problem: Problem) -> dict[str, float]:
    due: dict[str, list[float]] = defaultdict(list)
    for h in problem.households:
        due[problem.village(h.village).unit].append(h.visits_due * h.service_min)
    return {u: target_load_min(due[u], len(problem.cadres_of_unit(u))) for u in problem.units}


def _piece(
    problem: Problem,
    unit: str,
    own: list[str],
    households: list[Household],
    locked: list[LockedVisit],
    calendar: tuple[Ints, Ints],
    target: float,
    prices: Prices | None,
    earlier: dict[str, list[PlannedVisit]],
) -> Piece:
    ordinal, week = calendar
    cadres = problem.cadres_of_unit(unit)
    stops = [*households, *(problem.household(x.household) for x in locked)]
    villages = list(dict.fromkeys([*own, *(h.village for h in stops)]))
    village_row = {v: i for i, v in enumerate(villages)}
    places = [(c.node, c.base) for c in cadres] + [(h.node, h.point) for h in stops]
    minutes = problem.travel.block(places, places)
    np.minimum(minutes, FORBIDDEN, out=minutes)
    first = len(households)
    held_days: dict[str, list[LockedVisit]] = defaultdict(list)
    for x in locked:
        held_days[x.household].append(x)

    windows, window = start_spans(stops, [x.start for x in locked], first)
    vs = [problem.village(v) for v in villages]
    gap = np.array([max(h.gap_days, problem.village(h.village).min_gap_days) for h in stops])
    due = np.array(
        [h.visits_due - len(held_days[h.id]) for h in households] + [0] * len(locked), np.int64
    )
    team, team_cost = who_may_come(problem, unit, stops, held_days, prices, earlier)
    w = problem.weights
    fixed = Fixed(
        ordinal=ordinal,
        week=week,
        minutes=np.ascontiguousarray(minutes),
        service=np.array([h.service_min for h in stops], np.float64),
        windows=windows,
        window=window,
        due=due,
        reach=np.zeros(len(stops), np.int64),
        gap=gap.astype(np.int64),
        ideal=np.array([problem.ideal_gap_days(h) for h in stops], np.float64),
        home=np.array([village_row[h.village] for h in stops], np.int64),
        fresh=np.array(
            [int(not held_days[h.id]) for h in households] + first_of_each(locked), np.int64
        ),
        missing=np.array(
            [
                w.unplanned * h.priority
                + (prices.of_lost(h.id) if prices and h.id in earlier else 0.0)
                for h in stops
            ],
            np.float64,
        ),
        day_cost=day_costs(problem, stops, held_days, gap, prices, earlier),
        team=team,
        team_cost=team_cost,
        near=nearest_stops(minutes[len(cadres) :, len(cadres) :], first),
        duty=duty_of(problem, unit),
        shift=shifts_of(problem, unit),
        capacity=np.array([c.max_visits_per_day for c in cadres], np.int64),
        room=room_of(problem, unit),
        quota=np.array([c.quota for c in cadres], np.int64),
        target=np.full(len(cadres), target),
        teams=np.array([v.max_teams_per_day for v in vs], np.int64),
        weekly=np.array([v.max_visits_per_week for v in vs], np.int64),
        village_gap=np.array([v.min_gap_days for v in vs], np.int64),
        weight=np.array([w.quota, w.travel, w.fairness, w.crowding, w.spacing], np.float64),
    )
    return Piece(
        unit=unit,
        cadres=tuple(c.id for c in cadres),
        villages=tuple(villages),
        own_villages=len(own),
        stops=tuple(h.id for h in stops),
        locked=tuple(locked),
        fixed=fixed,
    )
