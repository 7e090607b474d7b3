"""Workbooks: every text is a text, so nothing a person typed can become a formula or a link."""

import io
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

import xlsxwriter

from data.exporting.sheets import Sheet

FORMS = {"whole": "0", "decimal": "0.0", "percent": "0%", "day": "yyyy-mm-dd", "text": "@"}
NOTE_ROW, HEADING_ROW = 0, 1


def workbook(sheets: Iterable[Sheet], *, made_at: datetime) -> bytes:
    """
    Write sheets into one workbook; the same sheets and instant give the same bytes.

    Parameters
    ----------
    made_at
        Written into the file's properties.
    """
    out = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"created": made_at.replace(tzinfo=None), "title": "走访"})
    formats = {form: book.add_format({"num_format": FORMS[form]}) for form in FORMS}
    heading = book.add_format({"bold": True, "bg_color": "#E7EEF4", "bottom": 1, "text_wrap": True})
    note = book.add_format({"italic": True, "font_color": "#555555"})
    for sheet in sheets:
        _write(book.add_worksheet(sheet.title), sheet, formats, heading, note)
    book.close()
    return out.getvalue()


def _write(page: Any, sheet: Sheet, formats: dict[str, Any], heading: Any, note: Any) -> None:
    page.write_string(NOTE_ROW, 0, sheet.note, note)
    for place, column in enumerate(sheet.columns):
        page.set_column(place, place, column.width)
        page.write_string(HEADING_ROW, place, column.heading, heading)
    for number, row in enumerate(sheet.rows, start=HEADING_ROW + 1):
        for place, (column, cell) in enumerate(zip(sheet.columns, row, strict=True)):
            if cell is None:
                continue
            look = formats[column.form]
            if isinstance(cell, str):
                page.write_string(number, place, cell, look)
            elif isinstance(cell, date):
                page.write_datetime(number, place, cell, look)
            else:
                page.write_number(number, place, cell, look)
    page.freeze_panes(HEADING_ROW + 1, 0)
    if sheet.rows:
        last = HEADING_ROW + len(sheet.rows)
        page.autofilter(HEADING_ROW, 0, last, len(sheet.columns) - 1)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(HEADING_ROW)
    page.set_footer("&C&P / &N")
