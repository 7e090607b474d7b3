"""
Take a picture of every screen, desktop and phone, Chinese and English: ``run.py screenshots``.

Makes the demonstration in a folder of its own, serves it, and walks through ``SCREENS``.
Pictures and their list go to ``docs/screens``. More words choose screens by name.
"""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from palette_png import shrink  # noqa: E402 - only now on the path
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from tests.support.browser import DESKTOP, PHONE, QUIET, chromium  # noqa: E402
from tests.support.process import serving_process, zoufang  # noqa: E402
from tests.support.screens import ACTS, SCREENS, Screen  # noqa: E402

FOLDER = ROOT / "docs" / "screens"
DEVICES = {"desktop": DESKTOP, "phone": PHONE}
LOCALES = {"zh": "zh-CN", "en": "en-GB"}


@contextmanager
def demonstration() -> Iterator[tuple[str, dict[str, dict[str, str]]]]:
    """Serve a demonstration; gives its address and a login for each role."""
    with tempfile.TemporaryDirectory(prefix="zoufang-screens-") as folder:
        instance = Path(folder) / "instance"
        zoufang(instance, "demo", "--once")
        logins = json.loads((instance / "demo.json").read_text("utf-8"))["logins"]
        with serving_process(instance) as server:
            yield server.url, logins


def take(browser: Browser, server: str, login: dict[str, str], screens: list[Screen]) -> None:
    """Take the pictures of one role, all devices and languages."""
    for locale, language in LOCALES.items():
        for device, options in DEVICES.items():
            context = browser.new_context(
                base_url=server, locale=language, timezone_id="Asia/Shanghai", **options
            )
            page = context.new_page()
            page.goto("/account/login")
            speak(page, locale)
            if login:
                page.fill("[name=name]", login["name"])
                page.fill("[name=password]", login["password"])
                page.click("main button.btn-primary")
                page.wait_for_load_state()
                speak(page, locale)
            for screen in screens:
                page.goto(screen.path, wait_until="networkidle")
                screen.ready(page)
                picture = page.screenshot(scale="css", animations="disabled", caret="hide")
                file = FOLDER / f"{screen.name}-{device}-{locale}.png"
                file.write_bytes(shrink(picture))
                print(f"{file.name}  {file.stat().st_size // 1024} KiB", flush=True)
            context.close()


def speak(page: Page, locale: str) -> None:
    """Switch the language where the page speaks another."""
    switch = page.locator(f"button[name=locale][value={locale}]").first
    if switch.count():
        with page.expect_navigation():
            switch.dispatch_event("click")


def contents() -> str:
    """The list of all pictures."""
    lines = [
        "<!-- Made by `python3 run.py screenshots`. -->",
        "",
        "# Every screen",
        "",
        "Made-up sample district; each screen on a desktop (1280 × 800) and a phone (390 × 844).",
    ]
    for screen in SCREENS:
        who = f" ({screen.role})" if screen.role else ""
        lines += ["", f"## {screen.title}{who}", ""]
        for locale, said in (("zh", "中文"), ("en", "English")):
            lines += [
                f"![{screen.title}, {device}, {said}]({screen.name}-{device}-{locale}.png)"
                for device in DEVICES
            ]
    return "\n".join(lines) + "\n"


def main(wanted: list[str]) -> None:
    """Take all pictures, or those whose names begin with a wanted word."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    chosen = [s for s in SCREENS if not wanted or any(s.name.startswith(w) for w in wanted)]
    program, arguments = chromium()
    with demonstration() as (server, logins), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=[*QUIET, *arguments])
        # Screens that change something come last, or the others would show what they did.
        for acting in (False, True):
            for role in dict.fromkeys(screen.role for screen in chosen):
                screens = [s for s in chosen if s.role == role and (s.ready in ACTS) == acting]
                if screens:
                    take(browser, server, logins.get(role, {}), screens)
        browser.close()
    (FOLDER / "README.md").write_text(contents(), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
