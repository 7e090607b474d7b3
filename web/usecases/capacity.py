"""
The capacity meter: what a campaign needs, and the most it could possibly get.

Quick arithmetic on upper limits, in milliseconds: where the need exceeds even these, no plan can
do it; where it does not, a plan may still be impossible, so nothing here says "possible".
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from sqlalchemy.orm import Session

from data.hours import shifts
from data.rules import CampaignRules
from data.store.blackouts import load_closed_days
from data.store.cadres import active_cadres, days_away
from data.store.calendar import load_working_days
from data.store.campaigns import load_campaign
from data.store.contacts import households_visited, visit_days
from data.store.households import owed_sites
from data.store.regions import load_regions
from data.store.units import load_units, unit_of_village
from data.tables import Cadre, Campaign

Kind = Literal["village", "unit", "quota", "district"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meter:
    """
    One need against its upper limit.

    Parameters
    ----------
    kind
        ``village`` and ``unit``: visits; ``quota``: distinct households; ``district``: team days.
    name
        Village or unit; empty for the district.
    needed, most
        What is asked, and what could be had at the very best.
    """

    kind: Kind
    name: str
    needed: int
    most: int

    @property
    def short(self) -> int:
        """By how much it cannot be done; 0 where nothing says so."""
        return max(0, self.needed - self.most)

    @property
    def load(self) -> float:
        """Need as a share of the limit; above 1 it cannot be done."""
        return self.needed / self.most if self.most else float(self.needed > 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """
    All meters of a campaign.

    Parameters
    ----------
    workdays
        Working days of the period that are not past.
    households, visits
        Owed in the campaign.
    cadres
        Who has a free day in the period.
    unlocated, without_unit
        Owed households without a point, and in villages nobody answers for.
    meters
        Highest load first.
    """

    campaign_id: int
    campaign_name: str
    first_day: date
    last_day: date
    workdays: int
    households: int
    visits: int
    cadres: int
    unlocated: int
    without_unit: int
    meters: tuple[Meter, ...]

    @property
    def short(self) -> list[Meter]:
        """Meters that show that some visits cannot be planned."""
        return [meter for meter in self.meters if meter.short]

    @property
    def can_begin(self) -> bool:
        """Whether there are days, households and cadres at all."""
        return bool(self.workdays and self.visits and self.cadres)


def capacity_of(
    session: Session, campaign_id: int, *, today: date, rules: CampaignRules | None = None
) -> Capacity:
    """
    Weigh a campaign, under its own rules or under ones somebody is just typing.

    Raises
    ------
    CampaignNotFound
    """
    campaign = load_campaign(session, campaign_id)
    rules = rules or CampaignRules.read(campaign.rules)
    days = load_working_days(session, max(campaign.first_day, today), campaign.last_day)
    found = Capacity(
        campaign_id=campaign.id,
        campaign_name=campaign.name,
        first_day=campaign.first_day,
        last_day=campaign.last_day,
        workdays=len(days),
        households=0,
        visits=0,
        cadres=0,
        unlocated=0,
        without_unit=0,
        meters=(),
    )
    return _weigh(session, campaign, rules, days, found)


def _weigh(
    session: Session,
    campaign: Campaign,
    rules: CampaignRules,
    days: Sequence[date],
    found: Capacity,
) -> Capacity:
    made = visit_days(session)
    unit_of = unit_of_village(session)
    due: Counter[int] = Counter()
    reachable: Counter[int] = Counter()
    unlocated = without_unit = 0
    for site in owed_sites(session, campaign):
        past = sum(campaign.first_day <= d <= campaign.last_day for d in made.get(site.id, ()))
        if site.visits_due <= past:
            continue
        reachable[site.village_id] += 1
        due[site.village_id] += site.visits_due - past
        unlocated += site.lon is None
        without_unit += site.village_id not in unit_of
    free = _free_days(session, rules, days)
    return replace(
        found,
        households=reachable.total(),
        visits=due.total(),
        cadres=sum(bool(f) for f in free.values()),
        unlocated=unlocated,
        without_unit=without_unit,
        meters=tuple(
            sorted(
                (
                    *_villages(session, rules, days, due),
                    *_units(session, campaign, rules, due, reachable, free),
                    *_district(rules, due.total(), days),
                ),
                key=lambda meter: (-meter.load, meter.kind, meter.name),
            )
        ),
    )


def _free_days(
    session: Session, rules: CampaignRules, days: Sequence[date]
) -> dict[Cadre, Collection[date]]:
    away = days_away(session, days[0], days[-1]) if days else {}
    return {
        cadre: shifts(cadre, rules, (d for d in days if d not in away.get(cadre.id, ())))
        for cadre in active_cadres(session)
    }


def _villages(
    session: Session, rules: CampaignRules, days: Sequence[date], due: Mapping[int, int]
) -> Iterable[Meter]:
    closed = load_closed_days(session, days)
    regions = load_regions(session)
    for village_id, needed in due.items():
        open_days = [day for day in days if day not in closed.get(village_id, ())]
        yield Meter(
            kind="village",
            name=regions[village_id].name,
            needed=needed,
            most=most_visits(open_days, rules),
        )


def most_visits(open_days: Sequence[date], rules: CampaignRules) -> int:
    """
    Return an upper limit of the visits a village can take on its open days, ascending.

    Taking each day as early as the gap allows gives the most visit days there are; no week
    takes more than its cap.
    """
    visit_days_: list[date] = []
    for day in open_days:
        if not visit_days_ or (day - visit_days_[-1]).days >= max(1, rules.village_min_gap_days):
            visit_days_.append(day)
    minutes = sum(end - start for start, end in rules.visiting_hours)
    of_a_team = min(rules.max_visits_per_day, minutes // rules.service_floor_min)
    weeks = {day.isocalendar()[:2] for day in open_days}
    return min(
        len(visit_days_) * rules.village_max_teams_per_day * of_a_team,
        len(weeks) * rules.village_max_visits_per_week,
    )


def _units(
    session: Session,
    campaign: Campaign,
    rules: CampaignRules,
    due: Mapping[int, int],
    reachable: Mapping[int, int],
    free: Mapping[Cadre, Collection[date]],
) -> Iterable[Meter]:
    visits: Counter[int] = Counter()
    households: Counter[int] = Counter()
    for village_id, unit_id in unit_of_village(session).items():
        visits[unit_id] += due.get(village_id, 0)
        households[unit_id] += reachable.get(village_id, 0)
    visited = households_visited(session, campaign.first_day, campaign.last_day)
    most: Counter[int] = Counter()
    quota: dict[int, int] = defaultdict(int)
    for cadre, days in free.items():
        most[cadre.unit_id] += len(days) * min(cadre.max_visits_per_day, rules.max_visits_per_day)
        own = rules.quota(cadre.role, cadre.quota) - visited.get(cadre.id, 0)
        quota[cadre.unit_id] += max(0, own)
    for unit in load_units(session).values():
        if visits[unit.id]:
            yield Meter(kind="unit", name=unit.name, needed=visits[unit.id], most=most[unit.id])
        if quota[unit.id]:
            yield Meter(
                kind="quota", name=unit.name, needed=quota[unit.id], most=households[unit.id]
            )


def _district(rules: CampaignRules, visits: int, days: Sequence[date]) -> Iterable[Meter]:
    cap = rules.district_max_teams_per_day
    if cap is not None and visits:
        teams = -(-visits // rules.max_visits_per_day)
        yield Meter(kind="district", name="", needed=teams, most=cap * len(days))
