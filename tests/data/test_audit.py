"""The audit chain: whoever changes or removes a row is found at that row."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import delete, update

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
