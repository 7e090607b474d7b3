"""What finishing a day promises: the shortest order, proven against OR-Tools and by trying all."""

import math
import random
import time
from datetime import timedelta

import numpy as np
import pytest

from scheduler.cadre import Cadre
from scheduler.engine import Run
from scheduler.engines.cpsat.model import ExactModel
from scheduler.engines.finish import best_day, finish
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem
from scheduler.score import score
from scheduler.planner import solve
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


def travel_of(problem: Problem, visits: list[PlannedVisit]) -> float:
    return score(problem, visits).travel_min


@pytest.mark.parametrize("stops", [1, 2, 3, 4, 5, 6])
def test_the_best_order_is_the_one_that_trying_all_orders_finds(stops: int) -> None:
    for seed in range(20):
        problem = one_day(seed, stops)
        best = best_day(problem, problem.cadres[0], MONDAY, problem.households)
        least = shortest_day(problem, problem.cadres[0], MONDAY, [h.id for h in problem.households])

        assert (best is None) == (least == math.inf), seed
        if best is not None:
            assert travel_of(problem, best) == pytest.approx(least), seed
            assert [x.order for x in best] == list(range(1, stops + 1))


def test_or_tools_finds_no_shorter_day() -> None:
    for seed in range(8):
        problem = one_day(seed, 5)
        best = best_day(problem, problem.cadres[0], MONDAY, problem.households)
        answer = ExactModel(problem, problem.households, ()).solve(Run(), 20.0)

        assert answer is not None and answer.proven
        if best is None:
            assert len(answer.visits) < 5
        else:
            assert answer.bound == pytest.approx(travel_of(problem, best), abs=1e-3)


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


def test_a_day_of_six_stops_takes_milliseconds() -> None:
    days = [one_day(seed, 6) for seed in range(10)]
    begun = time.process_time()

    for problem in days:
        best_day(problem, problem.cadres[0], MONDAY, problem.households)

    assert (time.process_time() - begun) / len(days) < 0.02
