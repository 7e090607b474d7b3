"""
People at the browser: each method is a step they would name, and says nothing of selectors outside.

Every step ends by asking axe about the screen it leads to.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

Axe = Callable[[Page], list[str]]
OWN_PASSWORD = "lantern pear quilt 42"
READING_MS = 90_000


@dataclass(slots=True)
class Person:
    """Somebody with an account, looking at one tab."""

    page: Page
    axe: Axe

    def go(self, path: str) -> None:
        """Open a page and look at it."""
        self.page.goto(path)
        self.sees_no_barrier()

    def sees_no_barrier(self) -> None:
        """Nothing on this screen breaks WCAG 2.2 AA."""
        # From the top: what has half scrolled away beneath the bar looks too small to be touched.
        self.page.wait_for_timeout(400)
        self.page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
        found = self.axe(self.page)
        assert not found, "\n".join([self.page.url, *found])

    def signs_in(self, name: str, one_time_password: str) -> None:
        """Sign in for the first time, which means choosing a password."""
        self.go("/account/login")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=password]", one_time_password)
        self.page.click("main button.btn-primary")
        self.page.wait_for_url("**/account/password*")
        self.sees_no_barrier()
        self.page.fill("[name=present]", one_time_password)
        self.page.fill("[name=new]", OWN_PASSWORD)
        self.page.fill("[name=again]", OWN_PASSWORD)
        self.page.click("main form button.btn-primary")
        self.page.wait_for_url(re.compile(r"^(?!.*password)"))
        self.sees_no_barrier()


class Planner(Person):
    """排班员."""

    def uploads(self, files: list[Path]) -> None:
        """Give files to the wizard and wait until they are read."""
        self.go("/imports/")
        self.page.set_input_files("#files", files)
        self.page.click("#upload button.btn-primary")
        self.page.wait_for_selector("#problems", timeout=READING_MS)
        self.sees_no_barrier()

    def sees_the_preview(self) -> str:
        """Look at the map of what would be stored; returns what is said below it."""
        self.page.wait_for_selector(".leaflet-container")
        words = self.page.locator("#map-words")
        expect(words).to_have_text(re.compile(r"\d"))
        return words.inner_text()

    def errors(self) -> list[str]:
        """The problems that must be mended first."""
        return self.page.locator("tr.is-error").all_inner_texts()

    def mends(self, wrong: str, value: str) -> None:
        """Correct a wrong cell in place."""
        row = self.page.locator("tr.is-error").filter(has_text=wrong)
        row.locator("input[name^='value-']").fill(value)
        row.locator("button.btn:not(.btn-quiet)").click()
        self.page.wait_for_load_state()
        expect(self.page.locator("tr.is-error")).to_have_count(0)
        self.sees_no_barrier()

    def confirms(self) -> None:
        """Store the import."""
        self.page.click("#confirm")
        self.page.wait_for_url("**/imports/batches/*", timeout=READING_MS)
        self.sees_no_barrier()

    def begins_a_campaign(self, name: str, first_day: str, last_day: str) -> int:
        """Make a campaign; returns its number."""
        self.go("/campaigns/new")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=first_day]", first_day)
        self.page.fill("[name=last_day]", last_day)
        self.page.click("main form.card button.btn-primary")
        self.page.wait_for_url(re.compile(r"/campaigns/\d+$"))
        self.sees_no_barrier()
        return int(self.page.url.rpartition("/")[2])

    def sets_a_rule(self, campaign: int, rule: str, value: str) -> None:
        """Change one number in the sentences and save."""
        self.go(f"/campaigns/{campaign}/rules/")
        self.page.fill(f"[name={rule}]", value)
        self.page.click("button[form=rules]")
        self.page.wait_for_load_state()
        self.go(f"/campaigns/{campaign}/rules/")
        expect(self.page.locator(f"[name={rule}]")).to_have_value(value)

    def solves(self, campaign: int) -> int:
        """Start a solve, watch it, open its plan; returns the plan's number."""
        self.go(f"/campaigns/{campaign}/solve")
        self.page.click("main form .btn-primary")
        self.page.wait_for_url("**/jobs/*")
        cost = self.page.locator("[data-figure=J]")
        expect(cost).to_have_text(re.compile(r"\d"), timeout=READING_MS)
        self.sees_no_barrier()
        expect(self.page.locator("#open-plan")).to_be_visible(timeout=READING_MS)
        self.page.click("#open-plan")
        self.page.wait_for_url(re.compile(r"/plans/\d+$"))
        self.sees_no_barrier()
        return int(self.page.url.rpartition("/")[2])

    def opens_the_map(self, plan: int) -> None:
        """Look at the plan on the map."""
        self.go(f"/plans/{plan}/map")
        self.page.wait_for_selector("#plan-map:not([aria-busy])")
        assert self.page.locator("#list").inner_text().strip()
        self.sees_no_barrier()

    def asks_why_a_visit_is_missing(self, plan: int) -> str:
        """Go from the list of missing visits to the map, and read the answer there."""
        self.go(f"/plans/{plan}/unplanned")
        first = self.page.locator(".missing-list > li").first
        reason = first.locator(".reasons li").first.inner_text()
        first.locator("a[href*='household=']").click()
        self.page.wait_for_selector("#plan-map:not([aria-busy])")
        answer = self.page.locator("dialog[open], .leaflet-popup").first
        expect(answer).to_be_visible()
        self.sees_no_barrier()
        return f"{reason}\n{answer.inner_text()}"

    def publishes(self, plan: int) -> None:
        """Review and publish."""
        self.go(f"/plans/{plan}/publish")
        self.page.click("main form button.btn-primary")
        self.page.wait_for_load_state()
        self.go(f"/plans/{plan}/publish")
        expect(self.page.locator("main form button.btn-primary")).to_have_count(0)


class CadreOnPhone(Person):
    """干部."""

    def sees_the_route(self) -> int:
        """Look at the day's stops and their map; returns how many stops there are."""
        self.go("/my-day")
        self.page.wait_for_selector(".leaflet-container")
        expect(self.page.locator(".leaflet-marker-icon").first).to_be_visible()
        return self.page.locator("#stops > li").count()

    def marks(self, stop: int, outcome: str, note: str = "") -> None:
        """Write down what happened at a stop; done when the server has it."""
        card = self.page.locator("#stops > li").nth(stop)
        if note:
            card.locator("details.note summary").click()
            card.locator("textarea").fill(note)
        with self.page.expect_response("**/result") as answer:
            card.locator(f"[data-outcome={outcome}]").click()
        assert answer.value.ok
        expect(card.locator(".stop-result")).not_to_be_empty()
        self.sees_no_barrier()


class Coordinator(Person):
    """协调员."""

    def reads_coverage(self) -> tuple[int, int]:
        """Read visited and owed households of the district, in the table's last line."""
        self.go("/coverage/")
        self.page.wait_for_selector(".leaflet-container")
        total = self.page.locator(".coverage-table tfoot").inner_text().replace(",", "")
        shares = re.search(r"(\d+) / (\d+)", total)
        assert shares, total
        visited, owed = map(int, shares.groups())
        return visited, owed
