"""Rules, calendar and a running solve at a real browser: keys, meter, live figures."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from data.db import Database
from data.store import jobs
from data.store.jobs import Claim
from data.tables import Plan
from tests.support.browser import Opener
from tests.support.planned import PlannedDistrict
from tests.web.conftest import SignIn

pytestmark = pytest.mark.browser

Tab = Callable[[str], Page]
Axe = Callable[[Page], list[str]]


@pytest.fixture
def tab(live_server: str, desktop: Opener, district: PlannedDistrict, sign_in: SignIn) -> Tab:
    """Open a page as the planner."""

    def opened(address: str) -> Page:
        cookie = sign_in("planner").get_cookie("zoufang")
        assert cookie is not None
        page = desktop(live_server)
        page.context.add_cookies([{"name": "zoufang", "value": cookie.value, "url": live_server}])
        page.goto(address)
        page.wait_for_selector("html[data-ready]")
        return page

    return opened


@pytest.fixture
def claimed(district: PlannedDistrict, opened: Database) -> Claim:
    """A solve that somebody else's keeper minds."""
    with opened.write.begin() as session:
        args = {"campaign_id": district.campaign_id, "time_limit_s": 10}
        jobs.queue(session, kind="solve", args=args, seed=0, created_by=None)
        claim = jobs.claim_next(session, owner="test", lease_s=600, at_once=1)
    assert claim is not None
    return claim


def tell(opened: Database, claim: Claim, **facts: Any) -> None:
    with opened.write.begin() as session:
        document = session.get_one(Plan, 1).document
        jobs.report(session, claim, facts | {"has_plan": True}, incumbent=document)


def test_a_running_solve_is_followed_to_its_end(
    tab: Tab, claimed: Claim, opened: Database, axe: Axe
) -> None:
    page = tab(f"/jobs/{claimed.job_id}")
    expect(page.locator("#sentence")).to_have_text("正在准备。")
    expect(page.get_by_role("link", name="打开方案")).to_be_hidden()

    tell(opened, claimed, J=2000.0, unplanned=2, bound=None, seconds=1.0, phase="search")
    expect(page.locator("[data-figure=J]")).to_have_text("2,000")
    expect(page.locator("#sentence")).to_have_text("已有方案，正在继续改进。")
    expect(page.locator("#sketch canvas")).to_be_visible()
    expect(page.locator("#chart svg path.cost")).to_have_count(1)
    assert page.title().startswith("10%")

    tell(opened, claimed, J=1000.0, unplanned=1, bound=900.0, seconds=5.0, phase="search")
    expect(page.locator("[data-figure=unplanned]")).to_have_text("1")
    expect(page.locator("[data-figure=gap]")).to_have_text("10%")
    assert axe(page) == []

    with opened.write.begin() as session:
        facts = {"J": 1000.0, "unplanned": 1, "bound": 900.0, "seconds": 9.0, "plan_id": 1}
        jobs.end(session, claimed, state="done", progress=facts)
    expect(page.get_by_role("link", name="打开方案")).to_be_visible()
    expect(page.locator(".toast")).to_contain_text("有 1 次应访未能排上")
    expect(page.locator("#state")).to_have_text("已完成")
    assert page.title().startswith("✓")


def test_stopping_is_one_click_and_the_page_stays(
    tab: Tab, claimed: Claim, opened: Database
) -> None:
    page = tab(f"/jobs/{claimed.job_id}")
    tell(opened, claimed, J=2000.0, unplanned=2, bound=None, seconds=1.0, phase="search")

    page.get_by_role("button", name="停止并保留最好方案").click()

    expect(page.locator("#sentence")).to_have_text("正在停止，将保留目前最好的方案。")
    with opened.read() as session:
        assert jobs.stop_is_asked(session, claimed)


def test_a_page_without_a_stream_asks_by_itself(
    tab: Tab, claimed: Claim, opened: Database, watches: list[Any]
) -> None:
    page = tab("/jobs")
    page.route("**/events", lambda route: route.fulfill(status=503))
    page.goto(f"/jobs/{claimed.job_id}")
    tell(opened, claimed, J=3000.0, unplanned=3, bound=None, seconds=2.0, phase="search")

    expect(page.locator("[data-figure=J]")).to_have_text("3,000")
    for watch in watches:
        watch.forgive("503")


def test_the_meter_follows_the_keyboard_and_presets_fill_the_fields(
    tab: Tab, district: PlannedDistrict, axe: Axe
) -> None:
    page = tab(f"/campaigns/{district.campaign_id}/rules/")
    gap = page.get_by_label("村间隔（天）")

    gap.fill("60")
    page.get_by_label("干部每天走访户数").fill("1")
    expect(page.locator("#meter")).to_contain_text("至多 1 次")
    gap.fill("999")
    expect(page.locator("#e-village_min_gap_days")).to_have_text(re.compile("0 到 90"))
    expect(gap).to_have_attribute("aria-invalid", "true")
    assert axe(page) == []

    page.get_by_role("link", name=re.compile("^严")).click()
    expect(gap).to_have_value("14")
    expect(page.locator("#e-village_min_gap_days")).to_be_hidden()
    page.get_by_role("button", name="保存规则").click()
    expect(page.get_by_role("status").first).to_contain_text("条规则")
    expect(gap).to_have_value("14")


def test_the_calendar_is_painted_by_keyboard(tab: Tab, axe: Axe) -> None:
    page = tab("/calendar/")
    page.locator("[data-day='2027-03-01']").focus()

    for key in ("ArrowRight", "ArrowDown", "Space"):
        page.keyboard.press(key)
    painted = page.locator("[data-day='2027-03-09']")
    expect(painted).to_be_focused()
    expect(painted).to_have_attribute("data-kind", "closed")
    expect(page.locator("#announcer")).to_have_text("3月9日 周二：不走访")
    page.reload()
    expect(painted).to_have_attribute("data-kind", "closed")
    painted.click()
    expect(painted).to_have_attribute("data-kind", "open")
    assert axe(page) == []


def test_the_form_shows_only_the_fields_of_its_kind(tab: Tab) -> None:
    page = tab("/calendar/")

    page.get_by_label("类型").select_option("range")
    expect(page.get_by_label("每年")).to_be_visible()
    expect(page.get_by_text("日期尾数为")).to_be_hidden()
    page.get_by_label("类型").select_option("dates")
    page.get_by_role("textbox", name="日期").fill("2027-03-05")
    page.get_by_role("button", name="保存规则").click()

    expect(page.locator("[data-day='2027-03-05']")).to_have_attribute("data-kind", "closed")
