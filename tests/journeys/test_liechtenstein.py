"""A real country, by the commands of the README: real roads, outlines and buildings."""

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.navigators import OWN_PASSWORD
from tests.support.process import Visitor, environment, serving_process, zoufang

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def commands() -> tuple[dict[str, str], list[list[str]]]:
    """Settings and commands of the README's block, as a shell would split them."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## Plan a real place")[2]
    lines = section.partition("```sh\n")[2].partition("```")[0].splitlines()
    settings = dict(word.split("=", 1) for word in shlex.split(lines[0])[1:])
    return settings, [shlex.split(line)[3:] for line in lines[1:] if " zoufang " in line]


@pytest.mark.timeout(300)
def test_liechtenstein_is_planned_over_its_roads_and_shown_on_the_map(
    shared_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    extract = shared_dir / "data" / "osm" / "liechtenstein.osm.pbf"
    (tmp_path / extract.name).symlink_to(extract)
    settings, steps = commands()
    instance = tmp_path / settings.pop("ZOUFANG_INSTANCE")
    monkeypatch.setattr(
        "tests.support.process.environment", lambda *a, **k: environment(*a, **settings, **k)
    )

    said = {step[0]: zoufang(instance, *step) for step in steps}
    assert list(said) == ["init", "import", "plan", "users"]

    imported = json.loads(said["import"])["changes"]
    assert imported["household"]["added"] > 8_000
    assert imported["cadre"]["added"] == 66

    plan = json.loads(said["plan"])
    assert plan["visits_planned"] == 1_000 and plan["unplanned"] == 0
    assert plan["bound"] < plan["J"] < 1.5 * plan["bound"]

    with serving_process(instance) as server:
        name, password = said["users"].split()
        planner = Visitor(server.url).sign_in(name, password)
        words = {"present": password, "new": OWN_PASSWORD, "again": OWN_PASSWORD}
        planner.post("/account/password", page="/account/password", **words)
        page = planner.get(f"/plans/{plan['plan']}/map")
        shown = planner.get(f"/api/plans/{plan['plan']}/map")
        day = sorted(set(re.findall(r"2027-0[3-5]-\d\d", shown)))[5]
        routes = planner.json(f"/api/plans/{plan['plan']}/routes/{day}")

    assert "OpenStreetMap" in page
    assert len(re.findall(r"99000100\d+", shown)) >= 1_000
    assert routes and all(route["by_road"] for route in routes)
