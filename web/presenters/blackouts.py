"""Rules of peace in words, the calendar by months, and the form that makes a rule."""

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from data.store.regions import RegionRow
from web.presenters.words import short_date
from web.usecases.blackouts import Calendar, Day, RuleRow

KINDS: dict[str, Any] = {
    "market_lunar": _l("Market days by the lunar calendar"),
    "market_solar": _l("Market days by the solar calendar"),
    "weekday": _l("Weekdays"),
    "range": _l("A season"),
    "dates": _l("Single days"),
}

WEEKDAYS = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)

WEEKDAY_HEADS = (_l("Mo"), _l("Tu"), _l("We"), _l("Th"), _l("Fr"), _l("Sa"), _l("Su"))

FIELDS: dict[str, Any] = {
    "dates": _l("Write dates like 2027-03-05, one a line."),
    "from": _l("Write the first day."),
    "to": _l("Write the last day; it does not lie before the first."),
    "weekdays": _l("Choose at least one weekday."),
    "digits": _l("Choose at least one digit."),
    "name": _l("At most 120 characters."),
    "rule": _l("Choose a kind."),
}


def rule_words(rule: str, params: Mapping[str, Any]) -> str:
    """Say a rule: 农历逢三、八, 每周三, 每年5月20日 – 6月10日."""
    if rule in ("market_lunar", "market_solar"):
        digits = _listed(str(digit) for digit in params["digits"])
        if rule == "market_lunar":
            return str(_("lunar days that end in %(digits)s", digits=digits))
        return str(_("days of the month that end in %(digits)s", digits=digits))
    if rule == "weekday":
        return str(
            _("every %(days)s", days=_listed(str(WEEKDAYS[n - 1]) for n in params["weekdays"]))
        )
    if rule == "range":
        if params.get("yearly"):
            first, last = (_month_day(params[end]) for end in ("from", "to"))
            return str(_("every year from %(first)s to %(last)s", first=first, last=last))
        first, last = (short_date(date.fromisoformat(params[end])) for end in ("from", "to"))
        return str(_("from %(first)s to %(last)s", first=first, last=last))
    return _listed(short_date(date.fromisoformat(text)) for text in params["dates"])


def _listed(parts: Iterable[str]) -> str:
    return ("、" if str(get_locale()) == "zh" else ", ").join(parts)


def _month_day(text: str) -> str:
    month, day = text[-5:].split("-")
    return str(_("%(month)s/%(day)s", month=int(month), day=int(day)))


def region_words(region: RegionRow, regions: Mapping[int, RegionRow]) -> str:
    """Name a place with its town."""
    above = regions.get(region.parent_id or 0)
    return f"{above.name} · {region.name}" if region.is_village and above else region.name


def places(regions: Mapping[int, RegionRow]) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return places to choose from: district and towns, then the villages of each town."""
    villages = [r for r in regions.values() if r.is_village]
    above = [r for r in regions.values() if not r.is_village]
    groups = [(_("District and towns"), [(r.id, r.name) for r in above])]
    for town in above:
        inside = [(r.id, r.name) for r in villages if r.parent_id == town.id]
        if inside:
            groups.append((town.name, inside))
    return groups


def months(calendar: Calendar) -> list[tuple[date, list[list[Day | None]]]]:
    """Return the first day of each month with its weeks; None where a week belongs elsewhere."""
    return [
        (date(year, month, 1), _weeks(days))
        for (year, month), days in groupby(calendar.days, key=lambda d: (d.day.year, d.day.month))
    ]


def _weeks(days: Iterable[Day]) -> list[list[Day | None]]:
    weeks: list[list[Day | None]] = []
    for day in days:
        weekday = day.day.weekday()
        if not weeks or weekday == 0:
            weeks.append([None] * 7)
        weeks[-1][weekday] = day
    return weeks


def day_kind(day: Day) -> str:
    """Return ``closed``, ``open``, ``holiday``, ``swapped`` or ``weekend``."""
    if not day.worked:
        return "holiday" if day.mark == "holiday" else "weekend"
    if day.closed is not None:
        return "closed"
    return "swapped" if day.mark == "workday" else "open"


def day_words(day: Day) -> str:
    """Say what a day is, for the tip and the screen reader."""
    parts = [short_date(day.day)]
    kinds = {
        "open": _("open for visits"),
        "swapped": _("a weekend that is worked"),
        "weekend": _("weekend"),
        "holiday": _("holiday"),
        "closed": _("no visits"),
    }
    parts.append(kinds[day_kind(day)])
    if day.name:
        parts.append(day.name)
    if not day.official:
        parts.append(_("assumed"))
    parts += [name for name in day.closed or () if name]
    return " · ".join(parts)


def form_values(calendar: Calendar, rule: RuleRow | None) -> dict[str, Any]:
    """Return what stands in the form: the rule that is being changed, or a new one's defaults."""
    params = rule.params if rule else {}
    year = f"{calendar.days[0].day.year}-" if params.get("yearly") else ""
    ends = {end: year + params[end] if end in params else "" for end in ("from", "to")}
    return {
        "rule_id": rule.id if rule else None,
        "region_id": rule.region.id if rule else calendar.region and calendar.region.id,
        "rule": rule.rule if rule else "market_lunar",
        "digits": params.get("digits", [3, 8]),
        "weekdays": params.get("weekdays", []),
        **ends,
        "yearly": params.get("yearly", False),
        "dates": "\n".join(params.get("dates", [])),
        "name": rule.name if rule else "",
        "active": rule.active if rule else True,
    }


def typed_values(form: Any) -> dict[str, Any]:
    """Return what was typed, to be shown again."""
    return {
        **{key: form.get(key, "") for key in ("rule", "from", "to", "dates", "name", "yearly")},
        "rule_id": form.get("rule_id", type=int),
        "region_id": form.get("region_id", type=int),
        "digits": form.getlist("digits", type=int),
        "weekdays": form.getlist("weekdays", type=int),
        "active": form.get("active", "1") == "1",
    }


def typed_params(form: Any) -> tuple[str, dict[str, Any]]:
    """Read kind and parameters of a rule from a form, for ``data.blackouts`` to judge."""
    rule = form.get("rule", "")
    if rule in ("market_lunar", "market_solar"):
        return rule, {"digits": form.getlist("digits", type=int)}
    if rule == "weekday":
        return rule, {"weekdays": form.getlist("weekdays", type=int)}
    if rule == "range":
        yearly = bool(form.get("yearly"))
        ends = {end: form.get(end, "") for end in ("from", "to")}
        if yearly:
            return rule, {end: text[-5:] for end, text in ends.items()} | {"yearly": True}
        return rule, ends
    return rule, {"dates": sorted(set(form.get("dates", "").replace(",", " ").split()))}
