"""A table on its way out, the same for Excel and CSV."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

Cell = str | int | float | date | None

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """
    A column.

    Parameters
    ----------
    heading
        In Chinese.
    width
        Characters.
    form
        ``text``, ``whole``, ``decimal``, ``percent`` or ``day``.
    """

    heading: str
    width: int = 12
    form: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """
    A sheet.

    Parameters
    ----------
    title
        Name of the sheet, at most 31 characters.
    note
        The row above the headings: what this is, as of when, and its definitions.
    columns, rows
        As many cells a row as columns.
    """

    title: str
    note: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]


def clock(minutes: float) -> str:
    """Minutes after midnight as ``08:30``."""
    whole = round(minutes)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def weekday(day: date) -> str:
    """Weekday as ``周一``."""
    return f"周{WEEKDAYS[day.weekday()]}"
