"""
Which days are worked: weekends, public holidays and swapped days (调休).

The State Council publishes each year's holidays the autumn before. Published years come from
``chinese_calendar``; a year not yet published gets only the statutory holidays themselves, marked
as assumed: swapped days are decrees and are never guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from chinese_calendar import constants
from lunardate import LunarDate

DayKind = Literal["holiday", "workday"]

SATURDAY = 6

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedDay:
    """
    A day whose kind differs from its weekday's.

    Parameters
    ----------
    day
        The date.
    kind
        ``holiday``, or ``workday`` for a weekend that is worked.
    name
        Festival, in Chinese.
    official
        False while it is only assumed from the statute.
    """

    day: date
    kind: DayKind
    name: str
    official: bool


def working_days(first: date, last: date, kinds: Mapping[date, str]) -> tuple[date, ...]:
    """
    Days on which offices work, ascending, both ends included.

    Parameters
    ----------
    first, last
        The period.
    kinds
        ``holiday`` or ``workday`` by date, as in the table of marked days.
    """
    return tuple(day for day in each_day(first, last) if is_worked(day, kinds.get(day)))


def is_worked(day: date, kind: str | None) -> bool:
    """Whether offices work on a day; ``kind`` is its mark, if any."""
    if kind is not None:
        return kind == "workday"
    return day.isoweekday() < SATURDAY


def each_day(first: date, last: date) -> Iterator[date]:
    """All dates of a period, both ends included."""
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def marked_days(year: int) -> list[MarkedDay]:
    """
    Holidays and swapped days of a year, ascending: official where published, else assumed.

    Parameters
    ----------
    year
        From 2004; years beyond the lunar tables (2099) cannot be asked.
    """
    return published(year) or assumed(year)


def published(year: int) -> list[MarkedDay]:
    """Return the State Council's list, empty when this release does not know the year."""
    known: tuple[tuple[Mapping[date, str], DayKind], ...] = (
        (constants.holidays, "holiday"),
        (constants.workdays, "workday"),
    )
    return sorted(
        (
            MarkedDay(day=day, kind=kind, name=NAMES.get(name, name), official=True)
            for table, kind in known
            for day, name in table.items()
            if day.year == year
        ),
        key=lambda mark: mark.day,
    )


def assumed(year: int) -> list[MarkedDay]:
    """Return the statutory holidays of a year, with no swapped day: those are decrees."""
    names: dict[date, list[str]] = {}
    for day, name in _statutory(year):
        names.setdefault(day, []).append(name)  # 2028: Mid-Autumn falls into National Day
    return [
        MarkedDay(day=day, kind="holiday", name="、".join(names[day]), official=False)
        for day in sorted(names)
    ]


def _statutory(year: int) -> Iterable[tuple[date, str]]:
    """Holidays by the regulation in force since 2025: 13 days a year."""
    new_year = _lunar(year, 1, 1)
    yield date(year, 1, 1), "元旦"
    for offset in range(-1, 3):  # 除夕 to 初三
        yield new_year + timedelta(days=offset), "春节"
    yield _tomb_sweeping(year), "清明节"
    yield date(year, 5, 1), "劳动节"
    yield date(year, 5, 2), "劳动节"
    yield _lunar(year, 5, 5), "端午节"
    yield _lunar(year, 8, 15), "中秋节"
    for day in (1, 2, 3):
        yield date(year, 10, day), "国庆节"


def _lunar(year: int, month: int, day: int) -> date:
    solar: date = LunarDate(year, month, day).to_solar_date()
    return solar


def _tomb_sweeping(year: int) -> date:
    """Qingming, when the sun reaches 15 degrees; the usual formula of this century."""
    y = year % 100
    return date(year, 4, int(y * 0.2422 + 4.81) - y // 4)
