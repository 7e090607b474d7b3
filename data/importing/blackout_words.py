"""
Read when a place wants to be left in peace: 逢三逢八, 每周三, 5月20日-6月10日.

Market days follow the farmers' calendar unless the words say 公历, which is how country
markets are kept; the importer says so.
"""

import re
from datetime import date
from typing import Any

from data.importing.values import Cell, Fault, day, plain
from data.importing.windows import weekdays

_NUMERALS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"十": 0, "〇": 0}
_MARKET = re.compile(r"逢([零〇一二三四五六七八九十\d、]+)")
_MONTH_DAY = re.compile(r"(\d{1,2})[月/.-](\d{1,2})日?")
_YEARLY_SPAN = re.compile(
    r"(?:每年)?(\d{1,2})月(\d{1,2})日?(?:-|–|—|~|至|到)(?:(\d{1,2})月)?(\d{1,2})日?"
)


def blackout(cell: Cell) -> tuple[str, dict[str, Any]]:
    """
    Read a blackout rule.

    Returns
    -------
    tuple
        ``rule`` and ``params`` as the table ``blackout`` keeps them.
    """
    if not isinstance(cell, str):
        return "dates", {"dates": [day(cell).isoformat()]}
    words = plain(cell).replace(" ", "")
    if markets := _MARKET.findall(words):
        digits = sorted({_digit(c) for market in markets for c in market.replace("、", "")})
        solar = "公历" in words or "阳历" in words
        return ("market_solar" if solar else "market_lunar"), {"digits": digits}
    if match := _YEARLY_SPAN.fullmatch(words):
        first_month, first_day, last_month, last_day = match.groups()
        return "range", {
            "from": _month_day(first_month, first_day),
            "to": _month_day(last_month or first_month, last_day),
            "yearly": True,
        }
    if days := weekdays(words):
        return "weekday", {"weekdays": days}
    return _dates(words)


def _dates(words: str) -> tuple[str, dict[str, Any]]:
    """Single days, or one stretch from a day to a day, with their year."""
    ends = re.split(r"至|到|~|—|–", words)
    if len(ends) == 2:
        first, last = day(ends[0]), day(ends[1])
        if last < first:
            raise Fault("span-unreadable")
        return "range", {"from": first.isoformat(), "to": last.isoformat(), "yearly": False}
    try:
        found = sorted({day(part) for part in re.split(r"[、,;]+", words) if part})
    except Fault as fault:
        raise Fault(
            "date-impossible"
            if fault.code == fault.code == "date-impossible"
            else "blackout-unreadable"
        ) from None
    if not found:
        raise Fault("blackout-unreadable")
    return "dates", {"dates": [one.isoformat() for one in found]}


def _digit(char: str) -> int:
    return int(char) if char.isdigit() else _NUMERALS[char]


def _month_day(month: str, day_of_month: str) -> str:
    try:
        checked = date(2028, int(month), int(day_of_month))  # a leap year: 29 February exists
    except ValueError:
        raise Fault("date-impossible") from None
    return checked.strftime("%m-%d")
