"""
Open a stored plan: its problem, its visits by place and day, and the names behind the ids.

A stored plan never changes, so its two documents are read once and kept on a small shelf;
names come from the registry each time, for those do change.
"""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from data.documents import unpack
from data.store import plan_reading as store
from data.store.plan_reading import CadreName, Missing, VillageName
from data.tables import Plan as PlanRow
from scheduler.check import Verdict, check
from scheduler.explaining.group import GroupLook, look_into_group
from scheduler.explaining.look import Look, look_into
from scheduler.measures.disturbance import Disturbance, disturbance, uncoordinated
from scheduler.metrics import Metrics
from scheduler.plan import Plan, PlannedVisit
from scheduler.problem import Problem
from scheduler.roster import Roster
from scheduler.score import score
from scheduler.why_not import WhyNot, roster_of, why_not

SHELF_SIZE = 3  # opened plans; one of 10,000 households takes about 40 MB

Visits = tuple[PlannedVisit, ...]
K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class PlanNotFound(LookupError):
    """There is no such plan."""

    code = "plan-not-found"

    def __init__(self, plan_id: int) -> None:
        super().__init__(f"Plan {plan_id} does not exist.")
        self.plan_id = plan_id


class NotInPlan(LookupError):
    """A household, cadre, village or day that the plan does not know."""

    code = "not-in-plan"

    def __init__(self, noun: str, key: str) -> None:
        super().__init__(f"The plan knows no {noun} {key!r}.")
        self.noun = noun
        self.key = key


class OpenPlan:
    """
    A plan opened for reading; immutable.

    Parameters
    ----------
    problem, plan
        What was asked and what was answered.
    missing
        What the plan lacks, also of households that no planner could be asked about.
    """

    def __init__(self, problem: Problem, plan: Plan, missing: Sequence[Missing] = ()) -> None:
        self.problem = problem
        self.plan = plan
        self.missing = tuple(missing)
        self._asking = threading.Lock()
        self._looking = threading.Lock()
        self.routes: dict[tuple[str, date], Any] = {}
        """Lines of cadre-days drawn so far (``draw_routes``)."""
        self._looks: dict[str, Look] = {}
        self._together: dict[tuple[str, ...], GroupLook] = {}

    @cached_property
    def by_cadre_day(self) -> Mapping[tuple[str, date], Visits]:
        """Visits of each cadre and date, in order."""
        return _grouped(self.plan.visits, lambda x: (x.cadre, x.date))

    @cached_property
    def by_village_day(self) -> Mapping[tuple[str, date], Visits]:
        """Visits in each village and on each date, by cadre and order."""
        village = self.village_of
        return _grouped(self.plan.visits, lambda x: (village(x.household), x.date))

    @cached_property
    def by_household(self) -> Mapping[str, Visits]:
        """Visits of each household, by date."""
        return _grouped(self.plan.visits, lambda x: x.household)

    @cached_property
    def missing_of(self) -> Mapping[str, Missing]:
        """What the plan lacks, by household."""
        return {x.household: x for x in self.missing}

    @cached_property
    def by_day(self) -> Mapping[date, Visits]:
        """Visits of each date, by cadre and order."""
        return _grouped(self.plan.visits, lambda x: x.date)

    @cached_property
    def verdict(self) -> Verdict:
        """What the independent checker finds."""
        return check(self.problem, self.plan)

    @cached_property
    def metrics(self) -> Metrics:
        """The objective J and its parts."""
        return score(self.problem, self.plan.visits)

    @cached_property
    def disturbance(self) -> Disturbance:
        """How much the plan disturbs."""
        return disturbance(self.problem, self.plan.visits)

    @cached_property
    def baseline(self) -> Disturbance:
        """How much the same sessions would on random days."""
        return uncoordinated(self.problem, self.plan.visits)

    @cached_property
    def days_of_village(self) -> Mapping[str, tuple[date, ...]]:
        """Dates on which each visited village is visited."""
        days: dict[str, list[date]] = defaultdict(list)
        for code, day in sorted(self.by_village_day):
            days[code].append(day)
        return {code: tuple(found) for code, found in days.items()}

    @cached_property
    def village_codes(self) -> frozenset[str]:
        """Codes of the villages the plan knows."""
        return frozenset(v.id for v in self.problem.villages)

    def travel_min(self, cadre: str, day: date) -> float:
        """Minutes on the way of a cadre and day, from the base and back; 0 without a visit."""
        stops = [
            self.problem.household(x.household) for x in self.by_cadre_day.get((cadre, day), ())
        ]
        if not stops:
            return 0.0
        home = self.problem.cadre(cadre)
        base = (home.node, home.base)
        places = [base, *((h.node, h.point) for h in stops), base]
        return sum(self.problem.travel.minutes(a, b) for a, b in pairwise(places))

    def why_not(self, village: str, day: date) -> WhyNot:
        """Tell why a village has no visit on a day, or what one would cost."""
        return self.ask(lambda roster: why_not(roster, village, day))

    def ask(self, question: Callable[[Roster], T]) -> T:
        """Ask the plan laid out; one question at a time, for asking moves visits for a moment."""
        with self._asking:
            return question(self._roster)

    def look(self, household: str, *, seconds: float) -> Look:
        """Find out what keeps a household's visits out, once; one question at a time."""
        with self._looking:
            if household not in self._looks:
                self._looks[household] = look_into(
                    self.problem, self.plan.visits, household, time_limit_s=seconds
                )
            return self._looks[household]

    def look_together(self, households: tuple[str, ...], *, seconds: float) -> GroupLook:
        """Find out what would place all missing visits of some households, once; one at a time."""
        with self._looking:
            if households not in self._together:
                self._together[households] = look_into_group(
                    self.problem, self.plan.visits, households, time_limit_s=seconds
                )
            return self._together[households]

    @cached_property
    def _roster(self) -> Roster:
        return roster_of(self.problem, self.plan)

    def village_of(self, household: str) -> str:
        """Return the code of a household's village."""
        return self.problem.household(household).village

    def require_day(self, day: date) -> date:
        """Return the day, or raise NotInPlan when it lies outside the horizon."""
        if not self.problem.days[0] <= day <= self.problem.days[-1]:
            raise NotInPlan("day", day.isoformat())
        return day


class PlanShelf:
    """The plans opened last; safe to share between threads."""

    def __init__(self, size: int = SHELF_SIZE) -> None:
        self._size = size
        self._open: OrderedDict[tuple[int, datetime], OpenPlan] = OrderedDict()
        self._lock = threading.Lock()

    def open(self, session: Session, row: PlanRow) -> OpenPlan:
        """Return a plan with its documents read."""
        key = (row.id, row.created_at)
        with self._lock:
            if key in self._open:
                self._open.move_to_end(key)
                return self._open[key]
            problem, document = store.plan_documents(session, row.id)
            opened = OpenPlan(
                Problem.from_json(unpack(problem)),
                Plan.from_json(unpack(document)),
                store.unplanned(session, row.id),
            )
            self._open[key] = opened
            while len(self._open) > self._size:
                self._open.popitem(last=False)
            return opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names behind the ids of problems and plans; an unknown id stands for itself."""

    cadres: Mapping[str, CadreName]
    villages: Mapping[str, VillageName]
    units: Mapping[str, str]

    def cadre(self, number: str) -> str:
        """Name of a cadre."""
        return self.cadres[number].name if number in self.cadres else number

    def village(self, code: str) -> str:
        """Name of a village."""
        return self.villages[code].name if code in self.villages else code

    def town(self, code: str) -> str:
        """Name of the town a village belongs to."""
        return self.villages[code].town if code in self.villages else ""

    def unit(self, number: str) -> str:
        """Name of a unit."""
        return self.units.get(number, number)


def find_plan(session: Session, plan_id: int) -> PlanRow:
    """Return a plan's row with its campaign; raise PlanNotFound."""
    row = store.find_plan(session, plan_id)
    if row is None:
        raise PlanNotFound(plan_id)
    return row


def all_plans(session: Session) -> list[PlanRow]:
    """Return every plan, the newest campaign and version first."""
    return store.list_plans(session)


def versions(session: Session, campaign_id: int) -> list[PlanRow]:
    """Return the plans of one campaign, newest first."""
    return store.list_plans(session, campaign_id)


def newest_two(session: Session) -> tuple[int, int] | None:
    """Return the two newest plans of the newest campaign that has two, the older one first."""
    plans = all_plans(session)
    for newer, older in pairwise(plans):
        if newer.campaign_id == older.campaign_id:
            return older.id, newer.id
    return None


def published_version(session: Session, campaign_id: int) -> PlanRow | None:
    """Return the plan of a campaign that is in force, if any."""
    return next((p for p in versions(session, campaign_id) if p.state == "published"), None)


def points_left_out(session: Session, opened: OpenPlan) -> dict[str, tuple[float, float]]:
    """Return household -> longitude and latitude of those missing that the problem left out."""
    numbers = [n for n in opened.missing_of if not opened.problem.has_household(n)]
    return store.door_points(session, numbers)


def load_names(session: Session) -> Names:
    """Read the names of everybody and everywhere."""
    return Names(
        cadres=store.cadre_names(session),
        villages=store.village_names(session),
        units=store.unit_names(session),
    )


def changed_visits(old: OpenPlan, new: OpenPlan) -> dict[str, tuple[Visits, Visits]]:
    """
    Compare two plans household by household.

    Returns
    -------
    dict
        Household -> (visits before, visits after), where cadre or dates differ.
    """
    changed: dict[str, tuple[Visits, Visits]] = {}
    for household in sorted(old.by_household.keys() | new.by_household.keys()):
        before = old.by_household.get(household, ())
        after = new.by_household.get(household, ())
        if [(x.cadre, x.date) for x in before] != [(x.cadre, x.date) for x in after]:
            changed[household] = (before, after)
    return changed


def _grouped(
    visits: Iterable[PlannedVisit], key: Callable[[PlannedVisit], K]
) -> Mapping[K, Visits]:
    groups: dict[K, list[PlannedVisit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda x: (x.date, x.cadre, x.order)):
        groups[key(visit)].append(visit)
    return {k: tuple(group) for k, group in groups.items()}
