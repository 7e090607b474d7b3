"""A register of 10,000 households, from the file to the rows."""

import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import xlsxwriter
from sqlalchemy import func, select

from data.db import connect
from data.importing.drafts import Drafts
from data.migrate import upgrade
from data.synthesis.district import SampleDistrict, draw_district
from data.synthesis.loading import load_sample
from data.tables import Household
from tests.benchmarks.conftest import Record
from web.usecases.import_registry import confirm, examine, read_files

ROWS = 10_000
RUNS = 3
NOW = datetime(2027, 2, 1, tzinfo=UTC)
HEADINGS = (
    "户号",
    "户主",
    "村代码",
    "村民小组",
    "地址",
    "电话",
    "经度",
    "纬度",
    "应访次数",
    "户间隔",
)


def a_register(path: Path, district: SampleDistrict) -> Path:
    """Write an XLSX of new households beside those of the sample."""
    sites = district.people.sites.query("kind == 'household'")
    rng = np.random.default_rng(1)
    picked = sites.iloc[rng.integers(len(sites), size=ROWS)]
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("走访户")
        sheet.write_row(0, 0, HEADINGS)
        for row, (serial, near) in enumerate(enumerate(picked.itertuples()), start=1):
            number = f"B{serial:06d}"
            place = (round(near.lon, 6), round(near.lat, 6))
            sheet.write_row(
                row, 0, (number, f"示例户{serial}", near.village, near.hamlet, near.address,
                         "10000000000", *place, 1, 28)
            )  # fmt: skip
    return path


def test_ten_thousand_households_are_imported_in_ten_seconds(
    tmp_path: Path, record: Record
) -> None:
    district = draw_district()
    register = a_register(tmp_path / "走访户.xlsx", district)
    seconds = []
    for run in range(RUNS):
        url = f"sqlite:///{tmp_path / f'{run}.sqlite'}"
        upgrade(url)
        database = connect(url)
        with database.write.begin() as session:
            load_sample(session, district, at=NOW)
        drafts = Drafts(tmp_path / f"uploads{run}")

        began = time.perf_counter()
        with register.open("rb") as stream:
            draft = drafts.start([(register.name, stream)], by=None, now=NOW)
        draft = read_files(drafts, draft.id)
        with database.read() as session:
            found = examine(session, drafts, draft, today=NOW.date())
        assert not found.has_errors, found.problems[:5]
        confirm(database, drafts, draft, today=NOW.date(), now=NOW, by=None)
        seconds.append(time.perf_counter() - began)

        with database.read() as session:
            count = select(func.count()).where(Household.number.like("B%"))
            assert session.scalar(count) == ROWS
        database.dispose()
    how = "XLSX, upload to commit with checks and preview, SQLite; seed 1"
    record("import of 10,000 household rows", seconds, unit="s", limit=10, how=how)
