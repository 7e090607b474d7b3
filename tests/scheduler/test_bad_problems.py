"""Whatever is wrong with a problem is refused by the name of its field, never planned wrongly."""

import copy
import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.cadre import Cadre
from scheduler.errors import InvalidProblem
from scheduler.household import Household
from scheduler.locked import LockedVisit
from scheduler.planner import solve
from scheduler.problem import Problem
from scheduler.travel import LineTravel, MatrixTravel
from scheduler.village import Village
from scheduler.weights import Weights
from tests.builders import a_household, a_problem
from tests.scheduler.problems import MONDAY, broken_rules
from tests.scheduler.problems import a_problem as a_real_problem

DEEP: Any = []
for _ in range(500):
    DEEP = [DEEP]

NOT_NUMBERS = [None, "7", True, [], {}, math.nan, math.inf, -math.inf, 10**400, -(10**400), 1e300]
NOT_TEXTS = [None, 7, "", [], {}, "\ud800", DEEP]
NOT_OBJECTS = [7, "x", [], True, DEEP]


def a_document() -> dict[str, Any]:
    return copy.deepcopy(a_problem(a_household("h1"), a_household("h2"))) | {
        "locked": [{"household": "h1", "cadre": "c1", "date": "2027-03-01", "start": 600}]
    }


def a_matrix_document() -> dict[str, Any]:
    document = a_document()
    nodes = [f"base:{c['id']}" for c in document["cadres"]] + ["household:h1", "household:h2"]
    minutes = [[float(i != j) for j in range(len(nodes))] for i in range(len(nodes))]
    return document | {"travel": {"kind": "matrix", "nodes": nodes, "minutes": minutes}}


def put(document: dict[str, Any], path: str, value: Any) -> None:
    *way, last = path.replace("]", "").replace("[", ".").split(".")
    found: Any = document
    for key in way:
        found = found[int(key)] if key.isdigit() else found.setdefault(key, {})
    found[int(last) if last.isdigit() else last] = value


def refusal(document: Any) -> InvalidProblem:
    with pytest.raises(InvalidProblem) as caught:
        Problem.from_json(document)
    assert caught.value.advice and len(str(caught.value)) < 400
    return caught.value


@pytest.mark.parametrize(
    "path",
    [
        "villages[0].max_teams_per_day",
        "villages[0].max_visits_per_week",
        "villages[0].min_gap_days",
        "cadres[0].max_visits_per_day",
        "cadres[0].quota",
        "cadres[0].base[0]",
        "cadres[0].shifts.2027-03-01[1]",
        "households[1].visits",
        "households[1].min_gap_days",
        "households[1].service_min",
        "households[1].point[1]",
        "households[1].windows[0][0]",
        "travel.speed_kmh",
        "travel.fixed_min",
        "locked[0].start",
    ],
)
@pytest.mark.parametrize("value", NOT_NUMBERS, ids=lambda v: repr(v)[:12])
def test_what_is_no_number_is_refused_where_it_stands(path: str, value: Any) -> None:
    document = a_document()
    put(document, path, value)

    field = refusal(document).field

    assert field.startswith(path.split(".")[0])
    assert path.rsplit(".", 1)[-1].split("[")[0] in field.replace("visits_due", "visits")


@pytest.mark.parametrize(
    "path",
    ["villages[0].id", "villages[0].unit", "cadres[0].id", "households[0].village", "units[0].id"],
)
@pytest.mark.parametrize("value", NOT_TEXTS, ids=lambda v: repr(v)[:12])
def test_what_is_no_text_is_refused_where_it_stands(path: str, value: Any) -> None:
    document = a_document()
    put(document, path, value)

    assert refusal(document).field == path


@pytest.mark.parametrize("key", ["villages[0]", "cadres[0]", "households[0]", "travel", "weights"])
@pytest.mark.parametrize("value", NOT_OBJECTS, ids=lambda v: repr(v)[:12])
def test_what_is_no_object_is_refused_where_it_stands(key: str, value: Any) -> None:
    document = a_document()
    put(document, key, value)

    assert refusal(document).field == key


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("households[0].visits", 10**9, "too-large"),
        ("households[0].service_min", 1500, "too-large"),
        ("households[0].priority", 1e9, "too-large"),
        ("weights.unplanned", 1e12, "too-large"),
        ("travel.speed_kmh", 1e-300, "out-of-range"),
        ("travel.detour", 1e6, "too-large"),
        ("district", [], "not-an-object"),
        ("district.max_teams_per_day", 1e12, "too-large"),
        ("locked[0].start", -5, "negative"),
        ("name", 7, "not-a-text"),
        ("days", [f"{y}-{m:02}-{d:02}" for y in range(2000, 2015)
                  for m in range(1, 13) for d in range(1, 29)], "too-large"),
    ],
)  # fmt: skip
def test_sizes_beyond_all_sense_are_refused(path: str, value: Any, code: str) -> None:
    document = a_document()
    put(document, path, value)

    assert refusal(document).code == code


@pytest.mark.parametrize("value", ["7", True, math.nan, -1, -(10**400), [], {}, "far"])
def test_a_cell_of_a_matrix_that_is_no_time_is_named(value: Any) -> None:
    document = a_matrix_document()
    put(document, "travel.minutes[1][2]", value)

    error = refusal(document)

    assert (error.code, error.field) == ("not-a-travel-time", "travel.minutes[1][2]")


@pytest.mark.parametrize(
    "travel",
    [
        {"nodes": ["a", None], "minutes": [[0, 1], [1, 0]]},
        {"nodes": ["a", "b"], "minutes": [[0, 1]]},
        {"nodes": ["a", "b"], "minutes": [[0, 1], [0]]},
        {"nodes": ["a", "b"], "minutes": [[0, 1], None]},
        {"nodes": "ab", "minutes": []},
    ],
)
def test_a_matrix_without_its_shape_is_refused(travel: dict[str, Any]) -> None:
    assert refusal(a_document() | {"travel": {"kind": "matrix", **travel}}).field.startswith(
        "travel."
    )


def test_a_way_that_takes_for_ever_is_no_way() -> None:
    document = a_matrix_document() | {"locked": []}
    bases = len(document["cadres"])
    for row in document["travel"]["minutes"]:
        row[bases] = 10**400
    problem = Problem.from_json(document)

    plan = solve(problem, iterations=2).plan

    assert "h1" not in {x.household for x in plan.visits}
    assert broken_rules(problem, plan) == []


@pytest.mark.parametrize(
    "make",
    [
        lambda x: Household(id="h", village="v", point=(117.0, 30.5), service_min=x),
        lambda x: Household(id="h", village="v", point=(117.0, 30.5), priority=x),
        lambda x: Household(id="h", village="v", point=(117.0, x)),
        lambda x: Household(id="h", village="v", point=(117.0, 30.5), windows=((500.0, x),)),
        lambda x: Cadre(id="c", unit="u", base=(x, 30.5)),
        lambda x: Cadre(id="c", unit="u", base=(117.0, 30.5), shifts={MONDAY: (x, 600.0)}),
        lambda x: Village(id="v", unit="u", max_teams_per_day=x),
        lambda x: LockedVisit(household="h", cadre="c", date=MONDAY, start=x),
        lambda x: LineTravel(speed_kmh=x),
        lambda x: LineTravel(fixed_min=x),
        lambda x: Weights(travel=x),
        lambda x: MatrixTravel(nodes=("a",), matrix=np.array([[x]])),
        lambda x: a_real_problem(district_max_teams_per_day=x),
    ],
)
@pytest.mark.parametrize("value", [math.nan, -1.0])
def test_nouns_made_in_python_refuse_the_same(make: Any, value: float) -> None:
    if value == -1.0:
        value = -200.0  # no degree, either
    with pytest.raises(InvalidProblem):
        make(value)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
PLACES = st.sampled_from(
    [
        "format", "days", "days[0]", "units", "units[0]", "villages[0].blackout",
        "villages[0].unit", "cadres[0].shifts", "cadres[0].base", "households", "households[0]",
        "households[0].windows", "households[0].last_visit", "households[0].not_before",
        "households[0].cadre", "households[0].priority", "travel", "travel.kind", "locked",
        "locked[0].date", "weights", "weights.travel", "district",
    ]
)  # fmt: skip


@given(changes=st.lists(st.tuples(PLACES, JSON), min_size=1, max_size=2))
@settings(max_examples=150, deadline=None)
def test_any_document_is_planned_by_its_rules_or_refused_in_words(
    changes: list[tuple[str, Any]],
) -> None:
    document = a_document()
    for path, value in changes:
        try:
            put(document, path, value)
        except (AttributeError, IndexError, KeyError, TypeError):
            return  # the first change took the place of the second away

    try:
        problem = Problem.from_json(document)
        plan = solve(problem, engine="greedy").plan
    except InvalidProblem as error:
        assert error.field and error.code and error.advice
        return

    assert broken_rules(problem, plan) == []
    assert json.dumps(plan.to_json(), allow_nan=False)
