"""
Two searches side by side that cool down together and now and then go on from the better one.

There are always two lanes, whatever the number of workers, and they meet after fixed shares of
the work: the same seed and steps give the same answer with one worker and with two.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np

from scheduler.classical.anneal import fill, improve, settle
from scheduler.classical.answer import Route
from scheduler.classical.arrays import (
    ABSENT,
    BEST_ABSENT,
    BEST_COST,
    COST,
    EXCESS,
    PRESSURE,
    STEPS,
    USED,
    VISITS,
    Fixed,
    Ints,
    Scratch,
    State,
    empty,
    fixed,
    longest_route,
    scratch,
)
from scheduler.classical.instance import Instance
from scheduler.classical.recombine import RoutePool, recombine
from scheduler.engine import Run

LANES = 2
ROUNDS = 60
MEETINGS = (0.4, 0.6, 0.8, 0.9)
"""Shares of the work after which the worse lane goes on from the better one."""

RECOMBINED = (0.7, 0.95)
"""Shares of the work after which the routes seen so far are recombined."""

RECOMBINED_SHARE = 0.04
"""Of the time, for each recombination."""

EFFORT = 2.0
"""CP-SAT's deterministic time for each."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """
    How a search cools down.

    Parameters
    ----------
    hot, cold
        First and last temperature, in mean legs of the first answer.
    size
        Mean number of customers that a step takes out.
    one_day
        Share of the steps that leave patterns as they are, if every customer wants more
        than one visit; less in proportion to the visits of those who want one.
    excess
        Least price of load above the capacity, in mean legs for the mean demand of a visit;
        lets the search pass through answers that are too full.
    strict_from
        Share of the work from which excess has its full price.
    """

    hot: float = 1.5
    cold: float = 0.01
    size: float = 8.0
    one_day: float = 0.7
    excess: float = 0.1
    strict_from: float = 0.8


class Lanes:
    """
    The states of all lanes of an instance.

    Parameters
    ----------
    instance
        What is to be driven.
    run
        Limits, seed and workers.
    schedule
        How it cools down.
    """

    def __init__(self, instance: Instance, run: Run, schedule: Schedule) -> None:
        self.fixed: Fixed = fixed(instance)
        longest = longest_route(instance)
        self.states: list[State] = [
            empty(self.fixed, longest, run.seed, lane) for lane in range(LANES)
        ]
        self.scratch: list[Scratch] = [scratch(self.fixed, s) for s in self.states]
        order = np.argsort(-self.fixed.demand * self.fixed.frequency, kind="stable")
        order = order[self.fixed.frequency[order] > 0]
        for s, x in zip(self.states, self.scratch, strict=True):
            fill(self.fixed, s, x, order)
        first = self.states[0].tally
        self.leg = float(first[COST] / max(1.0, first[VISITS] + first[USED])) or 1.0
        detour = float((self.fixed.missing[order] / self.fixed.frequency[order])[0])
        self._least_pressure = min(1.0, schedule.excess * self.leg / detour)
        often = self.fixed.frequency[self.fixed.frequency > 1].sum() / self.fixed.frequency.sum()
        self._one_day = schedule.one_day * float(often)
        self.pool = RoutePool(instance)
        self._instance = instance
        self._schedule = schedule
        self._run = run

    @property
    def steps(self) -> int:
        """Steps of all lanes."""
        return int(sum(s.tally[STEPS] for s in self.states))

    @property
    def best(self) -> State:
        """Lane with the fewest absent customers, then the cheapest routes."""
        return min(self.states, key=lambda s: (s.tally[BEST_ABSENT], s.tally[BEST_COST]))

    def routes(self) -> tuple[Route, ...]:
        """Routes of the best answer so far."""
        return tuple(self._routes(self.best.best_route, self.best.best_length))

    def _routes(self, route: Ints, length: Ints) -> Iterator[Route]:
        for z in np.flatnonzero(length):
            yield Route(int(z) // self.fixed.vehicles, tuple(route[z, : length[z]].tolist()))

    def cool(self) -> None:
        """Search until the time or the steps are used up, or somebody asked to stop."""
        pace = Pace(self._run, int((self.fixed.frequency > 0).sum()))
        events = [(share, self._meet) for share in MEETINGS]
        events += [(share, self._recombine) for share in RECOMBINED]
        events.sort(key=lambda event: event[0])
        with ThreadPoolExecutor(min(LANES, self._run.workers)) as threads:
            while (part := pace.next()) is not None:
                list(threads.map(partial(self._improve, part), range(LANES)))
                pace.spent(part.steps)
                for s in self.states:
                    self.pool.add(self._routes(s.route, s.length))
                    self.pool.add(self._routes(s.best_route, s.best_length))
                while events and part.end >= events[0][0]:
                    events.pop(0)[1]()

    def _improve(self, part: "Part", lane: int) -> None:
        plan = self._schedule
        hot, cold = (
            self.leg * plan.hot * (plan.cold / plan.hot) ** share
            for share in (part.begin, part.end)
        )
        least = self._least_pressure if part.end < plan.strict_from else 1.0
        s, x = self.states[lane], self.scratch[lane]
        improve(self.fixed, s, x, part.steps, hot, cold, plan.size, self._one_day, least)

    def _rank(self, s: State) -> tuple[float, float]:
        """Order states by where they are now: absent customers, then cost with excess."""
        excess = self.fixed.excess * s.tally[PRESSURE] * s.tally[EXCESS]
        return float(s.tally[ABSENT]), float(s.tally[COST] + excess)

    def _meet(self) -> None:
        """Let the worse lane go on from where the better one is now."""
        better, worse = sorted(self.states, key=self._rank)
        worse.route[...], worse.length[...] = better.route, better.length
        settle(self.fixed, worse)

    def _recombine(self) -> None:
        """Let the worse lane go on from the best choice among all routes seen."""
        best = self.best
        if best.tally[BEST_ABSENT] > 0:
            return
        limit = RECOMBINED_SHARE * self._run.time_limit_s
        found = recombine(
            self._instance,
            self.pool.columns(),
            self.routes(),
            seconds=limit if self._run.iterations is None else 1e6,
            effort=EFFORT,
            seed=self._run.seed,
        )
        if found is None:
            return
        worse = max(self.states, key=self._rank)
        worse.length[:] = 0
        for route in found:
            z = route.day * self.fixed.vehicles
            while worse.length[z] > 0:
                z += 1
            worse.length[z] = len(route.nodes)
            worse.route[z, : len(route.nodes)] = route.nodes
        settle(self.fixed, worse)


@dataclass(frozen=True, slots=True)
class Part:
    """
    One round of a search.

    Parameters
    ----------
    begin, end
        Shares of the whole effort, 0 to 1.
    steps
        Of each lane.
    """

    begin: float
    end: float
    steps: int


class Pace:
    """
    Cuts the effort of a run into rounds of steps.

    Parameters
    ----------
    run
        Seconds, or steps per customer.
    customers
        How many need visits.
    """

    FIRST = 200

    def __init__(self, run: Run, customers: int) -> None:
        self._run = run
        self._total = None if run.iterations is None else max(1, round(run.iterations * customers))
        self._done = 0
        self._begun = self._round_begun = run.seconds
        self._speed = 0.0

    def next(self) -> Part | None:
        """Return the next round; None at the end."""
        if self._run.is_over():
            return None
        self._round_begun = self._run.seconds
        if self._total is not None:
            steps = min(self._total - self._done, max(1, self._total // ROUNDS))
            if steps <= 0:
                return None
            return Part(self._done / self._total, (self._done + steps) / self._total, steps)
        budget = max(1e-9, self._run.time_limit_s - self._begun)
        begin = (self._run.seconds - self._begun) / budget
        length = min(budget / ROUNDS, self._run.seconds_left, 0.5)
        steps = max(10, int(length * self._speed)) if self._speed else self.FIRST
        return Part(min(1.0, begin), min(1.0, begin + length / budget), steps)

    def spent(self, steps: int) -> None:
        """Tell that a round is over."""
        self._done += steps
        speed = steps / max(1e-6, self._run.seconds - self._round_begun)
        self._speed = 0.5 * (self._speed + speed) if self._speed else speed
