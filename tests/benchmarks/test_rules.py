"""No plan breaks a rule: two hundred problems of every style, judged by the contract's judge."""

import math
import random
from collections.abc import Callable
from typing import Any

from scheduler.planner import solve
from scheduler.problem import Problem
from tests.benchmarks.conftest import Record, Say

PROBLEMS = 200
LEAST, MOST = 50, 2000
STYLES = [(style, extras) for style in ("sparse", "dense", "weekly") for extras in (False, True)]
STEPS = 5.0

Make = Callable[..., dict[str, Any]]
Judge = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]


def test_no_plan_of_two_hundred_problems_breaks_a_rule(
    make_problem: Make, judge_plan: Judge, record: Record, say: Say
) -> None:
    draw = random.Random(1)
    broken, sizes = [], []
    for seed in range(PROBLEMS):
        style, extras = STYLES[seed % len(STYLES)]
        households = round(LEAST * math.exp(draw.random() * math.log(MOST / LEAST)))
        document = make_problem(households=households, seed=seed, style=style, extras=extras)
        plan = solve(Problem.from_json(document), iterations=STEPS, seed=seed).plan
        found = judge_plan(document, plan.to_json())["broken"]
        broken.append(float(len(found)))
        sizes.append(households)
        if found or seed % 20 == 0:
            say(f"{seed} {style} {households} {'extras' if extras else ''}: {found[:3]}")
    record(
        "rules that 200 plans break",
        [sum(broken)],
        unit="rules",
        limit=0,
        how=f"every style, half with extras, {min(sizes)} to {max(sizes)} households, "
        f"{STEPS:g} steps per household; judged by the contract's judge",
    )
