"""The plan's map and board and the cadre's day at a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect
from sqlalchemy import select

from data.db import Database
from data.tables import Contact
from tests.support.browser import Opener, Watch
from tests.support.planned import AT_DAWN, PlannedDistrict
from tests.web.conftest import SignIn

pytestmark = pytest.mark.browser

Tab = Callable[..., Page]
Axe = Callable[[Page], list[str]]
QUIET_DAY = "2027-03-03"


@pytest.fixture
def tab(
    district: PlannedDistrict, live_server: str, desktop: Opener, phone: Opener, sign_in: SignIn
) -> Tab:
    """Open a page of the planned district as somebody."""

    def opened(name: str, address: str, *, on_phone: bool = False) -> Page:
        page = (phone if on_phone else desktop)(live_server)
        cookie = sign_in(name).get_cookie("zoufang")
        assert cookie is not None
        page.context.add_cookies([{"name": "zoufang", "value": cookie.value, "url": live_server}])
        page.goto(address)
        page.wait_for_selector("html[data-ready]")
        return page

    return opened


@pytest.fixture
def plan_map(tab: Tab) -> Page:
    """A planner's map of the plan, drawn."""
    page = tab("planner", "/plans/1/map")
    page.wait_for_selector("#plan-map:not([aria-busy])")
    return page


def test_the_map_and_its_list_show_the_same_day(plan_map: Page, axe: Axe) -> None:
    expect(plan_map.locator("#list-title")).to_have_text("2027年3月1日 (周一)")
    stops = plan_map.locator("#list ol.picks li").count()

    expect(plan_map.locator(".map-stop")).to_have_count(stops)
    assert axe(plan_map) == []


def test_the_next_day_is_one_key_away_and_kept_in_the_address(plan_map: Page) -> None:
    plan_map.locator("#list-title").click()
    plan_map.keyboard.press("n")

    expect(plan_map.locator("#list-title")).to_have_text("2027年3月2日 (周二)")
    assert "day=2027-03-02" in plan_map.url
    plan_map.reload()
    expect(plan_map.locator("#list-title")).to_have_text("2027年3月2日 (周二)")


def test_a_filter_is_kept_in_the_address_and_cuts_map_and_list(plan_map: Page) -> None:
    plan_map.select_option("#f-cadre", label="赵一")

    expect(plan_map.locator("#list details:has(.line-sign)")).to_have_count(1)
    assert "cadre=C1" in plan_map.url
    plan_map.click("#reset")
    assert "cadre" not in plan_map.url


def test_a_village_without_a_visit_says_which_rule_forbids_it(plan_map: Page, tab: Tab) -> None:
    page = tab("planner", f"/plans/1/map?day={QUIET_DAY}")
    page.wait_for_selector("#plan-map:not([aria-busy])")
    page.click("#list summary")
    page.click("#list button:has-text('芭茅村')")

    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("2027年3月3日 (周三)是芭茅村的免打扰日")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_a_click_on_the_village_itself_asks_the_same(tab: Tab) -> None:
    page = tab("planner", f"/plans/1/map?day={QUIET_DAY}&homes=0")
    page.wait_for_selector("#plan-map:not([aria-busy])")
    page.locator(".leaflet-interactive").last.click(position={"x": 30, "y": 30}, force=True)

    expect(page.locator(".leaflet-popup")).to_contain_text("免打扰日")


def test_missing_visits_are_listed_with_their_reasons(tab: Tab) -> None:
    page = tab("planner", "/plans/1/map?day=all")
    page.wait_for_selector("#plan-map:not([aria-busy])")
    page.click(f"#list button:has-text('{AT_DAWN}')")

    expect(page.locator("dialog[open]")).to_contain_text("应访 1 次，其中 1 次未排")
    expect(page.locator("dialog[open] .reasons")).to_contain_text("可访时段")


def test_a_visit_in_an_answer_leads_to_its_day(tab: Tab) -> None:
    page = tab("planner", "/plans/1/map?day=all&household=H01")
    visit = page.locator("dialog[open] .visit-list button")
    when = visit.inner_text().split()[0]
    visit.click()

    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page.locator("#list-title")).to_contain_text(when)


def test_a_cell_of_the_board_leads_to_the_map_of_its_day(tab: Tab) -> None:
    page = tab("planner", "/plans/1/board")
    page.locator("#board td.visits button").first.click()
    page.click("dialog[open] a:has-text('在地图上查看')")

    page.wait_for_url("**/plans/1/map?day=2027-03-*&cadre=C*")
    expect(page.locator("#list details:has(.line-sign)")).to_have_count(1)


def test_a_page_that_is_worked_out_for_seconds_says_so_at_the_click(tab: Tab) -> None:
    page = tab("planner", "/plans/1/unplanned")
    page.evaluate("addEventListener('click', (event) => event.preventDefault())")  # stay here
    page.click("text=怎样才能排下？")

    expect(page.locator(".toast")).to_contain_text("需要几秒钟")
    expect(page.locator("a[data-slow][aria-busy]")).to_have_count(1)


def test_a_link_from_the_missing_visits_opens_the_household(tab: Tab) -> None:
    page = tab("planner", "/plans/1/unplanned")
    page.click("text=在地图上查看")

    expect(page.locator("dialog[open]")).to_contain_text(AT_DAWN)


def test_a_map_that_cannot_load_says_so_and_offers_another_try(
    tab: Tab, watches: list[Watch]
) -> None:
    page = tab("planner", "/plans/1/board")
    page.route("**/api/plans/1/map", lambda route: route.abort())
    page.goto("/plans/1/map")

    expect(page.locator("#list-title")).to_have_text("方案未能载入")
    expect(page.locator("#list button")).to_have_text("重试")
    for watch in watches:
        watch.forgive("ERR_FAILED")


def test_the_board_is_walked_by_arrows_and_asked_by_enter(tab: Tab, axe: Axe) -> None:
    page = tab("planner", "/plans/1/board?view=villages")
    assert axe(page) == []
    page.locator("#board td[data-day] button[tabindex='0']").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.closest('td').dataset.day") == QUIET_DAY

    page.keyboard.press("Enter")

    expect(page.locator("dialog[open]")).to_contain_text("免打扰日")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.closest('td').dataset.day") == QUIET_DAY


def test_a_week_jump_moves_the_board(tab: Tab) -> None:
    page = tab("planner", "/plans/1/board")
    page.click("[data-week='1']")

    assert page.locator("#f-week").input_value() == "2027-03-08"
    assert page.evaluate("document.getElementById('board-wrap').scrollLeft") > 0


def test_a_cadre_marks_visits_with_one_thumb(tab: Tab, opened: Database, axe: Axe) -> None:
    page = tab("c1", "/my-day", on_phone=True)
    expect(page.locator(".map-stop")).to_have_count(4)
    assert axe(page) == []

    page.locator("[data-outcome='visited']").first.tap()
    expect(page.locator(".stop-result").first).to_contain_text("已保存")
    page.locator(".note summary").nth(1).tap()
    page.locator(".note textarea").nth(1).fill("敲门无人应答")
    page.locator("[data-outcome='no_answer']").nth(1).tap()
    expect(page.locator(".stop-result").nth(1)).to_contain_text("敲门无人应答")

    expect(page.locator("#progress")).to_contain_text("已记录 2/4")
    with opened.read() as session:
        kept = session.scalars(select(Contact).order_by(Contact.id)).all()
    assert [(c.outcome, c.note) for c in kept] == [("visited", ""), ("no_answer", "敲门无人应答")]
    assert axe(page) == []


def test_every_target_of_the_day_is_large_enough_for_a_thumb(tab: Tab) -> None:
    page = tab("c1", "/my-day", on_phone=True)

    small = page.evaluate(
        """() => [...document.querySelectorAll("main button, main summary, main .day-head a")]
        .filter((e) => e.checkVisibility() && e.getBoundingClientRect().height < 44)
        .map((e) => e.textContent.trim())"""
    )
    assert small == []


def test_a_result_is_called_saved_only_when_the_server_says_so(
    tab: Tab, opened: Database, watches: list[Watch]
) -> None:
    page = tab("c1", "/my-day", on_phone=True)
    lost: list[str] = []

    def lose_the_first_answer(route: Route) -> None:
        if not lost:
            lost.append(route.request.post_data or "")
            route.fetch()  # it reaches the server, but the answer never arrives
            route.abort()
        else:
            route.continue_()

    page.route("**/result", lose_the_first_answer)
    page.locator("[data-outcome='visited']").first.tap()
    expect(page.locator(".stop-result").first).to_contain_text("尚未保存")
    expect(page.locator("#unsent")).to_be_visible()

    page.click("#send-again")

    expect(page.locator(".stop-result").first).to_contain_text("已保存")
    expect(page.locator("#unsent")).to_be_hidden()
    with opened.read() as session:
        assert len(session.scalars(select(Contact)).all()) == 1
    for watch in watches:
        watch.forgive("ERR_FAILED")


def test_a_saved_result_can_be_taken_back(tab: Tab) -> None:
    page = tab("c1", "/my-day", on_phone=True)
    page.locator("[data-outcome='refused']").first.tap()
    page.locator(".stop-result button:has-text('撤销')").first.tap()

    expect(page.locator("#progress")).to_contain_text("已记录 0/4")
    expect(page.locator("[data-outcome='visited']").first).to_be_visible()


def test_map_apps_are_linked_only_after_a_tap(tab: Tab) -> None:
    page = tab("c1", "/my-day", on_phone=True)
    assert page.locator("a[href*='amap']").count() == 0

    page.locator("[data-go]").first.tap()

    expect(page.locator("dialog[open] a")).to_have_count(4)
    expect(page.locator("dialog[open] a").first).to_have_text("高德地图")
