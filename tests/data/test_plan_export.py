"""Files out: figures as planned, no live formula, no name in what leaves the house."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime

import openpyxl
import pytest
from icalendar import Calendar

from data.db import Database
from data.exporting.calendar_file import cadre_calendar
from data.exporting.coverage_sheets import CoverageLine, coverage_sheet
from data.exporting.csv_file import csv_bytes
from data.exporting.excel import workbook
from data.exporting.geojson import plan_geojson
from data.exporting.plan_rows import PlanRows, load_plan_rows
from data.exporting.plan_sheets import plan_sheets
from data.tables import Household
from tests.support.planned import plan_the_district

AT = datetime(2027, 3, 1, tzinfo=UTC)
UNPLANNED = "\t=1"  # the sixth household of the district lacks its visit
HOSTILE = ("=1+1", "+1", "-1", "@SUM(A1)", "https://example.org", UNPLANNED, "{=1}")


@pytest.fixture
def rows(database: Database) -> Iterator[PlanRows]:
    with database.write() as session:
        district = plan_the_district(session)
        for number, name in enumerate(HOSTILE, start=1):
            household = session.query(Household).filter_by(number=f"H{number:02d}").one()
            household.name = name
        session.flush()
        yield load_plan_rows(session, district.plan_id)


def written(rows: PlanRows) -> bytes:
    return workbook(plan_sheets(rows, say_reason=lambda reason: reason["detail"]), made_at=AT)


def test_the_workbook_holds_every_visit_and_every_missing_one(rows: PlanRows) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(rows)))

    assert book.sheetnames == ["走访安排", "按干部", "按村", "未排"]
    assert book["走访安排"].max_row - 2 == len(rows.visits) == 35
    assert book["未排"].max_row - 2 == len(rows.missing) == 1
    assert "示意边界" in book["走访安排"]["A1"].value
    by_cadre = [row[5] for row in book["按干部"].iter_rows(min_row=3, values_only=True)]
    assert sum(by_cadre) == len(rows.visits)
    by_village = [row[5] for row in book["按村"].iter_rows(min_row=3, values_only=True)]
    assert sum(by_village) == len(rows.visits)


def test_nothing_typed_becomes_a_formula_or_a_link(rows: PlanRows) -> None:
    packed = written(rows)
    with zipfile.ZipFile(io.BytesIO(packed)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if "worksheets/" in name]
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    book = openpyxl.load_workbook(io.BytesIO(packed))
    names = {row[10] for row in book["走访安排"].iter_rows(min_row=3, values_only=True)}
    assert set(HOSTILE) - names == {UNPLANNED}


def test_the_same_plan_gives_the_same_bytes(rows: PlanRows) -> None:
    assert written(rows) == written(rows)


def test_the_map_layer_carries_no_name_and_no_address(rows: PlanRows) -> None:
    layer = json.loads(plan_geojson(rows))

    assert sum(len(f["properties"]["visits"]) for f in layer["features"]) == len(rows.visits)
    assert layer["note"] == "示意边界,非真实界线"
    text = json.dumps(layer, ensure_ascii=False)
    assert not any(visit.name in text for visit in rows.visits if visit.name not in HOSTILE)


def test_a_calendar_has_one_event_a_session_and_keeps_its_identity(rows: PlanRows) -> None:
    cadre = rows.visits[0].cadre_number
    mine = [visit for visit in rows.visits if visit.cadre_number == cadre]

    events = Calendar.from_ical(cadre_calendar(rows, cadre)).events

    assert len(events) == len({(visit.day, visit.village_code) for visit in mine})
    first = events[0]
    assert first["uid"] == f"{cadre}-{mine[0].day:%Y%m%d}-{mine[0].village_code}@zoufang"
    assert first.start.utcoffset().total_seconds() == 8 * 3600
    assert first.start.date() == mine[0].day


def test_a_calendar_names_its_time_zone_and_no_resident(rows: PlanRows) -> None:
    text = cadre_calendar(rows, rows.visits[0].cadre_number).decode()
    assert "TZID:Asia/Shanghai" in text
    assert not any(f"周{n:02d}" in text for n in range(1, 37))


def test_a_cadre_without_visits_gets_an_empty_calendar(rows: PlanRows) -> None:
    assert Calendar.from_ical(cadre_calendar(rows, "nobody")).events == []


def test_csv_opens_as_utf8_and_no_cell_begins_a_formula() -> None:
    lines = [
        CoverageLine(
            code="340811001002",
            place=place,
            town="镇",
            unit="单位",
            owed=2,
            visited=1,
            share=0.5,
            never=1,
            overdue=0,
            visits=1,
            sessions=1,
            smallest_gap_days=None,
            marks="a\rb",
            last_visit=date(2027, 3, 1),
            next_visit=None,
        )
        for place in HOSTILE
    ]

    packed = csv_bytes(coverage_sheet("按村", "", lines))

    assert packed.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(packed.decode("utf-8-sig"))))
    assert len(read) == 1 + len(HOSTILE)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for row in read for cell in row)
    assert read[1][0] == "340811001002" and read[1][12] == "a b" and read[1][11] == ""
