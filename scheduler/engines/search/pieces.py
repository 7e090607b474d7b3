"""
Cut a problem into pieces and put each into arrays.

A household's visits run in the routes of one unit only: that of its paired cadre, else that
of its village. So each unit is a piece; a household paired with another unit is a guest there,
and its village is shared between the pieces.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from scheduler.calendar import iso_week
from scheduler.engines.search.arrays import FORBIDDEN, Fixed, Floats, Ints
from scheduler.household import Household
from scheduler.locked import LockedVisit
from scheduler.measures.fairness import target_load_min
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem

NEIGHBOURS = 60

SORTED_AT_A_TIME = 500_000
"""Legs that are sorted at a time: the order takes as much room as the legs."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """
    What it costs to change an earlier plan: a price for each visit that is new.

    Parameters
    ----------
    changed_visit
        Of a visit on another day, by another cadre, or dropped.
    earlier
        The earlier plan.
    of_household
        Prices of single households instead; dropping a visit of these costs nothing more.
    closed_until
        No visit may be added up to this date.
    """

    changed_visit: float = 0.0
    earlier: tuple[PlannedVisit, ...] = ()
    of_household: Mapping[str, float] = field(default_factory=dict)
    closed_until: date | None = None

    def of(self, household: str) -> float:
        """Price of a changed visit of a household."""
        return self.of_household.get(household, self.changed_visit)

    def of_lost(self, household: str) -> float:
        """Price of a dropped visit of a household, above that of a missing one."""
        return 0.0 if household in self.of_household else self.changed_visit


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

    windows, window = _windows(stops, [x.start for x in locked], first)
    vs = [problem.village(v) for v in villages]
    gap = np.array([max(h.gap_days, problem.village(h.village).min_gap_days) for h in stops])
    due = np.array(
        [h.visits_due - len(held_days[h.id]) for h in households] + [0] * len(locked), np.int64
    )
    team, team_cost = _teams(problem, stops, held_days, prices, earlier)
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
            [int(not held_days[h.id]) for h in households] + _first_of_each(locked), np.int64
        ),
        missing=np.array(
            [
                w.unplanned * h.priority
                + (prices.of_lost(h.id) if prices and h.id in earlier else 0.0)
                for h in stops
            ],
            np.float64,
        ),
        day_cost=_day_costs(problem, stops, held_days, gap, prices, earlier),
        team=team,
        team_cost=team_cost,
        near=_nearest(minutes[len(cadres) :, len(cadres) :], first),
        duty=_duty(problem, unit),
        shift=_shifts(problem, unit),
        capacity=np.array([c.max_visits_per_day for c in cadres], np.int64),
        room=_room(problem, unit),
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


def _first_of_each(locked: list[LockedVisit]) -> list[int]:
    """1 for the stand-in that counts its household for the cadre's quota, 0 for the others."""
    seen: set[str] = set()
    return [int(x.household not in seen and not seen.add(x.household)) for x in locked]  # type: ignore[func-returns-value]


def _windows(stops: list[Household], starts: list[float], first: int) -> tuple[Ints, Floats]:
    """Earliest and latest starts; the stand-in of a locked visit starts at its time."""
    spans = []
    for i, h in enumerate(stops):
        if i >= first:
            spans.append([(starts[i - first], starts[i - first])])
        else:
            spans.append(
                [(a, b - h.service_min) for a, b in sorted(h.windows) if b - a >= h.service_min]
            )
    width = max(1, *(len(s) for s in spans)) if spans else 1
    window = np.zeros((len(stops), width, 2))
    for i, span in enumerate(spans):
        if span:
            window[i, : len(span)] = span
    return np.array([len(s) for s in spans], np.int64), window


def _day_costs(
    problem: Problem,
    stops: list[Household],
    held_days: dict[str, list[LockedVisit]],
    gap: Ints,
    prices: Prices | None,
    earlier: dict[str, list[PlannedVisit]],
) -> Floats:
    """Shape (N, D): FORBIDDEN where dates, blackouts, the last or a locked visit forbid it."""
    ordinal = np.array([d.toordinal() for d in problem.days])
    column = {d: i for i, d in enumerate(problem.days)}
    cost = np.zeros((len(stops), len(ordinal)))
    black: dict[str, list[int]] = {}
    for i, h in enumerate(stops):
        if h.village not in black:
            dates = problem.village(h.village).blackout_days
            black[h.village] = [column[d] for d in dates if d in column]
        cost[i, black[h.village]] = FORBIDDEN
        if h.last_visit:
            cost[i, ordinal - h.last_visit.toordinal() < h.gap_days] = FORBIDDEN
        if h.not_before:
            cost[i, ordinal < h.not_before.toordinal()] = FORBIDDEN
        if h.not_after:
            cost[i, ordinal > h.not_after.toordinal()] = FORBIDDEN
        for x in held_days[h.id]:
            cost[i, np.abs(ordinal - x.date.toordinal()) < gap[i]] = FORBIDDEN
        if prices and prices.closed_until:
            cost[i, ordinal <= prices.closed_until.toordinal()] = FORBIDDEN
        if prices and h.id in earlier:
            kept = [column[x.date] for x in earlier[h.id] if x.date in column]
            changed = np.full(len(ordinal), prices.of(h.id))
            changed[kept] = 0.0
            cost[i] += changed
    return cost


def _teams(
    problem: Problem,
    stops: list[Household],
    held_days: dict[str, list[LockedVisit]],
    prices: Prices | None,
    earlier: dict[str, list[PlannedVisit]],
) -> tuple[Ints, Floats]:
    """Cadres who may come and their prices, both of shape (N, C), padded with -1 and 0."""
    if not stops:
        return np.zeros((0, 1), np.int64), np.zeros((0, 1))
    cadres = problem.cadres_of_unit(routing_unit(problem, stops[0]))
    row = {c.id: i for i, c in enumerate(cadres)}
    team = np.full((len(stops), len(cadres)), -1, np.int64)
    cost = np.zeros((len(stops), len(cadres)))
    for i, h in enumerate(stops):
        only = held_days[h.id][0].cadre if held_days[h.id] else h.cadre
        mine = [row[only]] if only is not None else list(row.values())
        team[i, : len(mine)] = mine
        if prices and earlier.get(h.id):
            before = row.get(earlier[h.id][0].cadre)
            for k, c in enumerate(mine):
                cost[i, k] = 0.0 if c == before else prices.of(h.id)
    return team, cost


def _nearest(minutes: Floats, first: int) -> Ints:
    """Movable stops by travel time from each stop, nearest first, itself at the head."""
    n = len(minutes)
    near = np.zeros((n, min(first, NEIGHBOURS)), np.int64)
    rows = max(1, SORTED_AT_A_TIME // max(1, first))
    for begin in range(0, n if first else 0, rows):
        among = minutes[begin : begin + rows, :first].copy()
        itself = np.arange(begin, min(begin + rows, first))
        among[itself - begin, itself] = -1.0
        near[begin : begin + rows] = np.argsort(among, axis=1, kind="stable")[:, :NEIGHBOURS]
    return near


def _duty(problem: Problem, unit: str) -> Ints:
    cadres = problem.cadres_of_unit(unit)
    duty = np.full((len(cadres), len(problem.days)), -1, np.int64)
    for i, c in enumerate(cadres):
        mine = [k for k, d in enumerate(problem.days) if d in c.shifts]
        duty[i, : len(mine)] = mine
    return duty


def _room(problem: Problem, unit: str) -> Ints:
    return np.array(
        [
            c.max_visits_per_day if d in c.shifts else 0
            for c in problem.cadres_of_unit(unit)
            for d in problem.days
        ],
        np.int64,
    )


def _shifts(problem: Problem, unit: str) -> Floats:
    cadres = problem.cadres_of_unit(unit)
    shift = np.zeros((len(cadres), len(problem.days), 2))
    for i, c in enumerate(cadres):
        for k, d in enumerate(problem.days):
            shift[i, k] = c.shifts.get(d, (0.0, 0.0))
    return shift
