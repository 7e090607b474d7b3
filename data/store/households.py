"""Households and enterprises, read in bulk: 10,000 rows take a fraction of a second."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.tables import Campaign, CampaignHousehold, Household, Pairing

OWED_STATES = ("active",)


class Site(NamedTuple):
    """What a plan needs of a household or enterprise; nothing personal."""

    id: int
    number: str
    kind: str
    village_id: int
    lon: float | None
    lat: float | None
    visits_due: int
    min_gap_days: int
    service_min: int
    windows: list[Any]
    priority: int
    not_before: date | None
    not_after: date | None
    paired_cadre_id: int | None


def owed_sites(session: Session, campaign: Campaign) -> Sequence[Site]:
    """Return the sites of a campaign that are owed a visit, by number."""
    query = (
        select(
            Household.id,
            Household.number,
            Household.kind,
            Household.village_id,
            Household.lon,
            Household.lat,
            Household.visits_due,
            Household.min_gap_days,
            Household.service_min,
            Household.windows,
            Household.priority,
            Household.not_before,
            Household.not_after,
            Pairing.cadre_id,
        )
        .outerjoin(Pairing, Pairing.household_id == Household.id)
        .where(Household.visits_due >= 1, Household.state.in_(OWED_STATES))
        .order_by(Household.number)
    )
    if campaign.selection == "listed":
        query = query.join(
            CampaignHousehold,
            (CampaignHousehold.household_id == Household.id)
            & (CampaignHousehold.campaign_id == campaign.id),
        )
    return [Site(*row) for row in session.execute(query)]


def lock_household(session: Session, household_id: int) -> Household:
    """
    Return a household whose contacts nobody else may add to until this transaction ends.

    SQLite has one writer at a time anyway; PostgreSQL holds the row.
    """
    return session.get_one(Household, household_id, with_for_update=True)


def ids_by_number(session: Session) -> dict[str, int]:
    """Return registry number -> id of every household and enterprise."""
    query = select(Household.number, Household.id)
    return dict(session.execute(query).all())


def village_of_household(session: Session) -> dict[int, int]:
    """Return household id -> village id, of every household and enterprise."""
    query = select(Household.id, Household.village_id)
    return dict(session.execute(query).all())


def points_by_number(session: Session) -> dict[str, tuple[float, float]]:
    """Return registry number -> WGS-84 ``lon, lat`` of everything that is on the map."""
    query = select(Household.number, Household.lon, Household.lat).where(
        Household.lon.is_not(None), Household.lat.is_not(None)
    )
    return {
        number: (round(lon, 6), round(lat, 6))
        for number, lon, lat in session.execute(query)
        if lon is not None and lat is not None
    }
