"""
Ask the plan: why is somebody visited here and then, why not there, and what would it cost?

Every answer is about one household, one village on one day, or one cadre on one day, in
ids and facts; pages put names and words to it.
"""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from data.store import plan_reading as store
from data.store.plan_reading import Door, Missing
from scheduler.calendar import Minutes
from scheduler.plan import PlannedVisit
from scheduler.why_not import WhyNot
from web.usecases.read_plan import NotInPlan, OpenPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdAnswer:
    """
    One household: who comes when, and what is missing for which reasons.

    Parameters
    ----------
    missing
        None when the plan holds every visit due.
    only_cadre
        The cadre it is paired with, or None.
    """

    door: Door
    due: int
    min_gap_days: int
    only_cadre: str | None
    visits: tuple[PlannedVisit, ...]
    missing: Missing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageDayAnswer:
    """
    One village on one day: its visits, or why there are none.

    Parameters
    ----------
    why_not
        Rules in the way of a visit, or its price; None when the day has visits.
    other_days
        Days of the plan on which the village is visited.
    """

    village: str
    day: date
    visits: tuple[PlannedVisit, ...]
    why_not: WhyNot | None
    other_days: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CadreDayAnswer:
    """
    One cadre on one day.

    Parameters
    ----------
    shift
        Minutes after midnight, or None when not available.
    travel_min
        Minutes on the way, from the base and back.
    """

    cadre: str
    day: date
    shift: Minutes | None
    visits: tuple[PlannedVisit, ...]
    max_visits: int
    travel_min: float


def ask_household(session: Session, opened: OpenPlan, number: str) -> HouseholdAnswer:
    """Answer for one household; raise NotInPlan for one that the plan does not know."""
    missing = opened.missing_of.get(number)
    door = store.doors(session, [number]).get(number)
    if door is None or (missing is None and not opened.problem.has_household(number)):
        raise NotInPlan("household", number)
    visits = opened.by_household.get(number, ())
    if not opened.problem.has_household(number):  # left out of the problem: not reachable
        due = missing.missing if missing else 0
        return HouseholdAnswer(
            door=door, due=due, min_gap_days=0, only_cadre=None, visits=(), missing=missing
        )
    asked = opened.problem.household(number)
    return HouseholdAnswer(
        door=door,
        due=asked.visits_due,
        min_gap_days=asked.gap_days,
        only_cadre=asked.cadre,
        visits=visits,
        missing=missing,
    )


def ask_village(opened: OpenPlan, code: str, day: date) -> VillageDayAnswer:
    """Answer for one village on one day; raise NotInPlan for a village or day outside the plan."""
    if code not in opened.village_codes:
        raise NotInPlan("village", code)
    opened.require_day(day)
    visits = opened.by_village_day.get((code, day), ())
    return VillageDayAnswer(
        village=code,
        day=day,
        visits=visits,
        why_not=None if visits else opened.why_not(code, day),
        other_days=opened.days_of_village.get(code, ()),
    )


def ask_cadre(opened: OpenPlan, number: str, day: date) -> CadreDayAnswer:
    """Answer for one cadre on one day; raise NotInPlan for a cadre or day outside the plan."""
    if not opened.problem.has_cadre(number):
        raise NotInPlan("cadre", number)
    opened.require_day(day)
    cadre = opened.problem.cadre(number)
    return CadreDayAnswer(
        cadre=number,
        day=day,
        shift=cadre.shifts.get(day),
        visits=opened.by_cadre_day.get((number, day), ()),
        max_visits=cadre.max_visits_per_day,
        travel_min=opened.travel_min(number, day),
    )
