"""The report of the benchmarks: worst runs decide, nothing is lost, and it is current."""

from pathlib import Path

import pytest

from tests.benchmarks.figures import Figure, Measurement, Section, keep, read_section
from tests.benchmarks.report import FOLDER, REPORT, sections_in, text_of


def a_figure(*values: float, limit: float = 2.0, at_least: bool = False) -> Figure:
    return Figure(
        what="time", unit="s", limit=limit, values=list(values), how="seed 1", at_least=at_least
    )


def a_section(**tests: Measurement) -> Section:
    return Section(name="start", about="The first plan.", tests=tests)


@pytest.mark.parametrize(("values", "kept"), [((1.0, 1.9), True), ((1.0, 2.1), False)])
def test_the_worst_run_decides(values: tuple[float, ...], kept: bool) -> None:
    assert a_figure(*values).kept is kept
    assert a_figure(*(-v for v in values), limit=-2, at_least=True).kept is kept


def test_one_test_measured_again_leaves_the_results_of_the_others(tmp_path: Path) -> None:
    known = ["test_a", "test_b"]
    before, again = Measurement(commit="old"), Measurement(commit="new", figures=[a_figure(1)])
    keep(tmp_path, a_section(**{"test_a[x]": before, "test_b": before, "test_gone": before}), known)

    keep(tmp_path, a_section(test_b=again), known)

    found = read_section(tmp_path / "start.json").tests
    assert {name: m.commit for name, m in found.items()} == {"test_a[x]": "old", "test_b": "new"}
    assert found["test_b"] == again


def test_a_missed_promise_and_other_work_are_not_hidden(tmp_path: Path) -> None:
    measurement = Measurement(
        measured="2027-02-01 08:00", commit="abc", other_work=0.4, figures=[a_figure(3)]
    )

    shown = text_of([a_section(test_a=measurement)], tmp_path)

    assert "**1 are missed**" in shown
    assert "| time | ≤ 2 s | 3 s | 1 run | **missed** | seed 1 |" in shown
    assert "other work took 40 % of the machine" in shown


def test_the_report_is_made_of_the_results() -> None:
    made = text_of(sections_in(FOLDER))

    assert REPORT.read_text(encoding="utf-8") == made, "run `python -m tests.benchmarks.report`"
