"""From a request to a stored plan, through real processes, on both databases."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import psutil
import pytest
from sqlalchemy import select

from data.db import Database
from data.documents import unpack
from data.store import job_reading, jobs
from data.tables import Job, Plan, PlannedVisit, UnplannedVisit
from scheduler.check import check
from scheduler.plan import Plan as PlanDocument
from scheduler.problem import Problem
from tests.support.planned import PlannedDistrict, plan_the_district
from web.config import SHANGHAI, Settings
from web.jobs.process import ProcessLauncher
from web.jobs.supervisor import Supervisor
from web.usecases.request_plan import request_plan

NOW = datetime(2027, 2, 25, 2, tzinfo=UTC)


@pytest.fixture
def district(database: Database) -> PlannedDistrict:
    with database.write.begin() as session:
        return plan_the_district(session)


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        instance=tmp_path / "instance",
        database_url=database_url,
        today=date(2027, 2, 25),
        job_lease_s=15,
        job_beat_s=1,
    )


@pytest.fixture
def launcher(settings: Settings) -> Iterator[ProcessLauncher]:
    made = ProcessLauncher(settings)
    yield made
    for claim in made.running:
        made.stop(claim)
    wait_until(lambda: not made.running)
    made.close()


@pytest.fixture
def supervisor(
    database: Database, launcher: ProcessLauncher, settings: Settings
) -> Iterator[Supervisor]:
    made = Supervisor(database, launcher, settings)
    made.start()
    yield made
    made.stop()


def ask(db: Database, district: PlannedDistrict, *, time_limit_s: float) -> int:
    with db.write.begin() as session:
        return request_plan(
            session,
            campaign_id=district.campaign_id,
            time_limit_s=time_limit_s,
            seed=1,
            most_s=600,
            asked_by=None,
            now=NOW,
        )


def job_of(db: Database, job_id: int) -> Job:
    with db.read() as session:
        return jobs.get_job(session, job_id)


def wait_until(condition: Callable[[], object], *, seconds: float = 90) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.05)


def has_ended(db: Database, job_id: int) -> bool:
    return job_of(db, job_id).state in jobs.ENDED


def children(name: str) -> list[psutil.Process]:
    return [c for c in psutil.Process().children() if name in " ".join(c.cmdline())]


def test_a_request_becomes_a_plan_that_keeps_every_rule(
    database: Database, district: PlannedDistrict, supervisor: Supervisor
) -> None:
    job_id = ask(database, district, time_limit_s=1)
    supervisor.wake()
    wait_until(lambda: has_ended(database, job_id))

    job = job_of(database, job_id)
    assert (job.state, job.reason, job.attempt) == ("done", "", 1)
    with database.read() as session:
        plan = session.scalars(select(Plan).where(Plan.job_id == job_id)).one()
        planned = session.scalars(select(PlannedVisit).where(PlannedVisit.plan_id == plan.id)).all()
        missing = session.scalars(
            select(UnplannedVisit).where(UnplannedVisit.plan_id == plan.id)
        ).all()
    assert plan.id == job.progress["plan_id"]
    assert (plan.state, plan.seed, plan.number) == ("draft", 1, 2)
    assert len(planned) == plan.visit_count
    assert sum(m.missing for m in missing) == plan.unplanned_count
    verdict = check(
        Problem.from_json(unpack(plan.problem)), PlanDocument.from_json(unpack(plan.document))
    )
    assert verdict.broken == ()
    assert plan.created_at.astimezone(SHANGHAI).date() == date(2027, 2, 25)


def test_stop_and_keep_leaves_the_best_plan_long_before_the_limit(
    database: Database, district: PlannedDistrict, supervisor: Supervisor
) -> None:
    job_id = ask(database, district, time_limit_s=300)
    supervisor.wake()
    wait_until(
        lambda: has_ended(database, job_id) or job_of(database, job_id).progress.get("has_plan")
    )
    with database.write.begin() as session:
        state = jobs.ask_to_stop(session, job_id)
    wait_until(lambda: has_ended(database, job_id), seconds=30)

    job = job_of(database, job_id)
    assert job.state == "done" and job.progress["plan_id"]
    assert job.reason == ("stopped" if state == "running" else "")
    with database.read() as session:
        events = job_reading.events_after(session, job_id, 0)
    assert events[-1].final


def test_a_campaign_with_nothing_to_plan_fails_with_that_reason(
    database: Database, district: PlannedDistrict, supervisor: Supervisor
) -> None:
    with database.write.begin() as session:
        plan = session.get_one(Plan, district.plan_id)
        plan.campaign.last_day = date(2027, 1, 31)
        plan.campaign.first_day = date(2027, 1, 1)
    job_id = ask(database, district, time_limit_s=1)
    supervisor.wake()
    wait_until(lambda: has_ended(database, job_id))

    job = job_of(database, job_id)
    assert (job.state, job.reason) == ("failed", "no-working-day")


def test_the_keeper_held_ready_goes_with_its_owner(tmp_path: Path) -> None:
    launcher = ProcessLauncher(Settings(instance=tmp_path))
    launcher.warm()
    launcher.warm()
    ready = children("web.jobs.keeper")
    launcher.close()

    assert len(ready) == 1
    assert not ready[0].is_running()


def test_a_killed_keeper_takes_its_solver_along_and_the_job_is_run_again(
    database: Database,
    district: PlannedDistrict,
    supervisor: Supervisor,
    launcher: ProcessLauncher,
) -> None:
    job_id = ask(database, district, time_limit_s=2)
    supervisor.wake()
    wait_until(lambda: launcher.running and job_of(database, job_id).progress.get("has_plan"))
    solvers = [s for keeper in children("web.jobs.keeper") for s in keeper.children()]
    launcher.stop(launcher.running[0], force=True)
    wait_until(lambda: not any(alive(s) for s in solvers), seconds=20)
    wait_until(lambda: has_ended(database, job_id))

    job = job_of(database, job_id)
    assert (job.state, job.attempt) == ("done", 2)
    with database.read() as session:
        assert len(session.scalars(select(Plan).where(Plan.job_id == job_id)).all()) == 1


def alive(process: psutil.Process) -> bool:
    return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
