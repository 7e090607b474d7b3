"""The audit chain: whoever changes or removes a row is found at that row."""

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, select, update

from data import audit
from data.db import Database
from data.tables import Audit

AT = datetime(2027, 3, 1, tzinfo=UTC)


@pytest.fixture
def chain(database: Database) -> list[int]:
    with database.write.begin() as session:
        return [
            audit.record(
                session,
                at=AT,
                actor_id=None,
                action="plan.keep",
                entity="plan",
                entity_id=number,
                facts={"visits": number},
            ).id
            for number in range(5)
        ]


def test_an_untouched_chain_holds(database: Database, chain: list[int]) -> None:
    with database.read() as session:
        assert audit.first_broken(session) is None


def test_a_changed_row_is_found(database: Database, chain: list[int]) -> None:
    with database.write.begin() as session:
        session.execute(update(Audit).where(Audit.id == chain[2]).values(facts={"visits": 9}))
    with database.read() as session:
        assert audit.first_broken(session) == chain[2]


def test_a_removed_row_is_found_at_the_next(database: Database, chain: list[int]) -> None:
    with database.write.begin() as session:
        session.execute(delete(Audit).where(Audit.id == chain[2]))
    with database.read() as session:
        assert audit.first_broken(session) == chain[3]


def write(database: Database, count: int, action: str) -> None:
    for n in range(count):
        with database.write.begin() as session:
            audit.record(session, at=AT, actor_id=None, action=action, entity="plan", entity_id=n)


def test_two_writers_hang_on_to_each_other_not_to_the_same_row(database: Database) -> None:
    threads = [threading.Thread(target=write, args=(database, 10, f"from.{n}")) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.read() as session:
        assert audit.first_broken(session) is None
        before = list(session.scalars(select(Audit.before_hash)))
    assert len(before) == len(set(before)) == 30


def test_a_deed_that_is_taken_back_leaves_no_record(database: Database) -> None:
    with database.write() as session:
        audit.record(session, at=AT, actor_id=None, action="a", entity="b", entity_id=1)
        session.rollback()

    with database.read() as session:
        assert session.scalars(select(Audit)).all() == []


def test_pages_of_the_record_follow_each_other(database: Database, chain: list[int]) -> None:
    with database.read() as session:
        first = audit.newest(session, limit=2)
        then = audit.newest(session, limit=2, before_id=first[-1].id)

    assert [row.id for row in (*first, *then)] == chain[:0:-1]
