"""The calendar of peace: working days, and the days on which a place takes no visit."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from data import audit
from data.blackouts import InvalidBlackout, closed_days, matching_days
from data.calendar import each_day, is_worked
from data.store.blackouts import active_rules, all_rules, single_dates
from data.store.calendar import load_marks
from data.store.regions import RegionRow, load_regions, parents
from data.tables import Blackout, CalendarDay, Region

LONGEST_DAYS = 400
NAME_LENGTH = 120


class UnknownBlackout(Exception):
    """A rule or region that does not exist."""

    code = "unknown-blackout"

    def __init__(self, number: int) -> None:
        super().__init__(f"There is no rule or region {number}.")
        self.number = number


class ClosedByRule(Exception):
    """A day that a rule closes cannot be opened by itself; the rule must change."""

    code = "closed-by-rule"

    def __init__(self, day: date, names: tuple[str, ...]) -> None:
        self.day, self.names = day, ", ".join(names)
        super().__init__(f"{day} is closed by {self.names}: change that rule.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """
    One day of the calendar.

    Parameters
    ----------
    worked
        Whether offices work on it.
    mark
        ``holiday`` or ``workday`` where it differs from its weekday, else empty.
    name
        Festival of the mark.
    official
        False while the mark is only assumed.
    closed
        Names of the rules that close the chosen place; None where it is open.
    """

    day: date
    worked: bool
    mark: str
    name: str
    official: bool
    closed: tuple[str, ...] | None

    @property
    def is_open(self) -> bool:
        """Whether the chosen place can be visited."""
        return self.worked and self.closed is None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRow:
    """A rule in force or switched off; ``closes`` counts the working days it closes here."""

    id: int
    region: RegionRow
    rule: str
    params: Mapping[str, Any]
    name: str
    active: bool
    closes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageDays:
    """How many working days of the period a village is open on."""

    region: RegionRow
    open_days: int
    closed_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """
    A period for one chosen place, with all rules.

    Parameters
    ----------
    region
        The place; the district when nobody chose; None without any region.
    assumed_years
        Years of the period with marks that are not official.
    """

    days: tuple[Day, ...]
    region: RegionRow | None
    regions: dict[int, RegionRow]
    rules: tuple[RuleRow, ...]
    villages: tuple[VillageDays, ...]
    assumed_years: tuple[int, ...]

    @property
    def workdays(self) -> int:
        """Days on which offices work."""
        return sum(day.worked for day in self.days)

    @property
    def open_days(self) -> int:
        """Days on which the chosen place can be visited."""
        return sum(day.is_open for day in self.days)


def read_calendar(
    session: Session, first: date, last: date, *, region_id: int | None = None
) -> Calendar:
    """Read a period of at most 400 days for a village, town or the district."""
    days = list(each_day(first, last))[:LONGEST_DAYS]
    regions = load_regions(session)
    chosen = regions.get(region_id or 0) or next(
        (r for r in regions.values() if r.parent_id is None), None
    )
    marks = {mark.day: mark for mark in load_marks(session, days[0], days[-1])}
    worked = {d for d in days if is_worked(d, marks[d].kind if d in marks else None)}
    closed = closed_days(active_rules(session), parents(regions), days)
    here = closed.get(chosen.id, {}) if chosen else {}
    return Calendar(
        days=tuple(_day(d, d in worked, marks.get(d), here.get(d)) for d in days),
        region=chosen,
        regions=regions,
        rules=tuple(_rule_rows(session, regions, sorted(worked))),
        villages=tuple(
            sorted(
                (
                    VillageDays(
                        region=region,
                        open_days=len(worked - closed.get(region.id, {}).keys()),
                        closed_days=len(worked & closed.get(region.id, {}).keys()),
                    )
                    for region in regions.values()
                    if region.is_village
                ),
                key=lambda row: (row.open_days, row.region.code),
            )
        ),
        assumed_years=tuple(sorted({m.day.year for m in marks.values() if not m.official})),
    )


def save_rule(
    session: Session,
    *,
    rule_id: int | None,
    region_id: int,
    rule: str,
    params: Mapping[str, Any],
    name: str,
    active: bool = True,
    actor_id: int | None,
    now: datetime,
) -> int:
    """
    Add a rule, or change the one of ``rule_id``; return its id.

    Raises
    ------
    InvalidBlackout
        Naming the field that cannot be read.
    UnknownBlackout
        If rule or region does not exist.
    """
    matching_days(rule, params, ())
    if len(name) > NAME_LENGTH:
        raise InvalidBlackout(rule, "name", name[:20])
    if session.get(Region, region_id) is None:
        raise UnknownBlackout(region_id)
    if rule_id is None:
        row = Blackout(region_id=region_id, rule=rule, params={}, name="", active=True)
        session.add(row)
    else:
        row = _known(session, rule_id)
    row.region_id, row.rule, row.params = region_id, rule, dict(params)
    row.name, row.active = name, active
    session.flush()
    _record(session, "blackout.save", row.id, actor_id, now, {"region": region_id, "rule": rule})
    return row.id


def delete_rule(session: Session, rule_id: int, *, actor_id: int | None, now: datetime) -> None:
    """Take a rule away."""
    row = _known(session, rule_id)
    facts = {"region": row.region_id, "rule": row.rule, "params": row.params}
    session.delete(row)
    session.flush()
    _record(session, "blackout.delete", rule_id, actor_id, now, facts)


def toggle_day(
    session: Session, region_id: int, day: date, *, actor_id: int | None, now: datetime
) -> bool:
    """
    Close one day for a place, or open it again if it was closed by itself.

    Returns
    -------
    bool
        Whether it is closed now.

    Raises
    ------
    ClosedByRule
        If a rule closes the day, of this place or of the town or district above it.
    """
    text = day.isoformat()
    own = [row for row in single_dates(session, region_id) if text in row.params["dates"]]
    if not own:
        regions = load_regions(session)
        if region_id not in regions:
            raise UnknownBlackout(region_id)
        closed = closed_days(active_rules(session), parents(regions), [day])
        if region_id in closed:
            raise ClosedByRule(day, closed[region_id][day])
        _close(session, region_id, text)
    for row in own:
        left = [other for other in row.params["dates"] if other != text]
        if left:
            row.params = {"dates": left}
        else:
            session.delete(row)
    session.flush()
    facts = {"day": text, "closed": not own}
    _record(session, "blackout.day", region_id, actor_id, now, facts)
    return not own


def _day(day: date, worked: bool, mark: CalendarDay | None, closed: tuple[str, ...] | None) -> Day:
    return Day(
        day=day,
        worked=worked,
        mark=mark.kind if mark else "",
        name=mark.name if mark else "",
        official=mark.official if mark else True,
        closed=closed,
    )


def _rule_rows(
    session: Session, regions: Mapping[int, RegionRow], worked: list[date]
) -> list[RuleRow]:
    return [
        RuleRow(
            id=row.id,
            region=regions[row.region_id],
            rule=row.rule,
            params=row.params,
            name=row.name,
            active=row.active,
            closes=len(matching_days(row.rule, row.params, worked)) if row.active else 0,
        )
        for row in all_rules(session)
    ]


def _close(session: Session, region_id: int, text: str) -> None:
    """Add a date to the place's list of single days, or begin that list."""
    lists = [row for row in single_dates(session, region_id) if row.name == ""]
    if lists:
        lists[0].params = {"dates": sorted({*lists[0].params["dates"], text})}
    else:
        params = {"dates": [text]}
        session.add(
            Blackout(region_id=region_id, rule="dates", params=params, name="", active=True)
        )


def _known(session: Session, rule_id: int) -> Blackout:
    row = session.get(Blackout, rule_id)
    if row is None:
        raise UnknownBlackout(rule_id)
    return row


def _record(
    session: Session,
    action: str,
    entity_id: int,
    actor_id: int | None,
    now: datetime,
    facts: dict[str, Any],
) -> None:
    audit.record(
        session,
        at=now,
        actor_id=actor_id,
        action=action,
        entity="blackout",
        entity_id=entity_id,
        facts=facts,
    )
