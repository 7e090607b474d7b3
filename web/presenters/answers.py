"""Answers of the plan in words: a household, a village on a day, a cadre on a day."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.plan import PlannedVisit
from scheduler.why_not import Possible
from web.presenters.reasons import say_reasons
from web.presenters.words import clock_time, long_date, short_date
from web.usecases.ask_plan import CadreDayAnswer, HouseholdAnswer, VillageDayAnswer
from web.usecases.read_plan import Names, OpenPlan


def say_household(answer: HouseholdAnswer, names: Names) -> dict[str, Any]:
    """Word the answer about one household."""
    door = answer.door
    planned = len(answer.visits)
    if answer.missing is None:
        summary = _("All visits due are planned (%(planned)s).", planned=planned)
    else:
        summary = _(
            "Visits due: %(due)s; not planned: %(missing)s.",
            missing=answer.missing.missing,
            due=answer.due,
        )
    return {
        "number": door.number,
        "title": door.name or door.number,
        "kind": door.kind,
        "place": " · ".join(x for x in (door.village_name, door.hamlet, door.address) if x),
        "village": door.village,
        "point": None if door.lon is None else [door.lon, door.lat],
        "complete": answer.missing is None,
        "summary": summary,
        "paired": _("Paired with %(cadre)s", cadre=names.cadre(answer.only_cadre))
        if answer.only_cadre
        else "",
        "visits": _visits(answer.visits, names),
        "reasons": []
        if answer.missing is None
        else [asdict(r) for r in say_reasons(answer.missing.reasons, names)],
    }


def say_village_day(answer: VillageDayAnswer, opened: OpenPlan, names: Names) -> dict[str, Any]:
    """Word the answer about one village on one day."""
    if answer.visits:
        cadres = sorted({names.cadre(x.cadre) for x in answer.visits})
        summary = ngettext(
            "%(num)s visit by %(cadres)s.",
            "%(num)s visits by %(cadres)s.",
            len(answer.visits),
            cadres=_(", ").join(cadres),
        )
    elif answer.why_not is not None and answer.why_not.possible is not None:
        summary = _say_possible(answer.why_not.possible, names)
    else:
        summary = _("No visit on this day, and none is possible as the plan stands:")
    found = answer.why_not.reasons if answer.why_not is not None else ()
    return {
        "code": answer.village,
        "title": names.village(answer.village),
        "place": names.town(answer.village),
        "day": answer.day.isoformat(),
        "when": long_date(answer.day),
        "summary": summary,
        "visits": _visits(answer.visits, names),
        "reasons": [asdict(r) for r in say_reasons((x.to_json() for x in found), names)],
        "other_days": [{"day": d.isoformat(), "when": short_date(d)} for d in answer.other_days],
    }


def _say_possible(possible: Possible, names: Names) -> str:
    facts = {
        "household": possible.household,
        "cadre": names.cadre(possible.cadre),
        "minutes": abs(round(possible.extra_min)),
    }
    if possible.moved_from is None:
        said = _(
            "No rule forbids a visit: %(cadre)s could visit household %(household)s, for "
            "%(minutes)s min more on the way.",
            **facts,
        )
    elif possible.extra_min < 0:
        said = _(
            "No rule forbids a visit: %(cadre)s could come to household %(household)s instead of "
            "on %(day)s, for %(minutes)s min less on the way.",
            day=long_date(possible.moved_from),
            **facts,
        )
    else:
        said = _(
            "No rule forbids a visit: %(cadre)s could come to household %(household)s instead of "
            "on %(day)s, for %(minutes)s min more on the way.",
            day=long_date(possible.moved_from),
            **facts,
        )
    return str(said)


def say_cadre_day(answer: CadreDayAnswer, opened: OpenPlan, names: Names) -> dict[str, Any]:
    """Word the answer about one cadre on one day."""
    if answer.visits:
        summary = _(
            "Visits: %(visits)s of at most %(most)s; %(travel)s min on the way.",
            visits=len(answer.visits),
            most=answer.max_visits,
            travel=round(answer.travel_min),
        )
    elif answer.shift is None:
        summary = _("Not available on this day.")
    else:
        summary = _("Free on this day: available, but no visit is planned.")
    return {
        "number": answer.cadre,
        "title": names.cadre(answer.cadre),
        "place": names.unit(opened.problem.cadre(answer.cadre).unit),
        "day": answer.day.isoformat(),
        "when": long_date(answer.day),
        "shift": ""
        if answer.shift is None
        else f"{clock_time(answer.shift[0])}–{clock_time(answer.shift[1])}",
        "summary": summary,
        "visits": [
            {**said, "place": names.village(opened.village_of(visit.household))}
            for said, visit in zip(_visits(answer.visits, names), answer.visits, strict=True)
        ],
        "reasons": [],
    }


def _visits(visits: Iterable[PlannedVisit], names: Names) -> list[dict[str, Any]]:
    return [
        {
            "household": x.household,
            "cadre": x.cadre,
            "who": names.cadre(x.cadre),
            "day": x.date.isoformat(),
            "when": short_date(x.date),
            "from": clock_time(x.start),
            "to": clock_time(x.end),
            "order": x.order,
        }
        for x in visits
    ]
