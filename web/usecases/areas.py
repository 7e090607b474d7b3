"""
Count one village by the measures, and put places together.

Villages share no household, so towns and the district are sums of their villages.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from data.rules import CampaignRules
from data.store.contacts import LedgerRow
from data.store.households import Site
from data.store.regions import RegionRow
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
class KnownVillage:
    """
    What is known of one village before it is counted.

    Parameters
    ----------
    sites
        Owed a visit in the campaign.
    rows
        Every contact up to today, by day.
    planned
        Days of sessions still to come.
    """

    region: RegionRow
    sites: Sequence[Site]
    rows: Sequence[LedgerRow]
    planned: Sequence[date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """
    Counts villages under one set of rules.

    Parameters
    ----------
    campaign_first, campaign_last
        The campaign's own period: it alone decides what is overdue.
    first, as_of
        The period looked at, up to today.
    """

    rules: CampaignRules
    campaign_first: date
    campaign_last: date
    first: date
    as_of: date

    def village(
        self, known: KnownVillage, *, town: RegionRow | None, unit: tuple[str, str]
    ) -> Area:
        """Count one village; ``unit`` is the number and name of who answers for it."""
        visits = self._visits(known)
        owed = {site.number for site in known.sites}
        number_of = {site.id: site.number for site in known.sites}
        visited = {number_of.get(row.household_id, "") for row in visits}
        ever = {row.household_id for row in known.rows if row.is_visit and row.day <= self.as_of}
        stays = {Stay(row.team, known.region.code, row.day) for row in visits}
        return Area(
            code=known.region.code,
            name=known.region.name,
            kind=known.region.kind,
            town_code=town.code if town else "",
            town_name=town.name if town else "",
            unit_number=unit[0],
            unit_name=unit[1],
            coverage=coverage(owed, visited),
            never=sum(site.id not in ever for site in known.sites),
            overdue=self._overdue(known),
            visits=len({(row.household_id, row.day) for row in visits}),
            sessions=len(stays),
            peak_teams=crowding(stays).peak_village_day,
            smallest_gap_days=smallest_gap_days(row.day for row in visits),
            crowded=(crowded := self._crowded(known, visits)),
            crowded_villages=int(bool(crowded)),
            last_visit=max((row.day for row in visits), default=None),
            next_visit=min(known.planned, default=None),
        )

    def _visits(self, village: KnownVillage) -> list[LedgerRow]:
        return [row for row in village.rows if row.is_visit and self.first <= row.day <= self.as_of]

    def _overdue(self, village: KnownVillage) -> int:
        made: dict[int, set[date]] = defaultdict(set)
        before: dict[int, date] = {}
        for row in village.rows:
            if row.is_visit and row.day <= self.as_of:
                if row.day >= self.campaign_first:
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
        first, last = self.campaign_first, self.campaign_last
        opens = first if before is None else max(first, before + timedelta(gap_days))
        horizon_days = (last - first).days + 1
        window = due_window(
            last_visit=max(made, default=None),
            first_day=opens,
            last_day=max(opens, last),
            earliest_days=gap_days,
            latest_days=-(-horizon_days // site.visits_due),
            min_gap_days=gap_days,
            away_until=site.not_before,
        )
        return is_overdue(window, self.as_of)

    def _crowded(self, village: KnownVillage, visits: Sequence[LedgerRow]) -> tuple[Crowded, ...]:
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


def total(region: RegionRow | None, villages: Sequence[Area]) -> Area:
    """Put villages together: a town, the district, or what a filter left of it."""
    return Area(
        code=region.code if region else "",
        name=region.name if region else "",
        kind=region.kind if region else "district",
        coverage=Coverage(
            sum(area.coverage.visited for area in villages),
            sum(area.coverage.owed for area in villages),
        ),
        never=sum(area.never for area in villages),
        overdue=sum(area.overdue for area in villages),
        visits=sum(area.visits for area in villages),
        sessions=sum(area.sessions for area in villages),
        peak_teams=max((area.peak_teams for area in villages), default=0),
        smallest_gap_days=min(
            (a.smallest_gap_days for a in villages if a.smallest_gap_days is not None),
            default=None,
        ),
        crowded=tuple(dict.fromkeys(code for area in villages for code in area.crowded)),
        crowded_villages=sum(area.crowded_villages for area in villages),
        last_visit=max((a.last_visit for a in villages if a.last_visit), default=None),
        next_visit=min((a.next_visit for a in villages if a.next_visit), default=None),
    )
