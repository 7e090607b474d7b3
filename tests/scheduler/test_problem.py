"""A problem refuses to exist when it contradicts itself, and names the field."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from scheduler.errors import InvalidPlan, InvalidProblem
from scheduler.plan import Plan, Reason
from scheduler.planner import solve
from scheduler.problem import Problem
from tests.builders import a_cadre, a_household, a_problem, a_village
from tests.scheduler.problems import problems


def a_document() -> dict[str, Any]:
    return copy.deepcopy(a_problem(a_household("h1"), a_household("h2")))


@given(problem=problems())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_problem_and_its_plan_survive_being_written_and_read(problem: Problem) -> None:
    written = json.dumps(problem.to_json(), allow_nan=False)
    again = Problem.from_json(json.loads(written))
    plan = solve(problem, engine="greedy").plan

    assert json.dumps(again.to_json()) == written
    assert Plan.from_json(json.loads(json.dumps(plan.to_json()))).to_json() == plan.to_json()


def test_a_reason_of_another_planner_needs_no_code_and_stays_as_it_is() -> None:
    plan = solve(Problem.from_json(a_document()), engine="greedy").plan.to_json()
    told = {"rule": "capacity", "detail": "Too full.", "facts": {}}
    plan["unplanned"] = [{"household": "h1", "missing": 1, "reasons": [told]}]

    written = Plan.from_json(plan).to_json()

    assert written["unplanned"][0]["reasons"] == [told]
    assert Plan.from_json(written).to_json() == written


@pytest.mark.parametrize("empty", ["rule", "code", "detail"])
def test_a_reason_that_could_not_be_read_again_cannot_be_made(empty: str) -> None:
    facts = {"rule": "capacity", "code": "cadre-day-full", "detail": "Too full."} | {empty: ""}

    with pytest.raises(InvalidPlan, match=f"reason.{empty}"):
        Reason(**facts)


def put(document: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a path such as ``households[0].visits``."""
    *way, last = path.replace("]", "").replace("[", ".").split(".")
    found: Any = document
    for key in way:
        found = found[int(key)] if key.isdigit() else found.setdefault(key, {})
    found[int(last) if last.isdigit() else last] = value


@pytest.mark.parametrize(
    ("path", "value", "code", "field"),
    [
        ("format", "zoufang-problem/2", "unknown-format", None),
        ("days", None, "not-an-array", None),
        ("days", [], "no-days", None),
        ("days", ["2027-03-02", "2027-03-01"], "days-not-ascending", "days[1]"),
        ("days[1]", "2027-02-30", "not-a-date", None),
        ("villages[0].unit", "x", "unknown-unit", None),
        ("villages[0].max_teams_per_day", -1, "negative", None),
        ("cadres[0].unit", "x", "unknown-unit", None),
        ("cadres[0].max_visits_per_day", "6", "not-a-number", None),
        ("cadres[0].shifts.2027-03-01", [700, 600], "not-a-time-span", None),
        ("households", {}, "not-an-array", None),
        ("households[1]", 7, "not-an-object", None),
        ("households[1].id", "h1", "duplicate-id", None),
        ("households[1].village", "x", "unknown-village", None),
        ("households[1].cadre", "x", "unknown-cadre", None),
        ("households[0].visits", -1, "negative", "households[0].visits_due"),
        ("households[0].visits", 1.5, "not-a-whole-number", None),
        ("households[0].service_min", float("nan"), "not-finite", None),
        ("households[0].service_min", -5, "negative", None),
        ("households[0].priority", 0, "not-positive", None),
        ("households[0].windows", [], "no-window", None),
        ("households[0].windows[0]", [600, 500], "not-a-time-span", None),
        ("households[0].windows[0]", [-5, 500], "not-a-time-span", None),
        ("households[0].point", [30.5, 117.0], "not-a-point", None),
        ("households[0].point", [117.0], "not-a-pair", None),
        ("district.max_teams_per_day", -1, "negative", None),
        ("travel.kind", "crow", "unknown-travel", None),
        ("travel.speed_kmh", 0, "not-positive", None),
        ("weights.travel", -1, "negative", None),
        ("weights.speed", 1, "unknown-weight", None),
    ],
)
def test_what_is_wrong_is_named_with_its_path_and_what_to_write(
    path: str, value: Any, code: str, field: str | None
) -> None:
    document = a_document()
    put(document, path, value)

    with pytest.raises(InvalidProblem) as caught:
        Problem.from_json(document)

    assert (caught.value.code, caught.value.field) == (code, field or path)
    assert caught.value.advice


@pytest.mark.parametrize(
    ("travel", "code"),
    [
        ({"nodes": ["base:c1"], "minutes": [[0]]}, "unknown-node"),
        ({"nodes": ["a", "a"], "minutes": [[0, 1], [1, 0]]}, "duplicate-id"),
        ({"nodes": ["a"], "minutes": [[0, 1]]}, "not-square"),
        ({"nodes": ["a"], "minutes": [[-1]]}, "not-a-travel-time"),
        ({"nodes": ["a"], "minutes": [["far"]]}, "not-a-travel-time"),
    ],
)
def test_a_matrix_that_cannot_be_is_refused(travel: dict[str, Any], code: str) -> None:
    document = a_document() | {"travel": {"kind": "matrix", **travel}}

    with pytest.raises(InvalidProblem) as caught:
        Problem.from_json(document)

    assert caught.value.code == code


def _locked(household: str, day: str, cadre: str = "c1", start: float = 600) -> dict[str, Any]:
    return {"household": household, "cadre": cadre, "date": day, "start": start}


@pytest.mark.parametrize(
    ("locked", "code"),
    [
        ([_locked("x", "2027-03-01")], "unknown-household"),
        ([_locked("h1", "2027-03-01", "x")], "unknown-cadre"),
        ([_locked("h1", "2027-03-06")], "locked-day"),
        ([_locked("h1", "2027-03-01"), _locked("h1", "2027-03-08")], "locked-too-many"),
        ([_locked("h2", "2027-03-01"), _locked("h2", "2027-03-02")], "locked-gap"),
        ([_locked("h2", "2027-03-01"), _locked("h2", "2027-03-10", "c2")], "locked-two-cadres"),
        ([_locked("h1", "2027-03-01", "c3")], "locked-cadre"),
    ],
)
def test_locked_visits_that_contradict_each_other_are_refused(
    locked: list[dict[str, Any]], code: str
) -> None:
    document = a_problem(a_household("h1"), a_household("h2", visits=2)) | {
        "units": [{"id": "u1"}, {"id": "u2"}],
        "cadres": [a_cadre("c1"), a_cadre("c2"), a_cadre("c3", unit="u2")],
        "villages": [a_village()],
        "locked": locked,
    }

    with pytest.raises(InvalidProblem) as caught:
        Problem.from_json(document)

    assert caught.value.code == code


def test_locked_visits_that_overlap_in_time_are_refused_before_solving() -> None:
    document = a_document() | {
        "locked": [_locked("h1", "2027-03-01", start=600), _locked("h2", "2027-03-01", start=605)]
    }

    with pytest.raises(InvalidProblem, match="cannot be at h2") as caught:
        solve(Problem.from_json(document))

    assert caught.value.code == "locked-contradiction"


@pytest.mark.parametrize("document", [None, [], "problem", 7, {}])
def test_what_is_no_problem_at_all_is_refused(document: Any) -> None:
    with pytest.raises(InvalidProblem):
        Problem.from_json(document)
