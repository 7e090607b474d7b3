"""A cadre falls ill for a week: a new plan at once, that changes little and nothing told."""

import json
import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from scheduler.check import check
from scheduler.plan import Plan
from scheduler.problem import Problem
from scheduler.replan import replan
from tests.benchmarks.conftest import Record, Say
from tests.benchmarks.contract import Contract
from tests.benchmarks.planners import Planners

PLAN_S = 20
DISRUPTIONS = 50
ILL_DAYS = 7
PROMISED_S = 1.0
MOST_CHANGED = 1.1


def test_a_cadres_illness_changes_little_and_at_once(
    contract: Contract,
    planners: Planners,
    seconds: Callable[[float], float],
    record: Record,
    say: Say,
) -> None:
    file = contract.problem("sparse")
    problem = Problem.from_json(json.loads(file.read_bytes()))
    earlier = Plan.from_json(planners.zoufang(file, seconds=seconds(PLAN_S)).plan)
    draw = random.Random(1)
    took, changed, moved, lost = [], [], [], []
    while len(took) < DISRUPTIONS:
        cadre, first = draw.choice(problem.cadres).id, draw.choice(problem.days[5:-5])
        hit = [
            x
            for x in earlier.visits
            if x.cadre == cadre and first <= x.date < first + timedelta(ILL_DAYS)
        ]
        if not hit:
            continue
        without = absent(problem, cadre, first)
        until = first - timedelta(1)
        began = time.perf_counter()
        answer = replan(without, earlier, frozen_until=until, workers=2)
        took.append(time.perf_counter() - began)
        changed.append(len(answer.changes) / len(hit))
        stands = set(answer.plan.visits)
        moved.append(float(sum(x.date <= until and x not in stands for x in earlier.visits)))
        lost.append(answer.plan.missing_visits - earlier.missing_visits)
        broken = [b for b in check(without, answer.plan).broken if b.rule != "9-reason"]
        assert broken == []
        say(
            f"{cadre} from {first}: {len(hit)} hit, {len(answer.changes)} changed, "
            f"{lost[-1]} more missing, {moved[-1]:.0f} frozen moved, {took[-1]:.2f} s"
        )
    how = (
        f"{DISRUPTIONS} illnesses of {ILL_DAYS} days in a sparse district of 1,000, seed 1; at "
        f"most {max(lost)} more visits missing; library call, its own limit, 2 workers"
    )
    record("replan after a cadre's illness", took, unit="s", limit=PROMISED_S, how=how)
    record(
        "visits changed for each visit hit", changed, unit="×", limit=MOST_CHANGED, how="the same"
    )
    record("frozen visits that changed", moved, unit="visits", limit=0, how="the same")


def absent(problem: Problem, cadre_id: str, first: date) -> Problem:
    """Return the problem without the shifts of one cadre for a week."""
    gone = {first + timedelta(n) for n in range(ILL_DAYS)}
    cadres = tuple(
        replace(c, shifts={d: s for d, s in c.shifts.items() if d not in gone})
        if c.id == cadre_id
        else c
        for c in problem.cadres
    )
    return replace(problem, cadres=cadres)
