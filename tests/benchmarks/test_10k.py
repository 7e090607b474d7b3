"""A city: 10,000 households, sparse, against the proof with twice the time."""

from collections.abc import Callable

from tests.benchmarks.conftest import Record, Say
from tests.benchmarks.contract import Contract
from tests.benchmarks.large import record_coverage
from tests.benchmarks.planners import Planners

HOUSEHOLDS = 10_000
OURS_S, PROOF_S, CERTIFICATE_S = 60, 120, 60


def test_ten_thousand_households_in_a_minute(
    contract: Contract,
    planners: Planners,
    seconds: Callable[[float], float],
    record: Record,
    say: Say,
) -> None:
    file = contract.problem("sparse", households=HOUSEHOLDS)
    ours = planners.zoufang(file, seconds=seconds(OURS_S))
    say(f"zoufang: {ours.words} in {ours.ran.seconds:.1f} s")
    proof = planners.proof(file, seconds=seconds(PROOF_S))
    say(f"proof: {proof.words} in {proof.ran.seconds:.1f} s")
    record_coverage(
        record, file, ours, name=f"sparse 10k, {OURS_S} s", certificate_s=seconds(CERTIFICATE_S)
    )
    record(
        f"J, sparse 10k, {OURS_S} s, against the proof's {PROOF_S} s",
        [ours.objective / proof.objective],
        unit="×",
        limit=1,
        how=f"J / missing: {ours.words} against {proof.words}; seed 1",
    )
