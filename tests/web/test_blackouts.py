"""The calendar of peace: what closes a day, for whom, and how it is opened again."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from data.db import Database
from data.store.calendar import seed_calendar
from data.tables import Blackout, CalendarDay, Region
from tests.support.planned import PlannedDistrict
from tests.web.conftest import SignIn
from web.usecases.blackouts import Calendar, read_calendar

MARCH = (date(2027, 3, 1), date(2027, 3, 31))


@pytest.fixture
def planner(district: PlannedDistrict, sign_in: SignIn) -> FlaskClient:
    return sign_in("planner")


def region(opened: Database, kind: str) -> int:
    with opened.read() as session:
        found = session.scalars(select(Region.id).where(Region.kind == kind).order_by(Region.code))
        return next(iter(found))


def march(opened: Database, region_id: int) -> Calendar:
    with opened.read() as session:
        return read_calendar(session, *MARCH, region_id=region_id)


def closed(opened: Database, region_id: int) -> list[int]:
    return [d.day.day for d in march(opened, region_id).days if d.closed is not None]


def add(client: FlaskClient, region_id: int, **typed: Any) -> int:
    answer = client.post("/calendar/rules", data={"region_id": str(region_id)} | typed)
    return answer.status_code


def test_market_days_of_a_town_close_all_its_villages(
    planner: FlaskClient, opened: Database
) -> None:
    status = add(
        planner, region(opened, "town"), rule="market_solar", digits=["3", "8"], name="赶集"
    )

    assert status == 303
    assert closed(opened, region(opened, "village")) == [3, 8, 13, 18, 23, 28]
    assert closed(opened, region(opened, "district")) == []


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ({"rule": "weekday", "weekdays": ["1"]}, [1, 8, 15, 22, 29]),
        ({"rule": "range", "from": "2027-03-30", "to": "2027-04-03"}, [30, 31]),
        ({"rule": "range", "from": "2026-03-02", "to": "2026-03-03", "yearly": "1"}, [2, 3]),
        ({"rule": "dates", "dates": "2027-03-05\n2027-03-09"}, [5, 9]),
        ({"rule": "market_lunar", "digits": ["1"]}, [8, 18, 28]),
    ],
)
def test_each_kind_of_rule_closes_its_days(
    planner: FlaskClient, opened: Database, typed: dict[str, Any], days: list[int]
) -> None:
    village = region(opened, "village")

    assert add(planner, village, **typed) == 303
    assert closed(opened, village) == days
    assert planner.get(f"/calendar/?place={village}").status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"rule": "weekday"}, "请至少选一天"),
        ({"rule": "market_solar"}, "请至少选一个数字"),
        ({"rule": "dates", "dates": "2027-02-30"}, "2027-03-05 的写法"),
        ({"rule": "range", "from": "2027-03-09", "to": "2027-03-01"}, "不早于开始日期"),
        ({"rule": "range", "from": "", "to": "2027-03-01"}, "请填写开始日期"),
        ({"rule": "whim"}, "请选择类型"),
        ({"rule": "weekday", "weekdays": ["1"], "name": "长" * 121}, "至多 120 个"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_beside_its_field(
    planner: FlaskClient, opened: Database, typed: dict[str, Any], said: str
) -> None:
    refused = planner.post(
        "/calendar/rules", data={"region_id": str(region(opened, "village"))} | typed
    )

    assert refused.status_code == 422
    assert said in refused.text
    with opened.read() as session:
        assert session.scalars(select(Blackout)).all() == []


def test_a_rule_can_be_changed_switched_off_and_taken_away(
    planner: FlaskClient, opened: Database
) -> None:
    village = region(opened, "village")
    add(planner, village, rule="weekday", weekdays=["1"], name="例会")
    assert 'name="rule_id" value="1"' in planner.get("/calendar/?rule=1").text

    add(planner, village, rule_id="1", rule="weekday", weekdays=["2"], name="例会", active="1")
    changed = closed(opened, village)
    add(planner, village, rule_id="1", rule="weekday", weekdays=["2"], name="例会", active="0")
    off = closed(opened, village)
    gone = planner.post("/calendar/rules/1/delete")

    assert changed == [2, 9, 16, 23, 30]
    assert off == []
    assert gone.status_code == 303
    assert planner.post("/calendar/rules/1/delete").status_code == 404


def test_space_closes_a_day_for_one_village_and_opens_it_again(
    planner: FlaskClient, opened: Database
) -> None:
    village = region(opened, "village")
    sent = {"region": village, "day": "2027-03-04"}

    first = planner.post("/calendar/days", json=sent)
    planner.post("/calendar/days", json=sent | {"day": "2027-03-05"})
    middle = closed(opened, village)
    again = planner.post("/calendar/days", json=sent)

    assert (first.json, again.json) == ({"closed": True}, {"closed": False})
    assert middle == [4, 5]
    assert closed(opened, village) == [5]
    with opened.read() as session:
        assert len(session.scalars(select(Blackout)).all()) == 1


def test_a_day_closed_by_a_rule_is_not_opened_by_itself(
    planner: FlaskClient, opened: Database
) -> None:
    add(planner, region(opened, "town"), rule="weekday", weekdays=["4"], name="镇上开会")
    village = region(opened, "village")

    refused = planner.post("/calendar/days", json={"region": village, "day": "2027-03-04"})

    assert refused.status_code == 409
    assert refused.json is not None
    assert "镇上开会" in refused.json["error"]["message"]


@pytest.mark.parametrize(
    "sent", [{}, {"region": 1}, {"region": "x", "day": "2027-03-04"}, {"region": 1, "day": "soon"}]
)
def test_a_day_that_cannot_be_read_is_refused(planner: FlaskClient, sent: dict[str, Any]) -> None:
    assert planner.post("/calendar/days", json=sent).status_code == 400


def test_assumed_holidays_are_flagged_until_somebody_confirms_them(
    planner: FlaskClient, opened: Database
) -> None:
    with opened.write.begin() as session:
        seed_calendar(session, [2027])
    before = planner.get("/calendar/?year=2027").text

    planner.post("/calendar/years/2027/confirm")
    after = planner.get("/calendar/?year=2027").text

    assert "国务院尚未公布安排" in before and "day-assumed" in before
    assert "国务院尚未公布安排" not in after and "day-assumed" not in after


def test_a_swapped_weekend_is_worked_and_a_mark_can_be_taken_back(
    planner: FlaskClient, opened: Database
) -> None:
    saturday = date(2027, 3, 6)

    def worked() -> bool:
        return march(opened, region(opened, "village")).days[5].worked

    planner.post("/calendar/marks", data={"day": "2027-03-06", "kind": "workday", "name": "清明"})
    swapped = worked()
    planner.post("/calendar/marks", data={"day": "2027-03-06", "kind": "usual"})

    assert swapped and not worked()
    with opened.read() as session:
        assert session.get(CalendarDay, saturday) is None
    assert planner.post("/calendar/marks", data={"kind": "holiday"}).status_code == 422


def test_open_days_of_each_village_are_counted_the_fewest_first(
    planner: FlaskClient, opened: Database
) -> None:
    village = region(opened, "village")
    add(planner, village, rule="weekday", weekdays=["1", "2"])

    calendar = march(opened, village)

    assert calendar.workdays == 23
    assert calendar.villages[0].region.id == village
    assert calendar.villages[0].open_days == 23 - 10
    assert calendar.open_days == 13


def test_without_places_the_page_says_what_comes_first(
    people: dict[str, int], sign_in: SignIn
) -> None:
    assert "请先导入村界" in sign_in("planner").get("/calendar/").text


def test_a_coordinator_reads_the_calendar_and_changes_nothing(
    district: PlannedDistrict, sign_in: SignIn, opened: Database
) -> None:
    coordinator = sign_in("coordinator")

    page = coordinator.get("/calendar/").text

    assert "data-toggle" not in page and "新规则" not in page
    assert coordinator.post("/calendar/days", json={}).status_code == 403
