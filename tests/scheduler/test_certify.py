"""What a certificate promises: every plan lacks at least so much, and the numbers say why."""

import pytest

from scheduler.certificate import certify
from scheduler.certify import Certifier
from scheduler.engine import Run
from scheduler.plan import Plan
from scheduler.planner import solve
from scheduler.problem import Problem
from scheduler.weights import Weights
from tests.scheduler.brute import least_objective, tiny_problem
from tests.scheduler.problems import a_cadre, a_household, a_problem, a_village, workdays

ONLY_MISSING = Weights(unplanned=1, quota=0, travel=0, fairness=0, crowding=0, spacing=0)


def only_missing_counts(problem: Problem) -> Problem:
    facts = {name: getattr(problem, name) for name in ("days", "units", "villages", "cadres")}
    return Problem(
        **facts,
        households=problem.households,
        travel=problem.travel,
        district_max_teams_per_day=problem.district_max_teams_per_day,
        locked=problem.locked,
        weights=ONLY_MISSING,
    )


@pytest.mark.parametrize("batch", range(5))
def test_no_plan_of_a_tiny_problem_lacks_less_than_is_certified(batch: int) -> None:
    for seed in range(20 * batch, 20 * (batch + 1)):
        problem = tiny_problem(seed)

        certificate = certify(problem, time_limit_s=10.0)

        least = least_objective(only_missing_counts(problem))
        assert certificate.weight <= least + 1e-6, seed
        assert certificate.weight == pytest.approx(sum(certificate.by_village.values()))


def test_a_village_that_can_take_too_little_is_named_with_its_numbers() -> None:
    days = workdays(5)
    problem = a_problem(
        *(a_household(n) for n in range(6)),
        days=days,
        cadres=(a_cadre(days=days),),
        villages=(a_village(max_visits_per_week=4),),
    )

    certificate = certify(problem)

    (cut,) = certificate.cuts
    assert certificate.missing_visits == 2
    assert (cut.visits_due, cut.visits_per_week, cut.weeks, cut.cadres) == (6, 4, 1, 1)
    assert "at least 2 visits are missing" in cut.sentence


def test_a_household_due_more_than_its_days_hold_is_certified_alone() -> None:
    problem = a_problem(a_household(0, visits_due=3, min_gap_days=7))

    assert certify(problem).by_household == {"h0": 1}


def test_villages_that_lack_nothing_in_a_plan_need_no_proof() -> None:
    problem = a_problem(a_household(0), a_household(1))
    plan: Plan = solve(problem, engine="greedy").plan

    assert certify(problem, plan=plan).cuts == ()


def a_busy_cadre() -> Problem:
    """Two villages, each with room for its three visits; one cadre for both, four visits in all."""
    days = workdays(2)
    return a_problem(
        *(a_household(n, village=f"v{n % 2}", priority=1.0 + (n < 2)) for n in range(6)),
        days=days,
        cadres=(a_cadre(days=days, max_visits_per_day=2),),
        villages=(a_village(0), a_village(1)),
    )


def test_what_a_unit_lacks_beyond_its_villages_is_certified_with_its_numbers() -> None:
    problem = a_busy_cadre()
    plan = solve(problem, engine="greedy").plan

    certificate = certify(problem, plan=plan)

    (cut,) = certificate.unit_cuts
    assert certificate.cuts == ()
    assert certificate.missing_visits == plan.missing_visits == 2
    assert (cut.visits_due, cut.cadre_days, cut.villages) == (6, 2, 2)
    assert "at least 2 visits are missing" in cut.sentence


def test_visits_are_counted_one_by_one_where_priorities_would_hide_them() -> None:
    """One visit in the village: two of priority 1 are missing, as heavy as one of priority 2."""
    days = workdays(1)
    problem = a_problem(
        *(a_household(n, priority=1.0 + (n == 0)) for n in range(3)),
        days=days,
        cadres=(a_cadre(days=days, max_visits_per_day=1),),
    )

    certificate = certify(problem, plan=solve(problem, engine="greedy").plan)

    assert (certificate.missing_visits, certificate.weight) == (2, 2.0)


def test_what_counting_tells_of_a_unit_needs_no_effort() -> None:
    proven = Certifier(a_busy_cadre(), effort=0.0).prove_unit("u0", Run(time_limit_s=60.0), 2.0)

    assert proven == 2.0
