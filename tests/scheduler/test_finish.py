"""What finishing a day promises: the shortest order, proven against OR-Tools and by trying all."""

import math
import random
import time
from datetime import timedelta
from itertools import permutations

import numpy as np
import pytest

from scheduler.cadre import Cadre
from scheduler.engine import Run
from scheduler.engines.cpsat.model import ExactModel
from scheduler.engines.finish import finish
from scheduler.engines.search.order import order_days
from scheduler.engines.search.pieces import cut
from scheduler.engines.search.states import begin, load
from scheduler.plan import PlannedVisit, in_order
from scheduler.planner import solve
from scheduler.problem import Problem
from scheduler.roster import Roster
from scheduler.score import score
from scheduler.travel import MatrixTravel
from scheduler.weights import Weights
from tests.scheduler.brute import shortest_day, tiny_problem
from tests.scheduler.problems import MONDAY, a_household, a_problem, a_village, broken_rules

WINDOWS = [
    ((510.0, 690.0), (870.0, 1050.0)),
    ((510.0, 1050.0),),
    ((540.0, 660.0), (700.0, 760.0), (960.0, 1080.0)),
]


def one_day(seed: int, stops: int) -> Problem:
    """One cadre, one day, an asymmetric matrix that knows short cuts."""
    r = random.Random(seed)
    cadre = Cadre(
        id="c0",
        unit="u0",
        base=(117.0, 30.5),
        shifts={MONDAY: (510.0, 1080.0)},
        max_visits_per_day=stops,
    )
    households = tuple(
        a_household(n, windows=r.choice(WINDOWS), service_min=r.choice([20.0, 30.0, 45.0]))
        for n in range(stops)
    )
    nodes = (cadre.node, *(h.node for h in households))
    minutes = np.array([[float(r.randrange(2, 50)) for _ in nodes] for _ in nodes])
    return a_problem(
        *households,
        days=(MONDAY, MONDAY + timedelta(1)),
        cadres=(cadre,),
        villages=(a_village(max_visits_per_week=stops),),
        travel=MatrixTravel(nodes=nodes, matrix=minutes),
        weights=Weights(quota=0, fairness=0, crowding=0, spacing=0),
    )


def visits_in_any_order(problem: Problem) -> tuple[PlannedVisit, ...] | None:
    """The day in the first order that keeps windows and shift; None if there is none."""
    cadre, roster = problem.cadres[0], Roster(problem)
    stops = [roster.stop(h, MONDAY) for h in problem.households]
    for order in permutations(stops):
        if roster.times(cadre, MONDAY, list(order)) is not None:
            for position, stop in enumerate(order):
                roster.place(stop, cadre, MONDAY, position)
            return tuple(roster.visits())
    return None


@pytest.mark.parametrize("stops", [1, 2, 3, 4, 5, 6])
def test_the_best_order_is_the_one_that_trying_all_orders_finds(stops: int) -> None:
    possible = 0
    for seed in range(20):
        problem = one_day(seed, stops)
        least = shortest_day(problem, problem.cadres[0], MONDAY, [h.id for h in problem.households])
        visits = visits_in_any_order(problem)

        assert (visits is None) == (least == math.inf), seed
        if visits is not None:
            possible += 1
            best = in_order(finish(problem, visits))
            assert score(problem, best).travel_min == pytest.approx(least), seed
            assert [x.order for x in best] == list(range(1, stops + 1))
    assert possible > 5


def test_or_tools_finds_no_shorter_day() -> None:
    for seed in range(8):
        problem = one_day(seed, 5)
        visits = visits_in_any_order(problem)
        answer = ExactModel(problem, problem.households, ()).solve(Run(), 20.0)

        assert answer is not None and answer.proven
        if visits is None:
            assert len(answer.visits) < 5
        else:
            best = finish(problem, visits)
            assert answer.bound == pytest.approx(score(problem, best).travel_min, abs=1e-3)


def test_finishing_keeps_who_is_visited_when_and_by_whom_and_every_rule() -> None:
    for seed in range(40):
        problem = tiny_problem(seed)
        plan = solve(problem, engine="greedy").plan

        visits = finish(problem, plan.visits)

        def who(xs: tuple[PlannedVisit, ...]) -> set[tuple[str, str, object]]:
            return {(x.household, x.cadre, x.date) for x in xs}

        assert who(visits) == who(plan.visits)
        assert score(problem, visits).J <= plan.metrics.J + 1e-9
        finished = solve(problem, engine="greedy", start=plan).plan
        assert broken_rules(problem, finished) == []


def test_a_day_of_six_stops_takes_less_than_two_milliseconds() -> None:
    days = []
    for seed in range(40):
        problem = one_day(seed, 6)
        visits = visits_in_any_order(problem)
        if visits is not None:
            piece = cut(problem)[0]
            state = begin(piece, 0, 0)
            load(problem, piece, state, visits)
            days.append((piece.fixed, state))
    begun = time.process_time()

    for fixed, state in days:
        order_days(fixed, state.route, state.length)

    assert (time.process_time() - begun) / len(days) < 0.002
