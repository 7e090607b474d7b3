"""The wizard at a real browser: on a desk and on a phone, in both languages, for everybody."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from sqlalchemy import select

from data.db import Database
from data.tables import Household
from tests.support.browser import Opener
from tests.support.registers import DISTRICT, Office, csv, read_here
from tests.web.conftest import SignIn

pytestmark = pytest.mark.browser
Axe = Callable[[Page], list[str]]

HEADINGS = ["户号", "户主", "村", "经度", "纬度"]
FAULTY = csv(
    HEADINGS,
    ["0009", "孙某", "东村", "117.03", "30.51"],
    ["0010", "周某", "无名村", "117.01", "30.51"],
    ["0011", "吴某", "西村", "117.03", "30.51"],
)


@pytest.fixture(autouse=True)
def known(
    opened: Database, app: Flask, monkeypatch: pytest.MonkeyPatch, people: dict[str, int]
) -> None:
    """The four villages are stored; files are read in this process."""
    monkeypatch.setattr("data.importing.uploads.run_import", read_here)
    Office(opened, app.extensions["settings"].instance / "office").bring_in(DISTRICT)


@pytest.fixture
def files(tmp_path: Path) -> Path:
    path = tmp_path / "走访户.csv"
    path.write_bytes(FAULTY)
    return path


def state_of(client: FlaskClient) -> dict[str, object]:
    """What a browser needs to be signed in as this client is."""
    cookies = [
        {"name": one.key, "value": one.value, "domain": "127.0.0.1", "path": "/"}
        for one in client._cookies.values()  # type: ignore[attr-defined]
    ]
    return {"cookies": cookies}


def test_a_planner_mends_compares_confirms_and_takes_back(
    live_server: str, desktop: Opener, sign_in: SignIn, files: Path, axe: Axe, opened: Database
) -> None:
    page = desktop(live_server, state=state_of(sign_in("planner")))
    page.goto("/imports/")
    assert axe(page) == []
    page.set_input_files("#files", files)
    expect(page.locator("#chosen")).to_contain_text("走访户.csv")
    page.get_by_role("button", name="读取文件").click()

    expect(page.locator(".confirm-bar")).to_contain_text("请先改正 1 个错误")
    expect(page.locator("#map-words")).to_contain_text("2 个点在所填的村内，1 个在别的村")
    assert axe(page) == []
    page.get_by_role("button", name="BD-09").click()
    expect(page.locator("#map-words")).to_contain_text("1 个不在任何村")
    page.get_by_role("textbox", name="第 3 行").fill("西村")
    page.get_by_role("button", name="保存 第 3 行").click()

    expect(page.locator(".confirm-bar")).to_contain_text("将新增 3 行")
    page.get_by_role("button", name="确认导入").click()
    expect(page.get_by_role("heading", name="导入 2")).to_be_visible()
    assert axe(page) == []
    page.get_by_role("button", name="撤销本次导入").click()
    page.locator("dialog[open]").get_by_role("button", name="确认").click()

    expect(page.get_by_text("所有行已恢复原状")).to_be_visible()
    with opened.read() as session:
        numbers = session.scalars(select(Household.number)).all()
    assert sorted(numbers) == ["0001", "0002", "0003"]


def test_the_wizard_fits_a_phone_and_speaks_english(
    live_server: str, phone: Opener, sign_in: SignIn, files: Path, axe: Axe
) -> None:
    client = sign_in("planner")
    client.post("/language", data={"locale": "en"})
    page = phone(live_server, state=state_of(client))
    page.goto("/imports/")
    page.set_input_files("#files", files)
    page.get_by_role("button", name="Read the files").click()

    expect(page.locator(".confirm-bar")).to_contain_text("1 error must be mended first")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert axe(page) == []
    page.get_by_role("button", name="Leave 1 faulty row out").click()
    page.locator("dialog[open]").get_by_role("button", name="Confirm").click()
    page.get_by_role("button", name="Confirm and store").click()

    expect(page.get_by_text("Stored on")).to_be_visible()


def test_a_lost_household_is_placed_by_a_click(
    live_server: str, desktop: Opener, sign_in: SignIn, axe: Axe, opened: Database
) -> None:
    with opened.write.begin() as session:
        lost = session.scalars(select(Household).where(Household.number == "0003")).one()
        lost.lon = lost.lat = None
    page = desktop(live_server, state=state_of(sign_in("planner")))
    page.goto("/map-check/")
    expect(page.locator("#check-points")).to_contain_text("其中 0 个有坐标")
    assert axe(page) == []
    page.get_by_role("link", name="定位 0003").click()
    expect(page.locator(".leaflet-overlay-pane path").first).to_be_visible()
    page.locator("#map").click(position={"x": 420, "y": 200})

    expect(page.get_by_label("经度")).not_to_have_value("")
    assert axe(page) == []
    page.get_by_role("button", name="保存").click()

    expect(page.get_by_text("已保存。")).to_be_visible()
    with opened.read() as session:
        placed = session.scalars(select(Household).where(Household.number == "0003")).one()
    assert placed.lon is not None
