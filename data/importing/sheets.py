"""
Write workbooks that people fill in and send back: templates, registers, rows to mend.

Every cell is written as text, so that a code keeps its digits and no cell is a formula.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import xlsxwriter

from data.importing.fields import Kind
from data.importing.values import shown

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
WIDTHS = (10, 42)
"""Fewest and most characters of a column."""


def write_template(
    kind: Kind,
    *,
    title: str,
    headings: Mapping[str, str],
    notes: Mapping[str, str],
    note_mark: str,
    example_mark: str,
) -> bytes:
    """
    Write an empty register: headings, a note row, an example row; both are ignored on import.

    Parameters
    ----------
    headings, notes
        By field key, in the reader's language.
    note_mark, example_mark
        What the first cell of the two rows begins with: ``说明:`` and ``示例:``.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        text = {"num_format": "@"}
        plain = book.add_format(text)
        required = book.add_format(text | {"bold": True, "bg_color": "#DCE6F5", "border": 1})
        optional = book.add_format(text | {"bold": True, "bg_color": "#F1F3F5", "border": 1})
        hint = book.add_format(text | {"italic": True, "font_color": "#5A6472", "text_wrap": True,
                                       "valign": "top"})  # fmt: skip
        needed = {key for group in kind.needs_one_of for key in group}
        for column, field in enumerate(kind.fields):
            must = field.required
            heading = headings[field.key] + ("*" if must else "")
            note = (note_mark if column == 0 else "") + notes[field.key]
            example = (example_mark if column == 0 else "") + field.example
            width = _width([heading, field.example])
            sheet.set_column(column, column, max(width, 14), plain)
            style = required if must or field.key in needed else optional
            sheet.write_string(0, column, heading, style)
            sheet.write_string(1, column, note, hint)
            sheet.write_string(2, column, example, hint)
        sheet.set_row(1, 60)
        sheet.freeze_panes(1, 1)
    return out.getvalue()


def write_register(kind: Kind, rows: Iterable[Mapping[str, str]]) -> bytes:
    """Write a register with the template's Chinese headings; cells are texts by field key."""
    written = list(rows)
    used = [field for field in kind.fields if any(row.get(field.key) for row in written)]
    table = [[row.get(field.key, "") for field in used] for row in written]
    return write_table(kind.title, [field.heading for field in used], table)


def write_table(title: str, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    """Write a plain table of texts."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        plain = book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True, "bg_color": "#F1F3F5"})
        for column, heading in enumerate(headings):
            width = _width([heading, *(row[column] for row in rows[:200])])
            sheet.set_column(column, column, width, plain)
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(rows, start=1):
            for column, words in enumerate(row):
                if words:
                    sheet.write_string(number, column, words, plain)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def write_faulty_rows(
    title: str,
    headings: Sequence[Any],
    rows: Sequence[tuple[int, Sequence[Any]]],
    faults: Mapping[int, Sequence[tuple[int | None, str]]],
    *,
    problem_heading: str,
    row_heading: str,
) -> bytes:
    """
    Write the rows that cannot be imported, wrong cells marked, each with its sentences.

    Parameters
    ----------
    headings
        The heading row as it was in the file.
    rows
        Row numbers and cells of the rows with faults.
    faults
        Row number to its problems: column from 0 (None: the whole row) and the sentence.
    """
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        plain = book.add_format({"num_format": "@"})
        bold = book.add_format({"num_format": "@", "bold": True, "bg_color": "#F1F3F5"})
        wrong = book.add_format({"num_format": "@", "bg_color": "#FBE3D6", "border": 2,
                                 "border_color": "#B5471B"})  # fmt: skip
        words = book.add_format({"num_format": "@", "text_wrap": True, "font_color": "#8A3410"})
        shift = len(headings)
        for column, heading in enumerate([*headings, row_heading, problem_heading]):
            sheet.set_column(column, column, 60 if column == shift + 1 else 16, plain)
            sheet.write_string(0, column, shown(heading), bold)
        for number, (row, cells) in enumerate(rows, start=1):
            marked = {column for column, _ in faults[row]}
            for column in range(shift):
                cell = cells[column] if column < len(cells) else None
                text = getattr(cell, "why", "") or shown(cell)
                if text or column in marked:
                    sheet.write_string(number, column, text, wrong if column in marked else plain)
            sheet.write_string(number, shift, str(row), plain)
            sheet.write_string(number, shift + 1, "\n".join(s for _, s in faults[row]), words)
        sheet.freeze_panes(1, 0)
    return out.getvalue()


def _width(texts: Iterable[str]) -> float:
    """Width of a column in characters; a Chinese character takes two."""
    longest = max(sum(2 if ord(c) > 255 else 1 for c in text) for text in texts)
    return min(max(longest + 2, WIDTHS[0]), WIDTHS[1])


def _sheet_name(title: str) -> str:
    return "".join(c for c in title if c not in "[]:*?/\\'")[:31] or "1"
