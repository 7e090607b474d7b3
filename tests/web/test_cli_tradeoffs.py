"""`zoufang tradeoffs`: a folder of plans, and the list that says what each is good for."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scheduler.plan import Plan
from scheduler.problem import Problem
from tests.builders import a_household, a_problem
from tests.scheduler.problems import broken_rules
from web.cli import main


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    document = a_problem(*(a_household(f"h{n}", visits=1 + n % 2) for n in range(8)))
    Path("p.json").write_text(json.dumps(document), "utf-8")
    return tmp_path


def zoufang(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def test_each_point_is_a_plan_file_with_its_weights_and_seed() -> None:
    result = zoufang("tradeoffs", "p.json", "--out", "t", "--points", "3", "--iterations", "3")

    assert result.exit_code == 0, result.output
    document = json.loads(Path("t/tradeoffs.json").read_bytes())
    assert document == json.loads(result.stdout)
    problem = Problem.from_json(json.loads(Path("p.json").read_bytes()))
    assert document["points"]
    for point in document["points"]:
        plan = Plan.from_json(json.loads(Path("t", point["plan"]).read_bytes()))
        assert broken_rules(problem, plan) == []
        assert plan.seed == point["seed"]
        assert point["weights"]["travel"] > 0
        assert abs(point["travel_min"] - plan.metrics.travel_min) < 0.01


def test_two_limits_at_once_are_refused() -> None:
    result = zoufang("tradeoffs", "p.json", "--out", "t", "--time-limit", "1", "--iterations", "3")

    assert result.exit_code == 2
    assert not Path("t").exists()


def test_a_folder_that_cannot_be_made_is_named() -> None:
    Path("t").write_text("a file", "utf-8")

    assert zoufang("tradeoffs", "p.json", "--out", "t").exit_code == 2
