"""
Check a register: cells in, rows in the words of the tables out, and every problem named.

Three passes: each cell is read by its field, rows are resolved against what is known
(``resolve_visited``, ``resolve_visiting``), repeated rows are found. Nothing is stored
here. A blank cell leaves the value out, so that importing again never erases it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from data.importing import resolve_visited, resolve_visiting
from data.importing.cells import Broken, decode
from data.importing.columns import is_note, missing_fields
from data.importing.fields import Field
from data.importing.kinds import KINDS
from data.importing.points import AUTO
from data.importing.problems import Problems
from data.importing.reading import Reading, Row
from data.importing.reference import Reference
from data.importing.values import Fault, is_blank, shown

Resolver = Callable[[Reading], None]
RESOLVERS: Mapping[str, Resolver] = {
    "villages": resolve_visited.villages,
    "households": resolve_visited.households,
    "enterprises": resolve_visited.households,
    "blackouts": resolve_visited.blackouts,
    "calendar": resolve_visited.calendar,
    "units": resolve_visiting.units,
    "cadres": resolve_visiting.cadres,
    "pairings": resolve_visiting.pairings,
    "visits": resolve_visiting.visits,
}
IDENTIFIERS = {"number", "household"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """
    How a person wants one sheet to be read.

    Parameters
    ----------
    file, sheet
        Names for problems.
    columns
        Field key to column, counted from 0.
    datum
        Declared datum of the points, or ``auto``.
    edits
        Row number to field key to the text that replaces the cell.
    left_out
        Rows that are not imported.
    """

    file: str
    sheet: str
    kind: str
    header_row: int
    columns: Mapping[str, int]
    datum: str = AUTO
    edits: Mapping[int, Mapping[str, str]] = field(default_factory=dict)
    left_out: frozenset[int] = frozenset()


def rows_of(cells: pd.DataFrame, sheet: str) -> list[tuple[int, list[Any]]]:
    """Row numbers and cells of one sheet of the frame ``cells`` (``data.importing.cells``)."""
    chosen = cells[cells["sheet"] == sheet]
    return [
        (int(number), decode(text))
        for number, text in zip(chosen["row"], chosen["cells"], strict=True)
    ]


def check_register(
    rows: Sequence[tuple[int, list[Any]]], layout: Layout, reference: Reference, *, today: date
) -> Reading:
    """
    Read a sheet as a register.

    Parameters
    ----------
    rows
        As from ``rows_of``.
    layout
        Which register, which columns, which corrections.
    reference
        What rows may name; left unchanged.
    today
        A visit later than this is refused.

    Returns
    -------
    Reading
        Its ``rows`` are complete only if its problems hold no error.
    """
    kind = KINDS[layout.kind]
    headings = next((cells for number, cells in rows if number == layout.header_row), [])
    reading = Reading(
        kind=kind,
        problems=Problems(layout.file),
        sheet=layout.sheet,
        headings={
            key: shown(headings[column]) if column < len(headings) else ""
            for key, column in layout.columns.items()
        },
        reference=reference,
        datum=layout.datum,
        today=today,
    )
    for group in missing_fields(kind, layout.columns):
        fields = [kind.field(key) for key in group]
        reading.problems.error(
            "heading-missing",
            sheet=layout.sheet,
            field="/".join(one.heading for one in fields),
            key=group[0],
            found="、".join(shown(cell) for cell in headings if not is_blank(cell)) or "–",
            expected="、".join(
                dict.fromkeys(w for one in fields for w in [one.heading, *one.synonyms.split()][:3])
            ),
        )
    if reading.problems.has_errors:
        return reading
    for number, cells in rows:
        if number <= layout.header_row or number in layout.left_out or is_note(cells):
            continue
        row = _read_row(number, cells, layout, reading)
        if row is not None:
            reading.rows.append(row)
    if not reading.rows and not reading.problems.has_errors:
        reading.problems.error("rows-none", sheet=layout.sheet)
    _find_lost_zeros(reading)
    RESOLVERS[kind.key](reading)
    _find_repeated(reading)
    return reading


def _read_row(number: int, cells: Sequence[Any], layout: Layout, reading: Reading) -> Row | None:
    """One row by its fields; None where nothing of it is of this register."""
    row = Row(number=number)
    edits = layout.edits.get(number, {})
    for one in reading.kind.fields:
        column = layout.columns.get(one.key)
        cell: Any
        if one.key in edits:
            cell = edits[one.key]
        elif column is None:
            continue
        else:
            cell = cells[column] if column < len(cells) else None
        row.cells[one.key] = cell
        if isinstance(cell, Broken):
            reading.error(f"cell-{cell.why}", row, one.key)
        elif not is_blank(cell):
            _read_cell(one, cell, row, reading)
    if not row.values and not row.flawed:
        return None
    for one in reading.kind.fields:
        if one.required and one.key not in row.values and one.key not in row.flawed:
            reading.error("cell-missing", row, one.key)
    for group in reading.kind.needs_one_of:
        if not any(key in row.values or key in row.flawed for key in group):
            reading.error("cell-missing", row, group[-1])
    return row


def _read_cell(one: Field, cell: Any, row: Row, reading: Reading) -> None:
    try:
        row.values[one.key] = one.read(cell)
    except Fault as fault:
        reading.error(fault.code, row, one.key, **fault.facts)


def _find_lost_zeros(reading: Reading) -> None:
    """Numbers that are shorter than texts with leading zeros have lost theirs."""
    for key in IDENTIFIERS & reading.headings.keys():
        padded = [
            row.values[key]
            for row in reading.rows
            if isinstance(row.cells[key], str) and str(row.values.get(key, "")).startswith("0")
        ]
        padded += [number for number in reading.reference.sites if number.startswith("0")]
        if not padded:
            continue
        length = max(map(len, padded))
        for row in reading.rows:
            cell = row.cells[key]
            is_number = isinstance(cell, (int, float)) and not isinstance(cell, bool)
            if is_number and key in row.values and len(row.values[key]) < length:
                reading.error("zeros-lost", row, key, other=padded[0])


def _find_repeated(reading: Reading) -> None:
    """Take a repeated row once; refuse one number with two contents."""
    first: dict[tuple[Any, ...], Row] = {}
    kept: list[Row] = []
    identity = reading.kind.identity
    for row in reading.rows:
        if row.flawed:
            kept.append(row)
            continue
        name = tuple(str(row.values.get(key, "")) for key in identity)
        earlier = first.setdefault(name, row)
        if earlier is row:
            kept.append(row)
        elif earlier.values == row.values:
            reading.warning("row-repeated", row, identity[0], other_row=earlier.number)
        else:
            reading.error("number-duplicate", row, identity[0], other_row=earlier.number)
    reading.rows[:] = kept
