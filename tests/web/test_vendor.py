"""Every vendored file is the one that was reviewed, and nothing is loaded from elsewhere."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHELVES = [ROOT / "web" / "static" / "vendor", ROOT / "tests" / "vendor"]


def assets() -> list[tuple[Path, dict[str, Any]]]:
    return [
        (shelf / asset["folder"], asset)
        for shelf in SHELVES
        for asset in json.loads((shelf / "manifest.json").read_text("utf-8"))
    ]


@pytest.mark.parametrize(
    ("folder", "asset"), assets(), ids=lambda value: getattr(value, "name", "")
)
def test_an_asset_is_exactly_what_the_manifest_says(folder: Path, asset: dict[str, Any]) -> None:
    found = {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file()
    }

    assert found == asset["sha256"]
    assert asset["version"] and asset["licence"] and asset["for"]
    for licence in asset["licence_files"]:
        assert len((folder / licence).read_text("utf-8")) > 300


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.parent.name)
def test_nothing_lies_on_the_shelf_unlisted(shelf: Path) -> None:
    listed = {asset["folder"] for asset in json.loads((shelf / "manifest.json").read_text("utf-8"))}

    assert {path.name for path in shelf.iterdir()} == listed | {"manifest.json"}
    assert "://" not in (shelf / "manifest.json").read_text("utf-8")


def test_our_pages_scripts_and_styles_name_no_other_host() -> None:
    own = [
        *ROOT.glob("web/templates/**/*.html"),
        *ROOT.glob("web/static/css/*.css"),
        *ROOT.glob("web/static/js/**/*.js"),
    ]
    named = {
        (file.name, address)
        for file in own
        for address in re.findall(r"(?:https?:)?//[\w-]+\.[\w.-]+", file.read_text("utf-8"))
        if address != "http://www.w3.org"
    }

    assert not named


def test_every_icon_that_is_asked_for_is_in_the_sprite() -> None:
    sprite = (SHELVES[0] / "bootstrap-icons" / "sprite.svg").read_text("utf-8")
    have = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    asked = set()
    for file in ROOT.glob("web/templates/**/*.html"):
        text = file.read_text("utf-8")
        asked |= set(re.findall(r'\bicon\("([\w-]+)"', text))
        asked |= set(re.findall(r'icon_name="([\w-]+)"', text))
    for file in ROOT.glob("web/static/js/**/*.js"):
        asked |= set(re.findall(r'\bicon\("([\w-]+)"', file.read_text("utf-8")))
    for file in [*ROOT.glob("web/presenters/**/*.py"), ROOT / "web" / "navigation.py"]:
        asked |= set(re.findall(r'\bicon="([\w-]+)"', file.read_text("utf-8")))

    assert asked - have == set()
