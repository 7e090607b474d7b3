"""What a benchmark found: figures against promises, tables side by side, courses over time."""

import json
import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """
    One measured promise.

    Parameters
    ----------
    what
        The promise in a few words; unique within its benchmark.
    unit
        Of limit and values.
    limit
        What the worst run must reach.
    values
        All runs.
    how
        How it was measured, with the seed.
    at_least
        Whether more is better.
    """

    what: str
    unit: str
    limit: float
    values: list[float]
    how: str
    at_least: bool = False

    @property
    def worst(self) -> float:
        """The run that decides."""
        return min(self.values) if self.at_least else max(self.values)

    @property
    def kept(self) -> bool:
        """Whether even the worst run keeps the promise."""
        return self.worst >= self.limit if self.at_least else self.worst <= self.limit

    @property
    def cells(self) -> list[str]:
        """Promise, middle, spread and verdict, as the report shows them."""
        runs = len(self.values)
        spread = f"{self._shown(min(self.values))} to {self._shown(max(self.values))}, {runs} runs"
        return [
            f"{'≥' if self.at_least else '≤'} {self.limit:g} {self.unit}".rstrip(),
            f"{self._shown(statistics.median(self.values))} {self.unit}".rstrip(),
            "1 run" if runs == 1 else spread,
            "kept" if self.kept else "**missed**",
        ]

    def _shown(self, value: float) -> str:
        if self.unit in ("×", "%"):  # what is promised lies in the third or fourth digit
            return f"{value:.4f}" if self.unit == "×" else f"{value:.2f}"
        return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Results side by side, already in words; the first column names the row."""

    title: str
    header: list[str]
    rows: list[list[str]]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """
    How a figure went on over time.

    Parameters
    ----------
    instance
        Name of the problem; courses of one instance share a plot.
    who
        Whose course it is.
    what
        ``J`` or ``bound``.
    points
        Seconds and value, ascending in time.
    """

    instance: str
    who: str
    what: str
    points: list[tuple[float, float]]


@dataclass(kw_only=True)
class Measurement:
    """All that one benchmark test found, and under which circumstances."""

    measured: str = ""
    commit: str = ""
    machine: str = ""
    seconds: float = 0.0
    other_work: float = 0.0
    failed: str = ""
    figures: list[Figure] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)

    @property
    def missed(self) -> list[Figure]:
        """Figures whose promise is not kept."""
        return [f for f in self.figures if not f.kept]

    @classmethod
    def from_json(cls, document: dict[str, Any]) -> Self:
        """Read what ``asdict`` wrote."""
        made = {
            "figures": [Figure(**f) for f in document["figures"]],
            "tables": [Table(**t) for t in document["tables"]],
            "courses": [Course(**c) for c in document["courses"]],
        }
        return cls(**(document | made))


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The measurements of one benchmark file, by the name of their test."""

    name: str
    about: str
    tests: dict[str, Measurement]


def read_section(file: Path) -> Section:
    """Read the results of one benchmark file."""
    document = json.loads(file.read_text(encoding="utf-8"))
    tests = {name: Measurement.from_json(x) for name, x in document["tests"].items()}
    return Section(name=file.stem, about=document["about"], tests=tests)


def keep(folder: Path, section: Section, known: Iterable[str]) -> None:
    """Write measurements; those of other tests of the file stay as long as the tests exist."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{section.name}.json"
    tests = (read_section(file).tests if file.exists() else {}) | section.tests
    document = {
        "about": section.about,
        "tests": {
            name: asdict(found)
            for test in known
            for name, found in tests.items()
            if name.partition("[")[0] == test
        },
    }
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    file.write_text(text + "\n", encoding="utf-8")
