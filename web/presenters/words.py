"""Days, times and shares in the reader's language; templates use them as filters."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import get_locale

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _chinese() -> bool:
    return str(get_locale() or "zh").startswith("zh")


def long_date(day: date | None) -> str:
    """Return ``2026年3月2日 (周一)`` or ``Mon 2 Mar 2026``; a dash for no day."""
    if day is None:
        return "—"
    if _chinese():
        return f"{day.year}年{day.month}月{day.day}日 (周{WEEKDAYS_ZH[day.weekday()]})"
    return f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def short_date(day: date | None) -> str:
    """Return ``3月2日 周一`` or ``Mon 2 Mar``; a dash for no day."""
    if day is None:
        return "—"
    if _chinese():
        return f"{day.month}月{day.day}日 周{WEEKDAYS_ZH[day.weekday()]}"
    return f"{WEEKDAYS_EN[day.weekday()]} {day.day} {MONTHS_EN[day.month - 1]}"


def instant(moment: datetime | None) -> str:
    """Return an instant as day and time in Shanghai; a dash for none."""
    if moment is None:
        return "—"
    local = moment.astimezone(SHANGHAI)
    return f"{long_date(local.date())} {local:%H:%M}"


def clock_time(minutes: float) -> str:
    """Return minutes after midnight as ``08:30``."""
    whole = round(minutes)
    return f"{whole // 60:02d}:{whole % 60:02d}"


def percent(share: float | None) -> str:
    """Return a share from 0 to 1 as ``87%``; a dash where there is nothing to divide by."""
    if share is None:
        return "—"
    if 0 < share < 0.01 or 0.99 < share < 1:  # neither "none" nor "all" may be claimed too early
        return f"{share * 100:.1f}%"
    return f"{share * 100:.0f}%"


def number(value: float | None, digits: int = 0) -> str:
    """Return ``12,345``; a dash for no value."""
    return "—" if value is None else f"{value:,.{digits}f}"


def signed(value: float, digits: int = 0) -> str:
    """Return a difference as ``+12`` or ``−12``; ``=`` for none."""
    if not value:
        return "="
    return f"{'+' if value > 0 else '−'}{number(abs(value), digits)}"


FILTERS: dict[str, Any] = {
    "long_date": long_date,
    "short_date": short_date,
    "instant": instant,
    "clock_time": clock_time,
    "percent": percent,
    "number": number,
}
