"""Bad files: each gets its clear message in both languages, and the database stays as it was."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import shapely
from flask import Flask

from data.db import Database
from data.importing.kinds import KINDS
from data.importing.problems import ImportProblem, ImportRefused
from tests.support.registers import DISTRICT, NOW, TODAY, Office, csv, outlines, read_here
from web.presenters.import_problems import say
from web.usecases.import_registry import confirm

InWords = Callable[[ImportProblem, str, str], str]
HEADINGS = ["户号", "户主", "村", "经度", "纬度"]
GOOD = ["0001", "王某", "东村", "117.03", "30.51"]
MB = 1 << 20


def bow_tie() -> bytes:
    document = json.loads(outlines())
    crossed = shapely.Polygon([(117.0, 30.5), (117.02, 30.52), (117.02, 30.5), (117.0, 30.52)])
    document["features"][1]["geometry"] = json.loads(shapely.to_geojson(crossed))
    return json.dumps(document).encode()


def overlapping() -> bytes:
    document = json.loads(outlines())
    wide = shapely.box(117.0, 30.5, 117.03, 30.52)
    document["features"][1]["geometry"] = json.loads(shapely.to_geojson(wide))
    return json.dumps(document).encode()


def households(*rows: list[str]) -> bytes:
    return csv(HEADINGS, *rows)


CASES: dict[str, tuple[str, bytes, str, str, str]] = {
    "an encoding nobody can read": (
        "户.csv",
        households(GOOD) + b"\r\n0002,\xff\xff,",
        "encoding-unreadable",
        "既不是 UTF-8",
        "neither UTF-8 nor GB18030",
    ),
    "a wrong encoding": (
        "户.csv",
        csv(HEADINGS, GOOD, encoding="utf-16"),
        "file-type-mismatch",
        "UTF-16",
        "the content is UTF-16",
    ),
    "an encoding taken for granted": (
        "户.csv",
        csv(HEADINGS, GOOD, encoding="gb18030"),
        "encoding-assumed",
        "GB18030",
        "GB18030 was used",
    ),
    "missing columns": (
        "户.csv", csv(["户主", "村", "联系电话"], ["王某", "东村", "1"]),
        "heading-missing", "没有“户号”列", "has no column for Household number",
    ),
    "duplicate numbers": (
        "户.csv", households(GOOD, ["0001", "别人", "西村", "117.01", "30.51"]),
        "number-duplicate", "第 3 行：户号 0001 已在第 2 行使用", "already used in row 2",
    ),
    "point outside the district": (
        "户.csv", households(["0001", "王某", "东村", "121.47", "31.23"]),
        "point-outside-district", "在区县外", "outside the district",
    ),
    "swapped longitude and latitude": (
        "户.csv", households(["0001", "王某", "东村", "30.51", "117.03"]),
        "points-swapped", "经纬度写反", "were swapped",
    ),
    "a polygon that crosses itself": (
        "村界.geojson", bow_tie(), "geometry-repaired", "自相交", "crossed itself",
    ),
    "overlapping polygons": (
        "村界.geojson", overlapping(), "outlines-overlap", "重叠", "overlap by",
    ),
    "a day that does not exist": (
        "历.csv", csv(["日期", "类型", "名称"], ["2027-02-30", "放假", "节"]),
        "date-impossible", "2027-02-30 这一天不存在", "2027-02-30 is a day that does not exist",
    ),
    "a text file named .xlsx": (
        "户.xlsx", "户号,户主".encode(), "file-type-mismatch", "内容", "the content is",
    ),
    "an empty file": ("户.xlsx", b"", "file-empty", "是空的", "is empty"),
    "a file of 200 MB": (
        "户.csv", b"\0" * (200 * MB), "file-too-large", "50 MB", "at most 50 MB",
    ),
}  # fmt: skip


@pytest.fixture
def office(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Somebody whose village outlines are stored already."""
    office = Office(sqlite_database, tmp_path / "uploads")
    with monkeypatch.context() as quickly:
        quickly.setattr("data.importing.uploads.run_import", read_here)
        office.bring_in({"村界.geojson": DISTRICT["村界.geojson"]})
    return office


@pytest.fixture
def in_words(app: Flask) -> InWords:
    """Say a problem of a register in a language."""

    def words(problem: ImportProblem, kind: str, locale: str) -> str:
        with app.test_request_context("/", headers={"Cookie": f"zoufang_lang={locale}"}):
            return say(problem, KINDS.get(kind))

    return words


@pytest.mark.parametrize("name", list(CASES))
def test_a_bad_file_says_what_is_wrong_and_changes_nothing(
    name: str, office: Office, in_words: InWords, sqlite_url: str
) -> None:
    file, content, code, chinese, english = CASES[name]
    before = bytes_of(office, sqlite_url)

    draft = office.read({file: content})
    found = office.look(draft)
    if found.has_errors:
        with pytest.raises(ImportRefused):
            confirm(
                office.database,
                office.drafts,
                office.drafts.load(draft.id),
                today=TODAY,
                now=NOW,
                by=None,
            )

    problem = next(problem for problem in found.problems if problem.code == code)
    kind = found.parts[0].upload.kind
    assert chinese in in_words(problem, kind, "zh")
    assert english in in_words(problem, kind, "en")
    assert problem.file == file
    assert bytes_of(office, sqlite_url) == before


def bytes_of(office: Office, url: str) -> bytes:
    """The database file with its log, after everything written so far has reached it."""
    path = Path(url.removeprefix("sqlite:///"))
    log = path.with_name(path.name + "-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")
