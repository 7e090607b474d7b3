"""What every engine promises, whichever it is."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from scheduler.engines.table import ENGINES
from scheduler.errors import UnknownEngine
from scheduler.plan import RULES
from scheduler.planner import solve
from scheduler.problem import Problem
from scheduler.progress import Progress
from tests.scheduler.problems import (
    a_cadre,
    a_household,
    a_problem,
    a_village,
    broken_rules,
    problems,
    with_locks,
    workdays,
)

STEPS = 4.0

every_engine = pytest.mark.parametrize("engine", sorted(ENGINES))


@every_engine
@given(problem=problems())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_plan_keeps_every_rule(engine: str, problem: Problem) -> None:
    plan = solve(problem, engine=engine, iterations=STEPS).plan

    assert broken_rules(problem, plan) == []
    assert plan.bound is None or plan.bound.J <= plan.metrics.J + 1e-6


@every_engine
@pytest.mark.parametrize("style", ["sparse", "dense", "weekly"])
@pytest.mark.parametrize("extras", [False, True])
def test_every_style_of_the_contract_is_planned_and_judged_valid(
    make_problem: Callable[..., dict[str, Any]],
    judge_plan: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]],
    engine: str,
    style: str,
    extras: bool,
) -> None:
    document = make_problem(households=60, seed=5, style=style, extras=extras)

    plan = solve(Problem.from_json(document), engine=engine, iterations=STEPS, time_limit_s=5).plan

    assert judge_plan(document, plan.to_json())["broken"] == []


@every_engine
def test_the_same_seed_gives_the_same_plan_with_one_worker_or_two(engine: str) -> None:
    problem = a_problem(*(a_household(n, visits_due=1 + n % 2) for n in range(20)))

    plans = [
        solve(problem, engine=engine, iterations=STEPS, seed=7, workers=workers).plan
        for workers in (1, 1, 2)
    ]

    assert plans[0].visits == plans[1].visits == plans[2].visits


@every_engine
@given(problem=problems())
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_everything_unplanned_is_explained_with_a_rule_and_numbers(
    engine: str, problem: Problem
) -> None:
    plan = solve(problem, engine=engine, iterations=STEPS).plan

    planned = {h.id: 0 for h in problem.households}
    for x in plan.visits:
        planned[x.household] += 1
    missing = {u.household: u.missing for u in plan.unplanned}
    assert missing == {
        h.id: h.visits_due - planned[h.id]
        for h in problem.households
        if h.visits_due > planned[h.id]
    }
    for u in plan.unplanned:
        assert u.reasons
        assert all(r.rule in RULES and r.detail and r.code and r.facts for r in u.reasons)


@every_engine
def test_locked_visits_stand_exactly_as_they_are(engine: str) -> None:
    free = a_problem(*(a_household(n, visits_due=2, min_gap_days=4) for n in range(8)))
    problem = with_locks(free, random.Random(3))

    plan = solve(problem, engine=engine, iterations=STEPS).plan

    standing = {(x.household, x.cadre, x.date, x.start) for x in plan.visits}
    assert problem.locked
    assert {(x.household, x.cadre, x.date, x.start) for x in problem.locked} <= standing
    assert broken_rules(problem, plan) == []


@every_engine
def test_a_start_plan_is_kept_where_nothing_is_gained_by_moving(engine: str) -> None:
    problem = a_problem(*(a_household(n) for n in range(6)))
    first = solve(problem, engine=engine, iterations=STEPS).plan

    again = solve(problem, engine=engine, iterations=0, start=first).plan

    assert again.metrics.J <= first.metrics.J + 1e-6


@every_engine
def test_a_start_plan_of_another_problem_is_taken_as_far_as_it_is_allowed(engine: str) -> None:
    households = tuple(a_household(n) for n in range(6))
    first = solve(a_problem(*households), engine=engine, iterations=STEPS).plan
    day = first.visits[0].date
    closed = a_problem(*households[1:], villages=(a_village(blackout_days=frozenset({day})),))

    again = solve(closed, engine=engine, iterations=STEPS, start=first).plan

    assert broken_rules(closed, again) == []


@every_engine
def test_a_stopped_solve_gives_a_valid_plan_at_once(engine: str) -> None:
    problem = a_problem(*(a_household(n) for n in range(10)))

    plan = solve(problem, engine=engine, time_limit_s=60, should_stop=lambda: True).plan

    assert plan.seconds < 10
    assert plan.status in ("stopped", "optimal")
    assert broken_rules(problem, plan) == []


@every_engine
def test_a_solve_without_any_time_still_answers(engine: str) -> None:
    problem = a_problem(*(a_household(n) for n in range(10)))

    assert broken_rules(problem, solve(problem, engine=engine, time_limit_s=0).plan) == []


@every_engine
def test_progress_ends_with_the_plan_that_is_returned(engine: str) -> None:
    problem = a_problem(*(a_household(n) for n in range(10)))
    told: list[Progress] = []

    plan = solve(problem, engine=engine, iterations=STEPS, on_progress=told.append).plan

    assert told[-1].phase == "done"
    assert told[-1].plan == plan
    assert told[-1].unplanned == plan.missing_visits
    for progress in told:
        assert progress.plan is None or broken_rules(problem, progress.plan) == []


@every_engine
def test_a_unit_without_cadres_is_explained_not_a_crash(engine: str) -> None:
    problem = a_problem(
        a_household(0), a_household(1, village="v1"),
        units=("u0", "u1"),
        villages=(a_village(), a_village(1, unit="u1")),
    )  # fmt: skip

    plan = solve(problem, engine=engine, iterations=STEPS).plan

    assert [(u.household, u.reasons[0].rule) for u in plan.unplanned] == [("h1", "unit")]


@every_engine
def test_a_problem_without_households_has_an_empty_optimal_plan(engine: str) -> None:
    problem = replace(a_problem(), households=())

    plan = solve(problem, engine=engine, iterations=STEPS).plan

    assert (plan.visits, plan.unplanned, plan.status) == ((), (), "optimal")


@every_engine
def test_places_without_a_way_between_them_are_never_planned(engine: str) -> None:
    problem = a_problem(a_household(0), a_household(1))
    nodes = tuple(p.node for p in (*problem.cadres, *problem.households))
    document = problem.to_json()
    document["travel"] = {
        "kind": "matrix",
        "nodes": list(nodes),
        "minutes": [[0, 10, None], [10, 0, None], [None, None, 0]],
    }

    plan = solve(Problem.from_json(document), engine=engine, iterations=STEPS).plan

    assert [x.household for x in plan.visits] == ["h0"]
    assert plan.unplanned[0].reasons[0].rule == "unreachable"


@every_engine
def test_visits_of_one_household_keep_gap_and_cadre_in_a_full_calendar(engine: str) -> None:
    days = workdays(20)
    problem = a_problem(
        *(a_household(n, visits_due=4, min_gap_days=7) for n in range(5)),
        days=days,
        cadres=(a_cadre(0, days), a_cadre(1, days)),
    )

    plan = solve(problem, engine=engine, iterations=20.0).plan

    assert plan.missing_visits == 0
    assert broken_rules(problem, plan) == []


def test_an_unknown_engine_is_refused_with_the_known_names() -> None:
    with pytest.raises(UnknownEngine, match="portfolio") as caught:
        solve(a_problem(), engine="magic")

    assert caught.value.name == "magic"


def test_days_are_dates_not_texts() -> None:
    plan = solve(a_problem(), engine="greedy").plan

    assert isinstance(plan.visits[0].date, date)
