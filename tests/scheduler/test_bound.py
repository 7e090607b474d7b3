"""What the bound promises: no plan is better, however little time it had."""

from dataclasses import replace

import pytest

from scheduler.bound import improve_bound, lower_bound
from scheduler.bounds.district import DistrictBound
from scheduler.certify import unavoidable_missing
from scheduler.engine import Run
from scheduler.planner import solve
from scheduler.weights import Weights
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
        before_any_search = DistrictBound(problem, certified).bound
        with_time = lower_bound(problem, certified, time_limit_s=0.5, plan=plan).J

        assert before_any_search <= least + 1e-3, seed
        assert at_once <= with_time <= least + 1e-3, seed
        assert least <= found + 1e-3, seed
        assert plan.status != "optimal" or found <= least + 1e-3, seed


def test_no_plan_that_lacks_only_what_it_must_travels_less_than_the_bound() -> None:
    for seed in range(0, 200, 5):
        problem = tiny_problem(seed)
        certified = unavoidable_missing(problem, (), Run(time_limit_s=5.0))
        only = Weights(
            unplanned=1000.0, travel=1.0, quota=0.0, fairness=0.0, crowding=0.0, spacing=0.0
        )
        least = least_objective(replace(problem, weights=only)) - 1000.0 * sum(certified.values())

        at_once = lower_bound(problem, certified).travel
        with_time = lower_bound(problem, certified, time_limit_s=0.5).travel

        assert at_once <= with_time <= problem.weights.travel * least + 1e-3, seed


def test_a_plan_is_given_a_bound_that_is_no_worse_than_its_own() -> None:
    plan = solve(tiny_problem(3), engine="search", iterations=20.0).plan

    found = improve_bound(tiny_problem(3), plan, seconds=2.0)

    assert plan.bound is not None
    assert plan.bound.J <= found.J <= plan.metrics.J


def test_a_unit_without_any_shift_lacks_all_its_visits() -> None:
    problem = tiny_problem(1)
    idle = replace(problem, cadres=tuple(replace(c, shifts={}, quota=0) for c in problem.cadres))
    due = sum(h.visits_due * h.priority for h in problem.households)

    found = lower_bound(replace(idle, locked=()), time_limit_s=5.0)

    assert pytest.approx(problem.weights.unplanned * due, rel=1e-6) == found.J
