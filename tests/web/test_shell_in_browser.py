"""The frame of every page at a real browser: keys, language, phone, map, accessibility."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from shapely.geometry import box

from data.db import Database
from data.tables import Region
from tests.support.browser import Opener
from tests.web.conftest import SignIn
from web import context, roles
from web.maps.shell import map_shell

pytestmark = pytest.mark.browser

MAP_PAGE = """{% extends "base.html" %}{% import "macros/ui.html" as ui with context %}
{% block title %}Map{% endblock %}{% block content %}{{ ui.page_header("Map") }}
{{ ui.map(shell, "Map") }}{% endblock %}{% block scripts %}
<script type="module" nonce="{{ csp_nonce() }}">
import { openMap } from "/static/js/map.js";
import { el } from "/static/js/core.js";
globalThis.view = openMap();
globalThis.homes = view.points({
  styles: [{ color: "--data-1", shape: "circle" }, { color: "--data-2", shape: "triangle" }],
  onPick: (ids, at) => view.popup(at, Promise.resolve(el("p", {}, "home " + ids.join(" ")))),
});
view.onVillage((place, at) => view.popup(at, Promise.resolve(el("p", {}, place.name))));
globalThis.ready = true;
</script>{% endblock %}"""

Tab = Callable[..., Page]
Axe = Callable[[Page], list[str]]


@pytest.fixture
def tab(live_server: str, desktop: Opener, phone: Opener, sign_in: SignIn) -> Tab:
    """Open a page as somebody."""

    def opened(name: str | None, address: str, *, on_phone: bool = False) -> Page:
        page = (phone if on_phone else desktop)(live_server)
        if name is not None:
            client = sign_in(name)
            cookie = client.get_cookie("zoufang")
            assert cookie is not None
            page.context.add_cookies(
                [{"name": "zoufang", "value": cookie.value, "url": live_server}]
            )
        page.goto(address)
        page.wait_for_selector("html[data-ready]")
        return page

    return opened


@pytest.fixture
def map_page(app: Flask, opened: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page with nothing but a map of four villages."""
    from flask import render_template_string

    with opened.write.begin() as session:
        for n in range(4):
            west, south = 117.0 + 0.05 * (n % 2), 30.5 + 0.05 * (n // 2)
            session.add(
                Region(
                    code=f"34081100100{n}",
                    name=f"<b>村{n}</b>",
                    kind="village",
                    geometry=box(west, south, west + 0.05, south + 0.05).wkb,
                    synthetic_shape=True,
                )
            )

    def show() -> str:
        with context.database().read() as session:
            return render_template_string(MAP_PAGE, shell=map_shell(session))

    app.add_url_rule("/map-alone", "map_alone", show)
    monkeypatch.setitem(roles.ROLES, "map_alone", roles.SIGNED_IN)


def points(page: Page, count: int) -> None:
    page.wait_for_function("globalThis.ready")
    page.evaluate(
        """n => homes.show(Array.from({ length: n }, (_, i) =>
             [i, 117.005 + (i % 100) * 0.0009, 30.505 + Math.floor(i / 100) * 0.0009, i % 2]))""",
        count,
    )


PAGES = [
    (None, "/account/login"),
    ("admin", "/"),
    ("admin", "/admin/users"),
    ("admin", "/admin/health"),
    ("admin", "/admin/audit"),
    ("planner", "/"),
    ("coordinator", "/"),
    ("planner", "/help/"),
    ("planner", "/account/"),
    ("planner", "/account/password"),
]


@pytest.mark.parametrize("on_phone", [False, True], ids=["desktop", "phone"])
def test_every_page_of_the_shell_is_accessible_and_fits(
    people: dict[str, int], tab: Tab, axe: Axe, on_phone: bool
) -> None:
    for name, address in PAGES:
        page = tab(name, address, on_phone=on_phone)

        assert axe(page) == [], address
        too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert too_wide <= 0, address


def test_signing_in_and_out_by_keyboard_alone(people: dict[str, int], tab: Tab) -> None:
    page = tab(None, "/")

    page.keyboard.type("planner")
    page.keyboard.press("Tab")
    page.keyboard.type("many quiet villages 7")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("planner")

    page.locator("details.menu summary").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="退出登录").press("Enter")
    expect(page).to_have_url("/account/login", ignore_case=True)


def test_a_question_mark_lists_the_keys_and_escape_closes(people: dict[str, int], tab: Tab) -> None:
    page = tab("planner", "/help/")

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="键盘快捷键")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_language_changes_and_the_page_stays(people: dict[str, int], tab: Tab) -> None:
    page = tab("planner", "/help/?from=test")

    page.get_by_role("button", name="English").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Help")
    assert page.url.endswith("/help/?from=test")


def test_a_phone_has_its_tabs_at_the_thumb(people: dict[str, int], tab: Tab) -> None:
    page = tab("admin", "/", on_phone=True)

    bar = page.get_by_role("navigation", name="标签栏")
    bar.get_by_role("link", name="账号").tap()

    expect(page.get_by_role("heading", level=1)).to_have_text("账号")
    for link in bar.get_by_role("link").all():
        area: Any = link.bounding_box()
        assert area["height"] >= 44


def test_giving_a_new_password_asks_first_and_shows_it_once(
    people: dict[str, int], tab: Tab
) -> None:
    page = tab("admin", "/admin/users")
    page.get_by_role("button", name=re.compile("新密码.*planner")).click()
    page.get_by_role("dialog").get_by_role("button", name="取消").click()
    expect(page.locator(".secret")).to_have_count(0)

    page.get_by_role("button", name=re.compile("新密码.*planner")).click()
    page.get_by_role("dialog").get_by_role("button", name="确认").click()

    expect(page.locator(".secret")).to_have_count(1)
    page.goto("/admin/users")
    expect(page.locator(".secret")).to_have_count(0)


def test_a_thousand_households_can_each_be_picked(
    people: dict[str, int], map_page: None, tab: Tab
) -> None:
    page = tab("planner", "/map-alone")
    points(page, 1000)

    x, y = page.evaluate(
        """() => { const p = view.map.latLngToContainerPoint([30.505, 117.005]);
                   const r = view.map.getContainer().getBoundingClientRect();
                   return [p.x + r.left, p.y + r.top]; }"""
    )
    page.mouse.click(x, y)

    expect(page.locator(".leaflet-popup-content")).to_contain_text("home 0")
    page.keyboard.press("Escape")
    expect(page.locator(".leaflet-popup-content")).to_have_count(0)


def test_ten_thousand_households_are_on_the_map_within_a_second_and_a_half(
    people: dict[str, int], map_page: None, tab: Tab
) -> None:
    page = tab("planner", "/map-alone")
    page.wait_for_function("globalThis.ready")

    took_ms = page.evaluate(
        """async () => {
             const rows = Array.from({ length: 10000 }, (_, i) =>
               [i, 117 + Math.random() / 10, 30.5 + Math.random() / 10, i % 2]);
             const began = performance.now();
             homes.show(rows);
             await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
             return performance.now() - began; }"""
    )

    assert took_ms < 1500


def test_names_on_the_map_are_text_and_sketched_shapes_say_so(
    people: dict[str, int], map_page: None, tab: Tab, axe: Axe
) -> None:
    page = tab("planner", "/map-alone")
    page.wait_for_function("globalThis.ready")

    expect(page.locator(".map-label", has_text="<b>村0</b>")).to_be_visible()
    expect(page.locator(".map-note")).to_have_text("示意边界,非真实界线")
    assert axe(page) == []


def test_a_village_answers_a_click(people: dict[str, int], map_page: None, tab: Tab) -> None:
    page = tab("planner", "/map-alone")
    page.wait_for_function("globalThis.ready")
    frame: Any = page.locator("#map").bounding_box()

    page.mouse.click(frame["x"] + frame["width"] / 2 - 40, frame["y"] + frame["height"] / 2 - 40)

    expect(page.locator(".leaflet-popup-content")).to_contain_text("村2")


def test_a_printed_map_shows_the_whole_district_and_says_what_it_is(
    people: dict[str, int], map_page: None, tab: Tab
) -> None:
    page = tab("planner", "/map-alone")
    page.wait_for_function("globalThis.ready")
    page.evaluate("view.map.setView([30.51, 117.01], 16, { animate: false })")

    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")

    whole = "view.map.getBounds().contains(view.districtBounds)"
    assert page.evaluate(whole)
    expect(page.locator(".map-note")).to_be_visible()
    expect(page.locator(".leaflet-control-zoom")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert not page.evaluate(whole)
