"""What every screen owes: no error, no stranger, no barrier, no leftover English."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.support.browser import Opener
from tests.support.screens import SCREENS, Screen

pytestmark = pytest.mark.browser

ROLES = sorted({screen.role for screen in SCREENS})
WIDER = "document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"
REFUSED = "status of 403"


def of_role(role: str) -> list[Screen]:
    return [screen for screen in SCREENS if screen.role == role]


def speak(page: Page, locale: str) -> None:
    """Switch the language where the page speaks another."""
    switch = page.locator(f"button[name=locale][value={locale}]").first
    if switch.count():
        with page.expect_navigation():
            switch.dispatch_event("click")


@pytest.fixture
def look(
    demo_server: str,
    signed_in: Callable[[str], Any],
    axe: Callable[[Page], list[str]],
    watches: list[Any],
) -> Callable[..., list[str]]:
    """Look at every screen of a role; returns what is wrong, a line each."""

    def walk(open_tab: Opener, role: str, locale: str) -> list[str]:
        page = open_tab(demo_server, state=signed_in(role) if role else None)
        page.goto("/account/login")
        speak(page, locale)
        found = []
        for screen in of_role(role):
            page.goto(screen.path)
            screen.ready(page)
            wrong = axe(page)
            if page.evaluate(WIDER):
                wrong.append("wider than the window")
            if page.locator("html").get_attribute("lang") != {"zh": "zh-CN", "en": "en"}[locale]:
                wrong.append("speaks another language")
            found += [f"{screen.name}: {words}" for words in wrong]
        for watch in watches:
            watch.forgive(REFUSED)  # the screen without permission is one of them
        return found

    return walk


@pytest.mark.parametrize("locale", ["zh", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_every_screen_is_sound_on_a_desktop(
    look: Callable[..., list[str]], desktop: Opener, role: str, locale: str
) -> None:
    found = look(desktop, role, locale)

    assert not found, "\n".join(found)


@pytest.mark.parametrize("role", ROLES)
def test_every_screen_is_sound_on_a_phone(
    look: Callable[..., list[str]], phone: Opener, role: str
) -> None:
    found = look(phone, role, "zh")

    assert not found, "\n".join(found)


def test_no_page_that_opens_by_itself_is_missing_from_the_screens(demo_app: Any) -> None:
    """A screen nobody looks at is a screen nobody owns: each page of the app is in the list."""
    adapter = demo_app.url_map.bind("localhost")
    seen = {adapter.match(screen.path.partition("?")[0])[0] for screen in SCREENS}
    pages = {
        rule.endpoint
        for rule in demo_app.url_map.iter_rules()
        if "GET" in (rule.methods or ())
        and not re.search(
            r"api|\.(json|geojson|ics|xlsx|csv)|static|healthz|favicon|i18n", str(rule)
        )
    }
    assert pages - seen - NOT_SCREENS == set()


NOT_SCREENS: set[str] = {
    "jobs.events",  # a stream
    "home.index",  # leads a cadre on to the day
    "jobs.show",  # reached by starting a solve
    "jobs.plan",  # leads on to a plan
    "plans.together",  # reached from the list, too
    "plans.missing",  # reached from the list: the screen "plan-missing"
    "plans.visit",  # reached from the board: the screen "plan-visit"
    "rules.check",  # a part of a page, fetched while typing
    "imports.show",  # reached by uploading a file: the screen "import-check"
    "imports.columns",  # these three are walked in test_imports_in_browser.py
    "imports.edit_row",
    "imports.batch",
    "imports.state",  # JSON
    "imports.points",  # JSON
    "map_check.points",  # JSON
    "coverage.download",  # a file
}
