"""A province: 100,000 households, sparse, in three minutes and 2 GB; and how effort grows."""

import math
from collections.abc import Callable

from tests.benchmarks.conftest import Record, Say
from tests.benchmarks.contract import Contract
from tests.benchmarks.large import record_coverage
from tests.benchmarks.planners import Planners

HOUSEHOLDS = 100_000
LIMIT_S, CERTIFICATE_S = 180, 240
EQUAL_WORK = 2
"""Search steps per household in the runs that tell how effort grows."""


def test_a_hundred_thousand_households_in_three_minutes(
    contract: Contract,
    planners: Planners,
    seconds: Callable[[float], float],
    record: Record,
    say: Say,
) -> None:
    file = contract.problem("sparse", households=HOUSEHOLDS)
    answer = planners.zoufang(file, seconds=seconds(LIMIT_S))
    say(f"{answer.words} in {answer.ran.seconds:.1f} s, {answer.ran.peak_mb:.0f} MB")
    record_coverage(
        record,
        file,
        answer,
        name=f"sparse 100k, {LIMIT_S} s",
        certificate_s=seconds(CERTIFICATE_S),
    )


def test_effort_grows_no_faster_than_the_district(
    contract: Contract, planners: Planners, record: Record, side_by_side: Record, say: Say
) -> None:
    spent, rows = {}, []
    for households in (1000, 10_000, HOUSEHOLDS):
        file = contract.problem("sparse", households=households)
        answer = planners.zoufang(file, iterations=EQUAL_WORK)
        spent[households] = answer.ran.cpu_s
        rows.append(
            [
                f"{households:,}",
                f"{answer.ran.cpu_s:.1f}",
                f"{answer.ran.seconds:.1f}",
                f"{answer.ran.peak_mb:.0f}",
                answer.words,
            ]
        )
        say(f"{households:,} households: {' / '.join(rows[-1][1:])}")
    exponent = math.log(spent[HOUSEHOLDS] / spent[1000]) / math.log(HOUSEHOLDS / 1000)
    record(
        "growth exponent of CPU time, sparse 1k to 100k, at equal work",
        [exponent],
        unit="",
        limit=1.05,
        how=f"{EQUAL_WORK} search steps per household, 2 workers, whole process; seed 1",
    )
    side_by_side(
        f"Effort at {EQUAL_WORK} search steps per household",
        ["households", "CPU s", "wall s", "peak MB", "J / missing"],
        rows,
    )
