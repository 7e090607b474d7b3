"""Where the district stands, and what the next step is."""

from dataclasses import dataclass
from datetime import date

from data.db import Database
from data.store import overview as store
from data.store.overview import Counts
from web.usecases.coverage import CoverageReport, campaign_to_report, coverage_report


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignState:
    """The newest campaign and its newest plans, as a start page shows them."""

    id: int
    name: str
    first_day: date
    last_day: date
    newest_plan_id: int | None = None
    newest_plan_number: int | None = None
    newest_plan_state: str = ""
    newest_plan_visits: int = 0
    newest_plan_unplanned: int = 0
    published_plan_id: int | None = None
    published_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DistrictState:
    """
    What is known, and the step that comes next.

    ``next_step`` is one of ``import`` (villages, cadres or households are missing), ``locate``
    (households without a point), ``campaign``, ``plan``, ``publish``, ``follow`` (all is
    published: watch it).
    """

    counts: Counts
    campaign: CampaignState | None
    next_step: str
    report: CoverageReport | None

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been imported yet."""
        return not (self.counts.villages or self.counts.households or self.counts.cadres)


def district_state(database: Database, *, today: date) -> DistrictState:
    """
    Return the state of the district.

    The campaign is the one that runs today, else the latest; its coverage is counted once a
    plan is published.
    """
    with database.read() as session:
        counts = store.load_counts(session)
        campaign = None
        report = None
        row = campaign_to_report(session, None, today=today)
        if row is not None:
            newest = store.newest_plan(session, row.id)
            published = store.newest_plan(session, row.id, state="published")
            campaign = CampaignState(
                id=row.id,
                name=row.name,
                first_day=row.first_day,
                last_day=row.last_day,
                newest_plan_id=newest.id if newest else None,
                newest_plan_number=newest.number if newest else None,
                newest_plan_state=newest.state if newest else "",
                newest_plan_visits=newest.visit_count if newest else 0,
                newest_plan_unplanned=newest.unplanned_count if newest else 0,
                published_plan_id=published.id if published else None,
                published_on=published.published_on if published else None,
            )
            if published is not None:
                report = coverage_report(session, row, today=today)
        return DistrictState(
            counts=counts,
            campaign=campaign,
            next_step=_next_step(counts, campaign),
            report=report,
        )


def _next_step(counts: Counts, campaign: CampaignState | None) -> str:
    if not (counts.villages and counts.cadres and counts.households + counts.enterprises):
        return "import"
    if counts.households_without_point:
        return "locate"
    if campaign is None:
        return "campaign"
    if campaign.newest_plan_id is None:
        return "plan"
    if campaign.published_plan_id is None or campaign.newest_plan_state == "draft":
        return "publish"
    return "follow"
