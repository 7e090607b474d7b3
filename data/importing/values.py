"""
Turn one cell into one value, or say what is wrong with it.

A cell arrives as the spreadsheet holds it: text, number, truth, date or time. A reader
returns the value in the words of the tables or raises ``Fault`` with the code of an
import problem. Readers forgive how people write (full-width digits, 2027年3月1日) and
refuse what a spreadsheet has already destroyed (an 18-digit number kept as a float).
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from data.importing.problems import Fact

Cell = str | int | float | bool | date | time | None
Reader = Callable[[Cell], Any]

LARGEST_EXACT_FLOAT = 10**15  # beyond it a spreadsheet has rounded the last digits away
EXCEL_DAY_ZERO = date(1899, 12, 30)
EXCEL_DAYS = (18264, 73050)  # 1950 to 2099: a number in a date column is read as a day number
_NOTHING = frozenset({"", "-", "—", "/", "无"})
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[eE]\+?\d{2}")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")
_DMS = re.compile(r"(\d{1,3})°(\d{1,2})[′'](\d{1,2}(?:\.\d+)?)(?:″|\"|′′|'')?[NESW东北]?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_DAY_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})")


class Fault(Exception):
    """A cell that cannot be read: code of the problem and what else its sentence needs."""

    def __init__(self, code: str, **facts: Fact) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


def plain(text: str) -> str:
    """Half-width and trimmed: ``１２，３`` becomes ``12,3``."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text).strip()


def is_blank(cell: Cell) -> bool:
    """Whether nothing was written, a dash counting as nothing."""
    if isinstance(cell, str):
        return (len(cell) < 3 and plain(cell) in _NOTHING) or cell.isspace()
    return cell is None


def shown(cell: Cell) -> str:
    """The cell as its author sees it, for problem lists and previews."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < LARGEST_EXACT_FLOAT:
        return str(int(cell))
    if isinstance(cell, time):
        return cell.strftime("%H:%M")
    return str(cell)


def text(longest: int = 120) -> Reader:
    """Words of at most ``longest`` characters; inner spaces stay."""

    def read(cell: Cell) -> str:
        words = " ".join(_written(cell).split())
        if len(words) > longest:
            raise Fault("text-too-long", limit=longest, length=len(words))
        return words

    return read


def identifier(cell: Cell) -> str:
    """A registry number or code: text, whatever it looks like."""
    words = plain(_written(cell)).replace(" ", "").strip("'`")
    if len(words) > 40:
        raise Fault("text-too-long", limit=40, length=len(words))
    return words


def identifiers(cell: Cell) -> list[str]:
    """Several codes or names in one cell, separated by 、 , ; or a line break."""
    parts = re.split(r"[、,;/\n]+", plain(_written(cell)))
    return [part.strip() for part in parts if part.strip()]


def whole(least: int, most: int) -> Reader:
    """A whole number within bounds; 2次 and 30分钟 are numbers too."""

    def read(cell: Cell) -> int:
        number = _number(cell, units=("次", "天", "户", "人", "分钟", "分", "min"))
        if not number.is_integer():
            raise Fault("number-not-whole")
        if not least <= number <= most:
            raise Fault("number-out-of-range", least=least, most=most)
        return int(number)

    return read


def coordinate(cell: Cell) -> float:
    """Degrees as a number or as 117°03′05″, or metres of a projected system."""
    if isinstance(cell, str):
        match = _DMS.fullmatch(plain(cell).replace(" ", ""))
        if match:
            degrees, minutes, seconds = (float(part) for part in match.groups())
            return degrees + minutes / 60 + seconds / 3600
    return _number(cell, units=("°", "度", "E", "N", "米", "m"))


def pair(cell: Cell) -> tuple[float, float]:
    """Longitude and latitude in one cell, as map pickers give them: ``117.05,30.51``."""
    parts = re.split(r"[,;\s]+", plain(_written(cell)))
    if len(parts) != 2:
        raise Fault("point-unreadable")
    return coordinate(parts[0]), coordinate(parts[1])


def day(cell: Cell) -> date:
    """A date as 2027-03-01, 2027年3月1日, 2027/3/1, 20270301, a date cell or its day number."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if EXCEL_DAYS[0] <= cell <= EXCEL_DAYS[1]:
            return EXCEL_DAY_ZERO + timedelta(days=int(cell))
        cell = shown(cell)
    words = plain(_written(cell)).replace(" ", "")
    match = _DAY.fullmatch(words.split("T")[0]) or _DAY_PLAIN.fullmatch(words)
    if match is None:
        raise Fault("date-unreadable")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        raise Fault("date-impossible") from None


def day_spans(cell: Cell) -> list[tuple[date, date, str]]:
    """Days and stretches with their reason: ``2027-03-08至2027-03-12(培训)；2027-04-01``."""
    if not isinstance(cell, str):
        single = day(cell)
        return [(single, single, "")]
    spans = []
    for part in re.split(r"[、,;\n]+", plain(cell)):
        if not part.strip():
            continue
        days, _, reason = part.strip().rstrip(")").partition("(")
        ends = [day(end) for end in re.split(r"至|到|~|—|–|--", days) if end.strip()]
        if not 1 <= len(ends) <= 2 or ends[-1] < ends[0]:
            raise Fault("span-unreadable")
        spans.append((ends[0], ends[-1], reason.strip()))
    return spans


def choice(words: Mapping[str, str]) -> Reader:
    """One of a fixed set of words, in any of the ways people write it."""
    known = {plain(word).lower(): key for word, key in words.items()}

    def read(cell: Cell) -> str:
        key = known.get(plain(_written(cell)).lower())
        if key is None:
            raise Fault("choice-unknown", options=_shortest_words(words))
        return key

    return read


def choice_or_words(words: Mapping[str, str]) -> Reader:
    """One of the known words by its key, or the author's own word as it stands."""
    known = {plain(word).lower(): key for word, key in words.items()}
    own = text(40)

    def read(cell: Cell) -> str:
        written: str = own(cell)
        return known.get(plain(written).lower(), written)

    return read


def _shortest_words(words: Mapping[str, str]) -> str:
    seen: dict[str, str] = {}
    for word, key in words.items():
        seen.setdefault(key, word)
    return "、".join(seen.values())


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        if cell[:1].isdigit() and _SCIENTIFIC.fullmatch(cell.strip()):
            raise Fault("number-lost-digits")
        return cell
    if isinstance(cell, float):
        if abs(cell) >= LARGEST_EXACT_FLOAT:
            raise Fault("number-lost-digits")
        return shown(cell)
    if isinstance(cell, int) and not isinstance(cell, bool) and abs(cell) >= LARGEST_EXACT_FLOAT:
        raise Fault("number-lost-digits")
    return shown(cell)


def _number(cell: Cell, *, units: tuple[str, ...]) -> float:
    if isinstance(cell, (bool, date, time)):
        raise Fault("number-unreadable")
    if isinstance(cell, (int, float)):
        return float(cell)
    words = plain(cell or "").replace(" ", "")
    for unit in units:
        words = words.removesuffix(unit)
    if _NUMBER.fullmatch(words) is None:
        raise Fault("number-unreadable")
    return float(words)
