"""`zoufang explain`: rules that cannot all hold, and changes that help, for any plan file."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scheduler.problem import Problem
from scheduler.score import score
from tests.scheduler.planted import planted
from web.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    problem, visits, household = planted("village-week", 1)
    lacking = [{"household": household, "missing": 1, "reasons": [REASON]}]
    plan = {
        "format": "zoufang-plan/1",
        "visits": [x.to_json() for x in visits],
        "unplanned": lacking,
        "metrics": score(problem, visits).to_json(),
    }
    write("p.json", Problem.to_json(problem))
    write("plan.json", plan)
    return tmp_path


REASON = {"rule": "village-week", "detail": "The week is full."}


def write(name: str, document: dict[str, Any]) -> None:
    Path(name).write_text(json.dumps(document), "utf-8")


def zoufang(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_the_text_names_the_reasons_the_rules_and_what_helps() -> None:
    told = zoufang("explain", "p.json", "plan.json")

    assert told.exit_code == 0, told.output
    assert "The week is full." in told.stdout
    assert "Household h3 in village v0: 1 visit missing" in told.stdout
    assert "rules together leave no room for it; without any one of them the rest" in told.stdout
    assert "visits a week" in told.stdout
    assert "Let village v0 take" in told.stdout


def test_json_holds_the_same_as_numbers() -> None:
    (found,) = json.loads(zoufang("explain", "p.json", "plan.json", "--json").stdout)

    assert found["conflict"]["is_minimal"]
    assert "village-week" in {rule["kind"] for rule in found["conflict"]["rules"]}
    assert found["relaxations"][0]["kind"] == "more-visits-a-week"
    assert found["relaxations"][0]["facts"]["cap"] == 1 + found["relaxations"][0]["facts"]["before"]


def test_a_household_that_nobody_knows_is_refused() -> None:
    refused = zoufang("explain", "p.json", "plan.json", "--household", "h99")

    assert refused.exit_code == 2
    assert "h99" in refused.stderr


def test_a_household_that_lacks_nothing_is_told_so() -> None:
    plan = json.loads(Path("plan.json").read_text("utf-8"))
    complete = plan["visits"][0]["household"]

    told = zoufang("explain", "p.json", "plan.json", "--household", complete)

    assert told.exit_code == 0
    assert "lacks no visits" in told.stderr


def test_a_whole_village_is_asked_at_once() -> None:
    told = zoufang("explain", "p.json", "plan.json", "--village", "v0")
    as_json = zoufang("explain", "p.json", "plan.json", "--unit", "u0", "--json")

    assert told.exit_code == 0, told.output
    assert "Village v0: 1 household lacks 1 visit." in told.stdout
    assert "1. Let village v0 take" in told.stdout
    assert json.loads(as_json.stdout)["packages"][0]["placed"] == 1


def test_a_village_that_nobody_knows_and_two_questions_at_once_are_refused() -> None:
    unknown = zoufang("explain", "p.json", "plan.json", "--village", "v99")
    both = zoufang("explain", "p.json", "plan.json", "--village", "v0", "--unit", "u0")

    assert (unknown.exit_code, both.exit_code) == (2, 2)
    assert "v99" in unknown.stderr
    assert "Give one of" in both.stderr
