"""Campaigns and the households that take part in them."""

from collections.abc import Iterable

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from data.tables import Campaign, CampaignHousehold, Plan


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


def list_campaigns(session: Session) -> list[Campaign]:
    """Return all campaigns, the latest first."""
    return list(session.scalars(select(Campaign).order_by(Campaign.first_day.desc(), Campaign.id)))


def listed_households(session: Session, campaign_id: int) -> set[int]:
    """Return ids of the households listed for a campaign."""
    query = select(CampaignHousehold.household_id)
    return set(session.scalars(query.where(CampaignHousehold.campaign_id == campaign_id)))


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
