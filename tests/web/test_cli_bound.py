"""`zoufang bound`: a proof for any problem file, and the gap of a plan."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.builders import a_household, a_problem
from web.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("p.json").write_text(json.dumps(a_problem(a_household("h1"), a_household("h2"))), "utf-8")
    return tmp_path


def zoufang(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def printed(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def test_a_problem_has_a_bound_without_any_plan() -> None:
    result = zoufang("bound", "p.json", "--time-limit", "1", "--quiet")

    assert result.exit_code == 0, result.output
    assert printed(result)["bound"]["J"] > 0


def test_the_gap_of_a_plan_is_told_and_no_plan_is_below_the_bound() -> None:
    zoufang("solve", "p.json", "--out", "plan.json", "--time-limit", "1", "--quiet")

    found = printed(zoufang("bound", "p.json", "plan.json", "--time-limit", "2", "--quiet"))

    assert found["bound"]["J"] <= found["J"] + 1e-3
    assert found["gap"] + 1e-6 >= 0


def test_a_plan_that_breaks_rules_is_refused() -> None:
    zoufang("solve", "p.json", "--out", "plan.json", "--time-limit", "1", "--quiet")
    plan = json.loads(Path("plan.json").read_text("utf-8"))
    plan["visits"] = plan["visits"][:1]
    Path("plan.json").write_text(json.dumps(plan), "utf-8")

    result = zoufang("bound", "p.json", "plan.json", "--quiet")

    assert result.exit_code == 2
    assert "breaks rule" in result.stderr
