"""How far a plan is from the best possible, proven by `zoufang bound`."""

import json
from collections.abc import Callable

import pytest

from tests.benchmarks.conftest import Record, Say
from tests.benchmarks.contract import Contract
from tests.benchmarks.planners import BOUND, Planners

PLAN_S = 30
PROMISES = {"sparse": ((60, 6.0), (300, 4.0)), "dense": ((60, 8.0),), "weekly": ((60, 8.0),)}


@pytest.mark.parametrize("style", PROMISES)
def test_a_plan_is_certified_close_to_the_best(
    contract: Contract,
    planners: Planners,
    style: str,
    seconds: Callable[[float], float],
    record: Record,
    course: Record,
    say: Say,
) -> None:
    problem = contract.problem(style)
    answer = planners.zoufang(problem, seconds=seconds(PLAN_S))
    plan = planners.fresh("start")
    plan.write_text(json.dumps(answer.plan), encoding="utf-8")
    for limit, promised in PROMISES[style]:
        ran = planners.command(
            *["bound", problem, plan, "--time-limit", seconds(limit), "--workers", 2]
        )
        bound = json.loads(ran.output)["bound"]["J"]
        gap = 100 * (answer.objective - bound) / answer.objective
        say(f"{style}, {limit} s: {bound:,.0f} of {answer.objective:,.0f}, {gap:.2f} %")
        record(
            f"certified gap, {style} 1k, {limit} s",
            [gap],
            unit="%",
            limit=promised,
            how=f"bound {bound:,.0f} of a plan of J {answer.objective:,.0f}, found in {PLAN_S} s "
            f"before; `zoufang bound`, process {ran.seconds:.0f} s; seed 1",
        )
    told = [m for _, line in ran.lines if (m := BOUND.match(line))]
    course(f"{style}-1k", "zoufang", "bound", [(float(m[1]), float(m[2])) for m in told])
