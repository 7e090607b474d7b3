"""`zoufang solve` and `zoufang check` as the contract says."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.builders import a_household, a_problem, a_village
from web.cli import main


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def zoufang(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def write(name: str, document: Any) -> str:
    Path(name).write_text(json.dumps(document), encoding="utf-8")
    return name


def test_a_problem_file_becomes_a_plan_file_that_keeps_every_rule(folder: Path) -> None:
    write("p.json", a_problem(a_household("h1"), a_household("h2", visits=2, min_gap_days=7)))

    solved = zoufang("solve", "p.json", "--out", "plan.json", "--time-limit", "1", "--quiet")
    checked = zoufang("check", "p.json", "plan.json")

    assert solved.exit_code == 0, solved.output
    assert json.loads(solved.stdout)["visits_planned"] == 3
    assert json.loads((folder / "plan.json").read_text("utf-8"))["format"] == "zoufang-plan/1"
    assert checked.exit_code == 0
    assert json.loads(checked.stdout)["broken"] == []


def test_progress_is_told_on_standard_error_only(folder: Path) -> None:
    write("p.json", a_problem())

    solved = zoufang("solve", "p.json", "--out", "plan.json", "--time-limit", "1")

    assert "unplanned 0" in solved.stderr
    assert json.loads(solved.stdout)["unplanned"] == 0


def test_a_plan_that_breaks_a_rule_ends_with_status_one_and_names_it(folder: Path) -> None:
    write("p.json", a_problem())
    zoufang("solve", "p.json", "--out", "plan.json", "--time-limit", "1", "--quiet")
    plan = json.loads((folder / "plan.json").read_text("utf-8"))
    write("p.json", a_problem(villages=[a_village(blackout=[plan["visits"][0]["date"]])]))

    checked = zoufang("check", "p.json", "plan.json")

    assert checked.exit_code == 1
    assert "blackout" in " ".join(json.loads(checked.stdout)["broken"])


def test_the_same_seed_and_steps_give_the_same_plan(folder: Path) -> None:
    write("p.json", a_problem(*(a_household(f"h{n}") for n in range(12))))
    for out in ("a.json", "b.json"):
        words = ("--out", out, "--iterations", "20", "--seed", "7", "--quiet")
        assert zoufang("solve", "p.json", *words).exit_code == 0

    a, b = (json.loads((folder / out).read_text("utf-8")) for out in ("a.json", "b.json"))
    assert a["visits"] == b["visits"]


def test_a_plan_may_be_the_start_of_the_next(folder: Path) -> None:
    write("p.json", a_problem())
    zoufang("solve", "p.json", "--out", "a.json", "--time-limit", "1", "--quiet")

    again = zoufang("solve", "p.json", "--out", "b.json", "--start", "a.json", "--quiet",
                    "--iterations", "5")  # fmt: skip

    assert again.exit_code == 0, again.output


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "not JSON at line 1"),
        (b'{"format": ', "not JSON at line 1, column 12"),
        ('{"name": "走访"}'.encode("gb18030"), "is not UTF-8. Save the file as UTF-8"),
        (b"[]", "Write an object here"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"format": "zoufang-plan/1"}', "format: found 'zoufang-plan/1'"),
    ],
)
def test_an_unusable_file_is_refused_in_words(folder: Path, content: bytes, words: str) -> None:
    Path("p.json").write_bytes(content)

    refused = zoufang("solve", "p.json", "--out", "plan.json")

    assert refused.exit_code == 2
    assert words in refused.stderr
    assert not (folder / "plan.json").exists()


def test_a_field_that_is_wrong_is_named_with_its_path(folder: Path) -> None:
    write("p.json", a_problem(a_household(village="nowhere")))

    refused = zoufang("solve", "p.json", "--out", "plan.json")

    assert refused.exit_code == 2
    assert "households[0].village: found 'nowhere'" in refused.stderr


def test_a_file_that_is_not_there_is_named(folder: Path) -> None:
    refused = zoufang("check", "nowhere.json", "plan.json")

    assert refused.exit_code == 2
    assert "nowhere.json" in refused.stderr


def test_an_unknown_engine_is_refused_with_the_names_of_the_known(folder: Path) -> None:
    write("p.json", a_problem())

    refused = zoufang("solve", "p.json", "--out", "plan.json", "--engine", "oracle")

    assert refused.exit_code == 2
    assert "greedy" in refused.stderr


def test_two_limits_at_once_are_refused(folder: Path) -> None:
    write("p.json", a_problem())

    words = ("--out", "plan.json", "--time-limit", "1", "--iterations", "5")
    assert zoufang("solve", "p.json", *words).exit_code == 2


def test_an_output_that_cannot_be_written_is_named_and_leaves_no_draft(folder: Path) -> None:
    write("p.json", a_problem())

    refused = zoufang("solve", "p.json", "--out", "absent/plan.json", "--quiet",
                      "--time-limit", "1")  # fmt: skip

    assert refused.exit_code == 2
    assert "cannot be written" in refused.stderr


def test_ctrl_c_keeps_the_best_plan(folder: Path) -> None:
    write("p.json", a_problem(*(a_household(f"h{n}", visits=2) for n in range(40))))
    words = ["solve", "p.json", "--out", "plan.json", "--time-limit", "60"]
    solver = subprocess.Popen(
        [sys.executable, "-m", "web.cli", *words],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert solver.stderr is not None
    solver.stderr.readline()  # the first plan is there
    time.sleep(0.3)
    solver.send_signal(signal.SIGINT)
    out, err = solver.communicate(timeout=30)

    assert solver.returncode == 0, err
    assert json.loads(out)["visits_planned"] > 0
    assert json.loads((folder / "plan.json").read_text("utf-8"))["visits"]
