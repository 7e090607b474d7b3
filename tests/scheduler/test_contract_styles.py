"""The portfolio on every style the contract's generator makes: valid, covering, in time."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from scheduler.check import check
from scheduler.planner import solve
from scheduler.problem import Problem
from scheduler.progress import Progress

Make = Callable[..., dict[str, Any]]
Judge = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]

STYLES = [(style, extras) for style in ("sparse", "dense", "weekly") for extras in (False, True)]
BASELINES = ("greedy", "session-greedy")


def _missing(problem: Problem, engine: str) -> int:
    return solve(problem, engine=engine, iterations=0).plan.missing_visits


@pytest.mark.slow
@pytest.mark.parametrize(("style", "extras"), STYLES)
def test_a_thousand_households_are_covered_no_worse_than_by_the_better_baseline(
    make_problem: Make, judge_plan: Judge, style: str, extras: bool
) -> None:
    document = make_problem(households=1000, seed=2, style=style, extras=extras)
    problem = Problem.from_json(document)

    plan = solve(problem, iterations=15.0).plan

    assert judge_plan(document, plan.to_json())["broken"] == []
    assert check(problem, plan).is_valid
    assert plan.missing_visits <= 1.1 * min(_missing(problem, name) for name in BASELINES)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("style", "extras"), [("sparse", True), ("dense", False), ("weekly", True)]
)
def test_ten_thousand_households_are_planned_without_a_broken_rule(
    make_problem: Make, judge_plan: Judge, style: str, extras: bool
) -> None:
    document = make_problem(households=10_000, seed=2, style=style, extras=extras)
    problem = Problem.from_json(document)

    plan = solve(problem, iterations=3.0).plan

    assert judge_plan(document, plan.to_json())["broken"] == []
    assert plan.missing_visits <= 1.1 * _missing(problem, "greedy")


def test_the_first_plan_of_a_thousand_households_is_there_at_once(make_problem: Make) -> None:
    problem = Problem.from_json(make_problem(households=1000))
    solve(problem, iterations=0)  # kernels are compiled at set-up
    told: list[tuple[float, Progress]] = []
    begun = time.process_time()

    solve(
        problem,
        iterations=1.0,
        on_progress=lambda progress: told.append((time.process_time() - begun, progress)),
    )

    seconds, first = told[0]
    assert seconds < 1.5
    assert first.phase == "start"
    assert first.plan is not None and check(problem, first.plan).is_valid


def test_two_workers_make_the_plan_of_one(make_problem: Make) -> None:
    problem = Problem.from_json(make_problem(households=400, extras=True))

    one, two = (solve(problem, iterations=5.0, seed=4, workers=n).plan for n in (1, 2))

    assert one.visits == two.visits


def test_a_time_limit_is_kept(make_problem: Make) -> None:
    problem = Problem.from_json(make_problem(households=300))
    solve(problem, iterations=0)
    begun = time.monotonic()

    plan = solve(problem, time_limit_s=2.0).plan

    elapsed = time.monotonic() - begun
    assert plan.seconds <= round(elapsed, 3) + 0.001
    assert elapsed < 2.0 * 1.1 + 1.0
    assert check(problem, plan).is_valid
