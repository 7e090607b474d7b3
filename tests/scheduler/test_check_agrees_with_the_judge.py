"""The product's checker and the contract's judge must never differ."""

import copy
import json
import random
from collections.abc import Callable
from typing import Any

import pytest

from scheduler.check import check
from scheduler.planner import solve
from scheduler.problem import Problem
from tests.scheduler.damage import KINDS

Judge = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]
FIGURES = ("J", "unplanned", "quota", "travel", "fairness", "crowding", "spacing")
COUNTS = ("missing_visits", "quota_shortfall", "visits", "cadre_days", "peak_teams_per_day")
DAMAGED_PER_PROBLEM = 170


def _rules_of_judge(answer: dict[str, Any]) -> set[str]:
    return {text.split(":")[0].replace(" ", "-") for text in answer["broken"]}


def _assert_agreement(
    judge_plan: Judge, document: dict[str, Any], problem: Problem, plan: dict[str, Any], what: str
) -> None:
    verdict = check(problem, plan)
    answer = judge_plan(document, copy.deepcopy(plan))
    assert {b.rule for b in verdict.broken} == _rules_of_judge(answer), what
    for name in FIGURES:
        judged = answer["metrics"][name]
        assert getattr(verdict.metrics, name) == pytest.approx(judged, rel=1e-9, abs=1e-2), what
    for name in COUNTS:
        assert getattr(verdict.metrics, name) == answer["metrics"][name], what


@pytest.mark.parametrize("style", ["sparse", "dense", "weekly"])
@pytest.mark.parametrize("extras", [False, True])
def test_a_thousand_damaged_plans_are_judged_alike(
    judge_plan: Judge, make_problem: Callable[..., dict[str, Any]], style: str, extras: bool
) -> None:
    document = make_problem(households=120, seed=3, style=style, extras=extras)
    problem = Problem.from_json(document)
    plan = json.loads(json.dumps(solve(problem, engine="greedy").plan.to_json()))
    _assert_agreement(judge_plan, document, problem, plan, "undamaged")
    assert check(problem, plan).is_valid

    for n in range(DAMAGED_PER_PROBLEM):
        r = random.Random(f"{style}/{extras}/{n}")
        damaged = copy.deepcopy(plan)
        names = []
        for damage in [KINDS[n % len(KINDS)], *r.choices(KINDS, k=r.choice([0, 0, 1, 3]))]:
            if damaged.get("unplanned") is None or not damaged.get("metrics"):
                break
            damage(r, document, damaged)
            names.append(damage.__name__)
        _assert_agreement(judge_plan, document, problem, damaged, f"{n}: {names}")


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        {},
        {"format": "zoufang-plan/1"},
        {"format": "zoufang-plan/1", "visits": 7},
        {"format": "zoufang-plan/1", "visits": [None, 1, {}, {"household": "h0"}]},
        {"format": "zoufang-plan/1", "visits": [], "unplanned": {"h0": 1}},
        {"format": "zoufang-plan/1", "visits": [], "metrics": [1], "bound": "high"},
        {"format": "zoufang-plan/1", "visits": [], "unplanned": [{"household": [], "missing": {}}]},
    ],
)
def test_a_malformed_plan_is_reported_not_a_crash(
    make_problem: Callable[..., dict[str, Any]], document: Any
) -> None:
    problem = Problem.from_json(make_problem(households=20))

    verdict = check(problem, document)

    assert any(b.rule == "format" for b in verdict.broken)


@pytest.mark.parametrize("field", ["household", "cadre", "date", "start", "end"])
@pytest.mark.parametrize("value", [None, "", "2027-02-30", float("nan"), [], {}, True])
def test_a_malformed_visit_is_reported_and_the_rest_still_judged(
    make_problem: Callable[..., dict[str, Any]], field: str, value: Any
) -> None:
    problem = Problem.from_json(make_problem(households=20))
    plan = solve(problem, engine="greedy").plan.to_json()
    plan["visits"][0][field] = value

    verdict = check(problem, plan)

    assert verdict.broken
    assert verdict.metrics.visits >= len(plan["visits"]) - 1
