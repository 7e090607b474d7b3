"""The migrations make the tables of the models, lose no row, and copy a file before touching it."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from data import migrate
from data.db import connect
from data.tables import Base, Region


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'zoufang.sqlite'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


def test_an_empty_database_becomes_what_the_models_say(empty_url: str) -> None:
    migrate.upgrade(empty_url)

    database = connect(empty_url)
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, Base.metadata)
    database.dispose()
    assert differences == []
    assert migrate.current(empty_url) == migrate.head()


def test_going_back_to_nothing_leaves_nothing(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    migrate.downgrade(empty_url, "base")

    database = connect(empty_url)
    with database.engine.connect() as connection:
        tables = set(database.engine.dialect.get_table_names(connection))
    database.dispose()
    assert tables <= {"alembic_version"}


def test_a_second_upgrade_changes_nothing(empty_url: str) -> None:
    migrate.upgrade(empty_url)
    assert migrate.upgrade(empty_url) is None


def test_rows_survive_and_an_existing_file_is_copied_first(tmp_path: Path) -> None:
    path = tmp_path / "zoufang.sqlite"
    url = f"sqlite:///{path}"
    migrate.upgrade(url)
    database = connect(url)
    with database.write.begin() as session:
        session.add(Region(code="340811000000", name="宜秀区", kind="district"))
    database.dispose()
    with closing(sqlite3.connect(path)) as older:
        older.execute("UPDATE alembic_version SET version_num = '0000'")
        older.commit()

    copy = migrate._copy_before(url)

    assert copy is not None and copy.parent == tmp_path
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT name FROM region").fetchall() == [("宜秀区",)]


def test_orphans_after_a_migration_take_it_back(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'zoufang.sqlite'}"
    migrate.upgrade(url)

    def orphan(config: object) -> None:
        connection = config.attributes["connection"]  # type: ignore[attr-defined]
        connection.execute(
            text(
                "INSERT INTO login (token_hash, user_id, created_at, seen_at) "
                "VALUES ('x', 9, :t, :t)"
            ),
            {"t": datetime(2027, 3, 1, tzinfo=UTC).isoformat()},
        )

    with pytest.raises(migrate.MigrationBroken, match="login"):
        migrate._run(url, orphan)

    with closing(sqlite3.connect(tmp_path / "zoufang.sqlite")) as after:
        assert after.execute("SELECT count(*) FROM login").fetchone() == (0,)


def test_rebuilding_a_parent_table_keeps_its_children(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'zoufang.sqlite'}"
    migrate.upgrade(url)
    database = connect(url)
    with database.write.begin() as session:
        district = Region(code="340811000000", name="宜秀区", kind="district")
        session.add(Region(code="340811001000", name="大桥街道", kind="town", parent=district))
    database.dispose()

    def rebuild(config: object) -> None:
        from alembic.operations import Operations

        connection = config.attributes["connection"]  # type: ignore[attr-defined]
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table("region", recreate="always"):
            pass

    migrate._run(url, rebuild)

    with closing(sqlite3.connect(tmp_path / "zoufang.sqlite")) as after:
        assert after.execute("SELECT count(*) FROM region").fetchone() == (2,)
