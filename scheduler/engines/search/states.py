"""
The changing side of a piece: begin it, load visits into it, read visits out of it.

A state always keeps every rule within its piece; what other pieces do in shared villages is
part of its counts (``set_external``).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from scheduler.engines.search.arrays import Fixed, Ints, Scratch, State
from scheduler.engines.search.pieces import Piece
from scheduler.engines.search.random import seeded
from scheduler.engines.search.routes import SLACK, settle
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem

PLENTY = 1 << 40
"""Tokens of a day when nothing limits it."""

MOST_KNOWN = 1 << 21
"""Insertions that are remembered: 40 MB, more than most pieces have."""


def begin(piece: Piece, seed: int, number: int) -> State:
    """Begin a state with the locked visits only; ``number`` tells the pieces apart."""
    f = piece.fixed
    cadres, days = f.duty.shape
    stops, villages, routes = len(f.due), len(f.teams), cadres * days
    longest = max(1, min(int(f.capacity.max()), stops))
    most = max(1, int(f.due.max()))
    s = State(
        route=_ints(routes, longest),
        length=_ints(routes),
        depart=np.zeros((routes, longest + 1)),
        arrive=np.zeros((routes, longest + 1)),
        stays=_ints(villages, routes),
        village_teams=_ints(villages, days),
        village_near=_ints(villages, days),
        village_week=_ints(villages, int(f.week.max()) + 1),
        load=np.zeros(cadres),
        reached=_ints(cadres),
        used=_ints(days),
        tokens=np.full(days, PLENTY),
        cadre=np.full(stops, -1, np.int64),
        visits=_ints(stops),
        days=_ints(stops, most),
        held=_ints(stops),
        random=seeded(seed, number, stops),
        tally=np.zeros(4),
    )
    s.held[piece.first_locked :] = 1
    settle(f, s)
    return s


def scratch(f: Fixed, s: State, most_known: int = MOST_KNOWN) -> Scratch:
    """Working room of the right size for a piece, and for so many known insertions at most."""
    stops, days = len(f.due), len(f.ordinal)
    most, routes = s.days.shape[1], len(s.length)
    rows = max(1, min(stops, most_known // routes))
    return Scratch(
        village_days=_ints(days),
        own=np.zeros(days),
        may_open=_ints(days),
        open_days=_ints(days),
        price=np.zeros(days),
        position=_ints(days),
        chain=np.zeros((most, days)),
        parent=_ints(most, days),
        last=_ints(2),
        stamp=np.ones(routes, np.int64),
        clock=np.ones(1, np.int64),
        known_tag=_ints(rows, routes),
        known_extra=np.zeros((rows, routes)),
        known_position=np.zeros((rows, routes), np.int16),
        best_days=_ints(most),
        best_position=_ints(most),
        removed=_ints(stops),
        marked=_ints(stops),
        key=np.zeros(stops),
        old_cadre=_ints(stops),
        old_visits=_ints(stops),
        old_days=_ints(stops, most),
        touched=_ints(routes),
        is_touched=_ints(routes),
        old_route=_ints(routes, s.route.shape[1]),
        old_length=_ints(routes),
        old_stamp=_ints(routes),
    )


def by_unit(
    problem: Problem, visits: Iterable[PlannedVisit]
) -> Mapping[str, Sequence[PlannedVisit]]:
    """Part visits by the unit in whose routes they are."""
    parts: dict[str, list[PlannedVisit]] = defaultdict(list)
    for x in visits:
        parts[problem.cadre(x.cadre).unit].append(x)
    return parts


def load(problem: Problem, piece: Piece, s: State, visits: Iterable[PlannedVisit]) -> None:
    """Put a unit's visits of a valid plan, locked ones among them, into a state just begun."""
    f = piece.fixed
    days = len(f.ordinal)
    cadre_row = {c: i for i, c in enumerate(piece.cadres)}
    day_row = {d: i for i, d in enumerate(problem.days)}
    stand_in = {(x.household, x.date): piece.first_locked + i for i, x in enumerate(piece.locked)}
    stop_row = {h: i for i, h in enumerate(piece.stops[: piece.first_locked])}
    chosen: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for x in sorted(visits, key=lambda x: (x.date, x.cadre, x.start)):
        c, d = cadre_row[x.cadre], day_row[x.date]
        stop = stand_in.get((x.household, x.date), stop_row[x.household])
        z = c * days + d
        s.route[z, s.length[z]] = stop
        s.length[z] += 1
        chosen[stop].append((d, c))
    for stop, mine in chosen.items():
        s.cadre[stop], s.visits[stop] = mine[0][1], len(mine)
        if stop < piece.first_locked:
            s.days[stop, : len(mine)] = sorted(d for d, _ in mine)
    if not settle(f, s):
        raise RuntimeError(f"A route of unit {piece.unit} has no times.")


def visits_of(problem: Problem, piece: Piece, route: Ints, length: Ints) -> Iterator[PlannedVisit]:
    """Read every visit of routes with its earliest times, minutes after midnight."""
    f = piece.fixed
    cadres, days = f.duty.shape
    for z in np.flatnonzero(length):
        c, d = divmod(int(z), days)
        at, place = float(f.shift[c, d, 0]), c
        for y in range(length[z]):
            i = int(route[z, y])
            at += float(f.minutes[place, cadres + i])
            at = _start(f, i, at)
            yield PlannedVisit(
                household=piece.stops[i],
                cadre=piece.cadres[c],
                date=problem.days[d],
                start=at if i >= piece.first_locked else round(at, 6),
                end=round(at + float(f.service[i]), 6),
                order=y + 1,
            )
            at += float(f.service[i])
            place = cadres + i


def own_counts(piece: Piece, s: State, village: int) -> tuple[Ints, Ints]:
    """Teams by day, shape (D,), and visits by week, shape (W,), of this piece in a village."""
    f = piece.fixed
    cadres, days = f.duty.shape
    stays = s.stays[village].reshape(cadres, days)
    weeks = np.bincount(f.week, weights=stays.sum(0), minlength=s.village_week.shape[1])
    return (stays > 0).sum(0).astype(np.int64), weeks.astype(np.int64)


def set_external(piece: Piece, s: State, village: int, teams: Ints, weeks: Ints) -> None:
    """Set what other pieces do in a shared village: teams by day and visits by week."""
    f = piece.fixed
    own_teams, own_weeks = own_counts(piece, s, village)
    s.village_teams[village] = own_teams + teams
    s.village_week[village] = own_weeks + weeks
    busy = s.village_teams[village] > 0
    apart = np.abs(f.ordinal[:, None] - f.ordinal[None, :])
    close = (apart < f.village_gap[village]) & (apart > 0)
    s.village_near[village] = (close & busy[None, :]).sum(1)


def _start(f: Fixed, stop: int, arrival: float) -> float:
    for q in range(int(f.windows[stop])):
        if arrival <= f.window[stop, q, 1] + 2 * SLACK:
            first = float(f.window[stop, q, 0])
            return first if f.window[stop, q, 1] == first else max(arrival, first)
    raise RuntimeError("A stop of a kept route is outside its windows.")


def _ints(*shape: int) -> Ints:
    return np.zeros(shape, np.int64)
