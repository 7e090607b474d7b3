"""Map check: what lies in the wrong place is listed, mended, and gone from the list."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from data.db import Database
from data.tables import Household
from tests.support.registers import DISTRICT, Office, csv, read_here
from tests.web.conftest import SignIn
from web.usecases.map_check import check_map

ODD = csv(
    ["户号", "户主", "村", "经度", "纬度"],
    ["0001", "王某", "东村", "117.03", "30.51"],
    ["0002", "赵某", "西村", "117.03", "30.51"],
    ["0003", "钱某", "北社区", "", ""],
    ["0004", "孙某", "东村", "117.0402", "30.51"],
    ["0005", "王某", "东村", "117.0301", "30.5101"],
)


@pytest.fixture
def planner(
    people: dict[str, int],
    sign_in: SignIn,
    opened: Database,
    app: Flask,
    monkeypatch: pytest.MonkeyPatch,
) -> FlaskClient:
    """Signed in to a district with four odd households."""
    with monkeypatch.context() as quickly:
        quickly.setattr("data.importing.uploads.run_import", read_here)
        office = Office(opened, app.extensions["settings"].instance / "office")
        office.bring_in({**DISTRICT, "走访户.csv": ODD})
    return sign_in("planner")


def groups(database: Database) -> dict[str, str]:
    with database.read() as session:
        return {one.number: one.group for one in check_map(session).findings}


def site(database: Database, number: str) -> Household:
    with database.read() as session:
        return session.scalars(select(Household).where(Household.number == number)).one()


def test_each_odd_household_is_found_once_with_its_reason(
    planner: FlaskClient, opened: Database
) -> None:
    assert groups(opened) == {
        "0002": "elsewhere",
        "0003": "nowhere",
        "0004": "outside",
        "0005": "twins",
    }
    page = re.sub(r"\s+", " ", planner.get("/map-check/").text)
    assert "0004" in page
    assert "改到东村" in page


def test_villages_without_households_or_unit_are_named(
    planner: FlaskClient, opened: Database
) -> None:
    with opened.read() as session:
        found = check_map(session)

    assert [village.name for village in found.empty_villages] == ["南村"]
    assert found.orphan_villages == []


def test_a_household_moved_to_its_place_is_off_the_list(
    planner: FlaskClient, opened: Database
) -> None:
    lost = site(opened, "0003")

    answer = planner.post(
        f"/map-check/sites/{lost.id}",
        data={
            "version": lost.version,
            "village": "340811001004",
            "lon": "117.03",
            "lat": "30.53",
        },
    )

    assert answer.status_code == 303
    assert "0003" not in groups(opened)
    found = site(opened, "0003")
    assert found.raw_point == {"x": 117.03, "y": 30.53, "system": "wgs84", "decided_by": "planner"}


def test_two_who_mend_the_same_household_do_not_overwrite_each_other(
    planner: FlaskClient, opened: Database
) -> None:
    lost = site(opened, "0003")
    place = {"version": lost.version, "village": "340811001004", "lon": "117.03", "lat": "30.53"}
    planner.post(f"/map-check/sites/{lost.id}", data=place)

    answer = planner.post(f"/map-check/sites/{lost.id}", data={**place, "lat": "30.535"})

    assert answer.status_code == 409
    assert site(opened, "0003").lat == 30.53


@pytest.mark.parametrize(
    ("lon", "lat", "words"),
    [("117.03", "", "请同时填写"), ("abc", "30.5", "应为度数"), ("200", "30.5", "请同时填写")],
)
def test_half_a_point_or_none_at_all_is_refused_in_words(
    planner: FlaskClient, opened: Database, lon: str, lat: str, words: str
) -> None:
    lost = site(opened, "0003")

    answer = planner.post(
        f"/map-check/sites/{lost.id}",
        data={"version": lost.version, "village": "340811001004", "lon": lon, "lat": lat},
    )

    assert answer.status_code == 422
    assert words in answer.text


def test_an_unknown_household_is_not_there(planner: FlaskClient) -> None:
    assert planner.get("/map-check/sites/99999").status_code == 404


def test_the_map_gets_findings_that_have_a_point(planner: FlaskClient) -> None:
    found = planner.get("/map-check/points").get_json()

    assert sorted(name[0] for name in found["names"]) == ["0002", "0004", "0005"]


def test_an_empty_district_says_what_to_do_next(people: dict[str, int], sign_in: SignIn) -> None:
    assert "请先导入走访户" in sign_in("planner").get("/map-check/").text
