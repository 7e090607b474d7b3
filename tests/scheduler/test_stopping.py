"""A solve ends when its criterion says so, and tells how it got there."""

import math
from dataclasses import dataclass
from itertools import pairwise

import pytest

import scheduler
from scheduler.planner import solve
from scheduler.problem import Problem
from scheduler.stopping import (
    CoverageProven,
    FirstOf,
    MaxIterations,
    MaxSeconds,
    NoImprovement,
    Standing,
    StoppingCriterion,
    When,
    WithinGap,
)
from tests.scheduler.problems import a_household, a_problem, broken_rules


@dataclass
class Stand:
    """How a solve could stand."""

    seconds: float = 5.0
    iterations: float = 20.0
    stale_seconds: float = 2.0
    stale_iterations: float = 8.0
    objective: float = 100.0
    missing: int | None = 1
    bound: float = 90.0
    proven: bool = False

    def coverage_is_proven(self) -> bool:
        return self.proven


@pytest.fixture
def problem() -> Problem:
    return a_problem(*(a_household(n, visits_due=1 + n % 2) for n in range(12)))


@pytest.mark.parametrize(
    ("criterion", "stand", "met"),
    [
        (MaxSeconds(5), Stand(), True),
        (MaxSeconds(6), Stand(), False),
        (MaxIterations(20), Stand(), True),
        (MaxIterations(21), Stand(), False),
        (NoImprovement(seconds=2), Stand(), True),
        (NoImprovement(seconds=3), Stand(), False),
        (NoImprovement(iterations=8), Stand(), True),
        (NoImprovement(seconds=3, iterations=9), Stand(), False),
        (WithinGap(0.1), Stand(), True),
        (WithinGap(0.09), Stand(), False),
        (WithinGap(0.5), Stand(objective=math.inf), False),
        (CoverageProven(), Stand(), False),
        (CoverageProven(), Stand(proven=True), True),
        (CoverageProven(), Stand(missing=0), True),
        (CoverageProven(), Stand(missing=None, proven=True), False),
        (When(lambda s: s.iterations > 10), Stand(), True),
        (FirstOf(MaxSeconds(6), WithinGap(0.2)), Stand(), True),
        (FirstOf(MaxSeconds(6), WithinGap(0.01)), Stand(), False),
    ],
)
def test_each_criterion_looks_at_its_own_figure(
    criterion: StoppingCriterion, stand: Standing, met: bool
) -> None:
    assert criterion.is_met(stand) is met


def test_the_first_budget_of_several_counts() -> None:
    both = FirstOf(MaxSeconds(9), FirstOf(MaxIterations(5), MaxSeconds(7)), WithinGap(0.1))

    assert (both.budget.seconds, both.budget.iterations) == (7, 5)
    assert not NoImprovement(seconds=1).budget.is_known


@pytest.mark.parametrize("value", [-1.0, math.nan])
def test_a_limit_that_cannot_be_is_refused(value: float) -> None:
    for make in (MaxSeconds, MaxIterations, WithinGap, lambda x: NoImprovement(seconds=x)):
        with pytest.raises(ValueError, match="must be 0 or more"):
            make(value)
    with pytest.raises(ValueError, match="needs"):
        NoImprovement()
    with pytest.raises(ValueError, match="at least one"):
        FirstOf()


def test_full_coverage_ends_a_search_that_has_no_other_limit(problem: Problem) -> None:
    result = solve(problem, stop=CoverageProven())

    assert result.missing == 0
    assert result.seconds < 2


def test_what_nobody_can_visit_does_not_keep_the_search_going() -> None:
    households = [a_household(n) for n in range(6)]
    problem = a_problem(*households, a_household(6, visits_due=3, min_gap_days=14))

    result = solve(problem, stop=FirstOf(CoverageProven(), MaxSeconds(60)))

    assert result.missing == 2
    assert result.seconds < 20


def test_a_search_without_improvement_ends_and_gives_the_same_plan_again(problem: Problem) -> None:
    stop = FirstOf(NoImprovement(iterations=10), MaxIterations(2000))

    one, two = (solve(problem, stop=stop, workers=n) for n in (1, 2))

    assert one.plan.visits == two.plan.visits
    assert broken_rules(problem, one.plan) == []


def test_a_search_within_the_gap_says_so(problem: Problem) -> None:
    result = solve(problem, stop=FirstOf(WithinGap(0.9), MaxSeconds(60)))

    assert result.optimality_gap is not None and result.optimality_gap <= 0.9
    assert result.seconds < 20


def test_the_trace_leads_from_the_first_plan_to_the_last(problem: Problem) -> None:
    result = solve(problem, time_limit_s=1.5, prove_s=0.5)

    assert result.trace[-1].objective == result.J
    assert result.trace[-1].missing == result.missing
    assert result.trace[-1].bound == result.bound
    assert all(a.seconds <= b.seconds for a, b in pairwise(result.trace))
    assert "missing" in str(result)


def test_time_for_a_proof_gives_a_bound_no_worse(problem: Problem) -> None:
    quick = solve(problem, iterations=5)
    proved = solve(problem, iterations=5, prove_s=2.0)

    assert proved.plan.visits == quick.plan.visits
    assert proved.bound is not None and quick.bound is not None
    assert quick.bound <= proved.bound <= proved.J + 1e-6


def test_the_package_gives_its_names_and_no_others() -> None:
    assert all(getattr(scheduler, name) is not None for name in scheduler.__all__)
    with pytest.raises(AttributeError):
        _ = scheduler.magic  # type: ignore[attr-defined]
