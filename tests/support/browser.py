"""
Headless Chromium, watched: a page that logs an error or asks a stranger fails its test.

A test takes ``desktop`` or ``phone``, both factories: ``page = desktop(live_server)`` opens a tab
whose every request must stay on that server. ``axe(page)`` lists what breaks WCAG 2.2 AA.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.absent import skip_or_fail

AXE = Path(__file__).parent.parent / "vendor" / "axe" / "axe.min.js"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--font-render-hinting=none",
]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}


class Opener(Protocol):
    """Open a watched tab on a server."""

    def __call__(
        self, server: str, *, locale: str = "zh-CN", state: dict[str, Any] | None = None
    ) -> Page: ...


def chromium() -> tuple[str, list[str]]:
    """Return the machine's Chromium, empty if it has none, and what it needs to run as root."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or ""
    return program, ["--no-sandbox"] if os.geteuid() == 0 else []


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's own Chromium; nothing is downloaded."""
    program, arguments = chromium()
    if not program:
        skip_or_fail("Chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=[*QUIET, *arguments])
        yield opened
        opened.close()


class Watch:
    """Collects what a page must never do; ``forgive`` takes back what a test provoked."""

    def __init__(self, server: str) -> None:
        self.origin = urlsplit(server).netloc
        self.complaints: list[str] = []

    def over(self, context: BrowserContext) -> None:
        """Listen to every page of the context."""
        context.on("console", lambda m: self._note("console", m.text, when=m.type == "error"))
        context.on("weberror", lambda e: self._note("page error", str(e.error), when=True))
        context.on("request", lambda r: self._note("foreign", r.url, when=self._foreign(r.url)))

    def forgive(self, *words: str) -> None:
        """Drop the complaints that hold one of these words, such as a wanted 403."""
        self.complaints = [c for c in self.complaints if not any(w in c for w in words)]

    def _foreign(self, url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != self.origin

    def _note(self, kind: str, words: str, *, when: bool) -> None:
        if when:
            self.complaints.append(f"{kind}: {words}")


@pytest.fixture
def watches() -> Iterator[list[Watch]]:
    """Every watch of this test; asserts at its end that none has a complaint."""
    kept: list[Watch] = []
    yield kept
    complaints = [complaint for watch in kept for complaint in watch.complaints]
    assert not complaints, "The page complained:\n" + "\n".join(complaints)


def opener(browser: Browser, watches: list[Watch], device: dict[str, Any]) -> Iterator[Opener]:
    """Make tabs of one kind of device and close them after the test."""
    contexts: list[BrowserContext] = []

    def open_tab(
        server: str, *, locale: str = "zh-CN", state: dict[str, Any] | None = None
    ) -> Page:
        context = browser.new_context(
            base_url=server,
            locale=locale,
            timezone_id="Asia/Shanghai",
            storage_state=state,  # type: ignore[arg-type]
            **device,
        )
        context.set_default_timeout(15_000)
        watch = Watch(server)
        watch.over(context)
        watches.append(watch)
        contexts.append(context)
        return context.new_page()

    yield open_tab
    for context in contexts:
        context.close()


@pytest.fixture
def desktop(browser: Browser, watches: list[Watch]) -> Iterator[Opener]:
    """Tabs of 1280 × 800."""
    yield from opener(browser, watches, DESKTOP)


@pytest.fixture
def phone(browser: Browser, watches: list[Watch]) -> Iterator[Opener]:
    """Tabs of a phone held upright, 390 × 844, touched."""
    yield from opener(browser, watches, PHONE)


@pytest.fixture(scope="session")
def axe() -> Callable[[Page], list[str]]:
    """List what breaks WCAG 2.2 AA in a page, one line a finding with the elements' places."""
    script = AXE.read_text(encoding="utf-8")

    def findings(page: Page) -> list[str]:
        page.evaluate(script)
        result = page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", WCAG
        )
        return [
            f"{found['id']}: {found['help']} at {[node['target'] for node in found['nodes']]}"
            for found in result["violations"]
        ]

    return findings
