"""
What is wrong with an import, and what stands in the way of an undo, in words.

Sentences are English message ids of ``data.importing.sentences``.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from data.importing.examination import Part
from data.importing.fields import Kind
from data.importing.kinds import KINDS
from data.importing.problems import ImportProblem
from data.importing.sentences import SENTENCES
from data.importing.sheets import write_faulty_rows
from data.importing.undo import Obstacle
from web.presenters.imports import LEVELS, TABLES, field_name, kind_name


def say(problem: ImportProblem, kind: Kind | None = None) -> str:
    """The sentence of a problem in the reader's language."""
    words: dict[str, Any] = dict(problem.words)
    key = str(problem.facts.get("key", ""))
    if problem.code == "heading-missing" and kind is not None and key:
        keys = next((group for group in kind.needs_one_of if key in group), (key,))
        words["field"] = "/".join(field_name(kind.field(one)) for one in keys)
    return str(_(problem.sentence) % words)


def problem_rows(parts: Iterable[Part]) -> list[dict[str, Any]]:
    """Every problem as the page shows it, errors first."""
    rows = []
    for part in parts:
        kind = KINDS.get(part.upload.kind)
        for problem in part.problems:
            key = str(problem.facts.get("key", ""))
            fields = {field.key: field for field in kind.fields} if kind else {}
            rows.append(
                {
                    "level": problem.severity,
                    "level_name": LEVELS[problem.severity],
                    "code": problem.code,
                    "file": problem.file,
                    "file_key": part.upload.key,
                    "sheet": problem.sheet,
                    "row": problem.row,
                    "field": field_name(fields[key]) if key in fields else problem.field,
                    "key": key if key in fields and not problem.value.endswith("…") else "",
                    "value": problem.value,
                    "text": say(problem, kind),
                    "mendable": part.reading is not None
                    and problem.row is not None
                    and problem.severity == "error",
                }
            )
    return sorted(rows, key=lambda row: (row["level"] != "error", row["file"], row["row"] or 0))


def problem_kinds(rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Codes that occur with how often, as choices of the filter, the most frequent first."""
    counts = Counter(str(row["code"]) for row in rows)
    return [(code, f"{code_name(code)} ({count})") for code, count in counts.most_common()]


def code_name(code: str) -> str:
    """A problem in a few words: the sentence without its facts."""
    words = re.sub(r"%\(\w+\)s( %%)?", "…", _(SENTENCES[code]))
    return words if len(words) <= 40 else words[:39] + "…"


def faulty_rows_of(part: Part, rows: Sequence[tuple[int, list[Any]]]) -> bytes:
    """The rows of a register that cannot be imported, marked, to be mended in Excel."""
    kind = KINDS[part.upload.kind]
    faults: dict[int, list[tuple[int | None, str]]] = {}
    for problem in part.problems:
        if problem.row is not None and problem.severity == "error":
            column = part.upload.columns.get(str(problem.facts.get("key", "")))
            faults.setdefault(problem.row, []).append((column, say(problem, kind)))
    headings = next((cells for number, cells in rows if number == part.upload.header_row), [])
    return write_faulty_rows(
        kind_name(kind.key),
        headings,
        [(number, cells) for number, cells in rows if number in faults],
        faults,
        problem_heading=_("What to mend"),
        row_heading=_("Row in the file"),
    )


def obstacle_words(obstacle: Obstacle) -> str:
    """Why an import cannot be undone, one row."""
    table = str(TABLES.get(obstacle.table, obstacle.table))
    facts = {"table": table, "name": obstacle.name, "by": TABLES.get(obstacle.by, obstacle.by)}
    sentences = {
        "changed": _("%(table)s %(name)s was changed since.", **facts),
        "gone": _("%(table)s %(name)s is gone.", **facts),
        "used": _("%(table)s %(name)s is in use: %(by)s.", **facts),
        "later": _("Import %(by)s came later and touched the same rows. Undo it first.", **facts),
    }
    return str(sentences[obstacle.why])
