"""The first plan of a district after set-up: a new process, with kernels compiled at set-up."""

from collections.abc import Callable

from tests.benchmarks.conftest import Record
from tests.benchmarks.contract import STYLES, Contract
from tests.benchmarks.planners import PROGRESS, Planners

LIMIT_S = 5
PROMISED_S = 3


def test_a_new_process_has_a_plan_within_three_seconds(
    contract: Contract, planners: Planners, seconds: Callable[[float], float], record: Record
) -> None:
    for style in STYLES:
        first = []
        for seed in (1, 2, 3):
            answer = planners.zoufang(
                contract.problem(style, seed=seed), seconds=seconds(LIMIT_S), seed=seed
            )
            first.append(next(at for at, line in answer.ran.lines if PROGRESS.match(line)))
        record(
            f"first plan of a new process, {style} 1k",
            first,
            unit="s",
            limit=PROMISED_S,
            how="`zoufang solve`, start of the process to its first line of progress; seeds 1 to 3",
        )
