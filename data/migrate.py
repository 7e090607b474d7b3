"""
Bring a database to today's tables.

Only ``zoufang init`` and the tests call this, never ``create_app``: two workers would race.
A SQLite file that already holds something is copied first; SQLite rebuilds whole tables to
change them, so foreign keys are off while it does and are all checked before the commit.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

SCRIPTS = Path(__file__).parent / "migrations"


class MigrationBroken(Exception):
    """After a migration rows point to rows that are not there; nothing was changed."""

    code = "migration-broken"

    def __init__(self, tables: list[str]) -> None:
        super().__init__(
            f"Rows of {', '.join(tables)} point to missing rows after the migration. "
            "It was taken back; the database is as before."
        )
        self.tables = tables


def upgrade(url: str, *, revision: str = "head") -> Path | None:
    """
    Migrate the database forwards; do nothing when it is already there.

    Parameters
    ----------
    url
        As for ``data.db.connect``.
    revision
        Where to stop; ``head`` is today.

    Returns
    -------
    Path or None
        The copy made of an existing SQLite file before it was changed.
    """
    copy = _copy_before(url) if current(url) != head() else None
    _run(url, lambda config: command.upgrade(config, revision))
    return copy


def downgrade(url: str, revision: str) -> None:
    """Migrate backwards, ``base`` is empty; used by tests and by hand, with data lost knowingly."""
    _run(url, lambda config: command.downgrade(config, revision))


def current(url: str) -> str | None:
    """Return the revision a database is at; ``None`` when it holds nothing of ours."""
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def head() -> str:
    """Return the newest revision."""
    revision = ScriptDirectory(str(SCRIPTS)).get_current_head()
    assert revision is not None, "data/migrations/versions is empty"  # noqa: S101
    return revision


def _run(url: str, act: Any) -> None:
    engine = _engine(url)
    try:
        with engine.connect() as connection:
            config = Config()
            config.set_main_option("script_location", str(SCRIPTS))
            config.attributes["connection"] = connection
            with connection.begin():
                act(config)
                if engine.dialect.name == "sqlite":
                    _require_no_orphans(connection)
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    engine = create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _without_foreign_keys)
        event.listen(engine, "begin", lambda c: c.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _without_foreign_keys(connection: Any, _record: Any) -> None:
    # Inside a transaction the pragma would do nothing: it comes before BEGIN, on each connection.
    connection.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=OFF", "busy_timeout=5000"):
        connection.execute(f"PRAGMA {pragma}")


def _require_no_orphans(connection: Connection) -> None:
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if rows:
        raise MigrationBroken(sorted({str(row[0]) for row in rows}))


def _copy_before(url: str) -> Path | None:
    """Copy an existing SQLite file through SQLite: a plain copy would miss the WAL."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    path = Path(address.database)
    revision = current(url)
    if revision is None:
        return None
    copy = path.with_name(f"{path.stem}.before-{head()}{path.suffix}")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy
