"""Files of a plan: each opens, each says who took it, none holds more than it must."""

import io
import json

import openpyxl
import pytest
from flask.testing import FlaskClient

from data.db import Database
from data.tables import Audit
from tests.support.planned import AT_DAWN, PlannedDistrict
from tests.web.conftest import SignIn


@pytest.fixture
def planner(district: PlannedDistrict, sign_in: SignIn) -> FlaskClient:
    """A planner at the browser, with a published plan."""
    return sign_in("planner")


def test_the_workbook_holds_every_visit_and_the_reasons(planner: FlaskClient) -> None:
    answer = planner.get("/plans/1/visits.xlsx")

    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert "attachment" in answer.headers["Content-Disposition"]
    assert book.sheetnames[0] == "走访安排"
    assert book["走访安排"].max_row == 2 + 35
    missing = [cell.value for row in book["未排"].iter_rows() for cell in row]
    assert AT_DAWN in missing
    assert any("06:00-06:20" in str(value) for value in missing)


def test_the_map_layer_names_nobody(planner: FlaskClient) -> None:
    layer = json.loads(planner.get("/plans/1/visits.geojson").data)

    assert len(layer["features"]) == 35
    assert "周0" not in json.dumps(layer, ensure_ascii=False)


def test_a_calendar_holds_one_cadre_and_no_residents(planner: FlaskClient) -> None:
    answer = planner.get("/plans/1/cadres/C1.ics")

    assert answer.mimetype == "text/calendar"
    assert b"BEGIN:VEVENT" in answer.data
    assert "周0".encode() not in answer.data
    assert planner.get("/plans/1/cadres/C9.ics").status_code == 404


def test_a_cadre_gets_the_own_calendar_only(district: PlannedDistrict, sign_in: SignIn) -> None:
    cadre = sign_in("c1")

    assert b"BEGIN:VEVENT" in cadre.get("/my-day/calendar.ics").data
    assert cadre.get("/plans/1/cadres/C2.ics").status_code == 403


def test_a_cadre_without_visits_is_told_so(district: PlannedDistrict, sign_in: SignIn) -> None:
    assert sign_in("c2").get("/my-day/calendar.ics").status_code in (200, 404)


def test_taking_a_file_is_on_record(planner: FlaskClient, opened: Database) -> None:
    planner.get("/plans/1/visits.xlsx")

    with opened.read() as session:
        kept = session.query(Audit).filter_by(action="plan.export").one()
        assert kept.facts == {"form": "xlsx", "visits": 35}
