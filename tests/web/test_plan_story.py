"""From a campaign to a published plan: checked by the judge, kept once, one in force."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from data.db import Database
from data.documents import unpack
from data.store.campaigns import CampaignNotFound
from data.tables import Audit, Household, Job, Plan, PlannedVisit, UnplannedVisit
from tests.support.planned import PlannedDistrict, plan_the_district
from web.usecases.plan_now import plan_now
from web.usecases.plan_visits import (
    BrokenPlan,
    RegistryMovedOn,
    judge_plan,
    keep_plan,
    prepare,
)
from web.usecases.publish_plan import NotADraft, publish

TODAY = date(2027, 2, 22)
NOW = datetime(2027, 2, 22, 2, tzinfo=UTC)


@pytest.fixture
def drafted(database: Database) -> PlannedDistrict:
    with database.write.begin() as session:
        return plan_the_district(session, published=False)


def a_plan(database: Database, drafted: PlannedDistrict) -> Plan:
    return plan_now(
        database, drafted.campaign_id, today=TODAY, now=NOW, iterations=20, time_limit_s=2
    )


def test_the_kept_rows_are_the_document(database: Database, drafted: PlannedDistrict) -> None:
    plan = a_plan(database, drafted)

    with database.read() as session:
        document = unpack(session.get_one(Plan, plan.id).document)
        visits = session.scalar(
            select(func.count()).select_from(PlannedVisit).where(PlannedVisit.plan_id == plan.id)
        )
        missing = session.scalar(
            select(func.sum(UnplannedVisit.missing)).where(UnplannedVisit.plan_id == plan.id)
        )
    assert visits == len(document["visits"]) == plan.visit_count
    assert (missing or 0) == plan.unplanned_count
    assert plan.number == 2 and plan.state == "draft"


def test_whom_the_problem_left_out_stands_among_the_unplanned(
    database: Database, drafted: PlannedDistrict
) -> None:
    with database.write.begin() as session:
        session.scalars(select(Household).where(Household.number == "H01")).one().lon = None

    plan = a_plan(database, drafted)

    with database.read() as session:
        row = session.scalars(
            select(UnplannedVisit)
            .join(Household)
            .where(UnplannedVisit.plan_id == plan.id, Household.number == "H01")
        ).one()
        assert row.reasons[0]["code"] == "not-located"


def test_a_plan_that_breaks_a_rule_is_refused(database: Database, drafted: PlannedDistrict) -> None:
    with database.read() as session:
        stored = session.get_one(Plan, drafted.plan_id)
        problem, plan = stored.problem, unpack(stored.document)
    plan["visits"][0]["start"] = 1200.0

    with pytest.raises(BrokenPlan):
        judge_plan(problem, plan)


def test_a_plan_that_visits_somebody_who_is_gone_is_refused(
    database: Database, drafted: PlannedDistrict
) -> None:
    with database.write.begin() as session:
        stored = session.get_one(Plan, drafted.plan_id)
        problem, plan = stored.problem, unpack(stored.document)
        household = session.scalars(select(Household).where(Household.number == "H01")).one()
        household.number = "H01-new"

    with pytest.raises(RegistryMovedOn), database.write.begin() as session:
        keep(session, drafted, problem, plan)


def test_a_job_leaves_one_plan_however_often_it_ends(
    database: Database, drafted: PlannedDistrict
) -> None:
    with database.write.begin() as session:
        stored = session.get_one(Plan, drafted.plan_id)
        problem, plan = stored.problem, unpack(stored.document)
        job = Job(kind="solve", args={}, progress={}, created_at=NOW)
        session.add(job)
        session.flush()
        first = keep(session, drafted, problem, plan, job_id=job.id)
        second = keep(session, drafted, problem, plan, job_id=job.id)

    assert first.id == second.id


def test_the_same_registry_freezes_to_the_same_problem(
    database: Database, drafted: PlannedDistrict
) -> None:
    once = prepare(database, drafted.campaign_id, today=TODAY, now=NOW)
    again = prepare(database, drafted.campaign_id, today=TODAY, now=NOW)
    assert once.input_hash == again.input_hash


def test_an_unknown_campaign_is_named(database: Database) -> None:
    with pytest.raises(CampaignNotFound):
        prepare(database, 404, today=TODAY, now=NOW)


def test_one_plan_is_in_force_and_the_one_before_is_kept(
    database: Database, drafted: PlannedDistrict
) -> None:
    second = a_plan(database, drafted)
    with database.write.begin() as session:
        publish(session, drafted.plan_id, actor_id=None, on=TODAY, now=NOW)
    with database.write.begin() as session:
        publish(session, second.id, actor_id=None, on=TODAY, now=NOW)

    with database.read() as session:
        states = dict(session.execute(select(Plan.id, Plan.state)).all())
        audited = session.scalars(select(Audit.entity_id).where(Audit.action == "plan.publish"))
        assert states == {drafted.plan_id: "replaced", second.id: "published"}
        assert list(audited) == [str(drafted.plan_id), str(second.id)]


def test_only_a_draft_can_be_published(database: Database, drafted: PlannedDistrict) -> None:
    with database.write.begin() as session:
        publish(session, drafted.plan_id, actor_id=None, on=TODAY, now=NOW)
    with pytest.raises(NotADraft), database.write.begin() as session:
        publish(session, drafted.plan_id, actor_id=None, on=TODAY, now=NOW)


def test_a_page_gone_stale_publishes_nothing(database: Database, drafted: PlannedDistrict) -> None:
    with pytest.raises(StaleDataError), database.write.begin() as session:
        publish(session, drafted.plan_id, version=99, actor_id=None, on=TODAY, now=NOW)


def keep(
    session: Session,
    drafted: PlannedDistrict,
    payload: bytes,
    plan: dict[str, Any],
    *,
    job_id: int | None = None,
) -> Plan:
    return keep_plan(
        session,
        judge_plan(payload, plan),
        campaign_id=drafted.campaign_id,
        job_id=job_id,
        created_by=None,
        now=NOW,
    )
