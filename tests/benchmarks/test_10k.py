"""A city: 10,000 households, sparse, against the proof with twice the time."""

import json
from collections.abc import Callable

from scheduler.certificate import certify
from scheduler.plan import Plan
from scheduler.problem import Problem
from tests.benchmarks.conftest import Record, Say
from tests.benchmarks.contract import Contract
from tests.benchmarks.planners import Planners

HOUSEHOLDS = 10_000
OURS_S, PROOF_S, CERTIFICATE_S = 60, 120, 60
SHARE = 0.02


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
    problem = Problem.from_json(json.loads(file.read_bytes()))
    plan = Plan.from_json(ours.plan)
    proven = certify(problem, time_limit_s=seconds(CERTIFICATE_S), plan=plan).missing_visits

    due = sum(h.visits_due for h in problem.households)
    record(
        f"missing beyond the certificate, sparse 10k, {OURS_S} s",
        [100 * (ours.missing - proven) / due],
        unit="%",
        limit=SHARE,
        how=f"{ours.missing} missing of {due:,} due, {proven} proven; seed 1",
    )
    record(
        f"J, sparse 10k, {OURS_S} s, against the proof's {PROOF_S} s",
        [ours.objective / proof.objective],
        unit="×",
        limit=1,
        how=f"J / missing: {ours.words} against {proof.words}; seed 1",
    )
    record(
        f"peak memory, sparse 10k, {OURS_S} s",
        [ours.ran.peak_mb],
        unit="MB",
        limit=2000,
        how="resident memory of the process and its children",
    )
