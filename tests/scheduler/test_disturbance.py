"""The plan is compared with the same sessions on random days, fairly."""

from datetime import timedelta

from hypothesis import given, settings

from scheduler.engine import Run
from scheduler.engines.greedy import Greedy
from scheduler.measures.disturbance import disturbance, uncoordinated
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem
from tests.scheduler.problems import MONDAY, a_household, a_problem, a_village, problems, workdays


def a_visit(household: str, day: int, cadre: str = "c0") -> PlannedVisit:
    return PlannedVisit(
        household=household,
        cadre=cadre,
        date=MONDAY + timedelta(day),
        start=540,
        end=570,
        order=1,
    )


def test_visits_of_one_cadre_in_one_village_on_one_day_are_one_session() -> None:
    problem = a_problem(a_household(0), a_household(1), villages=(a_village(min_gap_days=5),))

    found = disturbance(problem, [a_visit("h0", 0), a_visit("h1", 0)])

    assert found.peak_sessions == 1
    assert found.close_village_days == 0


def test_each_way_to_disturb_is_counted() -> None:
    quiet = frozenset({MONDAY + timedelta(2)})
    problem = a_problem(
        a_household(0, visits_due=2, min_gap_days=7),
        a_household(1),
        villages=(a_village(min_gap_days=5, blackout_days=quiet),),
    )

    found = disturbance(problem, [a_visit("h0", 0), a_visit("h0", 2), a_visit("h1", 2, cadre="c1")])

    assert found.close_village_days == 1
    assert found.close_household_visits == 1
    assert found.blackout_sessions == 2
    assert found.crowded_village_days == 1
    assert found.peak_sessions == 2


def test_the_baseline_is_the_same_for_the_same_seed() -> None:
    problem = a_problem(*[a_household(n) for n in range(6)], days=workdays(10))
    visits = Greedy().propose(problem, Run()).visits

    assert uncoordinated(problem, visits, seed=3) == uncoordinated(problem, visits, seed=3)


def test_no_visits_disturb_nobody() -> None:
    assert uncoordinated(a_problem(), []).peak_sessions == 0


@given(problem=problems())
@settings(max_examples=25, deadline=None)
def test_a_valid_plan_disturbs_less_than_any_rule_forbids(problem: Problem) -> None:
    found = disturbance(problem, Greedy().propose(problem, Run()).visits)

    assert found.close_village_days == 0
    assert found.close_household_visits == 0
    assert found.blackout_sessions == 0
    assert found.crowded_village_days == 0
