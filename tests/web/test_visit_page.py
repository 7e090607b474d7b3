"""The page of one visit: why here, where else at what price, and why not there."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from scheduler.explaining.alternatives import alternatives
from tests.support.planned import AT_DAWN, DAYS, PlannedDistrict
from tests.web.conftest import SignIn
from web.usecases.ask_visit import ask_place, ask_visit
from web.usecases.read_plan import NotInPlan, OpenPlan, PlanShelf, find_plan


@pytest.fixture
def planner(district: PlannedDistrict, sign_in: SignIn) -> FlaskClient:
    """A planner at the browser, with a published plan."""
    return sign_in("planner")


@pytest.fixture
def plan(district: PlannedDistrict, app: Flask) -> OpenPlan:
    """The plan of the district, opened."""
    with app.extensions["database"].read() as session:
        return PlanShelf().open(session, find_plan(session, district.plan_id))


@pytest.fixture
def visit(plan: OpenPlan) -> str:
    """Address of the visit to household H01."""
    return f"/plans/1/visits/H01/{plan.by_household['H01'][0].date}"


def test_the_parts_of_a_price_add_up_to_what_the_scheduler_found(plan: OpenPlan) -> None:
    seen = 0
    for x in plan.plan.visits[::4]:
        answer = ask_visit(plan, x.household, x.date, today=DAYS[0])
        found = plan.ask(lambda roster, x=x: alternatives(roster, x.household, x.date))  # type: ignore[misc]
        assert [(y.cadre, y.day) for y in answer.cheapest] == [(y.cadre, y.date) for y in found]
        assert [y.price for y in answer.cheapest] == pytest.approx([y.price for y in found])
        seen += len(found)
    assert seen > 5


def test_a_visit_says_why_it_is_here_and_where_else_it_could_be(
    planner: FlaskClient, visit: str
) -> None:
    page = planner.get(visit).text

    assert "为什么排在这里" in page
    assert "该村由办公室负责" in page
    assert page.count('class="parts"') == 3
    assert "周01" not in page  # nobody's name


def test_a_day_in_the_way_of_a_rule_names_it(planner: FlaskClient, visit: str) -> None:
    page = planner.get(f"{visit}?cadre=C2&on=2027-03-03").text

    assert "不能在2027年3月3日 (周三)走访" in page
    assert "免打扰日" in page


def test_a_cadre_of_another_unit_is_refused_with_the_reason(
    planner: FlaskClient, visit: str
) -> None:
    assert "芭茅村由办公室包村" in planner.get(f"{visit}?cadre=C3&on=2027-04-22").text


def test_a_possible_place_says_what_it_would_change(planner: FlaskClient, plan: OpenPlan) -> None:
    first = plan.by_household["H01"][0]
    best = ask_visit(plan, "H01", first.date, today=DAYS[0]).cheapest[0]
    address = f"/plans/1/visits/H01/{first.date}?cadre={best.cadre}&on={best.day}"

    page = planner.get(address).text

    assert "没有规则禁止" in page
    assert page.count('class="parts"') == 4


def test_a_past_visit_stays(plan: OpenPlan) -> None:
    first = plan.by_household["H01"][0]

    answer = ask_visit(plan, "H01", first.date, today=DAYS[-1])

    assert answer.past
    assert not answer.cheapest


def test_what_is_not_in_the_plan_has_no_page(planner: FlaskClient, visit: str) -> None:
    for address in (
        "/plans/1/visits/H99/2027-03-01",
        f"/plans/1/visits/{AT_DAWN}/2027-03-01",
        "/plans/1/visits/H01/someday",
        f"{visit}?cadre=C9&on=2027-03-01",
        f"{visit}?cadre=C1&on=2031-01-01",
    ):
        assert planner.get(address).status_code == 404


def test_a_household_the_plan_does_not_know_is_refused(plan: OpenPlan) -> None:
    with pytest.raises(NotInPlan):
        ask_place(plan, "H99", "C1", DAYS[0])
