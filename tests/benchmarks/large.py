"""What plans of large districts are measured by: missing visits nobody could make, and memory."""

import json
from pathlib import Path

from scheduler.certificate import certify
from scheduler.plan import Plan
from scheduler.problem import Problem
from tests.benchmarks.conftest import Record
from tests.benchmarks.planners import Answer

SHARE_PERCENT, MEMORY_MB = 0.02, 2000


def record_coverage(
    record: Record, file: Path, answer: Answer, *, name: str, certificate_s: float
) -> None:
    """
    Record what a plan lacks beyond what is proven to be missing in every plan.

    Parameters
    ----------
    record
        Where to.
    file, answer
        The problem and its judged plan.
    name
        Of problem and time limit.
    certificate_s
        Most seconds of the proofs, which are made afterwards.
    """
    problem = Problem.from_json(json.loads(file.read_bytes()))
    plan = Plan.from_json(answer.plan)
    certificate = certify(problem, time_limit_s=certificate_s, plan=plan)
    due = sum(h.visits_due for h in problem.households)
    record(
        f"missing beyond the certificate, {name}",
        [100 * (answer.missing - certificate.missing_visits) / due],
        unit="%",
        limit=SHARE_PERCENT,
        how=f"J / missing {answer.words} of {due:,} due, {certificate.missing_visits} proven "
        f"afterwards; seed 1; process {answer.ran.seconds:.0f} s with reading and writing",
    )
    record(
        f"peak memory, {name}",
        [answer.ran.peak_mb],
        unit="MB",
        limit=MEMORY_MB,
        how="resident memory of the process and its children",
    )
