"""
Column generation for a whole district: each unit's piece by itself, level by level.

Pieces share villages where a household is paired with a cadre of another unit, and the
district's cap on teams. Leaving the cap out, and pricing the crowding of a shared village by
one tangent, only lowers the bound.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from scheduler.bounds.alone import alone
from scheduler.bounds.classes import LEVELS
from scheduler.bounds.closed_form import quota_cost
from scheduler.bounds.generation import Generation
from scheduler.bounds.half_legs import half_legs
from scheduler.bounds.terms import Terms, price
from scheduler.calendar import iso_week
from scheduler.engines.search.pieces import Piece, cut
from scheduler.legs import LeastLegs
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem

NODES_PER_SECOND = 1_000_000
"""Speed of the pricing on a slow core: a step is cut short rather than late, or slow for all."""


class DistrictBound:
    """
    The bound of a district in the making.

    Parameters
    ----------
    problem
        What is asked.
    unavoidable
        By village, missing visits times priority that are certified.
    visits
        A plan to begin with; any will do, a good one is faster.
    """

    def __init__(
        self,
        problem: Problem,
        unavoidable: Mapping[str, float],
        visits: Iterable[PlannedVisit] = (),
    ) -> None:
        self._problem = problem
        self.pieces = cut(problem)
        shared = _shared_tangents(problem, self.pieces)
        legs = LeastLegs(problem)
        priorities = {h.id: h.priority for h in problem.households}
        certified = _certified(problem, self.pieces, unavoidable)
        self._terms = [
            price(piece, alone(piece, legs), priorities, certified[n], shared)
            for n, piece in enumerate(self.pieces)
        ]
        self._routes = _routes(problem, self.pieces, visits)
        self._constant = _constant(problem, self.pieces, self._terms, shared)
        self._at_once = [half_legs(t) for t in self._terms]
        self.parts: list[Generation | None] = [None] * len(self.pieces)

    @property
    def bound(self) -> float:
        """The bound so far; pieces that have not begun count as far as half their legs go."""
        pairs = zip(self.parts, self._at_once, strict=True)
        return self._constant + sum(max(p.bound, least) if p else least for p, least in pairs)

    @property
    def how_far(self) -> str:
        """Level that every piece has begun, or how many have begun at all."""
        begun = [p.level for p in self.parts if p]
        if len(begun) < len(self.parts):
            return f"{len(begun)} of {len(self.parts)} units"
        return f"level {min(begun, default=0)} of {LEVELS - 1}"

    def improve(
        self,
        *,
        time_limit_s: float,
        workers: int,
        should_stop: Callable[[], bool],
        on_bound: Callable[[float], None],
    ) -> None:
        """Raise the bound until the time is up, somebody stops it, or all is priced out."""
        end = time.monotonic() + time_limit_s
        running: dict[Future[None], int] = {}
        with ThreadPoolExecutor(workers) as pool:
            while time.monotonic() < end and not should_stop():
                for n in self._next(running.values())[: workers - len(running)]:
                    share = min(1.0, workers / self._rivals(n))
                    nodes = int(share * max(0.1, end - time.monotonic()) * NODES_PER_SECOND)
                    running[pool.submit(self._step, n, nodes)] = n
                if not running:
                    break
                over, _ = wait(running, timeout=0.2, return_when=FIRST_COMPLETED)
                for future in over:
                    future.result()
                    del running[future]
                if over:
                    on_bound(self.bound)

    def _next(self, running: Iterable[int]) -> list[int]:
        """Pieces to work on: early stages first, those under way before others, then small ones."""
        # A piece proves most in its last rounds: what is begun is ended first. Seconds grow
        # faster with a piece than what it proves: a second goes farther in a small one.
        busy = set(running)
        waiting = [
            (p.stage if p else 0, not (p and p.rounds), len(self.pieces[n].stops), n)
            for n, p in enumerate(self.parts)
            if n not in busy and not (p and p.finished)
        ]
        return [n for *_, n in sorted(waiting)]

    def _rivals(self, n: int) -> int:
        """Pieces that have as much before them as this one or more, itself included."""
        mine = self.parts[n]
        stage = mine.stage if mine else 0
        return sum(not p or (p.stage <= stage and not p.finished) for p in self.parts)

    def _step(self, n: int, nodes: int) -> None:
        part = self.parts[n]
        if part is None:
            self.parts[n] = Generation(self._terms[n], self._routes[n])
        else:
            part.step(nodes)


def _shared_tangents(problem: Problem, pieces: Sequence[Piece]) -> dict[str, int]:
    """The tangent of each village that several pieces visit: where all visits are even."""
    count = Counter(v for piece in pieces for v in piece.villages)
    due: dict[str, int] = defaultdict(int)
    for h in problem.households:
        due[h.village] += h.visits_due
    return {v: due[v] // max(1, _weeks(problem, v)) for v, many in count.items() if many > 1}


def _weeks(problem: Problem, village_id: str) -> int:
    black = problem.village(village_id).blackout_days
    return len({iso_week(d) for d in problem.days if d not in black})


def _certified(
    problem: Problem, pieces: Sequence[Piece], unavoidable: Mapping[str, float]
) -> list[dict[str, float]]:
    """Certificates for the piece that owns the village, less what guests could lack."""
    found = []
    for piece in pieces:
        here = set(piece.stops)
        own = {v: unavoidable.get(v, 0.0) for v in piece.villages[: piece.own_villages]}
        for h in problem.households:
            if h.village in own and h.id not in here:
                own[h.village] -= h.priority * h.visits_due
        found.append({v: weight for v, weight in own.items() if weight > 0})
    return found


def _routes(
    problem: Problem, pieces: Sequence[Piece], visits: Iterable[PlannedVisit]
) -> list[list[tuple[int, ...]]]:
    """Routes of a plan by piece, as indices of stops."""
    piece_of = {c: n for n, piece in enumerate(pieces) for c in piece.cadres}
    row = [{h: i for i, h in enumerate(p.stops[: p.first_locked])} for p in pieces]
    for n, piece in enumerate(pieces):
        for i, lock in enumerate(piece.locked, start=piece.first_locked):
            row[n][f"{lock.household}@{lock.date}"] = i
    routes: dict[tuple[str, object], list[int]] = defaultdict(list)
    for x in sorted(visits, key=lambda x: x.start):
        rows = row[piece_of[x.cadre]]
        routes[x.cadre, x.date].append(rows.get(f"{x.household}@{x.date}", rows[x.household]))
    found: list[list[tuple[int, ...]]] = [[] for _ in pieces]
    for (cadre, _), stops in routes.items():
        found[piece_of[cadre]].append(tuple(stops))
    return found


def _constant(
    problem: Problem,
    pieces: Sequence[Piece],
    terms: Sequence[Terms],
    shared: Mapping[str, int],
) -> float:
    """What no piece pays: quotas, households nobody may visit, shared villages."""
    most = {h.id: 0 for h in problem.households}
    for piece, t in zip(pieces, terms, strict=True):
        for i, stop in enumerate(piece.stops):
            most[stop] += int(t.due[i] - t.least_missing[i])
    placed = {h for piece in pieces for h in piece.stops}
    total = quota_cost(problem, most)
    for h in problem.households:
        if h.id not in placed:
            total += problem.weights.unplanned * h.priority * h.visits_due
    for v, m in shared.items():
        total -= problem.weights.crowding * _weeks(problem, v) * m * (m + 1)
    return total
