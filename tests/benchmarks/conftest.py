"""Each benchmark records figures against promises; what it found is kept after every test."""

import importlib.util
import os
import sys
import time
from collections.abc import Callable, Generator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.benchmarks.contract import Contract
from tests.benchmarks.figures import ROOT, Course, Figure, Measurement, Section, Table, keep
from tests.benchmarks.machine import OtherWork, commit, machine
from tests.benchmarks.planners import Planners
from tests.benchmarks.report import FOLDER, REPORT, write_report

Record = Callable[..., None]
Say = Callable[[str], None]

FOUND = pytest.StashKey[Measurement]()
RAN = pytest.StashKey[bool]()
BEGAN = time.perf_counter()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a developer try a benchmark in a fraction of its time."""
    parser.addoption(
        "--scale",
        type=float,
        default=1.0,
        help="factor of all time limits; unless it is 1, results go to instance/benchmarks",
    )


def folder_of(config: pytest.Config) -> Path:
    """Where results go: into the documents only when they were measured in full."""
    if config.getoption("--scale") == 1.0:
        return FOLDER
    return ROOT / "instance" / "benchmarks"


@pytest.fixture(scope="session")
def contract(shared_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    """Return what stands beside the project; the benchmark is skipped by name where it does not."""
    return Contract(shared_dir, tmp_path_factory.mktemp("problems"))


@pytest.fixture(scope="session")
def planners(contract: Contract, tmp_path_factory: pytest.TempPathFactory) -> Planners:
    """Return every planner, ready to be measured: kernels are compiled and cached."""
    made = Planners(contract, tmp_path_factory.mktemp("plans"))
    small = contract.problem("sparse", households=60)
    made.zoufang(small, seconds=1)
    made.proof(small, seconds=1)
    return made


@pytest.fixture
def seconds(request: pytest.FixtureRequest) -> Callable[[float], float]:
    """Scale a time limit as the command line says."""
    scale = request.config.getoption("--scale")
    return lambda limit: float(limit * scale)


@pytest.fixture
def say(request: pytest.FixtureRequest) -> Say:
    """Write a line to the log of a run, whatever pytest captures."""
    capture = request.config.pluginmanager.getplugin("capturemanager")

    def line(words: str) -> None:
        assert capture is not None
        with capture.global_and_fixture_disabled():
            took = time.perf_counter() - BEGAN
            print(f"[{took:6.0f} s] {words}", file=sys.stderr, flush=True)

    return line


@pytest.fixture
def found(request: pytest.FixtureRequest) -> Measurement:
    """Return the measurement of this test, to be filled."""
    return request.node.stash.setdefault(FOUND, Measurement())


@pytest.fixture
def record(found: Measurement, say: Say) -> Record:
    """Keep a figure; the test fails in the end if it misses its limit."""

    def note(
        what: str,
        values: list[float],
        *,
        unit: str,
        limit: float,
        how: str,
        at_least: bool = False,
    ) -> None:
        values = [float(f"{value:.6g}") for value in values]
        figure = Figure(
            what=what, unit=unit, limit=limit, values=values, how=how, at_least=at_least
        )
        found.figures.append(figure)
        say(f"{what}: {', '.join(figure.cells)}")

    return note


@pytest.fixture
def side_by_side(found: Measurement) -> Record:
    """Keep a table of results that are no promises."""

    def note(title: str, header: list[str], rows: list[list[str]], *, why: str = "") -> None:
        found.tables.append(Table(title=title, header=header, rows=rows, note=why))

    return note


@pytest.fixture
def course(found: Measurement) -> Record:
    """Keep how a figure went on over time, for a plot."""

    def note(instance: str, who: str, what: str, points: list[tuple[float, float]]) -> None:
        if not points:
            return
        rounded = [(round(at, 2), round(value, 1)) for at, value in points]
        found.courses.append(Course(instance=instance, who=who, what=what, points=rounded))

    return note


@pytest.fixture(autouse=True)
def circumstances(found: Measurement) -> Iterator[None]:
    """Note when, where, for how long, and beside how much other work a test ran."""
    found.measured = f"{datetime.now(UTC):%Y-%m-%d %H:%M}"
    found.commit, found.machine = commit(), machine()
    watch = OtherWork()
    yield
    found.seconds = round(watch.seconds, 1)
    found.other_work = round(watch.share, 3)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test whose figures miss their promise; keep what it found when it is over."""
    report = yield
    measurement = item.stash.get(FOUND, None)
    if measurement is None or report.skipped:
        return report
    if report.when == "call":
        item.stash[RAN] = True
        if report.failed:
            crash = getattr(report.longrepr, "reprcrash", None)
            words = crash.message if crash else report.longreprtext
            measurement.failed = words.splitlines()[0][:300]
        elif measurement.missed:
            report.outcome = "failed"
            report.longrepr = "Missed: " + "; ".join(
                f"{f.what}: {', '.join(f.cells)}" for f in measurement.missed
            )
    if report.when == "teardown" and item.stash.get(RAN, False):
        _keep(item, measurement)
    return report


def _keep(item: pytest.Item, measurement: Measurement) -> None:
    assert isinstance(item, pytest.Function)
    name = item.path.stem.removeprefix("test_")
    about = " ".join((item.module.__doc__ or "").split())
    section = Section(name=name, about=about, tests={item.name: measurement})
    known = [each for each in vars(item.module) if each.startswith("test_")]
    keep(folder_of(item.config), section, known)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the report anew from all results there are, those of earlier runs among them."""
    folder = folder_of(session.config)
    if session.config.option.collectonly or os.environ.get("PYTEST_XDIST_WORKER"):
        return
    if folder.is_dir():
        if importlib.util.find_spec("matplotlib"):  # only `run.py bench` installs it
            from tests.benchmarks.plots import draw_plots

            draw_plots(folder)
        write_report(folder, REPORT if folder == FOLDER else folder / "benchmarks.md")
