"""The report docs/benchmarks.md, made of the results that every benchmark kept."""

import tomllib
from collections import Counter
from pathlib import Path

from tests.benchmarks.figures import ROOT, Measurement, Section, Table, read_section

REPORT = ROOT / "docs" / "benchmarks.md"
FOLDER = ROOT / "docs" / "benchmarks"
TRIED = FOLDER / "tried.toml"

ORDER = (
    *("rules", "coverage", "objective", "10k", "100k", "gap", "peers", "pvrp"),
    *("day", "replan", "start", "explain", "cluster", "demo", "import", "map", "server"),
)
"""Sections as they stand in the report; others follow by name."""

BUSY = 0.1
"""Share of the machine that other work may take without being mentioned."""

HEAD = """\
<!-- Made by `python3 run.py bench`; edit the benchmarks in tests/benchmarks instead. -->

# Benchmarks

Every row is measured by a test in `tests/benchmarks`: `python3 run.py bench` runs all,
`python3 run.py bench NAME ...` some of them; this page is put together from what the last run of
each has kept in `docs/benchmarks/`. The middle of all runs is shown with the best and the worst;
a promise is kept when the **worst** run keeps it. Where one is missed, what was tried stands
below the table (`docs/benchmarks/tried.toml`). Times are wall-clock seconds of whole processes
unless a row says otherwise, with both cores. “Proof” is the throw-away search beside which the
engine was written; it and the makers of the instances live outside this repository.
"""


def write_report(folder: Path = FOLDER, report: Path = REPORT) -> None:
    """Put the document together from the results in a folder."""
    report.write_text(text_of(sections_in(folder), folder), encoding="utf-8")


def sections_in(folder: Path) -> list[Section]:
    """Read all results, in the order of the report."""
    place = {name: n for n, name in enumerate(ORDER)}
    files = sorted(folder.glob("*.json"), key=lambda f: (place.get(f.stem, len(ORDER)), f.stem))
    return [read_section(file) for file in files]


def text_of(sections: list[Section], folder: Path = FOLDER) -> str:
    """Return the document: where it was measured, the promises in short, then each section."""
    measurements = [m for s in sections for m in s.tests.values()]
    usual = Counter(m.machine for m in measurements).most_common(1)
    machine = usual[0][0] if usual else "no machine"
    figures = [f for m in measurements for f in m.figures]
    kept = sum(f.kept for f in figures)
    parts = [
        HEAD,
        f"Measured on {machine}, unless a section says otherwise. "
        f"Of {len(figures)} promises {kept} are kept"
        + ("." if kept == len(figures) else f", **{len(figures) - kept} are missed**."),
        *(_section(section, machine, folder) for section in sections),
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _section(section: Section, machine: str, folder: Path) -> str:
    tried = _tried().get(section.name, {})
    parts = [f"## {section.name}", section.about, _circumstances(section, machine)]
    figures = [f for m in section.tests.values() for f in m.figures]
    if figures:
        rows = [[f.what, *f.cells, f.how] for f in figures]
        parts.append(_rows(["figure", "promised", "measured", "spread", "", "how"], rows))
    for m in section.tests.values():
        parts += [_table(table) for table in m.tables]
    notes = [f"- *{f.what}:* {tried[f.what]}" for f in figures if not f.kept and f.what in tried]
    if notes:
        parts.append("What was tried:\n\n" + "\n".join(notes))
    parts += [
        f"![J and bound over time, {plot.stem}]({_link(plot, folder)})"
        for plot in sorted(folder.glob("*.svg"))
        if section.name == "objective"
    ]
    return "\n\n".join(part for part in parts if part)


def _link(plot: Path, folder: Path) -> str:
    return f"{folder.name}/{plot.name}" if folder == FOLDER else plot.name


def _circumstances(section: Section, machine: str) -> str:
    """One line for tests that were measured together, one for each otherwise."""
    groups: dict[str, list[Measurement]] = {}
    for m in section.tests.values():
        where = "" if m.machine == machine else f" on {m.machine}"
        groups.setdefault(f"Measured at commit `{m.commit}`{where}", []).append(m)
    lines = []
    for words, together in groups.items():
        began = min(m.measured for m in together)
        took = sum(m.seconds for m in together)
        busiest = max(m.other_work for m in together)
        line = f"{words}, {began} UTC" + (f", in {took:.0f} s" if took else "")
        if busiest > BUSY:
            line += f"; **other work took {100 * busiest:.0f} % of the machine**"
        lines.append(line + ".")
    lines += [
        f"**Did not run to its end:** {name} ({m.failed})"
        for name, m in section.tests.items()
        if m.failed
    ]
    return "  \n".join(lines)


def _table(table: Table) -> str:
    parts = [f"**{table.title}**", _rows(table.header, table.rows), table.note]
    return "\n\n".join(part for part in parts if part)


def _rows(header: list[str], rows: list[list[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _tried() -> dict[str, dict[str, str]]:
    """Read by section and figure what was tried where a promise is missed, by hand."""
    if not TRIED.exists():
        return {}
    return tomllib.loads(TRIED.read_text(encoding="utf-8"))


if __name__ == "__main__":
    write_report()
