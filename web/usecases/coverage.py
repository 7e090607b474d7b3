"""
Where we are thin and where we are a nuisance: coverage, overdue and crowding of every place.

One report feeds map, table and export, so they cannot differ. All figures come from
``scheduler.measures``; a campaign sets both ends of the due window: a household owed n visits
is due its next one by the n-th part of the period, counted from its last visit in the period.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from data.rules import CampaignRules
from data.store.campaigns import list_campaigns, load_campaign
from data.store.contacts import LedgerRow, standing_contacts
from data.store.households import Site, owed_sites
from data.store.plans import planned_sessions, published_plan
from data.store.regions import RegionRow, load_regions
from data.store.units import load_units, unit_of_village
from data.tables import Campaign
from scheduler.measures.coverage import Coverage, coverage
from scheduler.measures.crowding import Stay, crowding, visits_per_week
from scheduler.measures.due import due_window, is_overdue
from scheduler.measures.spacing import pairs_too_close, smallest_gap_days

Crowded = Literal["teams", "gap", "week"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """
    A village, a town or the district in a period.

    Parameters
    ----------
    code, name, kind
        As in the region tree.
    town_code, town_name, unit_number, unit_name
        Of a village; empty elsewhere and where nobody answers for it.
    coverage
        Owed households, and those of them visited in the period.
    never
        Owed households without any visit on record.
    overdue
        Owed households whose due window has closed.
    visits
        Visits made in the period, owed or not; same household and day is one.
    sessions
        Teams in a village on a day.
    peak_teams
        Most sessions in one village on one day.
    smallest_gap_days
        Fewest days between two visit days of one village, None for fewer than two.
    crowded
        Limits that were exceeded: more teams on a day, visit days too close, a full week.
    crowded_villages
        How many villages exceeded one.
    last_visit, next_visit
        Newest visit made, and next session of the published plan from today on.
    """

    code: str
    name: str
    kind: str
    town_code: str = ""
    town_name: str = ""
    unit_number: str = ""
    unit_name: str = ""
    coverage: Coverage
    never: int
    overdue: int
    visits: int
    sessions: int
    peak_teams: int
    smallest_gap_days: int | None
    crowded: tuple[Crowded, ...]
    crowded_villages: int
    last_visit: date | None
    next_visit: date | None

    @property
    def is_unvisited(self) -> bool:
        """Whether visits are owed and none was made in the period."""
        return self.coverage.owed > 0 and self.coverage.visited == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageReport:
    """
    The whole report.

    Parameters
    ----------
    first, last
        The period, both included.
    today
        Day as of which it holds; later contacts are not counted.
    is_synthetic
        Whether boundaries are invented: whatever shows the report says so.
    district, towns, villages
        Totals and parts; towns and villages by code.
    """

    campaign_id: int
    first: date
    last: date
    today: date
    is_synthetic: bool
    district: Area
    towns: tuple[Area, ...]
    villages: tuple[Area, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Village:
    """What is known of one village before it is counted."""

    region: RegionRow
    sites: Sequence[Site]
    rows: Sequence[LedgerRow]
    planned: Sequence[date]


def campaign_to_report(
    session: Session, campaign_id: int | None, *, today: date
) -> Campaign | None:
    """
    Return the campaign asked for, else the one that runs today, else the latest; None: none yet.

    Raises
    ------
    CampaignNotFound
        If one was asked for that does not exist.
    """
    if campaign_id is not None:
        return load_campaign(session, campaign_id)
    campaigns = list_campaigns(session)
    running = [c for c in campaigns if c.first_day <= today <= c.last_day]
    return next(iter(running or campaigns), None)


def coverage_report(
    session: Session,
    campaign: Campaign,
    *,
    today: date,
    first: date | None = None,
    last: date | None = None,
    unit: str = "",
    town: str = "",
) -> CoverageReport:
    """
    Report on a campaign.

    Parameters
    ----------
    session
        Only read.
    today
        Day as of which it holds.
    first, last
        Another period than the campaign's own.
    unit, town
        Registry number of a unit, code of a town: only their villages, totals included.
    """
    start, end = first or campaign.first_day, last or campaign.last_day
    rules = CampaignRules.read(campaign.rules)
    regions = load_regions(session)
    units, unit_of = load_units(session), unit_of_village(session)
    book = _Book(campaign, rules, start, end, min(today, end))
    wanted: list[tuple[_Village, str, str]] = []
    for village in _villages(session, campaign, regions, today):
        region = village.region
        answering = units.get(unit_of.get(region.id, 0))
        number, name = (answering.number, answering.name) if answering else ("", "")
        if _matches(regions, region, town) and unit in ("", number):
            wanted.append((village, number, name))
    towns: dict[int, list[_Village]] = defaultdict(list)
    for village, _, _ in wanted:
        towns[village.region.parent_id or 0].append(village)
    top = next((r for r in regions.values() if r.kind == "district"), None)
    return CoverageReport(
        campaign_id=campaign.id,
        first=start,
        last=end,
        today=today,
        is_synthetic=any(village.region.synthetic_shape for village, _, _ in wanted),
        district=book.area(top, [village for village, _, _ in wanted]),
        towns=tuple(
            book.area(regions[parent], towns[parent]) for parent in regions if parent in towns
        ),
        villages=tuple(
            book.area(
                village.region,
                [village],
                town=regions.get(village.region.parent_id or 0),
                unit=(number, name),
            )
            for village, number, name in wanted
        ),
    )


def _matches(regions: Mapping[int, RegionRow], region: RegionRow, town: str) -> bool:
    parent = regions.get(region.parent_id or 0)
    return not town or (parent is not None and parent.code == town)


def _villages(
    session: Session, campaign: Campaign, regions: Mapping[int, RegionRow], today: date
) -> list[_Village]:
    sites: dict[int, list[Site]] = defaultdict(list)
    for site in owed_sites(session, campaign):
        sites[site.village_id].append(site)
    rows: dict[int, list[LedgerRow]] = defaultdict(list)
    for row in standing_contacts(session, until=today):
        rows[row.village_id].append(row)
    planned: dict[int, list[date]] = defaultdict(list)
    plan = published_plan(session, campaign.id)
    if plan is not None:
        for stay in planned_sessions(session, plan.id):
            if stay.day >= today:
                planned[stay.village_id].append(stay.day)
    return [
        _Village(
            region=region,
            sites=sites[region.id],
            rows=rows[region.id],
            planned=planned[region.id],
        )
        for region in regions.values()
        if region.is_village
    ]


@dataclass(frozen=True, slots=True)
class _Book:
    """Counts areas under one set of rules and one period."""

    campaign: Campaign
    rules: CampaignRules
    first: date
    last: date
    as_of: date

    def area(
        self,
        region: RegionRow | None,
        villages: Sequence[_Village],
        *,
        town: RegionRow | None = None,
        unit: tuple[str, str] = ("", ""),
    ) -> Area:
        """Count one place: itself, or all villages below it."""
        visits = [row for village in villages for row in self._visits(village)]
        crowded = {village.region.id: self._crowded(village) for village in villages}
        ever = {
            row.household_id
            for village in villages
            for row in village.rows
            if row.is_visit and row.day <= self.as_of
        }
        owed = [site.id for village in villages for site in village.sites]
        stays = [Stay(row.team, str(row.village_id), row.day) for row in visits]
        counted = crowding(stays)
        gaps = [
            gap
            for village in villages
            if (gap := smallest_gap_days(row.day for row in self._visits(village))) is not None
        ]
        return Area(
            code=region.code if region else "",
            name=region.name if region else "",
            kind=region.kind if region else "district",
            town_code=town.code if town else "",
            town_name=town.name if town else "",
            unit_number=unit[0],
            unit_name=unit[1],
            coverage=_coverage(owed, (row.household_id for row in visits)),
            never=len(set(owed) - ever),
            overdue=sum(self._overdue(village) for village in villages),
            visits=len({(row.household_id, row.day) for row in visits}),
            sessions=len(set(stays)),
            peak_teams=counted.peak_village_day,
            smallest_gap_days=min(gaps, default=None),
            crowded=tuple(dict.fromkeys(c for codes in crowded.values() for c in codes)),
            crowded_villages=sum(bool(codes) for codes in crowded.values()),
            last_visit=max((row.day for row in visits), default=None),
            next_visit=min((day for village in villages for day in village.planned), default=None),
        )

    def _visits(self, village: _Village) -> list[LedgerRow]:
        return [row for row in village.rows if row.is_visit and self.first <= row.day <= self.as_of]

    def _overdue(self, village: _Village) -> int:
        made: dict[int, set[date]] = defaultdict(set)
        before: dict[int, date] = {}
        for row in village.rows:
            if row.is_visit and row.day <= self.as_of:
                if row.day >= self.first:
                    made[row.household_id].add(row.day)
                else:
                    before[row.household_id] = row.day
        return sum(
            self._is_overdue(site, made.get(site.id, set()), before.get(site.id))
            for site in village.sites
        )

    def _is_overdue(self, site: Site, made: Collection[date], before: date | None) -> bool:
        if len(made) >= site.visits_due:
            return False
        gap_days = max(site.min_gap_days, self.rules.household_min_gap_days)
        opens = self.first if before is None else max(self.first, before + timedelta(gap_days))
        horizon_days = (self.last - self.first).days + 1
        window = due_window(
            last_visit=max(made, default=None),
            first_day=opens,
            last_day=max(opens, self.last),
            earliest_days=gap_days,
            latest_days=-(-horizon_days // site.visits_due),
            min_gap_days=gap_days,
            away_until=site.not_before,
        )
        return is_overdue(window, self.as_of)

    def _crowded(self, village: _Village) -> tuple[Crowded, ...]:
        visits = self._visits(village)
        stays = crowding(Stay(row.team, "", row.day) for row in visits)
        doors = {(row.household_id, row.day) for row in visits}
        weeks = visits_per_week(("", day) for _, day in doors)
        # The last visit before the period counts too: a gap does not end with a month.
        earlier = [r.day for r in village.rows if r.is_visit and r.day < self.first][-1:]
        days = [*earlier, *(row.day for row in visits)]
        found: list[Crowded] = []
        if stays.peak_village_day > self.rules.village_max_teams_per_day:
            found.append("teams")
        if pairs_too_close(days, self.rules.village_min_gap_days):
            found.append("gap")
        if max(weeks.values(), default=0) > self.rules.village_max_visits_per_week:
            found.append("week")
        return tuple(found)


def _coverage(owed: Iterable[int], visited: Iterable[int]) -> Coverage:
    return coverage([str(i) for i in owed], [str(i) for i in visited])
