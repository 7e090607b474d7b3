"""An import is one unit: stored whole or not at all, the same twice, and taken back as one."""

import io
import os
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import func, select, update

from data.audit import first_broken
from data.db import Database
from data.importing.problems import ImportRefused
from data.importing.undo import UndoRefused, UnknownBatch
from data.tables import (
    Cadre,
    Contact,
    Household,
    ImportBatch,
    ImportChange,
    Region,
    Unit,
    VillageLink,
)
from tests.support.registers import (
    DISTRICT,
    NOW,
    Office,
    csv,
    fingerprint,
    read_here,
    workbook,
)
from web.usecases.import_registry import undo

HEADINGS = ["户号", "户主", "村", "经度", "纬度"]


@pytest.fixture(autouse=True)
def reads_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the start of a process for each file, except where its time is measured."""
    if "ten_thousand" not in request.node.name:
        monkeypatch.setattr("data.importing.uploads.run_import", read_here)


@pytest.fixture
def office(database: Database, tmp_path: Path) -> Office:
    return Office(database, tmp_path / "uploads")


@pytest.fixture
def sqlite_office(sqlite_database: Database, tmp_path: Path) -> Office:
    return Office(sqlite_database, tmp_path / "uploads")


def count(database: Database, column: object) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(column)) or 0  # type: ignore[arg-type]


def house(number: str, name: str = "王某", village: str = "东村") -> list[str]:
    return [number, name, village, "117.03", "30.51"]


def test_files_that_build_upon_each_other_are_stored_together(office: Office) -> None:
    batch = office.bring_in(DISTRICT)

    assert batch is not None
    assert count(office.database, Household) == 3
    with office.database.read() as session:
        towns = session.scalars(select(Region).where(Region.kind == "town")).all()
        leader = session.scalars(select(Cadre).where(Cadre.number == "G1")).one()
        morning = session.scalars(select(Household).where(Household.number == "0001")).one()
        assert [town.name for town in towns] == ["示例镇"]
        assert (leader.role, leader.quota, leader.unit.name) == ("leader", 40, "组织部")
        assert morning.windows == [[510, 690]]
        assert 0 <= morning.draw_number < 1
        assert session.scalar(select(func.count(VillageLink.id))) == 4
        assert first_broken(session) is None


def test_the_same_files_again_change_nothing_and_make_no_batch(office: Office) -> None:
    office.bring_in(DISTRICT)
    before = fingerprint(office.database)

    again = office.bring_in(DISTRICT)

    assert again is None
    assert fingerprint(office.database) == before


def test_a_row_known_by_its_number_is_changed_only_in_what_the_file_says(office: Office) -> None:
    office.bring_in(DISTRICT)

    draft = office.read({"改.csv": csv(["户号", "户主"], ["0001", "新名"])})
    office.drafts.load(draft.id)
    changed = office.look(draft)
    assert [problem.code for problem in changed.problems if problem.severity == "error"] == [
        "heading-missing"
    ]
    office.bring_in(
        {"改.csv": csv(["户号", "户主", "村", "联系电话"], ["0001", "新名", "东村", ""])}
    )

    with office.database.read() as session:
        row = session.scalars(select(Household).where(Household.number == "0001")).one()
        assert (row.name, row.windows, row.lon) == ("新名", [[510, 690]], 117.03)
        assert row.version == 2


def test_a_row_that_two_files_tell_is_joined_and_said(sqlite_office: Office) -> None:
    sqlite_office.bring_in(DISTRICT)
    phones = csv(["户号", "户主", "村", "联系电话"], ["0009", "王某", "东村", "10000000009"])

    draft = sqlite_office.read({"户.csv": csv(HEADINGS, house("0009")), "电话.csv": phones})
    found = sqlite_office.look(draft)

    (added,) = found.differences["household"].added
    assert (added["phone"], added["lon"]) == ("10000000009", 117.03)
    codes = [problem.code for problem in found.problems]
    assert codes == ["points-missing", "row-in-other-file"]


def test_undoing_an_import_leaves_the_rows_as_they_were(office: Office) -> None:
    office.bring_in({"村界.geojson": DISTRICT["村界.geojson"], "单位.csv": DISTRICT["单位.csv"]})
    before = fingerprint_of_registry(office.database)
    batch = office.bring_in({"干部.csv": DISTRICT["干部.csv"], "户.csv": DISTRICT["走访户.csv"]})
    assert batch is not None

    rows = undo(office.database, batch, now=NOW, by=None)

    assert rows == 5
    assert fingerprint_of_registry(office.database) == before


def test_undo_brings_back_what_a_row_was_before(office: Office) -> None:
    office.bring_in(DISTRICT)
    batch = office.bring_in({"户.csv": csv(HEADINGS, house("0001", name="新名"))})
    assert batch is not None

    undo(office.database, batch, now=NOW, by=None)

    with office.database.read() as session:
        row = session.scalars(select(Household).where(Household.number == "0001")).one()
        assert row.name == "王某"
        assert row.version == 3  # an open form must notice both changes


def test_an_undone_import_can_come_again(office: Office) -> None:
    first = office.bring_in(DISTRICT)
    assert first is not None
    undo(office.database, first, now=NOW, by=None)

    second = office.bring_in(DISTRICT)

    assert second is not None
    assert count(office.database, Household) == 3


def test_undo_refuses_when_a_row_has_moved_on_and_names_it(office: Office) -> None:
    batch = office.bring_in(DISTRICT)
    assert batch is not None
    with office.database.write.begin() as session:
        session.execute(update(Household).where(Household.number == "0002").values(name="他人"))
    before = fingerprint(office.database)

    with pytest.raises(UndoRefused) as refused:
        undo(office.database, batch, now=NOW, by=None)

    (obstacle,) = refused.value.obstacles
    assert (obstacle.why, obstacle.table, obstacle.name) == ("changed", "household", "0002")
    assert fingerprint(office.database) == before


def test_undo_refuses_when_an_added_row_is_in_use(office: Office) -> None:
    batch = office.bring_in(DISTRICT)
    assert batch is not None
    with office.database.write.begin() as session:
        house_id = session.scalar(select(Household.id).where(Household.number == "0003"))
        session.add(
            Contact(op_id="x", household_id=house_id, day=NOW.date(), outcome="visited",
                    recorded_at=NOW)
        )  # fmt: skip

    with pytest.raises(UndoRefused) as refused:
        undo(office.database, batch, now=NOW, by=None)

    (obstacle,) = refused.value.obstacles
    assert (obstacle.why, obstacle.name, obstacle.by) == ("used", "0003", "contact")


def test_the_later_of_two_imports_is_undone_first(office: Office) -> None:
    first = office.bring_in(DISTRICT)
    later = office.bring_in({"户.csv": csv(HEADINGS, house("0001", name="新名"))})
    assert first is not None
    assert later is not None

    with pytest.raises(UndoRefused) as refused:
        undo(office.database, first, now=NOW, by=None)

    assert refused.value.obstacles[0].why == "later"
    assert refused.value.obstacles[0].by == str(later)
    undo(office.database, later, now=NOW, by=None)
    undo(office.database, first, now=NOW, by=None)
    assert count(office.database, Unit) == 0


def test_an_import_is_undone_once(sqlite_office: Office) -> None:
    batch = sqlite_office.bring_in(DISTRICT)
    assert batch is not None
    undo(sqlite_office.database, batch, now=NOW, by=None)

    with pytest.raises(UnknownBatch):
        undo(sqlite_office.database, batch, now=NOW, by=None)


def test_one_bad_row_keeps_every_row_out(office: Office) -> None:
    office.bring_in(DISTRICT)
    before = fingerprint(office.database)

    with pytest.raises(ImportRefused):
        office.bring_in({"户.csv": csv(HEADINGS, house("0009"), house("0010", village="无名村"))})

    assert fingerprint(office.database) == before


def test_a_failure_while_storing_leaves_the_database_as_it_was(
    sqlite_office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = fingerprint(sqlite_office.database)

    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError("no power")

    monkeypatch.setattr("data.importing.apply.audit.record", breaks)
    with pytest.raises(RuntimeError, match="no power"):
        sqlite_office.bring_in(DISTRICT)

    assert fingerprint(sqlite_office.database) == before
    assert count(sqlite_office.database, ImportChange) == 0


def test_a_batch_says_what_it_came_from_and_what_it_did(sqlite_office: Office) -> None:
    batch = sqlite_office.bring_in(DISTRICT)

    with sqlite_office.database.read() as session:
        row = session.get(ImportBatch, batch)
        assert row is not None
        assert row.kind == "district"
        assert row.counts["household"] == {"added": 3, "changed": 0, "unchanged": 0}
        assert {file["kind"] for file in row.options["files"]} == {
            "boundaries", "units", "cadres", "households",
        }  # fmt: skip


def test_a_formula_without_a_result_is_not_taken_for_an_empty_cell(sqlite_office: Office) -> None:
    sqlite_office.bring_in(DISTRICT)
    book = workbook(HEADINGS, ["0009", "=A1", "东村", 117.03, 30.51])

    found = sqlite_office.look(sqlite_office.read({"户.xlsx": book}))

    assert [problem.code for problem in found.problems] == ["cell-formula"]


def test_a_village_merged_over_several_rows_counts_for_each(sqlite_office: Office) -> None:
    sqlite_office.bring_in(DISTRICT)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (HEADINGS, house("0009"), ["0010", "赵某", "", "117.03", "30.515"]):
        sheet.append(row)
    sheet.merge_cells("C2:C3")
    out = io.BytesIO()
    book.save(out)

    found = sqlite_office.look(sqlite_office.read({"户.xlsx": out.getvalue()}))

    assert [problem.code for problem in found.problems] == ["merged-filled"]
    assert found.differences["household"].counts["added"] == 2


def test_ten_thousand_households_take_less_than_ten_seconds_of_computing(
    sqlite_office: Office,
) -> None:
    """Seconds of the processor, with the reading child: a busy machine proves nothing."""
    sqlite_office.bring_in(DISTRICT)
    rows = [house(f"N{i:05d}", name=f"户{i}") for i in range(10_000)]
    content = workbook(HEADINGS, *rows)

    started = computed_s()
    sqlite_office.bring_in({"万户.xlsx": content})

    assert count(sqlite_office.database, Household) == 10_003
    assert computed_s() - started <= 10


def computed_s() -> float:
    """Processor seconds of this process and of the children that have ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def fingerprint_of_registry(database: Database) -> str:
    """What the district holds, without the record of imports and deeds, and with no row ids."""
    parts = []
    with database.read() as session:
        for model in (Region, Unit, VillageLink, Cadre, Household, Contact):
            rows = session.execute(select(model.__table__)).all()
            parts.append(repr(sorted(tuple(row) for row in rows)))
    return "\n".join(parts)
