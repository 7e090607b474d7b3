"""Every reason given is true and carries its numbers."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduler.plan import Reason
from scheduler.planner import solve
from scheduler.problem import Problem
from scheduler.travel import LineTravel
from tests.scheduler.problems import (
    AFTERNOON,
    MORNING,
    a_cadre,
    a_household,
    a_problem,
    a_village,
    workdays,
)

DAYS = workdays(10)


def reasons_of(problem: Problem, household: str = "h0") -> tuple[Reason, ...]:
    plan = solve(problem, iterations=10.0).plan
    return next(u.reasons for u in plan.unplanned if u.household == household)


def test_a_window_nobody_can_meet_is_named_with_the_times() -> None:
    morning_only = a_household(windows=((510.0, 690.0),))
    in_the_afternoon = a_cadre(shifts=dict.fromkeys(DAYS, AFTERNOON))

    reason = reasons_of(a_problem(morning_only, cadres=(in_the_afternoon,)))[0]

    assert (reason.rule, reason.code) == ("window", "window-missed-every-day")
    assert reason.facts["windows"] == "08:30-11:30"


def test_a_household_too_far_for_any_shift_is_unreachable() -> None:
    far = a_household(point=(119.0, 30.55))

    reason = reasons_of(a_problem(far, cadres=(a_cadre(shifts=dict.fromkeys(DAYS, MORNING)),)))[0]

    assert reason.rule == "unreachable"
    assert float(reason.facts["travel"]) > float(reason.facts["shift"]) == 210


def test_too_few_spaced_days_name_what_the_best_cadre_could_make() -> None:
    reason = reasons_of(a_problem(a_household(visits_due=4, min_gap_days=7)))[0]

    assert (reason.rule, reason.code) == ("household-gap", "too-few-spaced-days")
    assert (reason.facts["due"], reason.facts["most"]) == (4, 2)


def test_a_blackout_on_every_open_day_is_named() -> None:
    closed = a_village(blackout_days=frozenset(DAYS))

    assert reasons_of(a_problem(villages=(closed,)))[0].rule == "blackout"


def test_a_last_visit_just_before_is_named_with_the_days() -> None:
    lately = a_household(last_visit=DAYS[0] - timedelta(days=1), min_gap_days=60)

    reason = reasons_of(a_problem(lately))[0]

    assert reason.rule == "household-gap"
    assert reason.facts["needed"] == 60


def test_dates_without_a_shift_in_between_are_named() -> None:
    early = a_household(not_after=DAYS[0] - timedelta(days=1))

    assert reasons_of(a_problem(early))[0].rule == "dates"


RARELY = a_village(min_gap_days=30, max_teams_per_day=1)


def test_a_village_that_can_hold_no_more_is_said_so_with_what_is_needed_and_taken() -> None:
    problem = a_problem(*(a_household(n, service_min=120.0) for n in range(12)), villages=(RARELY,))

    plan = solve(problem, iterations=10.0).plan

    assert plan.missing_visits > 0
    for u in plan.unplanned:
        first = u.reasons[0]
        assert first.code == "village-visits-short"
        assert (first.facts["visits"], first.facts["most"], first.facts["takes"]) == (12, 4, 1)


def test_a_village_where_counting_is_not_enough_is_proven_full() -> None:
    mornings = ((510.0, 690.0),)
    homes = (a_household(n, service_min=120.0, windows=mornings) for n in range(3))

    plan = solve(a_problem(*homes, villages=(RARELY,)), iterations=10.0).plan

    assert plan.missing_visits == 2
    for u in plan.unplanned:
        assert u.reasons[0].code == "village-proven-full"
        assert "time-limit" not in {r.rule for r in u.reasons}


def test_a_cadre_who_is_never_there_is_named_by_the_shift() -> None:
    assert reasons_of(a_problem(cadres=(a_cadre(shifts={}),)))[0].rule == "shift"


@pytest.mark.parametrize("cap", [0, 1])
def test_a_district_that_is_full_is_named(cap: int) -> None:
    problem = replace(
        a_problem(
            a_household(0, village="v0"),
            a_household(1, village="v1"),
            villages=(a_village(0), a_village(1)),
            cadres=(a_cadre(shifts={DAYS[0]: MORNING}), a_cadre(1, shifts={DAYS[0]: MORNING})),
            travel=LineTravel(speed_kmh=60),
        ),
        district_max_teams_per_day=cap,
    )

    plan = solve(problem, iterations=10.0).plan

    assert plan.missing_visits == 2 - cap
    assert any(r.rule == "district" for r in plan.unplanned[0].reasons)


def test_when_no_rule_forbids_it_that_is_said_and_nothing_is_invented() -> None:
    problem = a_problem(*(a_household(n) for n in range(3)))

    plan = solve(problem, engine="greedy", time_limit_s=0).plan

    assert plan.missing_visits == 3
    for u in plan.unplanned:
        assert [r.code for r in u.reasons] == ["not-found-in-time"]
