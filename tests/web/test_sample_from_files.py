"""The sample's files, imported, ask the planner exactly what the stored sample asks."""

from datetime import UTC, date, datetime
from pathlib import Path

from data.db import Database, connect
from data.documents import unpack
from data.migrate import upgrade
from data.synthesis.days import FIRST_DAY, LAST_DAY
from data.synthesis.district import draw_district
from data.synthesis.files import write_sample_files
from data.synthesis.loading import load_sample
from web.usecases.campaigns import create_campaign
from web.usecases.import_registry import ImportOrder, folder_of, import_files
from web.usecases.plan_visits import prepare

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)


def the_problem(database: Database) -> dict[str, object]:
    with database.write.begin() as session:
        campaign_id = create_campaign(
            session,
            name="春",
            first_day=FIRST_DAY,
            last_day=LAST_DAY,
            actor_id=None,
            now=NOW,
        )
    problem = unpack(prepare(database, campaign_id, today=TODAY, now=NOW).payload)
    problem.pop("zoufang")  # where roads came from
    return dict(problem)


def test_files_and_stored_sample_ask_the_same(sqlite_database: Database, tmp_path: Path) -> None:
    district = draw_district()
    url = f"sqlite:///{tmp_path / 'imported.sqlite'}"
    upgrade(url)
    imported = connect(url)
    with sqlite_database.write.begin() as session:
        load_sample(session, district, at=NOW)

    report = import_files(
        imported,
        folder_of(tmp_path / "instance"),
        write_sample_files(tmp_path / "files", district),
        ImportOrder(),
        today=TODAY,
        now=NOW,
    )

    assert not report.refused
    # The visits come in GB18030, as old systems write them, and the importer says so.
    assert {problem.code for problem in report.problems} <= {"encoding-assumed"}
    assert the_problem(imported) == the_problem(sqlite_database)
    imported.dispose()
