"""Several computers: the work of two Dask workers against that of one, on this machine."""

import json
from collections.abc import Callable

from scheduler.crew import Threads
from scheduler.engine import Run
from scheduler.engines.search.engine import Search
from scheduler.problem import Problem
from tests.benchmarks.conftest import Record, Say
from tests.benchmarks.contract import Contract
from tests.support.cluster import LocalDask, local_dask
from web.jobs.cluster.crew import Cluster

__all__ = ["local_dask"]

LIMIT_S = 30
RUNS = 3
PROMISED = 1.7


def test_two_workers_do_nearly_twice_the_work_of_one(
    contract: Contract,
    local_dask: LocalDask,
    seconds: Callable[[float], float],
    record: Record,
    side_by_side: Record,
    say: Say,
) -> None:
    problem = Problem.from_json(
        json.loads(contract.problem("sparse", households=10_000).read_bytes())
    )
    limit_s = seconds(LIMIT_S)
    here = _steps_per_s(problem, Run(time_limit_s=limit_s, crew=Threads(1)))
    speed: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(RUNS):
        for count, found in speed.items():
            with (
                local_dask.workers(count),
                Cluster(local_dask.address, here=Threads(1), tell=say) as cluster,
            ):
                found.append(_steps_per_s(problem, Run(time_limit_s=limit_s, crew=cluster)))
                assert not cluster.is_lost
    ratios = [two / one for one, two in zip(speed[1], speed[2], strict=True)]
    how = f"search steps for each household and second, sparse 10k, {LIMIT_S} s, seed 0"
    record(
        "two Dask workers against one", ratios, unit="times", limit=PROMISED, how=how,
        at_least=True,
    )  # fmt: skip
    rows = [
        ["1 thread here", f"{here:.2f}"],
        ["1 worker", ", ".join(f"{x:.2f}" for x in speed[1])],
        ["2 workers", ", ".join(f"{x:.2f}" for x in speed[2])],
    ]
    side_by_side("Search steps for each household and second", ["", "steps"], rows)


def _steps_per_s(problem: Problem, run: Run) -> float:
    Search().propose(problem, run)
    return run.effort.iterations / run.seconds
