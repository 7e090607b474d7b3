"""A campaign becomes a problem: anonymous, complete, and nobody owed is dropped in silence."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.db import Database
from data.problems import Assembled, CannotPlan, assemble
from data.rules import CampaignRules
from data.store.roads import MATRICES_KEPT, KeptMatrix, keep_matrix, save_roads
from data.tables import (
    Blackout,
    Cadre,
    CadreAbsence,
    CalendarDay,
    Campaign,
    Contact,
    Household,
    Pairing,
    Region,
    TravelCache,
    Unit,
    VillageLink,
)
from geo.edges import ACCESS_BIT, RoadEdges
from scheduler.travel import LineTravel, MatrixTravel

AT = datetime(2027, 2, 1, tzinfo=UTC)
MONDAY = date(2027, 3, 1)
BOTH = [[510, 690], [870, 1050]]


class Town:
    """A small town that a test may change before it is planned."""

    def __init__(self, session: Session) -> None:
        self.session = session
        district = Region(code="340811000000", name="区", kind="district")
        self.town = Region(code="340811100000", name="镇", kind="town", parent=district)
        self.village = Region(code="340811100001", name="村", kind="village", parent=self.town)
        self.unit = Unit(number="D01", name="部门")
        self.cadre = Cadre(
            number="G001",
            name="示01",
            unit=self.unit,
            role="leader",
            base_lon=117.0,
            base_lat=30.6,
            quota=7,
            availability={str(day): BOTH for day in range(1, 6)},
        )
        self.campaign = Campaign(
            name="春",
            first_day=MONDAY,
            last_day=MONDAY + timedelta(days=25),
            rules=CampaignRules().stored(),
            created_at=AT,
        )
        link = VillageLink(unit=self.unit, village=self.village)
        session.add_all([district, self.town, self.village, link, self.cadre, self.campaign])
        self.household = self.add_household("H1")

    def add_household(self, number: str, **facts: Any) -> Household:
        given: dict[str, Any] = {"lon": 117.01, "lat": 30.61, "windows": BOTH, **facts}
        household = Household(number=number, village=self.village, **given)
        self.session.add(household)
        self.session.flush()
        return household

    def add_visit(self, day: date, outcome: str = "visited", **facts: Any) -> Contact:
        row = Contact(
            op_id=f"op-{day}-{outcome}-{sorted(facts)}"[:40],
            household=self.household,
            day=day,
            outcome=outcome,
            recorded_at=AT,
            **facts,
        )
        self.session.add(row)
        self.session.flush()
        return row

    def assemble(self, today: date | None = None, **rules: Any) -> Assembled:
        if rules:
            self.campaign.rules = CampaignRules(**rules).stored()
        self.session.flush()
        return assemble(self.session, self.campaign, today=today)


@pytest.fixture
def town(database: Database) -> Any:
    with database.write() as session:
        yield Town(session)


def test_ids_are_registry_numbers_and_codes_and_nothing_is_personal(town: Town) -> None:
    town.household.name, town.household.phone = "汪某", "10012345678"

    document = town.assemble().problem.to_json()

    assert document["households"][0]["id"] == "H1"
    assert document["villages"][0]["id"] == "340811100001"
    assert "汪某" not in str(document) and "10012345678" not in str(document)


def test_days_are_working_days_and_the_past_is_left_out(town: Town) -> None:
    town.session.add(
        CalendarDay(day=MONDAY, kind="holiday", name="节", official=True),
    )
    assert town.assemble().problem.days[0] == date(2027, 3, 2)
    assert town.assemble(today=date(2027, 3, 6)).problem.days[0] == date(2027, 3, 8)


def test_a_cadre_is_not_available_when_away_or_outside_the_weekly_pattern(town: Town) -> None:
    town.cadre.availability = {"1": BOTH, "2": [[510, 690]]}
    away = CadreAbsence(cadre=town.cadre, first_day=MONDAY, last_day=MONDAY)
    town.session.add(away)

    cadre = town.assemble().problem.cadres[0]

    assert MONDAY not in cadre.shifts
    assert cadre.shifts[date(2027, 3, 2)] == (510, 690)
    assert cadre.shifts[date(2027, 3, 8)] == (510, 1050)
    assert date(2027, 3, 3) not in cadre.shifts


def test_a_break_within_visiting_hours_is_kept_by_taking_the_longer_span(town: Town) -> None:
    town.cadre.availability = {"1": [[510, 570], [600, 1050]]}
    assert town.assemble().problem.cadres[0].shifts[MONDAY] == (600, 1050)


def test_quota_and_caps_follow_the_rules(town: Town) -> None:
    problem = town.assemble().problem
    assert problem.cadres[0].quota == 40
    assert problem.villages[0].min_gap_days == 10
    assert problem.district_max_teams_per_day == 2
    assert town.assemble(quota_by="register").problem.cadres[0].quota == 7


def test_a_household_is_met_within_visiting_hours_and_an_enterprise_in_its_own(town: Town) -> None:
    town.household.windows = [[600, 900]]
    town.add_household("Q1", kind="enterprise", windows=[[660, 840]])

    house, enterprise = town.assemble().problem.households

    assert house.windows == ((600, 690), (870, 900))
    assert enterprise.windows == ((660, 840),)


def test_a_visit_made_in_the_campaign_is_no_longer_due_and_starts_the_gap(town: Town) -> None:
    town.household.visits_due = 2
    town.add_visit(date(2027, 3, 3))
    town.add_visit(date(2027, 3, 4), "no_answer")

    household = town.assemble(today=date(2027, 3, 8)).problem.households[0]

    assert household.visits_due == 1
    assert household.last_visit == date(2027, 3, 3)


def test_a_household_seen_in_the_campaign_counts_for_its_cadres_quota(town: Town) -> None:
    town.household.visits_due = 2
    town.add_visit(date(2027, 2, 20), cadre=town.cadre)
    town.add_visit(date(2027, 3, 3), cadre=town.cadre)

    assert town.assemble(today=date(2027, 3, 8)).problem.cadres[0].quota == 39


def test_a_visit_taken_back_never_happened(town: Town) -> None:
    made = town.add_visit(date(2027, 2, 20))
    town.add_visit(date(2027, 2, 20), replaces_id=made.id, withdrawn=True)

    assert town.assemble().problem.households[0].last_visit is None


def test_a_village_still_rests_from_a_visit_before_the_horizon(town: Town) -> None:
    town.add_visit(date(2027, 2, 24))

    closed = town.assemble().problem.villages[0].blackout_days

    assert max(closed) == date(2027, 3, 5)
    assert date(2027, 3, 8) not in closed


def test_a_blackout_of_the_town_closes_its_villages(town: Town) -> None:
    rule = Blackout(region=town.town, rule="weekday", params={"weekdays": [2]}, name="赶集")
    town.session.add(rule)

    closed = town.assemble().problem.villages[0].blackout_days

    assert {day.isoweekday() for day in closed} == {2}


def test_a_paired_household_is_for_its_cadre_alone(town: Town) -> None:
    town.session.add(Pairing(household=town.household, cadre=town.cadre))
    assert town.assemble().problem.households[0].cadre == "G001"


def test_whoever_is_moved_or_refused_or_owed_nothing_is_not_asked_about(town: Town) -> None:
    town.add_household("H2", state="moved")
    town.add_household("H3", state="refused")
    town.add_household("H4", visits_due=0)

    asked = town.assemble()

    assert [h.id for h in asked.problem.households] == ["H1"]
    assert asked.left_out == ()


def test_nobody_owed_is_dropped_in_silence(town: Town) -> None:
    town.add_household("H2", lon=None, lat=None)
    orphaned = Region(code="340811100002", name="孤", kind="village", parent=town.town)
    town.add_household("H3").village = orphaned
    town.add_household("H4", windows=[[690, 870]])

    left_out = {left.household: left.reason.code for left in town.assemble().left_out}

    assert left_out == {
        "H2": "not-located",
        "H3": "village-without-unit",
        "H4": "outside-visiting-hours",
    }


def test_without_roads_the_way_is_a_lengthened_line(town: Town) -> None:
    asked = town.assemble()
    assert asked.travel_engine == "line"
    assert isinstance(asked.problem.travel, LineTravel)


def test_with_roads_the_way_is_by_road_and_the_cut_off_are_named(town: Town) -> None:
    save_roads(town.session, a_road(), name="路", attribution="", at=AT)
    town.add_household("H9", lon=118.0, lat=31.5)

    asked = town.assemble()

    assert asked.travel_engine == "road"
    assert isinstance(asked.problem.travel, MatrixTravel)
    assert [h.id for h in asked.problem.households] == ["H1"]
    assert [(left.household, left.reason.code) for left in asked.left_out] == [("H9", "no-road")]


def test_a_road_matrix_is_found_again(town: Town) -> None:
    save_roads(town.session, a_road(), name="路", attribution="", at=AT)
    first = town.assemble()
    assert first.fresh_matrix is not None
    keep_matrix(town.session, first.fresh_matrix, at=AT)

    again = town.assemble()

    assert again.fresh_matrix is None
    assert again.problem.to_json() == first.problem.to_json()


def test_only_the_newest_matrices_are_kept(town: Town) -> None:
    for number in range(MATRICES_KEPT + 3):
        minutes = np.full((2, 2), number, dtype=np.float32)
        matrix = KeptMatrix(cache_key=f"key-{number}", minutes=minutes, facts={})
        keep_matrix(town.session, matrix, at=AT)
        keep_matrix(town.session, matrix, at=AT)

    kept = town.session.scalars(select(TravelCache.cache_key).order_by(TravelCache.id)).all()

    assert kept == [f"key-{number}" for number in range(3, MATRICES_KEPT + 3)]


def test_beyond_the_largest_matrix_the_roads_speed_is_taken_for_the_line(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_roads(town.session, a_road(), name="路", attribution="", at=AT)
    by_road = town.assemble()
    monkeypatch.setattr("data.travel_times.MATRIX_MOST", 1)

    by_line = town.assemble()

    assert (by_road.travel_engine, by_line.travel_engine) == ("road", "line")
    assert by_line.facts["roads"] == "路"
    base, door = by_line.problem.cadres[0], by_line.problem.households[0]
    minutes = [
        asked.problem.travel.minutes((base.node, base.base), (door.node, door.point))
        for asked in (by_road, by_line)
    ]
    assert minutes[0] == pytest.approx(minutes[1], rel=0.05)


@pytest.mark.parametrize("missing", ["no-working-day", "nobody-available", "nothing-to-plan"])
def test_a_campaign_with_nothing_to_plan_says_what_is_missing(town: Town, missing: str) -> None:
    if missing == "no-working-day":
        town.campaign.first_day = town.campaign.last_day = date(2027, 3, 6)
    elif missing == "nobody-available":
        town.cadre.active = False
    else:
        town.household.visits_due = 0

    with pytest.raises(CannotPlan) as caught:
        town.assemble()

    assert caught.value.code == missing


def a_road() -> RoadEdges:
    """One road from the base past the household."""
    everybody = sum(ACCESS_BIT.values())
    return RoadEdges(
        tail=np.array([0], dtype=np.int32),
        head=np.array([1], dtype=np.int32),
        offsets=np.array([0, 2], dtype=np.int64),
        lonlat=np.array([[116.99, 30.6], [117.03, 30.61]]),
        road_class=np.array([10], dtype=np.uint8),
        access=np.array([everybody], dtype=np.uint8),
        oneway=np.zeros(1, dtype=np.uint8),
        maxspeed_kmh=np.full(1, np.nan, dtype=np.float32),
    )
