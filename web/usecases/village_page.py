"""One village: who came and when, who will come, and when it wants to be left in peace."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from data.rules import CampaignRules
from data.store.blackouts import load_closed_days
from data.store.calendar import load_working_days
from data.store.contacts import LedgerRow, standing_contacts
from data.store.plan_reading import CadreName, cadre_names
from data.store.plans import planned_sessions, published_plan
from data.store.regions import load_regions
from data.tables import Campaign
from web.usecases.areas import Area
from web.usecases.coverage import coverage_report

CLOSED_AHEAD_DAYS = 60


class VillageNotFound(LookupError):
    """No village has this code."""

    code = "village-not-found"

    def __init__(self, village: str) -> None:
        super().__init__(f"There is no village {village}.")
        self.village = village


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionMade:
    """A team that came: how many households it spoke with, and how many doors stayed shut."""

    day: date
    who: str
    visited: int
    unanswered: int
    other: int
    gap_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPlanned:
    """A team that will come."""

    day: date
    who: str
    households: int


@dataclass(frozen=True, slots=True, kw_only=True)
class VillagePage:
    """
    What a village page shows.

    Parameters
    ----------
    made
        Newest first, of the period; ``gap_days`` to the visit day before.
    planned
        Of the published plan, from today on.
    closed
        Working days ahead on which nobody comes, with the reasons.
    """

    area: Area
    made: Sequence[SessionMade]
    planned: Sequence[SessionPlanned]
    closed: Sequence[tuple[date, tuple[str, ...]]]
    rules: CampaignRules


def read_village(session: Session, campaign: Campaign, code: str, *, today: date) -> VillagePage:
    """
    Read one village.

    Raises
    ------
    VillageNotFound
    """
    report = coverage_report(session, campaign, today=today)
    area = next((area for area in report.villages if area.code == code), None)
    if area is None:
        raise VillageNotFound(code)
    village_id = next(r.id for r in load_regions(session).values() if r.code == code)
    rows = standing_contacts(session, until=today, village_id=village_id)
    names = {cadre.id: cadre for cadre in cadre_names(session).values()}
    plan = published_plan(session, campaign.id)
    planned = planned_sessions(session, plan.id) if plan is not None else []
    ahead = load_working_days(session, today, today + timedelta(days=CLOSED_AHEAD_DAYS))
    return VillagePage(
        area=area,
        made=_made(rows, names, report.first),
        planned=[
            SessionPlanned(day=stay.day, who=names[stay.cadre_id].name, households=stay.visits)
            for stay in planned
            if stay.village_id == village_id and stay.day >= today
        ],
        closed=sorted(load_closed_days(session, ahead).get(village_id, {}).items()),
        rules=CampaignRules.read(campaign.rules),
    )


def _made(rows: Sequence[LedgerRow], names: dict[int, CadreName], first: date) -> list[SessionMade]:
    teams: dict[tuple[date, str], list[LedgerRow]] = defaultdict(list)
    for row in rows:
        who = names[row.cadre_id].name if row.cadre_id is not None else row.unit_name
        teams[row.day, who].append(row)
    days = sorted({row.day for row in rows if row.is_visit})
    before = dict(zip(days[1:], days, strict=False))
    made = []
    for (day, who), mine in sorted(teams.items(), reverse=True):
        if day < first:
            continue
        outcomes = Counter(row.outcome for row in mine)
        visited = len({row.household_id for row in mine if row.is_visit})
        gap = (day - before[day]).days if visited and day in before else None
        unanswered = outcomes["no_answer"]
        made.append(
            SessionMade(
                day=day,
                who=who,
                visited=visited,
                unanswered=unanswered,
                other=len(mine) - outcomes["visited"] - unanswered,
                gap_days=gap,
            )
        )
    return made
