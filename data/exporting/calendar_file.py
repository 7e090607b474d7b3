"""
A cadre's days as a calendar file: one event for each session, without a resident's name.

An event's identity is cadre, day and village, so a calendar that is fetched again replaces
what it knew instead of doubling it; the number of the plan is the event's sequence.
"""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from data.exporting.plan_rows import PlanRows, VisitRow
from data.exporting.sheets import clock

SHANGHAI = ZoneInfo("Asia/Shanghai")


def cadre_calendar(rows: PlanRows, cadre_number: str) -> bytes:
    """
    Write the calendar of one cadre; a cadre without visits gets an empty one.

    Parameters
    ----------
    cadre_number
        Registry number.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//zoufang//走访//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", "走访")
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    sessions: dict[tuple[date, str], list[VisitRow]] = defaultdict(list)
    for visit in rows.visits:
        if visit.cadre_number == cadre_number:
            sessions[visit.day, visit.village_code].append(visit)
    for visits in sessions.values():
        calendar.add_component(_event(rows, visits))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def _event(rows: PlanRows, visits: list[VisitRow]) -> Event:
    first = visits[0]
    event = Event()
    event.add("uid", f"{first.cadre_number}-{first.day:%Y%m%d}-{first.village_code}@zoufang")
    event.add("sequence", rows.number)
    event.add("dtstamp", rows.created_at.astimezone(UTC))
    event.add("dtstart", _instant(first.day, min(visit.start_min for visit in visits)))
    event.add("dtend", _instant(first.day, max(visit.end_min for visit in visits)))
    event.add("summary", f"走访 {first.village} {len(visits)}户")
    event.add("location", f"{first.town} {first.village}".strip())
    lines = [f"{clock(visit.start_min)} {visit.household} {visit.hamlet}" for visit in visits]
    event.add("description", "\n".join(line.strip() for line in lines))
    return event


def _instant(day: date, minutes: float) -> datetime:
    midnight = datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    return midnight + timedelta(minutes=round(minutes))
