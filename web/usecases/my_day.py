"""
A cadre's day: where to go, in which order, and what has been recorded there.

Only visits of published plans, and only the asker's own: somebody else's visit does not
exist for him. Phones leave here masked; the whole number
is given to whoever asks for it, and the asking is on record.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from data import audit
from data.store import plan_reading as store
from data.tables import Contact, PlannedVisit

NEXT_DAYS = 5


class NoSuchVisit(LookupError):
    """The visit does not exist, or is not the asker's."""

    code = "no-such-visit"

    def __init__(self, visit_id: int) -> None:
        super().__init__(f"Visit {visit_id} is not one of the asker's visits.")
        self.visit_id = visit_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What stands in the ledger for a planned visit."""

    contact_id: int
    outcome: str
    note: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """
    One stop of the day; personal.

    Parameters
    ----------
    start_min, end_min
        Minutes after midnight.
    phone
        Masked; empty when none is known.
    lon, lat
        Degrees, WGS-84; None where not located.
    """

    visit_id: int
    day: date
    position: int
    start_min: float
    end_min: float
    number: str
    kind: str
    name: str
    village: str
    village_name: str
    hamlet: str
    address: str
    phone: str
    lon: float | None
    lat: float | None
    recorded: Recorded | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DayCount:
    """How many visits a day holds, and how many of them have a result."""

    day: date
    visits: int
    recorded: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MyDay:
    """
    One day of one cadre.

    Parameters
    ----------
    plan_id
        Plan the stops belong to; None without a stop.
    base
        Longitude and latitude, degrees, WGS-84.
    before, after
        The nearest earlier and later day with visits, or None.
    week
        Monday to Sunday of the day's week.
    next_days
        The next days with visits after this one.
    """

    day: date
    plan_id: int | None
    base: tuple[float, float]
    stops: tuple[Stop, ...]
    before: date | None
    after: date | None
    week: tuple[DayCount, ...]
    next_days: tuple[DayCount, ...]

    @property
    def done(self) -> int:
        """Stops with a result."""
        return sum(stop.recorded is not None for stop in self.stops)


def load_my_day(session: Session, cadre_id: int, day: date) -> MyDay:
    """Read one day of a cadre with the days around it."""
    visits = store.published_visits(session, cadre_id)
    recorded = store.recorded_visits(session, [x.id for x in visits])
    planned = Counter(x.day for x in visits)
    done = Counter(x.day for x in visits if x.id in recorded)

    def count(of: date) -> DayCount:
        return DayCount(day=of, visits=planned[of], recorded=done[of])

    today = [x for x in visits if x.day == day]
    days = sorted(planned)
    monday = day - timedelta(days=day.weekday())
    later = [d for d in days if d > day]
    return MyDay(
        day=day,
        plan_id=today[0].plan_id if today else None,
        base=store.base_of(session, cadre_id),
        stops=tuple(_stop(x, recorded.get(x.id)) for x in today),
        before=max((d for d in days if d < day), default=None),
        after=later[0] if later else None,
        week=tuple(count(monday + timedelta(days=n)) for n in range(7)),
        next_days=tuple(count(d) for d in later[:NEXT_DAYS]),
    )


def own_visit(session: Session, cadre_id: int, visit_id: int) -> Stop:
    """Return one of the cadre's own published visits; raise NoSuchVisit for any other."""
    visit = store.published_visit(session, cadre_id, visit_id)
    if visit is None:
        raise NoSuchVisit(visit_id)
    return _stop(visit, store.recorded_visits(session, [visit_id]).get(visit_id))


def reveal_phone(
    session: Session, cadre_id: int, visit_id: int, *, actor_id: int, now: datetime
) -> str:
    """Return the phone number of one of the cadre's own visits; who saw it is on record."""
    visit = store.published_visit(session, cadre_id, visit_id)
    if visit is None:
        raise NoSuchVisit(visit_id)
    audit.record(
        session,
        at=now,
        actor_id=actor_id,
        action="phone.reveal",
        entity="household",
        entity_id=visit.household_id,
        facts={"planned_visit_id": visit_id},
    )
    return visit.household.phone


def require_contact_of(session: Session, visit_id: int, contact_id: int) -> None:
    """Raise NoSuchVisit unless the contact was recorded for this visit."""
    if not store.is_contact_of(session, visit_id, contact_id):
        raise NoSuchVisit(visit_id)


def region_of(session: Session) -> str:
    """Return the name of the district, for map apps that want to know where to look."""
    return store.district_name(session)


def masked(phone: str) -> str:
    """Hide the middle of a phone number: 139****0000; a short one hides all but its end."""
    if not phone:
        return ""
    if len(phone) < 8:
        return "*" * max(0, len(phone) - 2) + phone[-2:]
    return f"{phone[:3]}{'*' * (len(phone) - 7)}{phone[-4:]}"


def stop_points(stops: Sequence[Stop]) -> list[tuple[float, float]]:
    """Longitude and latitude of the located stops, in order."""
    return [(x.lon, x.lat) for x in stops if x.lon is not None and x.lat is not None]


def _stop(visit: PlannedVisit, contact: Contact | None) -> Stop:
    home = visit.household
    return Stop(
        visit_id=visit.id,
        day=visit.day,
        position=visit.position,
        start_min=visit.start_min,
        end_min=visit.end_min,
        number=home.number,
        kind=home.kind,
        name=home.name,
        village=home.village.code,
        village_name=home.village.name,
        hamlet=home.hamlet,
        address=home.address,
        phone=masked(home.phone),
        lon=home.lon,
        lat=home.lat,
        recorded=None
        if contact is None
        else Recorded(
            contact_id=contact.id,
            outcome=contact.outcome,
            note=contact.note,
            at=contact.recorded_at,
        ),
    )
