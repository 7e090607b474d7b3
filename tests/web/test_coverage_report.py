"""Coverage, overdue and crowding: one definition each, the same at every level."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.db import Database
from data.store.campaigns import load_campaign
from data.tables import Contact, Household
from tests.support.planned import PlannedDistrict, plan_the_district
from web.usecases.areas import Area
from web.usecases.coverage import CoverageReport, coverage_report

FIRST = date(2027, 3, 1)
TODAY = date(2027, 3, 20)


@pytest.fixture
def planned(database: Database) -> PlannedDistrict:
    with database.write.begin() as session:
        return plan_the_district(session)


def contact(
    session: Session, number: str, day: date, outcome: str = "visited", unit: str = "别处"
) -> None:
    household = session.scalars(select(Household).where(Household.number == number)).one()
    session.add(
        Contact(
            op_id=f"{number}-{day}-{outcome}-{unit}",
            household_id=household.id,
            unit_name=unit,
            day=day,
            outcome=outcome,
            recorded_at=datetime(2027, 3, 1, tzinfo=UTC),
        )
    )
    session.flush()


def report(session: Session, planned: PlannedDistrict, **asked: object) -> CoverageReport:
    campaign = load_campaign(session, planned.campaign_id)
    given = {"today": TODAY, **asked}
    return coverage_report(session, campaign, **given)  # type: ignore[arg-type]


def village(found: CoverageReport, code: str) -> Area:
    return next(area for area in found.villages if area.code == code)


def test_a_household_visited_twice_is_covered_once(
    database: Database, planned: PlannedDistrict
) -> None:
    with database.write() as session:
        contact(session, "H01", FIRST)
        contact(session, "H01", FIRST + timedelta(days=14))
        contact(session, "H02", FIRST, "no_answer")
        found = village(report(session, planned), planned.villages[0])

    assert (found.coverage.visited, found.coverage.owed) == (1, 6)
    assert (found.visits, found.sessions) == (2, 2)


def test_the_district_is_the_sum_of_its_towns_and_they_of_their_villages(
    database: Database, planned: PlannedDistrict
) -> None:
    with database.write() as session:
        for number in ("H01", "H08", "H15", "H30"):
            contact(session, number, FIRST + timedelta(days=3))
        found = report(session, planned)

    for level in (found.towns, found.villages):
        for figure in ("never", "overdue", "visits", "sessions"):
            assert sum(getattr(a, figure) for a in level) == getattr(found.district, figure)
        assert sum(a.coverage.owed for a in level) == found.district.coverage.owed == 36
        assert sum(a.coverage.visited for a in level) == found.district.coverage.visited == 4


def test_who_moved_or_refused_is_no_longer_owed(
    database: Database, planned: PlannedDistrict
) -> None:
    with database.write() as session:
        session.scalars(select(Household).where(Household.number == "H01")).one().state = "moved"
        session.flush()
        found = village(report(session, planned), planned.villages[0])
    assert found.coverage.owed == 5


def test_nothing_owed_has_no_coverage(database: Database, planned: PlannedDistrict) -> None:
    with database.write() as session:
        for household in session.scalars(select(Household)):
            household.visits_due = 0
        session.flush()
        found = report(session, planned)
    assert found.district.coverage.share is None
    assert not found.district.is_unvisited


def test_overdue_begins_on_the_day_after_the_share_of_the_period_has_passed(
    database: Database, planned: PlannedDistrict
) -> None:
    with database.write() as session:
        twice = session.scalars(select(Household).where(Household.number == "H01")).one()
        twice.visits_due = 2
        session.flush()
        horizon = (report(session, planned).last - FIRST).days + 1
        due_by = FIRST + timedelta(days=-(-horizon // 2))

        on_the_day = report(session, planned, today=due_by)
        the_day_after = report(session, planned, today=due_by + timedelta(days=1))
        contact(session, "H01", due_by)
        visited = report(session, planned, today=due_by + timedelta(days=1))

    assert on_the_day.district.overdue == 0
    assert the_day_after.district.overdue == 1
    assert visited.district.overdue == 0


def test_two_teams_on_a_day_or_two_days_too_close_are_crowding(
    database: Database, planned: PlannedDistrict
) -> None:
    with database.write() as session:
        contact(session, "H01", FIRST, unit="甲")
        contact(session, "H02", FIRST, unit="乙")
        contact(session, "H07", FIRST)
        contact(session, "H08", FIRST + timedelta(days=9))
        contact(session, "H13", FIRST)
        contact(session, "H14", FIRST + timedelta(days=10))
        found = report(session, planned)

    assert village(found, planned.villages[0]).crowded == ("teams",)
    assert village(found, planned.villages[1]).crowded == ("gap",)
    assert village(found, planned.villages[2]).crowded == ()
    assert found.district.crowded_villages == 2


def test_a_visit_just_before_the_period_crowds_the_first_one_in_it(
    database: Database, planned: PlannedDistrict
) -> None:
    with database.write() as session:
        contact(session, "H01", FIRST - timedelta(days=3))
        contact(session, "H02", FIRST)
        found = village(report(session, planned), planned.villages[0])
    assert found.crowded == ("gap",)
    assert found.visits == 1


def test_never_means_never_and_not_only_in_this_period(
    database: Database, planned: PlannedDistrict
) -> None:
    with database.write() as session:
        contact(session, "H01", date(2026, 10, 1))
        found = village(report(session, planned), planned.villages[0])
    assert found.never == 5
    assert found.is_unvisited


def test_contacts_after_today_are_not_counted_yet(
    database: Database, planned: PlannedDistrict
) -> None:
    with database.write() as session:
        contact(session, "H01", TODAY + timedelta(days=1))
        assert report(session, planned).district.visits == 0


def test_a_filter_narrows_totals_too(database: Database, planned: PlannedDistrict) -> None:
    with database.write() as session:
        one_unit = report(session, planned, unit="U1")
        one_town = report(session, planned, town="340811100000")
    assert one_unit.district.coverage.owed == one_town.district.coverage.owed == 18
    assert {area.unit_number for area in one_unit.villages} == {"U1"}


def test_the_next_session_is_the_published_plans(
    database: Database, planned: PlannedDistrict
) -> None:
    with database.read() as session:
        found = report(session, planned, today=FIRST)
    planned_first = min(area.next_visit for area in found.villages if area.next_visit)
    assert planned_first == found.district.next_visit >= FIRST
