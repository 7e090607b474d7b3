"""The coverage pages: one set of figures on map, table and in every download."""

import csv
import io
import json
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Page

from data.db import Database
from data.tables import Audit
from tests.support.browser import Opener
from tests.support.district import State
from tests.support.planned import PlannedDistrict

pytest_plugins = ["tests.support.planned"]


@pytest.fixture
def coordinator(district: PlannedDistrict, sign_in: Callable[[str], FlaskClient]) -> FlaskClient:
    return sign_in("coordinator")


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'id="coverage-data">(.*?)</script>', page, re.S)
    assert found is not None
    value: dict[str, Any] = json.loads(found[1])
    return value


def rows_of(page: str) -> list[tuple[str, ...]]:
    """Code, share and visited / owed of each row of the table."""
    return [
        (
            row[0],
            re.sub(r"<[^>]+>|\s", "", re.findall(r'<td class="num strong">(.*?)</td>', row[1])[0]),
            re.findall(r'<td class="num">(\d+ / \d+)</td>', row[1])[0],
        )
        for row in re.findall(r'<tr data-code="(\d+)">(.*?)</tr>', page, re.S)
    ]


def test_map_table_and_downloads_say_the_same(coordinator: FlaskClient) -> None:
    page = coordinator.get("/coverage/").text
    on_map = {row["code"]: (row["share"], row["lines"][0][1]) for row in data_of(page)["rows"]}
    in_table = {code: (share, counts) for code, share, counts in rows_of(page)}
    packed = coordinator.get("/coverage/download.csv").data.decode("utf-8-sig")
    in_csv = {
        row["代码"]: f"{row['已访户数']} / {row['应访户数']}"
        for row in csv.DictReader(io.StringIO(packed))
    }
    book = openpyxl.load_workbook(io.BytesIO(coordinator.get("/coverage/download.xlsx").data))
    in_book = {
        row[0]: f"{row[5]} / {row[4]}"
        for row in book["按村"].iter_rows(min_row=3, values_only=True)
    }

    assert len(on_map) == 6
    assert on_map == in_table
    assert in_csv == in_book == {code: counts for code, (_, counts) in in_table.items()}


def test_a_download_is_noted_in_the_audit(coordinator: FlaskClient, opened: Database) -> None:
    coordinator.get("/coverage/download.xlsx")
    with opened.read() as session:
        actions = [row.action for row in session.query(Audit)]
    assert "coverage.export" in actions


def test_the_address_carries_the_filter(coordinator: FlaskClient) -> None:
    page = coordinator.get("/coverage/?unit=U1&only=unvisited&sort=owed&desc=1").text
    assert len(data_of(page)["rows"]) == 3
    assert 'value="U1" selected' in page
    assert "/coverage/download.xlsx?" in page and "unit=U1" in page


@pytest.mark.parametrize(
    "query",
    [
        "sort=nonsense",
        "only=nonsense",
        "level=nonsense",
        "from=2027-02-30",
        "from=2027-05-01&to=2027-03-01",
        "unit=nobody",
        "town=nowhere",
        *(f"sort={key}&desc=1" for key in ("share", "gap", "last", "next", "never")),
        "level=town",
        "only=crowded",
    ],
)
def test_no_address_breaks_the_page(coordinator: FlaskClient, query: str) -> None:
    assert coordinator.get(f"/coverage/?{query}").status_code == 200


def test_a_period_that_ends_before_it_begins_is_said(coordinator: FlaskClient) -> None:
    page = coordinator.get("/coverage/?from=2027-05-01&to=2027-03-01").text
    assert "结束日期早于开始日期" in page


def test_a_village_page_names_who_will_come(
    coordinator: FlaskClient, district: PlannedDistrict
) -> None:
    page = coordinator.get(f"/coverage/villages/{district.villages[0]}").text
    assert any(name in page for name in ("赵一", "钱二", "孙三", "李四"))
    assert "还没有人来过" in page


def test_an_unknown_village_or_kind_of_file_is_not_found(coordinator: FlaskClient) -> None:
    assert coordinator.get("/coverage/villages/999").status_code == 404
    assert coordinator.get("/coverage/download.exe").status_code == 404


def test_a_cadre_is_not_let_in(district: PlannedDistrict, sign_in: Callable[[str], Any]) -> None:
    assert sign_in("c1").get("/coverage/").status_code == 403


def test_without_a_campaign_the_page_says_the_next_step(
    people: dict[str, int], sign_in: Callable[[str], FlaskClient]
) -> None:
    page = sign_in("coordinator").get("/coverage/")
    assert page.status_code == 200
    assert "还没有活动" in page.text


@pytest.mark.browser
def test_a_click_on_the_map_answers_and_nothing_is_amiss(
    demo_server: str,
    signed_in: Callable[[str], State],
    desktop: Opener,
    phone: Opener,
    axe: Callable[[Page], list[str]],
) -> None:
    for opened in (desktop, phone):
        page = opened(demo_server, state=signed_in("coordinator"))
        page.goto("/coverage/")
        page.wait_for_selector(".leaflet-interactive")
        page.wait_for_load_state("networkidle")
        assert axe(page) == []
        overflow = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(overflow) <= 0
        page.locator(".leaflet-interactive").nth(20).click()
        page.locator(".map-popup a").click()
        page.wait_for_url("**/coverage/villages/*")
        assert axe(page) == []
