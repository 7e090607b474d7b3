"""
Where we are thin and where we are a nuisance: coverage, overdue and crowding of every place.

One report feeds map, table and export, so they cannot differ. All figures come from
``scheduler.measures``; a campaign sets both ends of the due window: a household owed n visits
is due its next one by the n-th part of the campaign, counted from its last visit in it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from data.rules import CampaignRules
from data.store.campaigns import list_campaigns, load_campaign
from data.store.contacts import LedgerRow, standing_contacts
from data.store.households import Site, owed_sites
from data.store.plans import planned_sessions, published_plan
from data.store.regions import RegionRow, load_regions
from data.store.units import load_units, unit_of_village
from data.tables import Campaign
from web.usecases.areas import Area, Counter, KnownVillage, total


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
    regions = load_regions(session)
    units, unit_of = load_units(session), unit_of_village(session)
    counter = Counter(
        rules=CampaignRules.read(campaign.rules),
        campaign_first=campaign.first_day,
        campaign_last=campaign.last_day,
        first=start,
        as_of=min(today, end),
    )
    villages: list[Area] = []
    of_town: dict[int, list[Area]] = defaultdict(list)
    is_synthetic = False
    for known in _villages(session, campaign, regions, today):
        parent = regions.get(known.region.parent_id or 0)
        answering = units.get(unit_of.get(known.region.id, 0))
        number, name = (answering.number, answering.name) if answering else ("", "")
        if unit not in ("", number) or town not in ("", parent.code if parent else ""):
            continue
        area = counter.village(known, town=parent, unit=(number, name))
        villages.append(area)
        of_town[known.region.parent_id or 0].append(area)
        is_synthetic |= known.region.synthetic_shape
    top = next((region for region in regions.values() if region.kind == "district"), None)
    return CoverageReport(
        campaign_id=campaign.id,
        first=start,
        last=end,
        today=today,
        is_synthetic=is_synthetic,
        district=total(top, villages),
        towns=tuple(
            total(regions[parent], of_town[parent]) for parent in regions if parent in of_town
        ),
        villages=tuple(villages),
    )


def _villages(
    session: Session, campaign: Campaign, regions: Mapping[int, RegionRow], today: date
) -> list[KnownVillage]:
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
        KnownVillage(
            region=region,
            sites=sites[region.id],
            rows=rows[region.id],
            planned=planned[region.id],
        )
        for region in regions.values()
        if region.is_village
    ]
