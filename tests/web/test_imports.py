"""The wizard: upload, look, mend, confirm, undo; nothing is stored before *confirm*."""

import io
import re
import time
from collections.abc import Mapping

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from data.db import Database
from data.importing.columns import guess_kind
from data.importing.kinds import KINDS, REGISTERS
from data.tables import Household, ImportBatch
from tests.support.registers import DISTRICT, Office, csv, fingerprint, read_here, table, workbook
from tests.web.conftest import SignIn

HEADINGS = ["户号", "户主", "村", "经度", "纬度"]
GOOD = ["0009", "王某", "东村", "117.03", "30.51"]
BAD = ["0010", "赵某", "无名村", "117.01", "30.51"]


@pytest.fixture(autouse=True)
def reads_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("data.importing.uploads.run_import", read_here)


@pytest.fixture
def planner(people: dict[str, int], sign_in: SignIn) -> FlaskClient:
    return sign_in("planner")


@pytest.fixture
def known(opened: Database, app: Flask) -> None:
    """The four villages with their unit, two cadres and three households are stored."""
    Office(opened, app.extensions["settings"].instance / "office").bring_in(DISTRICT)


def upload(client: FlaskClient, files: Mapping[str, bytes]) -> str:
    """Upload files, wait until they are read; returns the address of the draft."""
    data = {"files": [(io.BytesIO(content), name) for name, content in files.items()]}
    answer = client.post("/imports/", data=data, content_type="multipart/form-data")
    assert answer.status_code == 303
    address = answer.headers["Location"]
    for _ in range(200):
        if client.get(f"{address}/state").get_json()["ready"]:
            return str(address)
        time.sleep(0.05)
    raise AssertionError("the files were not read in time")


def text_of(client: FlaskClient, address: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address).text))


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found
    return found.group(1)


def count(database: Database) -> int:
    with database.read() as session:
        return session.scalar(select(func.count(Household.id))) or 0


def test_a_district_is_imported_from_files_and_taken_back(
    planner: FlaskClient, opened: Database
) -> None:
    address = upload(planner, DISTRICT)
    assert count(opened) == 0

    page = planner.get(address).text
    answer = planner.post(f"{address}/confirm", data={"version": version_in(page)})

    assert count(opened) == 3
    result = answer.headers["Location"]
    assert "已于" in text_of(planner, result)
    undone = planner.post(f"{result}/undo", follow_redirects=True)
    assert "撤销" in undone.text
    assert count(opened) == 0


def test_a_bad_row_is_mended_in_place_and_then_confirmed(
    planner: FlaskClient, known: None, opened: Database
) -> None:
    address = upload(planner, {"户.csv": csv(HEADINGS, GOOD, BAD)})
    assert "没有代码或名称为“无名村”的村" in text_of(planner, address)

    planner.post(f"{address}/files/1/rows/3", data={"value-village": "西村"})

    page = planner.get(address).text
    assert "无名村" not in page
    planner.post(f"{address}/confirm", data={"version": version_in(page)})
    assert count(opened) == 5


def test_a_whole_row_can_be_mended_with_what_is_wrong_beside_its_field(
    planner: FlaskClient, known: None
) -> None:
    address = upload(planner, {"户.csv": csv(HEADINGS, BAD)})

    page = text_of(planner, f"{address}/files/1/rows/2")

    assert "没有代码或名称为“无名村”的村" in page
    assert "村民小组" in page


def test_a_draft_with_errors_cannot_be_confirmed(
    planner: FlaskClient, known: None, opened: Database
) -> None:
    address = upload(planner, {"户.csv": csv(HEADINGS, GOOD, BAD)})
    before = fingerprint(opened)

    page = planner.get(address).text
    assert 'name="version"' not in page
    planner.post(f"{address}/confirm", data={"version": "2"})

    assert fingerprint(opened) == before


def test_faulty_rows_are_left_out_and_can_be_taken_in_again(
    planner: FlaskClient, known: None
) -> None:
    address = upload(planner, {"户.csv": csv(HEADINGS, GOOD, BAD)})

    planner.post(f"{address}/leave-out")
    assert "有 1 行不导入" in text_of(planner, address)
    planner.post(f"{address}/files/1/take-in")

    assert "无名村" in text_of(planner, address)


def test_faulty_rows_come_back_as_a_workbook_with_their_cells_marked(
    planner: FlaskClient, known: None
) -> None:
    address = upload(planner, {"户.xlsx": workbook(HEADINGS, GOOD, BAD)})

    answer = planner.get(f"{address}/files/1/problems.xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:5] == tuple(HEADINGS)
    assert rows[1][0] == "0010"
    assert "无名村" in str(rows[1][6])
    assert sheet["C2"].fill.fgColor.rgb != sheet["A2"].fill.fgColor.rgb


def test_a_column_can_be_told_what_it_holds(planner: FlaskClient, known: None) -> None:
    strange = csv(["甲", "乙", "丙"], ["0009", "王某", "东村"])
    address = upload(planner, {"户.csv": strange})
    assert "无法识别" in text_of(planner, address)

    planner.post(f"{address}/files/1/layout", data={"kind": "households", "sheet": ""})
    planner.post(
        f"{address}/files/1/columns",
        data={"column-0": "number", "column-1": "name", "column-2": "village", "datum": "auto"},
    )

    assert "将新增" in text_of(planner, address)
    assert version_in(planner.get(address).text)


def test_two_columns_for_one_field_are_refused(planner: FlaskClient, known: None) -> None:
    address = upload(planner, {"户.csv": csv(HEADINGS, GOOD)})

    answer = planner.post(
        f"{address}/files/1/columns",
        data={"column-0": "number", "column-1": "number", "datum": "auto"},
        follow_redirects=True,
    )

    assert "两列不能对应同一个字段" in answer.text


def test_the_map_shows_points_as_decided_and_as_another_system_would(
    planner: FlaskClient, known: None
) -> None:
    address = upload(planner, {"户.csv": csv(HEADINGS, GOOD)})

    as_decided = planner.get(f"{address}/points").get_json()
    as_gcj = planner.get(f"{address}/points?datum=gcj02").get_json()

    assert as_decided["rows"] == [[0, 117.03, 30.51, 0]]
    assert as_decided["names"] == [["户.csv", 2, "0009"]]
    assert as_gcj["rows"][0][1] < 117.03


def test_a_template_is_recognised_and_its_note_and_example_are_no_rows(
    planner: FlaskClient,
) -> None:
    for kind in REGISTERS:
        answer = planner.get(f"/imports/templates/{kind.key}.xlsx")
        sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
        assert sheet is not None
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]

        guess = guess_kind(table(*rows), name=sheet.title)

        assert guess is not None
        assert guess.kind == kind.key
        assert len(rows) == 3
        assert all(cell.number_format == "@" for cell in sheet[1])


def test_a_template_speaks_the_readers_language(planner: FlaskClient) -> None:
    planner.post("/language", data={"locale": "en"})

    answer = planner.get("/imports/templates/households.xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.data)).active
    assert sheet is not None
    headings = [cell.value for cell in sheet[1]]
    assert headings[0] == "Household number*"
    guess = guess_kind(table(headings))
    assert guess is not None
    assert set(guess.columns) == {field.key for field in KINDS["households"].fields}


def test_a_template_that_was_not_filled_in_says_so(planner: FlaskClient, known: None) -> None:
    template = planner.get("/imports/templates/households.xlsx").data

    address = upload(planner, {"走访户.xlsx": template})

    assert "只有表头，没有数据行" in text_of(planner, address)


def test_a_file_that_cannot_be_read_is_taken_out_of_the_import(
    planner: FlaskClient, known: None
) -> None:
    address = upload(planner, {"户.csv": csv(HEADINGS, GOOD), "坏.csv": b"\xff\xff"})
    assert "无法读取" in text_of(planner, address)

    planner.post(f"{address}/files/2/remove")

    assert version_in(planner.get(address).text)
    planner.post(f"{address}/files/1/remove")
    assert planner.get(address).status_code == 404


def test_a_discarded_draft_is_gone(planner: FlaskClient, known: None) -> None:
    address = upload(planner, {"户.csv": csv(HEADINGS, GOOD)})

    planner.post(f"{address}/discard")

    assert planner.get(address).status_code == 404


def test_an_undo_that_is_refused_lists_what_stands_in_the_way(
    planner: FlaskClient, known: None, opened: Database
) -> None:
    address = upload(planner, {"户.csv": csv(HEADINGS, [*GOOD[:1], "改名", *GOOD[2:]])})
    planner.post(f"{address}/confirm", data={"version": version_in(planner.get(address).text)})
    with opened.write.begin() as session:
        row = session.scalars(select(Household).where(Household.number == "0009")).one()
        row.hamlet = "三组"
        batch = session.scalar(select(func.max(ImportBatch.id)))

    answer = planner.post(f"/imports/batches/{batch}/undo")

    assert answer.status_code == 409
    assert "走访户与企业 0009 此后已被修改" in answer.text


def test_a_file_beyond_the_limit_is_refused_before_it_is_kept(
    app: Flask, planner: FlaskClient
) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000
    data = {"files": [(io.BytesIO(b"x" * 2000), "户.csv")]}

    answer = planner.post("/imports/", data=data, content_type="multipart/form-data")

    assert answer.status_code == 413
    assert "文件过大" in answer.text


def test_only_planners_import(sign_in: SignIn, people: dict[str, int]) -> None:
    for role in ("coordinator", "cadre", "admin"):
        assert sign_in(role).get("/imports/").status_code == 403


def test_markup_in_a_cell_stays_text_on_every_page(planner: FlaskClient, known: None) -> None:
    name = "A{{7*7}}B<img src=x onerror=alert(1)>"
    address = upload(planner, {f"{name[:20]}.csv": csv(HEADINGS, ["0009", name, *BAD[2:]])})

    for page in (address, f"{address}/files/1", f"{address}/files/1/rows/2", "/imports/"):
        text = planner.get(page).text
        assert "A49B" not in text
        assert "<img src=x" not in text
