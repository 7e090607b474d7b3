"""`zoufang demo`: one command from nothing to a plan, and the same plan the next time."""

import json
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from web.cli import main


def demo_once(instance: Path) -> Result:
    return CliRunner().invoke(main, ["demo", "--once", "--instance", str(instance)], env={})


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "instance"
    made = demo_once(folder)
    assert made.exit_code == 0, made.output
    return folder


def test_it_prints_one_json_object_with_the_plans_figures(instance: Path) -> None:
    answer = json.loads(demo_once(instance).stdout)

    assert set(answer) == {"visits_planned", "unplanned", "J", "bound", "seconds", "instance"}
    assert answer["visits_planned"] > 900
    assert answer["instance"] == str(instance)


def test_a_second_run_makes_nothing_again(instance: Path) -> None:
    before = (instance / "zoufang.sqlite").stat().st_mtime_ns

    again = demo_once(instance)

    assert again.stderr == ""
    assert (instance / "zoufang.sqlite").stat().st_mtime_ns == before


def test_there_is_a_login_for_each_role_in_a_file_of_ones_own(instance: Path) -> None:
    file = instance / "demo.json"

    assert set(json.loads(file.read_text("utf-8"))["logins"]) == {
        "admin", "planner", "coordinator", "cadre"
    }  # fmt: skip
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_interrupted_run_is_begun_again(instance: Path, tmp_path: Path) -> None:
    half = tmp_path / "half"
    half.mkdir()
    (half / "zoufang.sqlite").write_bytes((instance / "zoufang.sqlite").read_bytes())
    (half / "demo.unfinished").touch()

    assert demo_once(half).exit_code == 0


def test_a_district_that_is_there_is_never_touched(instance: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "zoufang.sqlite").write_bytes((instance / "zoufang.sqlite").read_bytes())

    refused = demo_once(other)

    assert refused.exit_code == 1
    assert "holds a district already" in refused.stderr


@pytest.mark.parametrize(
    ("name", "more", "begins"),
    [
        ("plan.xlsx", (), b"PK"),
        ("plan.geojson", (), b"{"),
        ("g001.ics", ("--cadre", "G001"), b"BEGIN:VCALENDAR"),
    ],
)
def test_a_plan_leaves_as_workbook_layer_or_calendar(
    instance: Path, tmp_path: Path, name: str, more: tuple[str, ...], begins: bytes
) -> None:
    words = ["export", "1", "--out", str(tmp_path / name), *more, "--instance", str(instance)]

    written = CliRunner().invoke(main, words, env={})

    assert written.exit_code == 0, written.output
    assert (tmp_path / name).read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("99", "--out", "a.geojson"), "99"),
        (("1", "--out", "a.ics", "--cadre", "nobody"), "nobody"),
        (("1", "--out", "a.ics"), "needs --cadre"),
        (("1", "--out", "a.pdf"), "choose .xlsx, .geojson or .ics"),
    ],
)
def test_what_cannot_be_exported_is_said(instance: Path, words: tuple[str, ...], said: str) -> None:
    refused = CliRunner().invoke(main, ["export", *words, "--instance", str(instance)], env={})

    assert refused.exit_code != 0
    assert said in refused.stderr
