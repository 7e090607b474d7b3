"""What the exact engine promises: the best plan of a small problem, and the proof of it."""

from typing import Any

import pytest

from scheduler.planner import solve
from scheduler.problem import Problem
from tests.scheduler.brute import least_objective, tiny_problem
from tests.scheduler.problems import a_household, a_problem, broken_rules


@pytest.mark.parametrize("batch", range(5))
def test_a_tiny_problem_is_solved_to_its_optimum_and_proven(batch: int) -> None:
    for seed in range(10 * batch, 10 * (batch + 1)):
        problem = tiny_problem(seed)

        plan = solve(problem, engine="cpsat", time_limit_s=20.0).plan

        found = plan.metrics.J
        assert broken_rules(problem, plan) == [], seed
        assert found == pytest.approx(least_objective(problem), abs=1e-3), seed
        assert plan.status == "optimal", seed


def test_a_problem_too_large_for_one_model_is_improved_unit_by_unit(make_problem: Any) -> None:
    problem = Problem.from_json(make_problem(households=250, seed=3, style="sparse"))
    greedy = solve(problem, engine="greedy").plan

    plan = solve(problem, engine="cpsat", time_limit_s=4.0).plan

    assert broken_rules(problem, plan) == []
    assert plan.metrics.J <= greedy.metrics.J + 1e-6


def test_the_same_effort_gives_the_same_plan() -> None:
    problem = a_problem(*(a_household(n) for n in range(8)))

    plans = [solve(problem, engine="cpsat", iterations=3.0, workers=n).plan for n in (1, 2)]

    assert plans[0].visits == plans[1].visits
