"""J of 1,000 households after 5, 30 and 120 s, beside the throw-away proof at equal seconds."""

from collections.abc import Callable

import pytest

from tests.benchmarks.conftest import Record, Say
from tests.benchmarks.contract import STYLES, Contract
from tests.benchmarks.planners import Answer, Planners

WARM_S = 1
LIMITS_S = (5, 30, 120)


@pytest.mark.parametrize("style", STYLES)
def test_no_second_is_worse_than_the_proofs(
    contract: Contract,
    planners: Planners,
    style: str,
    seconds: Callable[[float], float],
    record: Record,
    side_by_side: Record,
    course: Record,
    say: Say,
) -> None:
    problem = contract.problem(style)
    for planner in (planners.zoufang, planners.proof):  # the first process reads from a cold disk
        planner(problem, seconds=seconds(WARM_S))
    ours: dict[int, Answer] = {}
    proof: dict[int, Answer] = {}
    rows = []
    for limit in LIMITS_S:
        ours[limit] = planners.zoufang(problem, seconds=seconds(limit))
        proof[limit] = planners.proof(problem, seconds=seconds(limit))
        ratio = ours[limit].objective / proof[limit].objective
        rows.append([f"{limit} s", ours[limit].words, proof[limit].words, f"{ratio:.4f}"])
        say(f"{style}, {limit} s: {' against '.join(rows[-1][1:3])}, {ratio:.4f}")
        record(
            f"J, {style}, {limit} s, against the proof",
            [ratio],
            unit="×",
            limit=1,
            how="both warm, both with 2 cores; problem and search seed 1",
        )
    first, last = LIMITS_S[0], LIMITS_S[-1]
    record(
        f"J({first} s) against J({last} s), {style}",
        [ours[first].objective / ours[last].objective],
        unit="×",
        limit=1.01,
        how="the runs above",
    )
    side_by_side(
        f"{style}, 1,000 households: J / visits missing",
        ["limit", "zoufang", "proof", "ratio"],
        rows,
        why=f"Processes took {_longest(ours)} s and {_longest(proof)} s at the last limit.",
    )
    course(f"{style}-1k", "zoufang", "J", ours[last].course)
    course(f"{style}-1k", "proof", "J", proof[last].course)


def _longest(answers: dict[int, Answer]) -> str:
    return f"{answers[LIMITS_S[-1]].ran.seconds:.1f}"
