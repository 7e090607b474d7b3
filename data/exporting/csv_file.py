"""CSV that Excel opens as UTF-8 and in which no cell can become a formula."""

import csv
import io
from datetime import date

from data.exporting.sheets import Cell, Sheet

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_bytes(sheet: Sheet) -> bytes:
    """Write a sheet: the headings, then the rows; the note stands in the workbook only."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([column.heading for column in sheet.columns])
    for row in sheet.rows:
        writer.writerow([_plain(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    if not isinstance(cell, str):
        return f"{cell:.10g}"
    text = cell.replace("\r", " ")
    return f"'{text}" if text.startswith(STARTS_A_FORMULA) else text
