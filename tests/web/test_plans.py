"""Plan pages: what they show, whom they show it, and how a plan comes into force."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from data.db import Database
from data.synthesis.roads import NAME
from data.tables import Audit, Plan
from tests.support.planned import AT_DAWN, PlannedDistrict, plan_the_district
from tests.web.conftest import SignIn
from web.presenters.plan import travel_words

VILLAGE = "340811100200"


@pytest.fixture
def planner(district: PlannedDistrict, sign_in: SignIn) -> FlaskClient:
    """A planner at the browser, with a published plan."""
    return sign_in("planner")


def test_without_a_plan_the_list_points_to_the_next_step(
    people: dict[str, int], sign_in: SignIn
) -> None:
    page = sign_in("planner").get("/plans/")

    assert page.status_code == 200
    assert "还没有方案" in page.text


def test_the_overview_says_what_is_planned_and_what_is_missing(planner: FlaskClient) -> None:
    page = planner.get("/plans/1").text

    assert "独立校验：未违反任何规则" in page
    assert "未排走访(1)" in page
    assert "与各自为政相比" in page


@pytest.mark.parametrize(
    ("locale", "said"),
    [("zh", "(示意道路)"), ("en", "(invented roads of the sample (synthetic))")],
)
def test_the_roads_of_the_sample_are_named_in_the_readers_language(
    app: Flask, locale: str, said: str
) -> None:
    plan = Plan(travel_engine="road", facts={"roads": NAME, "mode": "car"})

    with app.test_request_context(), force_locale(locale):
        assert said in travel_words(plan)


def test_a_plan_that_does_not_exist_is_not_found(planner: FlaskClient) -> None:
    answer = planner.get("/plans/99")

    assert answer.status_code == 404
    assert "没有这个方案" in answer.text


def test_missing_visits_carry_reasons_and_a_way_out(planner: FlaskClient) -> None:
    page = planner.get("/plans/1/unplanned").text

    assert AT_DAWN in page
    assert "06:00-06:20" in page
    assert "与该户商量其他时段" in page


def test_missing_visits_can_be_filtered_by_rule(planner: FlaskClient) -> None:
    assert AT_DAWN in planner.get("/plans/1/unplanned?rule=window").text
    assert "没有符合筛选条件" in planner.get("/plans/1/unplanned?rule=pairing").text


def test_the_map_gets_the_whole_plan_in_columns_without_names(planner: FlaskClient) -> None:
    answer = planner.get("/api/plans/1/map")
    columns = answer.get_json()

    homes, visits = columns["households"], columns["visits"]
    assert len(homes["id"]) == len(homes["lon"]) == len(homes["due"]) == 36
    assert len(visits["household"]) == sum(homes["due"]) - sum(homes["missing"])
    assert homes["missing"][homes["id"].index(AT_DAWN)] == 1
    assert "周0" not in answer.text


def test_a_browser_that_has_the_map_is_not_sent_it_again(planner: FlaskClient) -> None:
    tag = planner.get("/api/plans/1/map").headers["ETag"]

    again = planner.get("/api/plans/1/map", headers={"If-None-Match": tag})

    assert again.status_code == 304


def test_a_day_has_a_way_for_each_cadre_who_goes_out(planner: FlaskClient) -> None:
    columns = planner.get("/api/plans/1/map").get_json()
    day = columns["visits"]["day"][0]

    ways = planner.get(f"/api/plans/1/routes/{columns['days'][day]}").get_json()

    out = {c for c, d in zip(columns["visits"]["cadre"], columns["visits"]["day"]) if d == day}  # noqa: B905
    assert {way["cadre"] for way in ways} == {columns["cadres"][c]["id"] for c in out}
    assert all(len(leg) >= 2 for way in ways for leg in way["legs"])


def test_a_household_answers_who_comes_when(planner: FlaskClient) -> None:
    said = planner.get("/api/plans/1/households/H01").get_json()

    assert said["complete"]
    assert said["title"] == "周01"
    assert len(said["visits"]) == 1


def test_a_household_that_lacks_its_visit_answers_why(planner: FlaskClient) -> None:
    said = planner.get(f"/api/plans/1/households/{AT_DAWN}").get_json()

    assert not said["complete"]
    assert "window" in {reason["rule"] for reason in said["reasons"]}


def test_a_quiet_day_answers_with_its_rule(planner: FlaskClient) -> None:
    said = planner.get(f"/api/plans/1/villages/{VILLAGE}/2027-03-03").get_json()

    assert not said["visits"]
    assert "blackout" in {reason["rule"] for reason in said["reasons"]}
    assert "免打扰日" in said["reasons"][0]["sentence"]


def test_an_open_day_answers_with_the_price(planner: FlaskClient) -> None:
    said = planner.get(f"/api/plans/1/villages/{VILLAGE}/2027-04-22").get_json()

    assert not said["reasons"]
    assert "没有规则禁止" in said["summary"]


@pytest.mark.parametrize(
    "path",
    [
        "households/H99",
        "villages/999999999999/2027-03-01",
        f"villages/{VILLAGE}/2031-01-01",
        f"villages/{VILLAGE}/someday",
        "cadres/C9/2027-03-01",
        "routes/2031-01-01",
    ],
)
def test_what_the_plan_does_not_know_is_not_found(planner: FlaskClient, path: str) -> None:
    answer = planner.get(f"/api/plans/1/{path}")

    assert answer.status_code == 404
    assert answer.get_json()["error"]["message"]


def test_a_coordinator_sees_no_doors(district: PlannedDistrict, sign_in: SignIn) -> None:
    coordinator = sign_in("coordinator")

    assert coordinator.get("/plans/1").status_code == 200
    assert coordinator.get("/api/plans/1/households/H01").status_code == 403
    assert "周0" not in coordinator.get("/plans/1/unplanned").text
    assert coordinator.get("/plans/1/visits.xlsx").status_code == 403


def test_publishing_puts_a_draft_in_force_once(
    opened: Database, sqlite_url: str, sign_in: SignIn
) -> None:
    with opened.write.begin() as session:
        made = plan_the_district(session, published=False)
    planner = sign_in("planner")
    review = planner.get(f"/plans/{made.plan_id}/publish").text
    assert "赵一" in review
    assert "芭茅村" in review

    answer = planner.post(f"/plans/{made.plan_id}/publish", data={"version": "1"})

    assert answer.status_code == 303
    with opened.read() as session:
        plan = session.get_one(Plan, made.plan_id)
        assert (plan.state, str(plan.published_on)) == ("published", "2027-03-01")
        assert session.query(Audit).filter_by(action="plan.publish").count() == 1
    again = planner.post(f"/plans/{made.plan_id}/publish", data={"version": "2"})
    assert again.status_code == 409


def test_a_stale_review_page_cannot_publish(opened: Database, sign_in: SignIn) -> None:
    with opened.write.begin() as session:
        made = plan_the_district(session, published=False)

    answer = sign_in("planner").post(f"/plans/{made.plan_id}/publish", data={"version": "7"})

    assert answer.status_code == 409


def test_two_plans_are_compared_by_their_figures(planner: FlaskClient) -> None:
    same = planner.get("/plans/compare?a=1&b=1").text
    assert "请选择两个不同的方案" in same
    assert "没有两个方案可比" in planner.get("/plans/compare").text
