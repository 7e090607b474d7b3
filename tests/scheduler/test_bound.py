"""What the bound promises: no plan is better, however little time it had."""

import pytest

from scheduler.bound import lower_bound
from scheduler.certify import unavoidable_missing
from scheduler.engine import Run
from scheduler.planner import solve
from tests.scheduler.brute import least_objective, tiny_problem

BATCH = 20


@pytest.mark.parametrize("batch", range(10))
def test_bound_is_at_most_the_optimum_and_the_optimum_at_most_any_plan(batch: int) -> None:
    for seed in range(BATCH * batch, BATCH * (batch + 1)):
        problem = tiny_problem(seed)
        least = least_objective(problem)
        plan = solve(problem, engine="search", iterations=20.0).plan
        certified = unavoidable_missing(problem, plan.visits, Run(time_limit_s=5.0))

        found = plan.metrics.J

        at_once = lower_bound(problem, certified).J
        with_time = lower_bound(problem, certified, time_limit_s=0.5, plan=plan).J

        assert at_once <= with_time <= least + 1e-3, seed
        assert least <= found + 1e-3, seed
        assert plan.status != "optimal" or found <= least + 1e-3, seed
