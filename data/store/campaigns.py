"""Campaigns and the households that take part in them."""

from collections.abc import Iterable

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from data.store.contacts import visit_days
from data.tables import Campaign, CampaignHousehold, Household, Plan
from scheduler.draw import Candidate


class CampaignNotFound(LookupError):
    """There is no such campaign."""

    code = "campaign-not-found"

    def __init__(self, campaign_id: int) -> None:
        super().__init__(f"Campaign {campaign_id} does not exist.")
        self.campaign_id = campaign_id


def load_campaign(session: Session, campaign_id: int) -> Campaign:
    """Return a campaign; raise CampaignNotFound."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise CampaignNotFound(campaign_id)
    return campaign


def lock_campaign(session: Session, campaign_id: int) -> Campaign:
    """
    Return a campaign nobody else may number or publish plans of until this transaction ends.

    SQLite has one writer at a time anyway; PostgreSQL holds the row. Raises CampaignNotFound.
    """
    campaign = session.get(Campaign, campaign_id, with_for_update=True)
    if campaign is None:
        raise CampaignNotFound(campaign_id)
    return campaign


def list_campaigns(session: Session) -> list[Campaign]:
    """Return all campaigns, the latest first."""
    return list(session.scalars(select(Campaign).order_by(Campaign.first_day.desc(), Campaign.id)))


def list_households(session: Session, campaign: Campaign, household_ids: Iterable[int]) -> None:
    """Make these the households that take part, and no others."""
    session.execute(delete(CampaignHousehold).where(CampaignHousehold.campaign_id == campaign.id))
    rows = [
        {"campaign_id": campaign.id, "household_id": household_id}
        for household_id in sorted(set(household_ids))
    ]
    if rows:
        session.execute(insert(CampaignHousehold), rows)
    campaign.selection = "listed"
    session.flush()


def count_plans(session: Session) -> dict[int, int]:
    """Return campaign id -> how many plans it has."""
    query = select(Plan.campaign_id, func.count()).group_by(Plan.campaign_id)
    return dict(session.execute(query).all())


def count_listed(session: Session) -> dict[int, int]:
    """Return campaign id -> how many households are listed for it."""
    query = select(CampaignHousehold.campaign_id, func.count())
    return dict(session.execute(query.group_by(CampaignHousehold.campaign_id)).all())


def count_owed(session: Session) -> int:
    """Return how many households and enterprises are owed a visit at all."""
    owed = (Household.state == "active", Household.visits_due >= 1)
    return session.scalar(select(func.count(Household.id)).where(*owed)) or 0


def plan_in_force(session: Session) -> dict[int, int]:
    """Return campaign id -> id of its published plan."""
    query = select(Plan.campaign_id, Plan.id).where(Plan.state == "published")
    return dict(session.execute(query).all())


def draw_candidates(session: Session) -> list[Candidate]:
    """Return everybody who may be drawn for a campaign, by registry number."""
    last = visit_days(session)
    query = select(Household.id, Household.number, Household.draw_number, Household.priority).where(
        Household.state == "active", Household.visits_due >= 1, Household.kind == "household"
    )
    return [
        Candidate(
            id=row.number,
            draw_number=row.draw_number,
            priority=float(row.priority),
            last_visit=last[row.id][-1] if row.id in last else None,
        )
        for row in session.execute(query.order_by(Household.number))
    ]
