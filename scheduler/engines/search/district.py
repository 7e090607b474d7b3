"""
All pieces of a problem, searched together in rounds.

The plan is valid at every moment. Lanes and their random numbers do not depend on the number
of workers: the same seed and iterations give the same plan.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from scheduler.crew import Holding
from scheduler.engine import Run, Visits
from scheduler.engines.search.anneal import improve
from scheduler.engines.search.arrays import Fixed, Floats, Ints, State
from scheduler.engines.search.lanes import (
    MEAN_RUIN,
    MOST_PRESSED,
    PRESSURE,
    LaneDone,
    LaneTask,
    Turn,
    search_lane,
)
from scheduler.engines.search.order import order_days
from scheduler.engines.search.pieces import Piece, cut
from scheduler.engines.search.prices import Prices
from scheduler.engines.search.reach import fill_reach
from scheduler.engines.search.rotation import Rotation
from scheduler.engines.search.states import begin, by_unit, load, scratch, visits_of
from scheduler.engines.search.tokens import Lane, SharedVillages, Tokens
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem

HEAT, HEATED_ABOVE = 6.0, 0.8
"""A piece that lacks visits is so much hotter, until it has cooled to a temperature."""

MOST_HURRIED = 2.0
"""A lane of few stops gets no more than so many times the steps of the others for each."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Routes of every piece as they were when the plan was best."""

    routes: tuple[tuple[Ints, Ints], ...]


class District:
    """
    All pieces of a problem and their states.

    Parameters
    ----------
    problem
        What is asked.
    run
        Seed and crew.
    prices
        What a change of an earlier plan costs.
    """

    def __init__(self, problem: Problem, run: Run, prices: Prices | None = None) -> None:
        self.problem = problem
        self.pieces: list[Piece] = cut(problem, prices)
        for piece in self.pieces:
            fill_reach(piece.fixed)
        self.states: list[State] = [begin(p, run.seed, n) for n, p in enumerate(self.pieces)]
        self._stays_put = prices is not None
        self.missing: list[Floats] = [p.fixed.missing.copy() for p in self.pieces]
        self.shared = SharedVillages(self.pieces)
        self.random = np.random.default_rng([run.seed, len(self.pieces)])
        cap = problem.district_max_teams_per_day
        self.tokens = Tokens(self.pieces, cap, self.random)
        self.rotation = Rotation(np.array([p.first_locked for p in self.pieces]), self.random)
        self._settled: set[int] = set()
        self._left_at = np.full(len(self.pieces), np.nan)
        self._rounds = 0
        self._searched_in = np.zeros(len(self.pieces), np.int64)
        self._is_timed = run.iterations is None
        self._step_s = np.ones(len(self.pieces))
        self.holding: Holding[Fixed] = run.crew.hold([p.fixed for p in self.pieces])

    def load(self, visits: Visits) -> None:
        """Begin with the visits of a valid plan, the locked ones among them."""
        mine = by_unit(self.problem, visits)
        for piece, s in zip(self.pieces, self.states, strict=True):
            load(self.problem, piece, s, mine.get(piece.unit, ()))

    def fill(self) -> None:
        """Place every household that has no visits: guests first, then the neediest."""
        used: Ints = np.sum([s.used for s in self.states], axis=0)
        for number, piece in enumerate(self.pieces):
            guests = np.flatnonzero(piece.fixed.home >= piece.own_villages)
            if len(guests):
                self._fill_piece(number, guests, used)
        for number, piece in enumerate(self.pieces):
            self._fill_piece(number, np.argsort(-piece.fixed.due, kind="stable"), used)

    def _fill_piece(self, number: int, order: Ints, used: Ints) -> None:
        f, s = self.pieces[number].fixed, self.states[number]
        self.shared.meet_one(self.states, number)
        cap = self.problem.district_max_teams_per_day
        if cap is not None:
            s.tokens[:] = cap - used + s.used
        used -= s.used
        improve(f, s, scratch(f, s), order, 0, 1.0, 1.0, MEAN_RUIN)
        used += s.used

    def round(
        self, steps_per_household: float, hot: float, cold: float, share: float = 1.0
    ) -> float:
        """
        Search the pieces whose turn it is; the change of the objective.

        Parameters
        ----------
        steps_per_household
            Of the whole district; fewer pieces get more of them.
        hot, cold
            Temperatures at the beginning and the end.
        share
            Of the whole search.
        """
        if not self.pieces:
            return 0.0
        self.shared.meet(self.states, int(self.rotation.laps))
        urgent = np.array([self._is_urgent(n) for n in range(len(self.pieces))], np.int64)
        self._rounds += 1
        chosen, steps = self.rotation.next(steps_per_household, share, urgent)
        lanes = self.tokens.deal(self.states, chosen)
        # Lanes get the same work, whatever the sizes of their pieces: nobody waits.
        work = steps * self._step_s
        tasks = []
        for lane in lanes:
            equal = work.sum() / len(lanes) / max(1e-9, work[lane.members].sum())
            hurry = min(equal, MOST_HURRIED)
            turns = tuple(self._turn(n, hurry * steps[n], hot, cold) for n in lane.members)
            tasks.append(LaneTask(lane.spare, turns))
        done = self.holding.each(search_lane, [lane.members for lane in lanes], tasks)
        for lane, result in zip(lanes, done, strict=True):
            for n, s, missing in zip(lane.members, result.states, result.missing, strict=True):
                self.states[n], self.missing[n] = s, missing
        if self._is_timed:
            self._learn(lanes, tasks, done)
        return sum(result.change for result in done)

    def settle(self, proven: Mapping[str, float]) -> None:
        """Take note of what villages lack in every plan: who lacks no more is not in need."""
        self._settled = set()
        for n, (piece, s) in enumerate(zip(self.pieces, self.states, strict=True)):
            if s.tally[3] > 0 and self._lacks_no_more(piece, s, proven):
                self._settled.add(n)

    def _lacks_no_more(self, piece: Piece, s: State, proven: Mapping[str, float]) -> bool:
        lacks = self._lacking_of(piece, s)
        return all(lack <= proven.get(v, 0.0) + 1e-6 for v, lack in lacks.items())

    def _is_urgent(self, n: int) -> bool:
        """Whether a piece lacks visits that may well be possible."""
        return self.states[n].tally[3] > 0 and n not in self._settled and not self._stays_put

    def _learn(
        self, lanes: Sequence[Lane], tasks: Sequence[LaneTask], done: Sequence[LaneDone]
    ) -> None:
        """Note how long a step takes in each piece."""
        is_first = bool((self._step_s == 1.0).all())
        for lane, task, result in zip(lanes, tasks, done, strict=True):
            for n, turn, seconds in zip(lane.members, task.turns, result.seconds, strict=True):
                step_s = max(1e-9, seconds / turn.steps)
                self._step_s[n] = step_s if is_first else 0.5 * (self._step_s[n] + step_s)

    def _turn(self, n: int, steps: float, hot: float, cold: float) -> Turn:
        s = self.states[n]
        if not np.isnan(self._left_at[n]):
            hot = self._left_at[n]  # others may have been searched since
        self._left_at[n] = cold
        self._press(n)
        if hot > HEATED_ABOVE and self._is_urgent(n):
            hot, cold = HEAT * hot, HEAT * cold
        return Turn(s, self.missing[n], max(1, round(steps)), hot, cold)

    def _press(self, n: int) -> None:
        """Raise the prices of a piece's missing visits for the rounds in which it had no turn."""
        idle = self._rounds - self._searched_in[n] - 1
        self._searched_in[n] = self._rounds
        if idle > 0 and self.states[n].tally[3] > 0:
            fixed, missing = self.pieces[n].fixed, self.missing[n]
            waiting = self.states[n].visits < fixed.reach
            raised = np.minimum(
                missing + idle * PRESSURE * fixed.missing, MOST_PRESSED * fixed.missing
            )
            missing[waiting] = raised[waiting]

    def waiting(self) -> int:
        """Stops that lack visits which they could have if they were alone."""
        return int(sum(s.tally[3] for s in self.states))

    def lacking(self) -> dict[str, float]:
        """By village: the visits that its stops lack, times priority."""
        lacks: dict[str, float] = defaultdict(float)
        for piece, s in zip(self.pieces, self.states, strict=True):
            for village, lack in self._lacking_of(piece, s).items():
                lacks[village] += lack
        return lacks

    def _lacking_of(self, piece: Piece, s: State) -> dict[str, float]:
        lacks: dict[str, float] = defaultdict(float)
        for stop in np.flatnonzero(s.visits < piece.fixed.due):
            h = self.problem.household(piece.stops[stop])
            lacks[h.village] += float(piece.fixed.due[stop] - s.visits[stop]) * h.priority
        return lacks

    def snapshot(self) -> Snapshot:
        """Keep the routes as they are."""
        return Snapshot(tuple((s.route.copy(), s.length.copy()) for s in self.states))

    def finish(self, snapshot: Snapshot) -> None:
        """Give every cadre's day of a snapshot its proven-best order."""
        for piece, (route, length) in zip(self.pieces, snapshot.routes, strict=True):
            order_days(piece.fixed, route, length)

    def visits(self, snapshot: Snapshot) -> Iterator[PlannedVisit]:
        """Every visit of a snapshot with its times."""
        for piece, (route, length) in zip(self.pieces, snapshot.routes, strict=True):
            yield from visits_of(self.problem, piece, route, length)
