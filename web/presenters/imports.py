"""
An import in the reader's words: problems, fields, kinds, what was decided, what would change.

Sentences of problems are English message ids of ``data.importing.sentences``; fields and
kinds carry theirs. In Chinese a field is called by its heading, which is also what stands
in the file.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from data.importing.cells import Broken
from data.importing.columns import SURE
from data.importing.differences import Difference
from data.importing.entities import ENTITIES
from data.importing.examination import Examination, Part
from data.importing.fields import Field, Kind
from data.importing.kinds import KINDS, REGISTERS
from data.importing.points import Decision
from data.importing.problems import ImportProblem
from data.importing.sentences import SENTENCES
from data.importing.sheets import write_faulty_rows, write_template
from data.importing.undo import Obstacle
from data.importing.values import shown
from data.importing.windows import written
from web.i18n import locale

PLACE_NAMES = {
    "boundaries": _l("Village boundaries"),
    "roads": _l("Roads"),
    "district": _l("Several registers"),
}
SYSTEMS = {
    "auto": _l("Let the points decide"),
    "wgs84": _l("WGS-84 (GPS, CGCS2000, Tianditu)"),
    "gcj02": _l("GCJ-02 (Amap, Tencent)"),
    "bd09": _l("BD-09 (Baidu)"),
}
SYSTEM_NAMES = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
DECIDED = {
    "declared": _l("as declared"),
    "voted": _l("as the points and the villages they name agree"),
    "assumed": _l("assumed, to be checked on the map"),
}
TABLES = {
    "region": _l("Regions"),
    "unit": _l("Units"),
    "village_link": _l("Village links"),
    "cadre": _l("Cadres"),
    "cadre_absence": _l("Absences"),
    "household": _l("Households and enterprises"),
    "pairing": _l("Pairings"),
    "blackout": _l("Blackout rules"),
    "calendar_day": _l("Calendar days"),
    "contact": _l("Contacts made"),
    "road_graph": _l("Road graphs"),
    "campaign_household": _l("households drawn for a campaign"),
    "planned_visit": _l("planned visits"),
    "unplanned_visit": _l("unplanned visits"),
    "user": _l("Accounts"),
}
LEVELS = {"error": _l("Error"), "warning": _l("Warning")}


def kind_name(key: str) -> str:
    """Name of a register or a kind of place; a dash for none."""
    if key in KINDS:
        kind = KINDS[key]
        return kind.title if locale() == "zh" else _(kind.label)
    return str(PLACE_NAMES[key]) if key in PLACE_NAMES else "—"


def kind_choices() -> list[tuple[str, str]]:
    """Registers to choose from."""
    return [("", _("Choose …")), *((kind.key, kind_name(kind.key)) for kind in REGISTERS)]


def field_name(field: Field) -> str:
    """Name of a field: its heading in Chinese, its label otherwise."""
    return field.heading if locale() == "zh" else _(field.label)


def note(field: Field) -> str:
    """What to write into a field."""
    return _(field.note) if field.note else ""


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
                    "key": key if key in fields else "",
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


def change_rows(differences: Mapping[str, Difference]) -> list[dict[str, Any]]:
    """Counts by table, in the order of writing."""
    return [
        {"name": TABLES[key], **found.counts}
        for key, found in differences.items()
        if any(found.counts.values())
    ]


def count_rows(counts: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Counts of a stored batch, by table."""
    return [
        {"name": TABLES[key], **counts[key]}
        for key in ENTITIES
        if key in counts and any(counts[key].values())
    ]


def changed_examples(
    differences: Mapping[str, Difference], *, at_most: int = 20
) -> list[dict[str, Any]]:
    """The first rows that would change: what they are now and would be."""
    examples = []
    for key, found in differences.items():
        labels = {field.key: field_name(field) for kind in REGISTERS for field in kind.fields}
        for change in found.changed[:at_most]:
            fields = [name for name in change.after if name not in ("geometry", "raw_point")]
            examples.append(
                {
                    "table": TABLES[key],
                    "name": change.name,
                    "fields": [
                        {
                            "name": labels.get(name, name),
                            "before": spoken(change.before.get(name)),
                            "after": spoken(change.after[name]),
                        }
                        for name in fields
                    ],
                    "has_shape": "geometry" in change.after,
                }
            )
    return examples[:at_most]


def spoken(value: Any) -> str:
    """A value as a person would write it."""
    if isinstance(value, Broken):
        return value.why
    if isinstance(value, list) and value and isinstance(value[0], list):
        return written(value)
    if isinstance(value, (list, tuple)):
        return "、".join(spoken(one) for one in value)
    if isinstance(value, Mapping):
        return "; ".join(f"{key} {spoken(one)}" for key, one in value.items())
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value)


def decision_words(decision: Decision) -> str:
    """How the points of a file were read, with the vote in numbers."""
    said = f"{SYSTEM_NAMES[decision.system]} – {DECIDED[decision.decided_by]}"
    if not decision.voters:
        return said
    shares = "、" if locale() == "zh" else ", "
    votes = shares.join(
        f"{SYSTEM_NAMES[system]} {100 * share:.0f}%" for system, share in decision.ranked
    )
    return str(
        _(
            "%(said)s. Points inside the village they name: %(votes)s (%(count)s points).",
            said=said,
            votes=votes,
            count=decision.voters,
        )
    )


def certainty(score: float) -> tuple[str, str]:
    """Tone and word of how sure a guessed column is."""
    if score >= SURE:
        return "good", _("recognised")
    return "warn", _("guessed")


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


def template_of(kind: Kind) -> bytes:
    """The template of a register in the reader's language."""
    return write_template(
        kind,
        title=kind_name(kind.key),
        headings={field.key: field_name(field) for field in kind.fields},
        notes={field.key: note(field) for field in kind.fields},
        note_mark=_("Note:") + " ",
        example_mark=_("Example:") + " ",
    )


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


def column_choices(kind: Kind) -> list[tuple[str, str]]:
    """Fields a column may hold."""
    fields = [
        (field.key, field_name(field) + (" *" if field.required else "")) for field in kind.fields
    ]
    return [("", _("– not used –")), *fields]


def column_rows(part: Part, rows: Sequence[tuple[int, list[Any]]]) -> list[dict[str, Any]]:
    """Columns of a file: heading, samples, the field it is taken for and how sure that is."""
    headings = next((cells for number, cells in rows if number == part.upload.header_row), [])
    below = [cells for number, cells in rows if number > part.upload.header_row]
    width = max([len(headings), *(len(cells) for cells in below[:50])], default=0)
    field_of = {column: key for key, column in part.upload.columns.items()}
    found = []
    for column in range(width):
        samples = [spoken(cells[column]) for cells in below if column < len(cells)]
        samples = [sample for sample in samples if sample][:3]
        heading = shown(headings[column]) if column < len(headings) else ""
        if not heading and not samples:
            continue
        key = field_of.get(column, "")
        found.append(
            {
                "number": column,
                "letter": letter(column),
                "heading": heading,
                "samples": samples,
                "key": key,
                "certainty": certainty(part.upload.scores.get(key, 1.0)) if key else None,
            }
        )
    return found


def letter(column: int) -> str:
    """Spreadsheet letter of a column counted from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def preview_rows(part: Part, *, at_most: int = 8) -> tuple[list[str], list[list[str]]]:
    """Headings and the first rows as they will be stored."""
    if part.reading is None:
        names = [_("Code"), _("Name"), _("Town")]
        return names, [
            [str(row["code"]), str(row["name"]), str(row.get("town_name", ""))]
            for row in part.villages[:at_most]
        ]
    kind = KINDS[part.upload.kind]
    labels = {field.key: field_name(field) for field in kind.fields} | {
        "base_lon": _("Longitude"),
        "base_lat": _("Latitude"),
    }
    rows = [row.values for row in part.reading.rows if not row.flawed][:at_most]
    keys = [key for key in labels if any(key in row for row in rows)]
    return [labels[key] for key in keys], [[spoken(row.get(key)) for key in keys] for row in rows]


def row_fields(part: Part, number: int) -> list[dict[str, Any]]:
    """The fields of one row, to be corrected: as written, with what is wrong."""
    kind = KINDS[part.upload.kind]
    row = (
        next((row for row in part.reading.rows if row.number == number), None)
        if part.reading
        else None
    )
    wrong: dict[str, list[str]] = {}
    for problem in part.problems:
        if problem.row == number:
            wrong.setdefault(str(problem.facts.get("key", "")), []).append(say(problem, kind))
    return [
        {
            "key": field.key,
            "label": field_name(field),
            "note": note(field),
            "value": "" if row is None else spoken(row.cells.get(field.key)),
            "error": " ".join(wrong.get(field.key, [])),
            "required": field.required,
        }
        for field in kind.fields
    ]


def summary(examination: Examination) -> dict[str, int]:
    """The figures over the check page."""
    counts = [found.counts for found in examination.differences.values()]
    levels = [problem.severity for problem in examination.problems]
    faulty = {
        (part.upload.key, problem.row)
        for part in examination.parts
        for problem in part.problems
        if problem.severity == "error" and problem.row is not None and part.reading is not None
    }
    return {
        "added": sum(count["added"] for count in counts),
        "changed": sum(count["changed"] for count in counts),
        "unchanged": sum(count["unchanged"] for count in counts),
        "errors": levels.count("error"),
        "warnings": levels.count("warning"),
        "faulty_rows": len(faulty),
    }


def part_words(part: Part) -> str:
    """What a file is, in a line."""
    name = kind_name(part.upload.kind)
    if part.upload.state == "refused":
        return str(_("It could not be read."))
    if part.reading is not None:
        sheet = part.upload.sheet
        count = len(part.reading.rows)
        said = ngettext("%(kind)s: %(num)s row", "%(kind)s: %(num)s rows", count, kind=name)
        of_sheet = _("sheet %(sheet)s", sheet=sheet) if sheet else ""
        return " · ".join(words for words in (str(said), of_sheet) if words)
    facts = [ngettext("%(num)s village", "%(num)s villages", len(part.villages))]
    if part.households:
        facts.append(ngettext("%(num)s household", "%(num)s households", len(part.households)))
    if part.cadres:
        facts.append(ngettext("%(num)s cadre", "%(num)s cadres", len(part.cadres)))
    if part.roads is not None:
        edges = len(part.roads.edges)
        facts.append(ngettext("%(num)s piece of road", "%(num)s pieces of road", edges))
    shown_facts = [fact for fact in facts if part.villages or fact is not facts[0]]
    return f"{name}: " + ("、" if locale() == "zh" else ", ").join(shown_facts or ["—"])


def totals(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Rows added and changed over all tables."""
    return {
        word: sum(count.get(word, 0) for count in counts.values()) for word in ("added", "changed")
    }


def pairs(values: Iterable[str]) -> list[tuple[str, str]]:
    """Choices that are called by their value."""
    return [(value, value) for value in values]


def pairs_of(words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Choices of a table of words."""
    return [(key, str(word)) for key, word in words.items()]


def plain_columns(headings: Iterable[str]) -> list[tuple[str, bool]]:
    """Headings of a table of texts."""
    return [(heading, False) for heading in headings]
