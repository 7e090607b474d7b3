"""Put a plan in force: one published plan a campaign, the one before is kept as replaced."""

from datetime import date, datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from data import audit
from data.store.campaigns import lock_campaign
from data.store.plans import published_plan
from data.tables import Plan
from web.usecases.read_plan import find_plan


class NotADraft(Exception):
    """Only a draft can be published; ``state`` is what the plan is."""

    code = "not-a-draft"

    def __init__(self, plan_id: int, state: str) -> None:
        super().__init__(f"Plan {plan_id} is {state}; only a draft can be published.")
        self.plan_id = plan_id
        self.state = state


def publish(
    session: Session,
    plan_id: int,
    *,
    version: int | None = None,
    actor_id: int | None,
    on: date,
    now: datetime,
) -> Plan:
    """
    Publish a draft.

    Parameters
    ----------
    session
        A write transaction; the caller commits.
    version
        Version of the plan that was looked at; a page that has gone stale is refused.
    on
        Day from which the plan is in force.

    Raises
    ------
    PlanNotFound, NotADraft, StaleDataError
    """
    plan = find_plan(session, plan_id)
    lock_campaign(session, plan.campaign_id)
    if version is not None and version != plan.version:
        raise StaleDataError(f"Plan {plan_id} was changed since it was looked at.")
    if plan.state != "draft":
        raise NotADraft(plan_id, plan.state)
    before = published_plan(session, plan.campaign_id)
    if before is not None:
        before.state = "replaced"
    plan.state, plan.published_on, plan.published_by = "published", on, actor_id
    session.flush()
    audit.record(
        session,
        at=now,
        actor_id=actor_id,
        action="plan.publish",
        entity="plan",
        entity_id=plan.id,
        facts={"campaign_id": plan.campaign_id, "replaces": before.id if before else None},
    )
    return plan
