"""The rows and columns of an import as pages show them: guessed, previewed, to be mended."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _

from data.importing.cells import Broken
from data.importing.columns import SURE
from data.importing.differences import Difference
from data.importing.examination import Part
from data.importing.fields import Kind
from data.importing.kinds import KINDS, REGISTERS
from data.importing.values import shown
from data.importing.windows import written
from web.presenters.import_problems import say
from web.presenters.imports import TABLES, field_name, note


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


def certainty(score: float) -> tuple[str, str]:
    """Tone and word of how sure a guessed column is."""
    if score >= SURE:
        return "good", _("recognised")
    return "warn", _("guessed")


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


def only_changed(part: Part, number: int, typed: Mapping[str, str]) -> dict[str, str]:
    """What a person typed that differs from what the form had shown."""
    were = {str(field["key"]): str(field["value"]) for field in row_fields(part, number)}
    return {key: value for key, value in typed.items() if value != were.get(key)}


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
