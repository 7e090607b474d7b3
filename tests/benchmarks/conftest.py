"""Each benchmark records one figure of the promise; together they write docs/benchmarks.md."""

import os
import platform
import statistics
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
REPORT = ROOT / "docs" / "benchmarks.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured promise; ``values`` are all runs, the worst of which must keep the limit."""

    what: str
    unit: str
    limit: float
    values: list[float]
    how: str

    @property
    def kept(self) -> bool:
        """Whether even the worst run keeps the promise."""
        return max(self.values) <= self.limit

    def row(self) -> str:
        """Line of the report."""
        spread = f"{min(self.values):.3g} to {max(self.values):.3g}"
        shown = f"{statistics.median(self.values):.3g} {self.unit}"
        mark = "kept" if self.kept else "**missed**"
        runs = len(self.values)
        return (
            f"| {self.what} | ≤ {self.limit:g} {self.unit} | {shown} | {spread}, {runs} run"
            f"{'s' if runs > 1 else ''} | {mark} | {self.how} |"
        )


Record = Callable[..., None]
FIGURES = pytest.StashKey[list[Figure]]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin with an empty report."""
    config.stash[FIGURES] = []


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Iterator[Record]:
    """Keep a figure for the report, then fail if it misses its limit."""
    kept: list[Figure] = []

    def note(what: str, values: list[float], *, unit: str, limit: float, how: str) -> None:
        figure = Figure(what=what, unit=unit, limit=limit, values=values, how=how)
        kept.append(figure)
        request.config.stash[FIGURES].append(figure)

    yield note
    assert all(figure.kept for figure in kept), [f"{f.what}: {max(f.values):.3g}" for f in kept]


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the report when every benchmark of the folder was asked for."""
    figures = session.config.stash.get(FIGURES, [])
    chosen = session.config.getoption("-k") or session.config.getoption("-m")
    here = {path.name for path in Path(__file__).parent.glob("test_*.py")}
    if figures and not chosen and here == {item.path.name for item in session.items}:
        REPORT.write_text(report(figures), encoding="utf-8")


def report(figures: list[Figure]) -> str:
    """The document: machine, commit, then one line a figure."""
    lines = [
        "<!-- Made by `python3 run.py bench`; edit the benchmarks in tests/benchmarks instead. -->",
        "",
        "# Benchmarks",
        "",
        f"Measured {datetime.now(UTC):%Y-%m-%d %H:%M} UTC at commit `{commit()}` on {machine()}.",
        "The middle of all runs is shown, with the best and the worst; a promise is kept when the",
        f"worst run keeps it. Seeds stand in the last column. {busy()}",
        "",
        "| figure | promised | measured | spread | | how |",
        "|---|---|---|---|---|---|",
        *(figure.row() for figure in figures),
    ]
    return "\n".join(lines) + "\n"


def busy() -> str:
    """Say whether something else ran at the same time."""
    load, cores = os.getloadavg()[2], os.cpu_count() or 1
    said = f"The load average of the last 15 minutes was {load:.1f} on {cores} cores"
    return f"{said}: **other work ran at the same time.**" if load > 1.5 * cores else f"{said}."


def machine() -> str:
    """Processor, cores, memory, system and Python."""
    info = Path("/proc/cpuinfo")
    models = [
        line.partition(":")[2].strip()
        for line in (info.read_text() if info.exists() else "").splitlines()
        if line.startswith("model name")
    ]
    memory_gb = psutil.virtual_memory().total / 2**30
    return (
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, "
        f"{memory_gb:.0f} GiB, {platform.system()} {platform.release().partition('-')[0]}, "
        f"Python {platform.python_version()}"
    )


def commit() -> str:
    """Short name of the commit, with a mark when the tree differs from it."""
    words = ["git", "describe", "--always", "--dirty", "--exclude", "*"]
    return subprocess.run(
        words, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.strip()
