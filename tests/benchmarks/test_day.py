"""The day stage: order and times of every cadre's day are the proven optimum of that day."""

import json
import time
from collections.abc import Callable
from itertools import permutations

from scheduler.engines.finish import finish
from scheduler.plan import Plan, PlannedVisit
from scheduler.problem import Problem
from tests.benchmarks.conftest import Record
from tests.benchmarks.contract import STYLES, Contract
from tests.benchmarks.planners import Planners

PLAN_S = 5
MOST_STOPS = 6
PROMISED_MS = 2
RUNS = 3
SAMPLE = 300
"""Days of each style that are also tried in every order, by plain Python."""


def test_every_day_is_driven_in_its_shortest_order(
    contract: Contract, planners: Planners, seconds: Callable[[float], float], record: Record
) -> None:
    for style in STYLES:
        file = contract.problem(style)
        problem = Problem.from_json(json.loads(file.read_bytes()))
        plan = Plan.from_json(planners.zoufang(file, seconds=seconds(PLAN_S)).plan)
        days: dict[tuple[str, object], list[PlannedVisit]] = {}
        for x in plan.visits:
            days.setdefault((x.cadre, x.date), []).append(x)
        most = max(map(len, days.values()))
        assert most <= MOST_STOPS
        took = []
        for _ in range(RUNS):
            began = time.perf_counter()
            finished = finish(problem, plan.visits)
            took.append(1000 * (time.perf_counter() - began) / len(days))
        assert len(finished) == len(plan.visits)
        record(
            f"order and times of a cadre's day, {style}",
            took,
            unit="ms",
            limit=PROMISED_MS,
            how=f"mean over {len(days)} days of up to {most} stops with windows, whole library "
            "call; seed 1",
        )
        longest = sorted(days.values(), key=len, reverse=True)[:SAMPLE]
        record(
            f"days not in their shortest order, {style}",
            [float(sum(can_be_shorter(problem, day) for day in longest))],
            unit="days",
            limit=0,
            how=f"the {len(longest)} longest days against all orders of their stops",
        )


def can_be_shorter(problem: Problem, day: list[PlannedVisit]) -> bool:
    """Whether another order of the day keeps windows and shift with less travel."""
    cadre = problem.cadre(day[0].cadre)
    stops = [problem.household(x.household) for x in sorted(day, key=lambda x: x.order)]
    places = [(cadre.node, cadre.base), *((h.node, h.point) for h in stops)]
    legs = problem.travel.block(places, places).tolist()
    begin_at, end_at = cadre.shifts[day[0].date]

    def travel(order: tuple[int, ...]) -> float:
        at, last, way = begin_at, 0, 0.0
        for i in order:
            h, leg = stops[i], legs[last][i + 1]
            starts = [
                max(at + leg, a)
                for a, b in h.windows
                if max(at + leg, a) + h.service_min <= b + 1e-6
            ]
            if not starts:
                return float("inf")
            at, last, way = min(starts) + h.service_min, i + 1, way + leg
        back = legs[last][0]
        return way + back if at + back <= end_at + 1e-6 else float("inf")

    planned = travel(tuple(range(len(stops))))
    return min(map(travel, permutations(range(len(stops))))) < planned - 1e-6
