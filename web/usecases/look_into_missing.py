"""
Look into one household that lacks visits: what forbids them, proven, and what would help.

It computes for some seconds, so one is done at a time, and what was found is kept with the
opened plan: a stored plan never changes.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from data.store import plan_reading as store
from data.store.plan_reading import Missing
from scheduler.explaining.look import Look
from web.usecases.read_plan import NotInPlan, OpenPlan

SECONDS = 4.5


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
