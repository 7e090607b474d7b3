"""
Ask one visit of a plan: why it stands where it does, where else it could, and why not there.

Every answer is asked of the plan as it stands and leaves it as it was; pages put words to it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from scheduler.explaining.alternatives import Alternative, alternatives, ask_cell
from scheduler.household import Household
from scheduler.plan import PlannedVisit, Reason
from scheduler.score import score
from web.usecases.read_plan import NotInPlan, OpenPlan, Visits

MOST = 3
"""Other places shown."""
EVERY = 10_000
"""More places than any visit has."""
TELLING = 0.5
"""Changes of the objective J below this are not told; 1 is a minute on the way."""
UNORDERED = ("unplanned", "quota", "fairness", "crowding", "spacing")
"""Parts of the objective J that do not depend on the order of visits within a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """
    Another place of a visit.

    Parameters
    ----------
    cadre, day
        Who would come, and when.
    extra_min
        Minutes on the way it adds; below 0 it saves some.
    parts
        Part of the objective J -> by how much it would rise.
    """

    cadre: str
    day: date
    extra_min: float
    parts: Mapping[str, float]

    @property
    def price(self) -> float:
        """By how much J would rise; below 0 the plan would get better."""
        return sum(self.parts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitAnswer:
    """
    One visit of a plan.

    Parameters
    ----------
    visits
        All of the household, by date.
    cadres
        Who may make this visit: the paired cadre, the one of its other visits, or the unit's.
    locked, past
        Whether it must stay where it is.
    places, better
        Other places at which it breaks no rule, and how many of them would lower J.
    cheapest
        The best of these places.
    """

    visit: PlannedVisit
    household: Household
    unit: str
    visits: Visits
    cadres: tuple[str, ...]
    locked: bool
    past: bool
    places: int
    better: int
    cheapest: tuple[Place, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellAnswer:
    """
    One household with one cadre on one day: the rules in the way, or what it would change.

    Parameters
    ----------
    moved_from
        Day of the visit that would move; None for one that is missing.
    """

    cadre: str
    day: date
    reasons: tuple[Reason, ...]
    place: Place | None
    moved_from: date | None


def ask_visit(opened: OpenPlan, number: str, day: date, *, today: date) -> VisitAnswer:
    """Answer for a visit; raise NotInPlan for one that the plan does not hold."""
    visits = opened.by_household.get(number, ())
    visit = next((x for x in visits if x.date == day), None)
    if visit is None:
        raise NotInPlan("visit", f"{number}, {day.isoformat()}")
    problem = opened.problem
    household = problem.household(number)
    unit = problem.village(household.village).unit
    if household.cadre is not None:
        cadres: tuple[str, ...] = (household.cadre,)
    elif len(visits) > 1:
        cadres = (visit.cadre,)
    else:
        cadres = tuple(c.id for c in problem.cadres_of_unit(unit))
    past = day < today
    asked = partial(alternatives, household=number, day=day, most=EVERY)
    found = [] if past else [x for x in opened.ask(asked) if x.date >= today]
    return VisitAnswer(
        visit=visit,
        household=household,
        unit=unit,
        visits=visits,
        cadres=cadres,
        locked=any((x.household, x.date) == (number, day) for x in problem.locked),
        past=past,
        places=len(found),
        better=sum(x.price < -TELLING for x in found),
        cheapest=tuple(_place(opened, number, day, x) for x in found[:MOST]),
    )


def ask_place(opened: OpenPlan, number: str, cadre: str, day: date) -> CellAnswer:
    """Answer for a cadre and day; raise NotInPlan for what the plan does not know."""
    if not opened.problem.has_household(number):
        raise NotInPlan("household", number)
    if not opened.problem.has_cadre(cadre):
        raise NotInPlan("cadre", cadre)
    opened.require_day(day)
    cell = opened.ask(partial(ask_cell, household=number, cadre=cadre, day=day))
    to = cell.alternative
    return CellAnswer(
        cadre=cadre,
        day=day,
        reasons=cell.reasons,
        place=None if to is None else _place(opened, number, cell.moved_from, to),
        moved_from=cell.moved_from,
    )


def _place(opened: OpenPlan, number: str, moved_from: date | None, to: Alternative) -> Place:
    """
    Lay open the price of a place.

    Travel is what the answer found in the best order of the day; the other parts of J know no
    order within a day, so they are the difference of the scores with and without the move.
    """
    visits = [x for x in opened.plan.visits if (x.household, x.date) != (number, moved_from)]
    visits.append(
        PlannedVisit(household=number, cadre=to.cadre, date=to.date, start=0.0, end=0.0, order=1)
    )
    after = score(opened.problem, visits)
    parts = {key: getattr(after, key) - getattr(opened.metrics, key) for key in UNORDERED}
    parts["travel"] = opened.problem.weights.travel * to.extra_min
    return Place(cadre=to.cadre, day=to.date, extra_min=to.extra_min, parts=parts)
