"""What happened at the door: said once, corrected by adding, taken back without erasing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data import audit
from data.db import Database
from data.store.contacts import stands, visit_days
from data.tables import Contact, Household, PlannedVisit
from tests.support.planned import PlannedDistrict, plan_the_district
from web.usecases.record_visit import NoSuchVisit, NotRecordable, record_visit, undo_visit

NOW = datetime(2027, 3, 9, 2, tzinfo=UTC)
TODAY = date(2027, 3, 9)


@pytest.fixture
def visit(database: Database) -> PlannedVisit:
    with database.write.begin() as session:
        district: PlannedDistrict = plan_the_district(session)
    return district.visits(database, "C1")[0]


def record(session: Session, visit: PlannedVisit, outcome: str, op_id: str) -> Contact:
    return record_visit(
        session,
        planned_visit_id=visit.id,
        cadre_id=visit.cadre_id,
        op_id=op_id,
        outcome=outcome,
        day=TODAY,
        now=NOW,
        recorded_by=None,
    )


def state(database: Database, visit: PlannedVisit) -> tuple[str, list[date]]:
    with database.read() as session:
        household = session.get_one(Household, visit.household_id)
        return household.state, visit_days(session).get(visit.household_id, [])


def test_a_visit_counts_and_a_knock_without_answer_does_not(
    database: Database, visit: PlannedVisit
) -> None:
    with database.write.begin() as session:
        record(session, visit, "no_answer", "op-1")
    assert state(database, visit) == ("active", [])

    with database.write.begin() as session:
        record(session, visit, "visited", "op-2")
    assert state(database, visit) == ("active", [TODAY])


def test_a_repeated_operation_is_answered_and_not_stored_again(
    database: Database, visit: PlannedVisit
) -> None:
    with database.write.begin() as session:
        first = record(session, visit, "visited", "op-1").id
    with database.write.begin() as session:
        assert record(session, visit, "visited", "op-1").id == first
        assert session.scalar(select(func.count(Contact.id))) == 1


def test_a_correction_replaces_and_leaves_both_rows(
    database: Database, visit: PlannedVisit
) -> None:
    with database.write.begin() as session:
        wrong = record(session, visit, "visited", "op-1").id
        right = record(session, visit, "no_answer", "op-2")
    assert right.replaces_id == wrong
    assert state(database, visit) == ("active", [])


@pytest.mark.parametrize("outcome", ["moved", "refused"])
def test_moved_and_refused_end_what_is_owed_and_taking_them_back_restores_it(
    database: Database, visit: PlannedVisit, outcome: str
) -> None:
    with database.write.begin() as session:
        contact = record(session, visit, outcome, "op-1").id
    assert state(database, visit)[0] == outcome

    with database.write.begin() as session:
        undo_visit(session, contact_id=contact, op_id="op-2", now=NOW, recorded_by=None)
    assert state(database, visit)[0] == "active"


def test_a_repeated_undo_is_answered_once(database: Database, visit: PlannedVisit) -> None:
    with database.write.begin() as session:
        contact = record(session, visit, "visited", "op-1").id
        first = undo_visit(session, contact_id=contact, op_id="op-2", now=NOW, recorded_by=None)
        again = undo_visit(session, contact_id=contact, op_id="op-2", now=NOW, recorded_by=None)
    assert first.id == again.id
    assert state(database, visit) == ("active", [])


def test_what_does_not_stand_cannot_be_taken_back(database: Database, visit: PlannedVisit) -> None:
    with database.write.begin() as session:
        contact = record(session, visit, "visited", "op-1").id
        undo_visit(session, contact_id=contact, op_id="op-2", now=NOW, recorded_by=None)
        with pytest.raises(NoSuchVisit):
            undo_visit(session, contact_id=contact, op_id="op-3", now=NOW, recorded_by=None)


def test_a_visit_may_be_recorded_again_after_it_was_taken_back(
    database: Database, visit: PlannedVisit
) -> None:
    with database.write.begin() as session:
        contact = record(session, visit, "visited", "op-1").id
        undo_visit(session, contact_id=contact, op_id="op-2", now=NOW, recorded_by=None)
        record(session, visit, "visited", "op-3")
    assert state(database, visit) == ("active", [TODAY])


def test_nothing_is_recorded_for_a_day_still_to_come(
    database: Database, visit: PlannedVisit
) -> None:
    late_evening = datetime(2027, 3, 9, 16, 30, tzinfo=UTC)  # already the 10th in Shanghai
    with database.write.begin() as session:
        facts = {
            "planned_visit_id": visit.id,
            "cadre_id": visit.cadre_id,
            "outcome": "visited",
            "recorded_by": None,
        }
        with pytest.raises(NotRecordable):
            record_visit(session, op_id="op-1", day=date(2027, 3, 10), now=NOW, **facts)
        record_visit(session, op_id="op-2", day=date(2027, 3, 10), now=late_evening, **facts)


def test_an_unknown_visit_or_outcome_is_refused(database: Database, visit: PlannedVisit) -> None:
    with database.write.begin() as session:
        with pytest.raises(NotRecordable):
            record(session, visit, "waved", "op-1")
        with pytest.raises(NoSuchVisit):
            record(session, PlannedVisit(id=10**6, cadre_id=visit.cadre_id), "visited", "op-2")


def test_the_same_tap_sent_many_times_at_once_is_one_contact(
    database: Database, visit: PlannedVisit
) -> None:
    def send(_attempt: int) -> int:
        with database.write.begin() as session:
            return record(session, visit, "visited", "op-same").id

    with ThreadPoolExecutor(6) as phones:
        answers = set(phones.map(send, range(12)))

    with database.read() as session:
        assert session.scalar(select(func.count(Contact.id))) == 1
    assert len(answers) == 1


def test_corrections_sent_at_once_leave_one_that_stands(
    database: Database, visit: PlannedVisit
) -> None:
    def send(number: int) -> None:
        with database.write.begin() as session:
            record(session, visit, ("visited", "no_answer")[number % 2], f"op-{number}")

    with ThreadPoolExecutor(6) as phones:
        list(phones.map(send, range(12)))

    with database.read() as session:
        assert session.scalar(select(func.count(Contact.id))) == 12
        assert session.scalar(select(func.count(Contact.id)).where(stands())) == 1
        assert audit.first_broken(session) is None
