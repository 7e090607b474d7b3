"""The board: each cell says what stands there, in number and words."""

import re

import pytest
from flask.testing import FlaskClient

from data.db import Database
from tests.support.planned import DAYS, PlannedDistrict
from tests.web.conftest import SignIn


@pytest.fixture
def planner(district: PlannedDistrict, sign_in: SignIn) -> FlaskClient:
    """A planner at the browser, with a published plan."""
    return sign_in("planner")


def cells(page: str, key: str) -> dict[str, tuple[str, str]]:
    """Day -> (classes, words) of one row."""
    row = re.search(rf'<tr data-key="{key}">(.*?)</tr>', page, re.S)
    assert row
    found = re.findall(
        r'<td class="([^"]*)" data-day="([^"]*)">.*?<span class="sr-only">(.*?)</span>',
        row.group(1),
    )
    return {day: (classes, words) for classes, day, words in found}


def test_a_cadre_row_has_a_cell_for_each_day_and_says_its_visits(
    planner: FlaskClient, district: PlannedDistrict, opened: Database
) -> None:
    first = district.visits(opened, "C1")[0]
    same_day = [x for x in district.visits(opened, "C1") if x.day == first.day]

    row = cells(planner.get("/plans/1/board").text, "C1")

    assert list(row) == [day.isoformat() for day in DAYS]
    classes, words = row[first.day.isoformat()]
    assert "visits" in classes
    assert words.startswith(f"{len(same_day)} 次")


def test_days_away_are_told_apart_from_free_ones(planner: FlaskClient) -> None:
    row = cells(planner.get("/plans/1/board").text, "C1")

    assert row["2027-03-05"][1] == "不可用"  # C1 never goes out on Fridays
    assert "away" in row["2027-03-05"][0]


def test_quiet_days_of_a_village_are_hatched_and_said(planner: FlaskClient) -> None:
    row = cells(planner.get("/plans/1/board?view=villages").text, "340811100200")

    assert row["2027-03-03"] == ("closed", "免打扰日")


def test_the_board_can_be_cut_to_one_unit(planner: FlaskClient) -> None:
    page = planner.get("/plans/1/board?unit=U2").text

    assert 'data-key="C3"' in page
    assert 'data-key="C1"' not in page


def test_an_unknown_view_is_not_found(planner: FlaskClient) -> None:
    assert planner.get("/plans/1/board?view=clouds").status_code == 404


def test_a_cadre_day_answers_with_its_stops(
    planner: FlaskClient, district: PlannedDistrict, opened: Database
) -> None:
    first = district.visits(opened, "C1")[0]

    said = planner.get(f"/api/plans/1/cadres/C1/{first.day}").get_json()

    assert said["title"] == "赵一"
    assert [x["order"] for x in said["visits"]] == list(range(1, len(said["visits"]) + 1))


def test_a_day_off_and_a_free_day_answer_differently(planner: FlaskClient) -> None:
    off = planner.get("/api/plans/1/cadres/C1/2027-03-05").get_json()
    free = planner.get("/api/plans/1/cadres/C4/2027-04-22").get_json()

    assert off["summary"] == "这一天不可用。"
    assert free["summary"].startswith("这一天空闲")
