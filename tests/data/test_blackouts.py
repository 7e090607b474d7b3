"""Blackout rules become dates, and go down from district to town to village."""

from datetime import date
from typing import Any

import pytest

from data.blackouts import BlackoutRule, InvalidBlackout, closed_days, lunar_day, matching_days
from data.calendar import each_day

SPRING = tuple(each_day(date(2027, 3, 1), date(2027, 5, 9)))


def test_market_days_by_the_lunar_calendar_are_the_third_and_eighth() -> None:
    closed = matching_days("market_lunar", {"digits": [3, 8]}, SPRING)

    assert {lunar_day(day) for day in closed} == {3, 8, 13, 18, 23, 28}
    assert date(2027, 3, 5) in closed  # 正月廿八


def test_market_days_by_the_solar_calendar_follow_the_date() -> None:
    closed = matching_days("market_solar", {"digits": [0, 5]}, SPRING)
    assert {day.day % 10 for day in closed} == {0, 5}


def test_weekdays_count_from_monday() -> None:
    closed = matching_days("weekday", {"weekdays": [1]}, SPRING)
    assert min(closed) == date(2027, 3, 1) and len(closed) == 10


def test_a_yearly_range_may_run_over_the_turn_of_the_year() -> None:
    winter = tuple(each_day(date(2027, 12, 30), date(2028, 1, 3)))
    params = {"from": "12-31", "to": "01-02", "yearly": True}

    closed = matching_days("range", params, winter)

    assert closed == {date(2027, 12, 31), date(2028, 1, 1), date(2028, 1, 2)}


def test_a_range_of_dates_holds_once() -> None:
    params = {"from": "2027-04-20", "to": "2027-04-22"}
    assert len(matching_days("range", params, SPRING)) == 3


@pytest.mark.parametrize(
    ("rule", "params"),
    [
        ("dates", {"dates": ["2027-02-30"]}),
        ("dates", {}),
        ("range", {"from": "2027-05-01", "to": "2027-04-01"}),
        ("range", {"from": "13-01", "to": "05-01", "yearly": True}),
        ("weekday", {"weekdays": [0]}),
        ("market_lunar", {"digits": "3"}),
        ("market_solar", {"digits": [13]}),
        ("never", {}),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused(rule: str, params: dict[str, Any]) -> None:
    with pytest.raises(InvalidBlackout):
        matching_days(rule, params, SPRING)


def test_a_village_inherits_from_its_town_and_district() -> None:
    district, town, village, other = 1, 2, 3, 4
    rules = [
        BlackoutRule(
            region_id=district, rule="dates", params={"dates": ["2027-04-02"]}, name="高考"
        ),
        BlackoutRule(region_id=town, rule="dates", params={"dates": ["2027-04-03"]}, name="赶集"),
        BlackoutRule(
            region_id=village, rule="dates", params={"dates": ["2027-04-02"]}, name="白事"
        ),
    ]

    closed = closed_days(
        rules, {district: None, town: district, village: town, other: district}, SPRING
    )

    assert closed[village] == {date(2027, 4, 2): ("白事", "高考"), date(2027, 4, 3): ("赶集",)}
    assert closed[other] == {date(2027, 4, 2): ("高考",)}
