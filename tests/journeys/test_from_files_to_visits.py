"""From files to a plan on a map to a door and back: three people, one real server."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page

from data.synthesis.district import draw_district
from data.synthesis.files import write_sample_files
from tests.navigators import CadreOnPhone, Coordinator, Planner
from tests.support.browser import Opener
from tests.support.process import serving_process, zoufang

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BEFORE, FIRST_DAY, LAST_DAY = "2027-02-25", "2027-03-01", "2027-05-09"
WRONG_VILLAGE = "340811999999"


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


def a_login(instance: Path, name: str, *words: str) -> tuple[str, str]:
    """Make an account from the shell; returns its name and one-time password."""
    given, password = zoufang(instance, "users", "add", name, *words).split()
    return given, password


def plant_a_wrong_village(register: Path) -> str:
    """Spoil the village of one household; returns what it was."""
    book = openpyxl.load_workbook(register)
    sheet = book.worksheets[0]
    rows = list(sheet.iter_rows())
    heading = next(row for row in rows if any(cell.value == "村代码" for cell in row))
    column = next(cell.column for cell in heading if cell.value == "村代码")
    cell = sheet.cell(row=rows[-1][0].row, column=column)
    right, cell.value = str(cell.value), WRONG_VILLAGE
    book.save(register)
    book.close()
    return right


def first_busy_day(instance: Path) -> tuple[str, str]:
    """Day of the first visits, and the number of the cadre who has most of them."""
    with closing(sqlite3.connect(instance / "zoufang.sqlite")) as rows:
        day, number, visits = rows.execute(
            "SELECT day, cadre.number, count(*) AS visits FROM planned_visit "
            "JOIN cadre ON cadre.id = cadre_id GROUP BY day, cadre_id "
            "HAVING visits >= 2 ORDER BY day, visits DESC, cadre.number LIMIT 1"
        ).fetchone()
    assert visits >= 2
    return str(day), str(number)


@pytest.mark.timeout(400)
def test_from_files_to_a_plan_to_two_visits_that_coverage_shows(
    instance: Path,
    tmp_path: Path,
    desktop: Opener,
    phone: Opener,
    axe: Callable[[Page], list[str]],
) -> None:
    files = write_sample_files(tmp_path / "files", draw_district())
    right = plant_a_wrong_village(next(file for file in files if "走访户" in file.name))
    zoufang(instance, "init")

    with serving_process(instance, ZOUFANG_TODAY=BEFORE) as server:
        planner = Planner(desktop(server.url), axe)
        planner.signs_in(*a_login(instance, "lin", "--role", "planner"))
        planner.uploads(files)
        assert WRONG_VILLAGE in planner.errors()[0]
        planner.mends(WRONG_VILLAGE, right)  # which also mends the rows that name this household
        assert re.search(r"10\d\d", planner.sees_the_preview().replace(",", ""))
        planner.confirms()

        campaign = planner.begins_a_campaign("春季走访", FIRST_DAY, LAST_DAY)
        planner.sets_a_rule(campaign, "village_min_gap_days", "7")
        plan = planner.solves(campaign)
        planner.opens_the_map(plan)
        assert "H" in planner.asks_why_a_visit_is_missing(plan)
        planner.publishes(plan)

    today, number = first_busy_day(instance)
    with serving_process(instance, ZOUFANG_TODAY=today) as server:
        coordinator = Coordinator(desktop(server.url), axe)
        coordinator.signs_in(*a_login(instance, "xie", "--role", "coordinator"))
        visited, owed = coordinator.reads_coverage()
        assert owed > 900

        cadre = CadreOnPhone(phone(server.url), axe)
        cadre.signs_in(*a_login(instance, "wang", "--role", "cadre", "--cadre", number))
        assert cadre.sees_the_route() >= 2
        cadre.marks(0, "visited", note="老人问医保怎么报销")
        cadre.marks(1, "visited")

        assert coordinator.reads_coverage() == (visited + 2, owed)
