"""
Days on which a place is left in peace (免打扰日): rules in, dates out.

A rule holds for a village, a town or the district, and goes down the tree. Market days follow
the day of the month, by the solar or, in most towns, the lunar calendar: 逢三逢八 is every day
whose number ends in 3 or 8.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from lunardate import LunarDate

RULES = ("dates", "range", "weekday", "market_solar", "market_lunar")


class InvalidBlackout(Exception):
    """A rule whose parameters cannot be read; ``field`` and ``value`` say which."""

    code = "invalid-blackout"

    def __init__(self, rule: str, field: str, value: object) -> None:
        super().__init__(f"Blackout of rule {rule}: {field} is {value!r}, which cannot be read.")
        self.rule = rule
        self.field = field
        self.value = value


@dataclass(frozen=True, slots=True, kw_only=True)
class BlackoutRule:
    """
    One rule as stored.

    Parameters
    ----------
    region_id
        Village, town or district it holds for.
    rule
        One of ``RULES``.
    params
        ``dates``: ``{"dates": ["2027-04-03"]}``; ``range``: ``{"from", "to"}`` as dates, or as
        ``MM-DD`` with ``{"yearly": true}``; ``weekday``: ``{"weekdays": [1]}``, Monday is 1;
        markets: ``{"digits": [3, 8]}``.
    name
        Reason, shown to planners.
    """

    region_id: int
    rule: str
    params: Mapping[str, Any]
    name: str = ""


def matching_days(rule: str, params: Mapping[str, Any], days: Iterable[date]) -> set[date]:
    """
    Return those of ``days`` that a rule closes.

    Raises
    ------
    InvalidBlackout
        When the rule is unknown or its parameters cannot be read.
    """
    if rule == "dates":
        listed = {_date(rule, "dates", text) for text in _list(rule, params, "dates")}
        return {day for day in days if day in listed}
    if rule == "range":
        return _in_range(params, days)
    if rule == "weekday":
        weekdays = _numbers(rule, params, "weekdays", 1, 7)
        return {day for day in days if day.isoweekday() in weekdays}
    if rule == "market_solar":
        digits = _numbers(rule, params, "digits", 0, 9)
        return {day for day in days if day.day % 10 in digits}
    if rule == "market_lunar":
        digits = _numbers(rule, params, "digits", 0, 9)
        return {day for day in days if lunar_day(day) % 10 in digits}
    raise InvalidBlackout(rule, "rule", rule)


def lunar_day(day: date) -> int:
    """Day of the lunar month, 1 to 30."""
    found: int = LunarDate.from_solar_date(day.year, day.month, day.day).day
    return found


def closed_days(
    rules: Iterable[BlackoutRule], parents: Mapping[int, int | None], days: Sequence[date]
) -> dict[int, dict[date, tuple[str, ...]]]:
    """
    Expand rules to the regions they reach.

    Parameters
    ----------
    rules
        Active rules.
    parents
        Region id to its parent's; every region that can be asked about is a key.
    days
        Days of interest, ascending.

    Returns
    -------
    dict
        Region id, date, names of the rules that close it. Open regions are absent.
    """
    of_region: dict[int, dict[date, list[str]]] = defaultdict(lambda: defaultdict(list))
    for rule in rules:
        for day in matching_days(rule.rule, rule.params, days):
            of_region[rule.region_id][day].append(rule.name)
    closed: dict[int, dict[date, tuple[str, ...]]] = {}
    for region in parents:
        names: dict[date, list[str]] = defaultdict(list)
        place: int | None = region
        while place is not None:
            for day, found in of_region.get(place, {}).items():
                names[day] += found
            place = parents.get(place)
        if names:
            closed[region] = {day: tuple(dict.fromkeys(names[day])) for day in sorted(names)}
    return closed


def _in_range(params: Mapping[str, Any], days: Iterable[date]) -> set[date]:
    if params.get("yearly"):
        first, last = (_month_day(params, end) for end in ("from", "to"))
        if first <= last:
            return {day for day in days if first <= (day.month, day.day) <= last}
        # Over the turn of the year.
        return {day for day in days if not last < (day.month, day.day) < first}
    start, end = (_date("range", key, params.get(key)) for key in ("from", "to"))
    if end < start:
        raise InvalidBlackout("range", "to", params.get("to"))
    return {day for day in days if start <= day <= end}


def _month_day(params: Mapping[str, Any], key: str) -> tuple[int, int]:
    text = str(params.get(key, ""))
    # 2028 is a leap year, so that 29 February can be meant.
    day = _date("range", key, f"2028-{text}" if len(text) == len("MM-DD") else text)
    return day.month, day.day


def _date(rule: str, field: str, text: object) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError:
        raise InvalidBlackout(rule, field, text) from None


def _list(rule: str, params: Mapping[str, Any], field: str) -> list[Any]:
    found = params.get(field)
    if not isinstance(found, list) or not found:
        raise InvalidBlackout(rule, field, found)
    return found


def _numbers(
    rule: str, params: Mapping[str, Any], field: str, least: int, most: int
) -> frozenset[int]:
    found = _list(rule, params, field)
    for number in found:
        if not isinstance(number, int) or not least <= number <= most:
            raise InvalidBlackout(rule, field, number)
    return frozenset(found)
