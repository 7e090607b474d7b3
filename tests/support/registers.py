"""A small district in files: four square villages, and tables as people keep them."""

import hashlib
import importlib
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import shapely

from data.db import Database
from data.importing.drafts import Draft, Drafts
from data.importing.examination import Examination, examine
from data.importing.parsed import Parsed
from data.importing.problems import ImportRefused
from data.importing.reference import Reference, Village
from data.importing.sandbox import PARSERS
from data.importing.uploads import read_files
from data.tables import Base
from web.usecases.import_registry import confirm

TODAY = date(2027, 3, 1)
NOW = datetime(2027, 3, 1, 1, tzinfo=UTC)
TOWN = "340811001000"
VILLAGES = {
    "340811001001": ("东村", (117.02, 30.50)),
    "340811001002": ("西村", (117.00, 30.50)),
    "340811001003": ("南村", (117.00, 30.52)),
    "340811001004": ("北社区", (117.02, 30.52)),
}
SIDE_DEG = 0.02
EAST = "340811001001"


def square(code: str) -> shapely.Geometry:
    """Outline of a village, degrees."""
    lon, lat = VILLAGES[code][1]
    return shapely.box(lon, lat, lon + SIDE_DEG, lat + SIDE_DEG)


def a_reference(*, units: int = 1) -> Reference:
    """The four villages known, all of one unit, with one cadre and one household."""
    reference = Reference()
    for code, (name, _) in VILLAGES.items():
        reference.add_village(
            Village(code=code, name=name, town_code=TOWN, town_name="示例镇", geometry=square(code))
        )
    for number in range(1, units + 1):
        reference.units[f"D{number}"] = f"单位{number}"
    reference.unit_of_village = dict.fromkeys(VILLAGES, "D1")
    reference.add_cadre("G1", "张某")
    reference.sites["H1"] = "household"
    return reference


def outlines() -> bytes:
    """The four villages as GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {"村代码": code, "村名": name, "乡镇": "示例镇"},
            "geometry": json.loads(shapely.to_geojson(square(code))),
        }
        for code, (name, _) in VILLAGES.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def table(*rows: Sequence[Any]) -> list[tuple[int, list[Any]]]:
    """Rows as the reader of cells gives them: numbers from 1."""
    return [(number, list(row)) for number, row in enumerate(rows, start=1)]


def workbook(*rows: Sequence[Any], title: str = "走访户") -> bytes:
    """A workbook as Excel writes it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv(*rows: Sequence[str], encoding: str = "utf-8-sig") -> bytes:
    """A CSV file."""
    return "\r\n".join(",".join(row) for row in rows).encode(encoding)


UNITS = csv(["单位编号", "单位名称", "包村"], ["D1", "组织部", "、".join(VILLAGES)])
CADRES = csv(
    ["干部编号", "姓名", "单位", "职务", "经度", "纬度"],
    ["G1", "张某", "D1", "领导", "117.02", "30.52"],
    ["G2", "李某", "组织部", "一般干部", "117.02", "30.52"],
)
HOUSEHOLDS = csv(
    ["户号", "户主", "村", "经度", "纬度", "可访时段"],
    ["0001", "王某", "东村", "117.03", "30.51", "上午"],
    ["0002", "赵某", "西村", "117.01", "30.51", ""],
    ["0003", "钱某", "北社区", "117.03", "30.53", "14:30-17:30"],
)
DISTRICT = {
    "村界.geojson": outlines(),
    "单位.csv": UNITS,
    "干部.csv": CADRES,
    "走访户.csv": HOUSEHOLDS,
}


class Office:
    """Somebody who imports: drafts in a folder, a database, one fixed day."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database = database
        self.drafts = Drafts(folder)

    def read(self, files: dict[str, bytes]) -> Draft:
        """Upload files and have them read."""
        named = [(name, io.BytesIO(content)) for name, content in files.items()]
        draft = self.drafts.start(named, by=None, now=NOW)
        return read_files(self.drafts, draft.id)

    def look(self, draft: Draft) -> Examination:
        """See what a draft would do."""
        with self.database.read() as session:
            return examine(session, self.drafts, self.drafts.load(draft.id), today=TODAY)

    def bring_in(self, files: dict[str, bytes]) -> int | None:
        """Upload, read and confirm; returns the number of the batch."""
        draft = self.read(files)
        applied = confirm(
            self.database, self.drafts, self.drafts.load(draft.id), today=TODAY, now=NOW, by=None
        )
        return applied.batch_id


def read_here(
    kind: str, path: Path, options: Mapping[str, Any] | None = None, *, file: str | None = None
) -> Parsed:
    """Parse in this process, without guard and limits: where these are not the point."""
    module, function = PARSERS[kind].split(":")
    try:
        parsed = getattr(importlib.import_module(module), function)(path, file, options or {})
    except ImportRefused as refused:
        return Parsed(problems=refused.problems)
    assert isinstance(parsed, Parsed)
    return parsed


def fingerprint(database: Database) -> str:
    """Everything a database holds, as one hash."""

    digest = hashlib.sha256()
    with database.read() as session:
        for one in Base.metadata.sorted_tables:
            rows = session.execute(one.select().order_by(*one.primary_key.columns)).all()
            digest.update(repr((one.name, [tuple(row) for row in rows])).encode())
    return digest.hexdigest()
