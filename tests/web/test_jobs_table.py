"""The queue of jobs: one claim, one result, no matter who dies."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from data.db import Database
from data.store import job_reading, jobs
from data.store.jobs import ATTEMPTS, Claim, ClaimLost
from data.tables import Job, User


def a_user(session: Session, name: str) -> int:
    user = User(
        name=name, password_hash="-", role="planner", created_at=datetime(2027, 3, 1, tzinfo=UTC)
    )
    session.add(user)
    session.flush()
    return user.id


def a_job(session: Session, *, created_by: int | None = None) -> int:
    return jobs.queue(session, kind="solve", args={"campaign_id": 1}, seed=0, created_by=created_by)


def claim(db: Database, *, at_once: int = 9, lease_s: float = 15, owner: str = "me") -> Claim:
    with db.write.begin() as session:
        found = jobs.claim_next(session, owner=owner, lease_s=lease_s, at_once=at_once)
    assert found is not None
    return found


def state_of(db: Database, job_id: int) -> tuple[str, str]:
    with db.read() as session:
        job = job_reading.load_job(session, job_id)
        assert job is not None
        return job.state, job.reason


def expire(db: Database, job_id: int) -> None:
    with db.write.begin() as session:
        past = jobs.database_now(session) - timedelta(seconds=1)
        session.execute(update(Job).where(Job.id == job_id).values(lease_until=past))


def test_the_oldest_job_is_claimed_first(database: Database) -> None:
    with database.write.begin() as session:
        first, second = a_job(session), a_job(session)

    assert claim(database).job_id == first
    assert claim(database).job_id == second


def test_a_user_has_one_running_job_and_the_others_do_not_wait_for_him(database: Database) -> None:
    with database.write.begin() as session:
        wang, li = a_user(session, "wang"), a_user(session, "li")
        a_job(session, created_by=wang)
        second_of_wang = a_job(session, created_by=wang)
        of_li = a_job(session, created_by=li)

    claim(database)

    assert claim(database).job_id == of_li
    with database.write.begin() as session:
        assert jobs.claim_next(session, owner="me", lease_s=15, at_once=9) is None
    assert state_of(database, second_of_wang)[0] == "queued"


def test_many_claimers_at_once_never_exceed_the_limit_nor_share_a_job(database: Database) -> None:
    with database.write.begin() as session:
        for _ in range(6):
            a_job(session)

    def take(number: int) -> Claim | None:
        with database.write.begin() as session:
            return jobs.claim_next(session, owner=f"server {number}", lease_s=15, at_once=3)

    with ThreadPoolExecutor(8) as pool:
        claims = [c for c in pool.map(take, range(8)) if c is not None]

    assert len(claims) == 3
    assert len({c.job_id for c in claims}) == 3


WRITES: list[Callable[[Session, Claim], object]] = [
    lambda s, c: jobs.beat(s, c, lease_s=15),
    lambda s, c: jobs.report(s, c, {"J": 1.0}),
    lambda s, c: jobs.freeze_problem(s, c, payload=b"", input_hash=""),
    lambda s, c: jobs.end(s, c, state="done"),
    lambda s, c: jobs.give_back(s, c, reason="solver-killed"),
]


@pytest.mark.parametrize("write", WRITES)
def test_whoever_lost_the_claim_writes_nothing_more(
    database: Database, write: Callable[[Session, Claim], object]
) -> None:
    with database.write.begin() as session:
        job_id = a_job(session)
    late = claim(database, owner="slow keeper")
    expire(database, job_id)
    with database.write.begin() as session:
        assert jobs.put_back_expired(session) == [job_id]
    claim(database, owner="its successor")

    with pytest.raises(ClaimLost), database.write.begin() as session:
        write(session, late)

    assert state_of(database, job_id) == ("running", "")


def test_a_living_lease_is_left_alone(database: Database) -> None:
    with database.write.begin() as session:
        a_job(session)
    held = claim(database)

    with database.write.begin() as session:
        jobs.beat(session, held, lease_s=15)
        assert jobs.put_back_expired(session) == []


def test_a_job_killed_again_and_again_fails_with_the_reason(database: Database) -> None:
    with database.write.begin() as session:
        job_id = a_job(session)

    for attempt in range(1, ATTEMPTS + 1):
        held = claim(database)
        assert held.attempt == attempt
        with database.write.begin() as session:
            jobs.give_back(session, held, reason="solver-killed")

    assert state_of(database, job_id) == ("failed", "solver-killed")


def test_after_the_last_attempt_the_best_plan_gets_one_run_to_be_saved(database: Database) -> None:
    with database.write.begin() as session:
        job_id = a_job(session)
    for _ in range(ATTEMPTS):
        held = claim(database)
        with database.write.begin() as session:
            jobs.report(session, held, {"has_plan": True}, incumbent=b"plan")
            jobs.give_back(session, held, reason="solver-killed")

    saving = claim(database)
    assert saving.only_saves
    with database.write.begin() as session:
        assert job_reading.load_documents(session, job_id)[1] == b"plan"
        jobs.give_back(session, saving, reason="keeper-killed")

    assert state_of(database, job_id) == ("failed", "keeper-killed")


def test_a_queued_job_is_cancelled_at_once_and_a_running_one_is_asked(database: Database) -> None:
    with database.write.begin() as session:
        running, queued = a_job(session), a_job(session)
    held = claim(database, at_once=1)

    with database.write.begin() as session:
        assert jobs.ask_to_stop(session, queued) == "cancelled"
        assert jobs.ask_to_stop(session, running) == "running"

    with database.read() as session:
        assert jobs.stop_is_asked(session, held)
    assert state_of(database, queued) == ("cancelled", "stopped-before-first-plan")


def test_events_are_numbered_without_holes_and_the_last_one_is_final(database: Database) -> None:
    with database.write.begin() as session:
        job_id = a_job(session)
    held = claim(database)
    for objective in (30.0, 20.0, 10.0):
        with database.write.begin() as session:
            jobs.report(session, held, {"J": objective})
    with database.write.begin() as session:
        jobs.end(session, held, state="done", progress={"plan_id": 7})

    with database.read() as session:
        events = job_reading.events_after(session, job_id, 0)
        later = job_reading.events_after(session, job_id, 4)

    assert [e.seq for e in events] == [1, 2, 3, 4, 5, 6]
    assert [e.final for e in events] == [False] * 5 + [True]
    assert [e.data.get("J") for e in later] == [10.0, 10.0]
    assert later[-1].data["plan_id"] == 7


def test_a_result_and_the_end_of_its_job_stand_or_fall_together(database: Database) -> None:
    with database.write.begin() as session:
        job_id = a_job(session)
    held = claim(database)

    with pytest.raises(RuntimeError), database.write.begin() as session:
        jobs.end(session, held, state="done")
        raise RuntimeError("the plan could not be stored")

    assert state_of(database, job_id)[0] == "running"
