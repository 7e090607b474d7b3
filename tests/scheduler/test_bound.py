"""What the bound promises: no plan is better, however little time it had."""

import pytest

from scheduler.bound import lower_bound
from scheduler.certify import unavoidable_missing
from scheduler.engine import Run
from scheduler.plan import Plan
from scheduler.solve import solve
from tests.scheduler.brute import least_objective, tiny_problem

BATCH = 20


@pytest.mark.parametrize("batch", range(10))
def test_bound_is_at_most_the_optimum_and_the_optimum_at_most_any_plan(batch: int) -> None:
    for seed in range(BATCH * batch, BATCH * (batch + 1)):
        problem = tiny_problem(seed)
        least = least_objective(problem)
        plan = solve(problem, engine="search", iterations=20.0)
        certified = unavoidable_missing(problem, plan.visits, Run(time_limit_s=5.0))

        at_once = lower_bound(problem, certified)
        with_time = lower_bound(problem, certified, time_limit_s=0.5, plan=plan)

        assert at_once.J <= least + 1e-3, seed
        assert with_time.J <= least + 1e-3, seed
        assert at_once.J <= with_time.J, seed
        assert least <= plan.metrics.J + 1e-3, seed
        assert plan.status != "optimal" or plan.metrics.J <= least + 1e-3, seed
