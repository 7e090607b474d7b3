"""
Read the cells of a workbook or CSV file, as they are, inside the import process.

Nothing is interpreted here: numbers stay numbers and text stays text, so that a later
step can tell a registry number from one a spreadsheet has rounded. Vertical merges are
filled down, since that is what their author meant; formulas without a result and error
values are marked, since a reader would otherwise see an empty cell.
"""

import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
from defusedxml import ElementTree
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from data.importing.parsed import Parsed
from data.importing.problems import ImportRefused, Problems

ENCODINGS = ("utf-8-sig", "gb18030")  # tried in this order; detection guesses wrong
_CELL = re.compile(rb'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_NS = {
    "m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}


@dataclass(frozen=True, slots=True)
class Broken:
    """A cell whose value the file does not hold: ``formula`` or ``error``."""

    why: str


def read_cells(path: Path, file: str, options: Mapping[str, Any]) -> Parsed:
    """
    Read every sheet.

    Parameters
    ----------
    path
        An .xlsx or .csv file, already past the upload guard.
    file
        Its name as people know it.
    options
        None are known; the parameter is that of every parser.

    Returns
    -------
    Parsed
        Frame ``cells``: ``sheet``, ``row`` (1 is the first), ``cells`` (see ``decode``), blank
        rows left out; notes ``encoding`` and ``merged``, the number of cells filled down.

    Raises
    ------
    ImportRefused
        If the file cannot be read or holds nothing.
    """
    problems = Problems(file)
    is_csv = not zipfile.is_zipfile(path)
    try:
        sheets, notes = _read_csv(path, problems) if is_csv else _read_workbook(path)
    except PasswordError as error:
        problems.error("workbook-locked")
        raise ImportRefused(problems) from error
    except (CalamineError, zipfile.BadZipFile, csv.Error) as error:
        problems.error("file-unreadable", reason=str(error) or type(error).__name__)
        raise ImportRefused(problems) from error
    rows = [
        (name, number, json.dumps([_encoded(cell) for cell in cells], ensure_ascii=False))
        for name, sheet in sheets.items()
        for number, cells in enumerate(sheet, start=1)
        if any(cell not in ("", None) for cell in cells)
    ]
    if not rows:
        problems.error("no-rows")
        raise ImportRefused(problems)
    frame = pd.DataFrame(rows, columns=["sheet", "row", "cells"])
    return Parsed(frames={"cells": frame}, notes=notes, problems=tuple(problems))


def decode(cells: str) -> list[Any]:
    """The cells of one row, from its JSON: text, numbers, dates, times, None and ``Broken``."""
    return [_decoded(cell) for cell in json.loads(cells)]


def _read_workbook(path: Path) -> tuple[dict[str, list[list[Any]]], dict[str, Any]]:
    sheets: dict[str, list[list[Any]]] = {}
    filled = 0
    with CalamineWorkbook.from_path(str(path)) as book:
        parts = _sheet_parts(path)
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            rows: list[list[Any]] = (
                [list(row) for row in sheet.to_python(skip_empty_area=False)] if sheet.end else []
            )
            filled += _fill_merged(sheet, rows)
            for row, column, why in _broken_cells(path, parts.get(name)):
                if row < len(rows) and column < len(rows[row]):
                    rows[row][column] = Broken(why)
            sheets[name] = rows
    return sheets, {"encoding": "xlsx", "merged": filled}


def _fill_merged(sheet: CalamineSheet, rows: list[list[Any]]) -> int:
    """Fill vertical merges down; a merge across a title row is left alone."""
    filled = 0
    for (top, left), (bottom, _right) in sheet.merged_cell_ranges or []:
        if top == bottom or top >= len(rows) or left >= len(rows[top]):
            continue
        for row in range(top + 1, min(bottom + 1, len(rows))):
            rows[row][left] = rows[top][left]
            filled += 1
    return filled


def _sheet_parts(path: Path) -> dict[str, str]:
    """Part of the archive that holds each sheet."""
    with zipfile.ZipFile(path) as archive:
        try:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        except KeyError:
            return {}
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    found = {}
    for sheet in book.iterfind("m:sheets/m:sheet", _NS):
        target = targets.get(sheet.get(f"{{{_NS['r']}}}id"), "")
        found[sheet.get("name", "")] = target.lstrip("/") if target[:1] == "/" else f"xl/{target}"
    return found


def _broken_cells(path: Path, part: str | None) -> Iterator[tuple[int, int, str]]:
    """Row and column, from 0, of formulas without a result and of error values."""
    if part is None:
        return
    with zipfile.ZipFile(path) as archive:
        if part not in archive.namelist():
            return
        content = archive.read(part)
    if b"<f" not in content and b't="e"' not in content:
        return
    for letters, number, attributes, body in _CELL.findall(content):
        if b't="e"' in attributes:
            yield int(number) - 1, _column(letters), "error"
        elif b"<f" in body and b"<v>" not in body:
            yield int(number) - 1, _column(letters), "formula"


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1


def _read_csv(path: Path, problems: Problems) -> tuple[dict[str, list[list[Any]]], dict[str, Any]]:
    content = path.read_bytes()
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    else:
        problems.error("encoding-unreadable")
        raise ImportRefused(problems)
    if "\0" in text:
        problems.error("encoding-unreadable")
        raise ImportRefused(problems)
    if encoding != ENCODINGS[0]:
        problems.warning("encoding-assumed", value="GB18030")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t，", key=first.count)
    rows = [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]
    return {"": rows}, {"encoding": encoding, "merged": 0}


def _encoded(cell: Any) -> Any:
    if cell == "" or cell is None:
        return None
    if isinstance(cell, Broken):
        return {"broken": cell.why}
    if isinstance(cell, datetime):
        return {"date": cell.date().isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    if isinstance(cell, time):
        return {"time": cell.strftime("%H:%M")}
    if isinstance(cell, timedelta):
        return str(cell)
    return cell


def _decoded(cell: Any) -> Any:
    if not isinstance(cell, dict):
        return cell
    if "date" in cell:
        return date.fromisoformat(cell["date"])
    if "time" in cell:
        return time.fromisoformat(cell["time"])
    return Broken(cell["broken"])
