"""Campaigns: begin one, change its period, say who takes part, change its rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from data import audit
from data.rules import CampaignRules
from data.store.accounts import list_users
from data.store.campaigns import (
    count_listed,
    count_owed,
    count_plans,
    draw_candidates,
    list_campaigns,
    list_households,
    load_campaign,
    plan_in_force,
)
from data.store.households import ids_by_number
from data.tables import Campaign
from scheduler.draw import draw

LONGEST_DAYS = 400
NAME_LENGTH = 120


class InvalidCampaign(Exception):
    """
    A campaign that cannot be kept.

    Parameters
    ----------
    problems
        Field -> code: ``missing``, ``too-long``, ``backwards``, ``too-many-days`` or
        ``out-of-bounds``.
    """

    code = "invalid-campaign"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(f"This campaign cannot be kept: {dict(problems)}.")
        self.problems = dict(problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRow:
    """
    A campaign as a list shows it.

    Parameters
    ----------
    phase
        ``upcoming``, ``running`` or ``over`` on the day asked.
    taking_part
        Households and enterprises that take part.
    published_plan_id
        The plan in force, if any.
    """

    id: int
    name: str
    first_day: date
    last_day: date
    phase: str
    selection: str
    draw: dict[str, Any] | None
    taking_part: int
    plans: int
    published_plan_id: int | None
    rules: CampaignRules
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """Who changed which rules when: name -> value before, value after."""

    at: datetime
    actor: str
    changed: dict[str, tuple[Any, Any]]


def read_campaigns(session: Session, *, today: date) -> list[CampaignRow]:
    """Read all campaigns, the latest first."""
    return _rows(session, list_campaigns(session), today)


def read_campaign(session: Session, campaign_id: int, *, today: date) -> CampaignRow:
    """Read one campaign; raises CampaignNotFound."""
    return _rows(session, [load_campaign(session, campaign_id)], today)[0]


def create_campaign(
    session: Session,
    *,
    name: str,
    first_day: date | None,
    last_day: date | None,
    actor_id: int | None,
    now: datetime,
    rules: CampaignRules | None = None,
) -> int:
    """
    Begin a campaign in which everybody owed a visit takes part; return its id.

    Raises
    ------
    InvalidCampaign
        Naming the fields.
    """
    first, last = _period(name, first_day, last_day)
    row = Campaign(
        name=name.strip(),
        first_day=first,
        last_day=last,
        rules=(rules or CampaignRules()).stored(),
        selection="all",
        draw=None,
        created_at=now,
    )
    session.add(row)
    session.flush()
    _record(session, row.id, "campaign.create", actor_id, now, {})
    return row.id


def edit_campaign(
    session: Session,
    campaign_id: int,
    *,
    name: str,
    first_day: date | None,
    last_day: date | None,
    version: int,
    actor_id: int | None,
    now: datetime,
) -> None:
    """
    Change name and period; plans that exist stay as they are.

    Raises
    ------
    InvalidCampaign
        Naming the fields.
    StaleDataError
        If somebody changed the campaign since ``version`` was read.
    """
    first, last = _period(name, first_day, last_day)
    row = _current(session, campaign_id, version)
    row.name, row.first_day, row.last_day = name.strip(), first, last
    facts = {"first_day": first.isoformat(), "last_day": last.isoformat()}
    _record(session, campaign_id, "campaign.edit", actor_id, now, facts)


def let_all_take_part(
    session: Session, campaign_id: int, *, version: int, actor_id: int | None, now: datetime
) -> None:
    """Let everybody who is owed a visit take part."""
    row = _current(session, campaign_id, version)
    list_households(session, row, ())
    row.selection, row.draw = "all", None
    _record(session, campaign_id, "campaign.all", actor_id, now, {})


def draw_households(
    session: Session,
    campaign_id: int,
    *,
    count: int,
    seed: int,
    day: date,
    version: int,
    actor_id: int | None,
    now: datetime,
) -> int:
    """
    Draw who takes part; return how many were drawn, which may be fewer than asked.

    Raises
    ------
    InvalidCampaign
        If count or seed is out of bounds.
    StaleDataError
        If somebody changed the campaign since ``version`` was read.
    """
    wrong = {
        field: "out-of-bounds"
        for field, value, least in (("count", count, 1), ("seed", seed, 0))
        if not least <= value < 2**31
    }
    if wrong:
        raise InvalidCampaign(wrong)
    row = _current(session, campaign_id, version)
    rest_days = CampaignRules.read(row.rules).household_min_gap_days
    drawn = draw(draw_candidates(session), count=count, seed=seed, day=day, rest_days=rest_days)
    ids = ids_by_number(session)
    list_households(session, row, (ids[number] for number in drawn))
    facts = {"count": count, "seed": seed, "day": day.isoformat(), "drawn": len(drawn)}
    row.draw = facts
    _record(session, campaign_id, "campaign.draw", actor_id, now, facts)
    return len(drawn)


def change_rules(
    session: Session,
    campaign_id: int,
    rules: CampaignRules,
    *,
    version: int,
    actor_id: int | None,
    now: datetime,
) -> dict[str, tuple[Any, Any]]:
    """
    Put new rules in force for the next solve; return what changed.

    Raises
    ------
    StaleDataError
        If somebody changed the campaign since ``version`` was read.
    """
    row = _current(session, campaign_id, version)
    before, after = CampaignRules.read(row.rules).stored(), rules.stored()
    changed = {name: (before[name], after[name]) for name in after if before[name] != after[name]}
    if changed:
        row.rules = after
        facts = {"changed": {name: list(pair) for name, pair in changed.items()}}
        _record(session, campaign_id, "campaign.rules", actor_id, now, facts)
    return changed


def read_rule_changes(session: Session, campaign_id: int) -> list[RuleChange]:
    """Read who changed the rules of a campaign, newest first."""
    names = {user.id: user.display_name or user.name for user in list_users(session)}
    rows = audit.of_entity(session, "campaign", campaign_id, action="campaign.rules")
    return [
        RuleChange(
            at=row.at,
            actor=names.get(row.actor_id or 0, ""),
            changed={name: (a, b) for name, (a, b) in row.facts["changed"].items()},
        )
        for row in rows
    ]


def _rows(session: Session, campaigns: list[Campaign], today: date) -> list[CampaignRow]:
    plans, published = count_plans(session), plan_in_force(session)
    listed, owed = count_listed(session), count_owed(session)
    return [
        CampaignRow(
            id=row.id,
            name=row.name,
            first_day=row.first_day,
            last_day=row.last_day,
            phase=_phase(row, today),
            selection=row.selection,
            draw=row.draw,
            taking_part=listed.get(row.id, 0) if row.selection == "listed" else owed,
            plans=plans.get(row.id, 0),
            published_plan_id=published.get(row.id),
            rules=CampaignRules.read(row.rules),
            version=row.version,
        )
        for row in campaigns
    ]


def _phase(row: Campaign, today: date) -> str:
    if today < row.first_day:
        return "upcoming"
    return "running" if today <= row.last_day else "over"


def _period(name: str, first: date | None, last: date | None) -> tuple[date, date]:
    wrong: dict[str, str] = {}
    if not name.strip():
        wrong["name"] = "missing"
    elif len(name.strip()) > NAME_LENGTH:
        wrong["name"] = "too-long"
    if first is None:
        wrong["first_day"] = "missing"
    if last is None:
        wrong["last_day"] = "missing"
    if first is not None and last is not None:
        if last < first:
            wrong["last_day"] = "backwards"
        elif (last - first).days >= LONGEST_DAYS:
            wrong["last_day"] = "too-many-days"
    if wrong or first is None or last is None:
        raise InvalidCampaign(wrong)
    return first, last


def _current(session: Session, campaign_id: int, version: int) -> Campaign:
    row = load_campaign(session, campaign_id)
    if row.version != version:
        raise StaleDataError(f"Campaign {campaign_id} is at version {row.version}, not {version}.")
    return row


def _record(
    session: Session,
    campaign_id: int,
    action: str,
    actor_id: int | None,
    now: datetime,
    facts: dict[str, Any],
) -> None:
    audit.record(
        session,
        at=now,
        actor_id=actor_id,
        action=action,
        entity="campaign",
        entity_id=campaign_id,
        facts=facts,
    )
