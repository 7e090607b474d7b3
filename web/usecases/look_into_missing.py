"""
Look into missing visits: what forbids those of one household, and what would help it; what
would place all of a village or a unit.

It computes for some seconds, so one is done at a time, and what was found is kept with the
opened plan: a stored plan never changes.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from data.store import plan_reading as store
from data.store.plan_reading import Missing
from scheduler.explaining.group import GroupLook, lacking_in
from scheduler.explaining.look import Look
from web.usecases.read_plan import NotInPlan, OpenPlan

SECONDS = 4.5

TOGETHER_S = 12.0
"""For all missing visits of a village or unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingVisits:
    """
    One household of the list of missing visits.

    Parameters
    ----------
    look
        What was found; None for a household that the problem left out.
    """

    missing: Missing
    look: Look | None


def look_into_missing(session: Session, opened: OpenPlan, number: str) -> MissingVisits:
    """Look into a household; raise NotInPlan for one that lacks nothing or is unknown."""
    missing = opened.missing_of.get(number)
    if missing is None or number not in store.doors(session, [number]):
        raise NotInPlan("household", number)
    look = None
    if opened.problem.has_household(number):
        look = opened.look(number, seconds=SECONDS)
    return MissingVisits(missing=missing, look=look)


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingTogether:
    """
    All missing visits of a village, or of the villages of a unit.

    Parameters
    ----------
    unit
        Whose villages they are, or whose village it is.
    missing, missing_in_unit
        Visits that the plan lacks here, and in the whole unit.
    left_out
        Those of households that the problem left out: no change of rules places them.
    look
        What would make room for the others.
    """

    unit: str
    missing: int
    missing_in_unit: int
    left_out: int
    look: GroupLook


def look_into_village(opened: OpenPlan, code: str) -> MissingTogether:
    """Look into all missing visits of a village; raise NotInPlan for one that is unknown."""
    if code not in opened.village_codes:
        raise NotInPlan("village", code)
    return _together(opened, opened.problem.village(code).unit, frozenset({code}), village=code)


def look_into_unit(opened: OpenPlan, unit: str) -> MissingTogether:
    """Look into all missing visits of a unit's villages; raise NotInPlan for one unknown."""
    if unit not in opened.problem.units:
        raise NotInPlan("unit", unit)
    return _together(opened, unit, _villages(opened, unit), unit=unit)


def _together(
    opened: OpenPlan, answers: str, villages: frozenset[str], **group: str
) -> MissingTogether:
    here = [x for x in opened.missing if x.village in villages]
    lacking = lacking_in(opened.problem, opened.plan.visits, **group)
    return MissingTogether(
        unit=answers,
        missing=sum(x.missing for x in here),
        missing_in_unit=sum(
            x.missing for x in opened.missing if x.village in _villages(opened, answers)
        ),
        left_out=sum(x.missing for x in here if not opened.problem.has_household(x.household)),
        look=opened.look_together(lacking, seconds=TOGETHER_S),
    )


def _villages(opened: OpenPlan, unit: str) -> frozenset[str]:
    return frozenset(v.id for v in opened.problem.villages if v.unit == unit)
