"""
Every screen once: who looks, where, and when it is ready.

``scripts/screenshots.py`` takes their pictures, ``tests/journeys/test_screens.py`` holds each to
what every screen owes. Addresses are those of the demonstration.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

Act = Callable[[Page], None]


def nothing(_page: Page) -> None:
    """A screen that is ready once it has loaded."""


def map_drawn(page: Page) -> None:
    """Wait until the map stands and its layers have been fetched and drawn."""
    page.wait_for_selector(".leaflet-container")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)  # the last frame of the opening zoom


def import_looked_at(page: Page) -> None:
    """Upload a small register with one row to be mended, and see what the wizard says."""
    lines = ["户号,户主,村代码,经度,纬度", "H90001,示例户,340811001001,117.055,30.643"]
    lines.append("H90002,示例户,340811999999,117.056,30.642")
    content = "\n".join(lines).encode("utf-8-sig")
    file = {"name": "走访户.csv", "mimeType": "text/csv", "buffer": content}
    page.set_input_files("#files", files=[file])  # type: ignore[list-item]
    page.click("#upload button.btn-primary")
    page.wait_for_selector("#problems", timeout=60_000)
    map_drawn(page)


def solve_started(page: Page) -> None:
    """Start a solve and wait a moment for its first plan."""
    page.click("main form .btn-primary")
    page.wait_for_url("**/jobs/*")
    page.wait_for_timeout(4000)


def missing_opened(page: Page) -> None:
    """Ask what would help for the first visit that is missing; it is another one every time."""
    page.click("a[href*='/unplanned/']")
    page.wait_for_url("**/unplanned/*")
    page.wait_for_load_state("networkidle")


def visit_opened(page: Page) -> None:
    """Open a late cell of the board, from it the page of a visit, and ask another day there."""
    page.locator("#board td.visits button").last.click()
    page.click("dialog[open] a[href*='/visits/']")
    page.wait_for_url("**/visits/*/*")
    page.select_option("#f-on", index=1)
    page.click("main form .btn")
    page.wait_for_selector(".answer")


ACTS = (import_looked_at, solve_started)
"""What changes the district rather than only looking at it."""


@dataclass(frozen=True, slots=True)
class Screen:
    """
    One screen.

    Parameters
    ----------
    name
        Of its picture.
    role
        Who looks; empty for a visitor.
    path
        Where, in the demonstration.
    title
        What it is, in English.
    ready
        What to wait for or do before looking.
    """

    name: str
    role: str
    path: str
    title: str
    ready: Act = nothing


SCREENS = (
    Screen("sign-in", "", "/account/login", "Sign in"),
    Screen("home-planner", "planner", "/", "Home of the planner"),
    Screen("imports", "planner", "/imports/", "Import"),
    Screen("import-check", "planner", "/imports/", "Check an import", import_looked_at),
    Screen("map-check", "planner", "/map-check/", "Check the map", map_drawn),
    Screen("map-check-edit", "planner", "/map-check/sites/1", "Where one household is", map_drawn),
    Screen("campaigns", "planner", "/campaigns/", "Campaigns"),
    Screen("campaign", "planner", "/campaigns/1", "One campaign"),
    Screen("campaign-new", "planner", "/campaigns/new", "Begin a campaign"),
    Screen("campaign-edit", "planner", "/campaigns/1/edit", "Change a campaign"),
    Screen("rules", "planner", "/campaigns/1/rules/", "Rules as sentences"),
    Screen("blackouts", "planner", "/calendar/", "Working days and blackout days"),
    Screen("solve", "planner", "/campaigns/1/solve", "Start a solve"),
    Screen("solve-running", "planner", "/campaigns/1/solve", "A solve at work", solve_started),
    Screen("jobs", "planner", "/jobs", "Solves"),
    Screen("plans", "planner", "/plans/", "Plans"),
    Screen("plan", "planner", "/plans/1", "One plan and its figures"),
    Screen("plan-map", "planner", "/plans/1/map", "The plan on the map", map_drawn),
    Screen("plan-board", "planner", "/plans/1/board", "The plan on the board"),
    Screen("plan-visit", "planner", "/plans/1/board", "Why one visit is here", visit_opened),
    Screen("plan-unplanned", "planner", "/plans/1/unplanned", "What is unplanned, and why"),
    Screen("plan-missing", "planner", "/plans/1/unplanned", "What would help", missing_opened),
    Screen("plan-compare", "planner", "/plans/compare", "Two plans side by side"),
    Screen("plan-publish", "planner", "/plans/1/publish", "Publish"),
    Screen("plan-export", "planner", "/plans/1/export", "Export"),
    Screen("home-coordinator", "coordinator", "/", "Home of the coordinator"),
    Screen("coverage", "coordinator", "/coverage/", "Coverage by village", map_drawn),
    Screen("coverage-village", "coordinator", "/coverage/villages/340811001001", "One village"),
    Screen("my-day", "cadre", "/my-day", "My day", map_drawn),
    Screen("home-admin", "admin", "/", "Home of the administrator"),
    Screen("admin-users", "admin", "/admin/users", "Accounts"),
    Screen("admin-health", "admin", "/admin/health", "Health of the system"),
    Screen("admin-audit", "admin", "/admin/audit", "Audit"),
    Screen("account", "planner", "/account/", "My account"),
    Screen("password", "planner", "/account/password", "Change the password"),
    Screen("help", "planner", "/help/", "Help and definitions"),
    Screen("no-permission", "cadre", "/campaigns/", "A page that is not for this role"),
)
