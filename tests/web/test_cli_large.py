"""What is too large for this computer is refused in one line, before memory runs out."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.builders import a_household, a_problem
from web.cli import main
from web.memory import usable_memory_mb

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def zoufang(*words: str) -> Result:
    return CliRunner().invoke(main, list(words))


def write(document: Any) -> str:
    Path("p.json").write_text(json.dumps(document), "utf-8")
    return "p.json"


def refused_by(result: Result) -> str:
    assert result.exit_code == 2, result.output
    assert not isinstance(result.exception, Exception) or isinstance(result.exception, SystemExit)
    assert not Path("plan.json").exists()
    lines = [line for line in result.stderr.splitlines() if line.startswith("Error:")]
    assert len(lines) == 1
    return lines[0]


def test_a_unit_that_is_too_large_is_named_with_what_to_do() -> None:
    file = write(a_problem(*(a_household(f"h{n}") for n in range(6_000))))

    error = refused_by(zoufang("solve", file, "--out", "plan.json", "--memory-mb", "900"))

    assert "units[0]: found 'u1 with 6000 households'" in error
    assert "Split the unit" in error


def test_a_file_that_memory_cannot_hold_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(a_problem())
    monkeypatch.setattr("web.cli.files.usable_memory_mb", lambda: 0.001)

    error = refused_by(zoufang("solve", file, "--out", "plan.json"))

    assert "cannot be read with 0 MB of memory" in error


def test_a_number_of_many_digits_is_refused() -> None:
    Path("p.json").write_text(
        json.dumps(a_problem()).replace('"quota": 0', '"quota": 1' + "0" * 5000), "utf-8"
    )

    assert "very many digits" in refused_by(zoufang("solve", "p.json", "--out", "plan.json"))


@pytest.mark.parametrize(
    "words", [("solve", "--out", "plan.json"), ("tradeoffs", "--out", "t"), ("bound",)]
)
def test_locks_that_contradict_each_other_are_refused_in_one_line(words: tuple[str, ...]) -> None:
    households = (a_household("h1"), a_household("h2"))
    locked = [
        {"household": h["id"], "cadre": "c1", "date": "2027-03-01", "start": 600}
        for h in households
    ]
    file = write(a_problem(*households) | {"locked": locked})

    error = refused_by(zoufang(*words, file))

    assert "break a rule by themselves" in error


def test_a_limit_of_the_process_is_what_may_be_used() -> None:
    code = (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (1500 << 20, 1500 << 20));"
        "from web.memory import usable_memory_mb; print(usable_memory_mb())"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, cwd=ROOT, check=True)

    assert float(found.stdout) == pytest.approx(1000) or usable_memory_mb() < 1000
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY
