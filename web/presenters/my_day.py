"""A cadre's day in words: results, progress, places."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web.presenters.words import SHANGHAI, clock_time, short_date
from web.usecases.my_day import MyDay, Recorded, Stop

RESULTS: Mapping[str, tuple[Any, str, str]] = {
    "visited": (_l("Visited"), "good", "check-circle"),
    "no_answer": (_l("No one home"), "warn", "door-closed"),
    "moved": (_l("Moved away"), "info", "house-x"),
    "refused": (_l("Refused"), "bad", "slash-circle"),
}
"""What may be recorded at the door: outcome -> name, tone, icon."""

NOTE_LENGTH = 300


WEEKDAYS = (_l("Mo"), _l("Tu"), _l("We"), _l("Th"), _l("Fr"), _l("Sa"), _l("Su"))


def progress_words(day: MyDay) -> str:
    """Say how many stops of the day have a result."""
    return str(_("%(done)s of %(all)s recorded", done=day.done, all=len(day.stops)))


def place_of(stop: Stop) -> str:
    """Return village, hamlet and address on one line."""
    return " · ".join(x for x in (stop.village_name, stop.hamlet, stop.address) if x)


def recorded_json(recorded: Recorded | None) -> dict[str, Any] | None:
    """Return what stands for a stop, as the page's script shows it."""
    if recorded is None:
        return None
    name, tone, icon_name = RESULTS.get(recorded.outcome, (recorded.outcome, "info", "circle"))
    return {
        "contact": recorded.contact_id,
        "outcome": recorded.outcome,
        "name": str(name),
        "tone": tone,
        "icon": icon_name,
        "note": recorded.note,
        "at": _moment(recorded.at),
    }


def _moment(at: datetime) -> str:
    local = at.astimezone(SHANGHAI)
    return f"{short_date(local.date())} {local:%H:%M}"


def stops_json(day: MyDay) -> list[dict[str, Any]]:
    """Return the stops of a day as the page's script needs them."""
    return [
        {
            "visit": stop.visit_id,
            "position": stop.position,
            "at": clock_time(stop.start_min),
            "name": stop.name or stop.number,
            "lon": stop.lon,
            "lat": stop.lat,
            "recorded": recorded_json(stop.recorded),
        }
        for stop in day.stops
    ]
