"""Periodic vehicle routing: instances of Cordeau, Gendreau and Laporte, and published costs."""

import json
from collections.abc import Callable
from statistics import fmean

import pytest

from tests.benchmarks.conftest import Record, Say
from tests.benchmarks.contract import Contract
from tests.benchmarks.planners import Planners

PROMISES = {10: -0.30, 60: -0.65}
WORST = 1.0


def solve_all(contract: Contract, planners: Planners, limit_s: float, say: Say) -> dict[str, float]:
    """Percent above the published cost, by instance."""
    best = json.loads((contract.periodic / "best.json").read_bytes())
    found = {}
    for name, published in best.items():
        instance, out = contract.periodic / name, planners.fresh("pvrp")
        planners.command(
            *["solve-pvrp", instance, "--out", out, "--time-limit", limit_s],
            *["--seed", 1, "--workers", 2],
        )
        cost = contract.judge_periodic(instance, json.loads(out.read_bytes()))
        found[name] = 100 * (cost / published - 1)
        say(f"{name}: {cost:.2f} against {published}, {found[name]:+.2f} %")
    return found


@pytest.mark.parametrize("limit", PROMISES)
def test_published_solutions_are_beaten_on_the_mean(
    contract: Contract,
    planners: Planners,
    limit: int,
    seconds: Callable[[float], float],
    record: Record,
    side_by_side: Record,
    say: Say,
) -> None:
    above = solve_all(contract, planners, seconds(limit), say)
    how = f"`zoufang solve-pvrp`, 21 instances of `best.json`, judged; {limit} s, 2 workers, seed 1"
    what = f"periodic VRP, {limit} s"
    mean = [fmean(above.values())]
    record(f"{what}, mean above published", mean, unit="%", limit=PROMISES[limit], how=how)
    record(f"{what}, worst", [max(above.values())], unit="%", limit=WORST, how=how)
    names = list(above)
    side_by_side(
        f"Percent above the published cost after {limit} s",
        ["", *names],
        [[f"{limit} s", *(f"{above[name]:+.2f}" for name in names)]],
    )
