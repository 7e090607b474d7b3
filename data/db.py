"""
The database: one engine, a session that writes and a session that only reads.

SQLite runs in WAL with ``synchronous=FULL``: with NORMAL a power cut loses visits that
were already acknowledged. Writers begin IMMEDIATE, because deferred writers meet
"database is locked" in spite of the timeout; readers begin plain, so that a page never
waits for a writer. PostgreSQL needs none of this and takes the same code.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.orm import Session, sessionmaker

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "secure_delete=ON",
)


@dataclass(frozen=True, slots=True)
class Database:
    """An engine with its two kinds of session: ``with db.write.begin() as s`` or ``db.read()``."""

    engine: Engine
    write: sessionmaker[Session]
    read: sessionmaker[Session]

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def connect(url: str) -> Database:
    """
    Open a database; tables are made by migrations, never here.

    Parameters
    ----------
    url
        ``sqlite:////folder/zoufang.sqlite`` or ``postgresql+psycopg://...``.
    """
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    options: dict[str, Any] = {
        "hide_parameters": True
    }  # values may be personal: keep them out of logs
    if is_sqlite:
        options |= {"pool_size": 16, "max_overflow": 48}
    else:
        options |= {
            "pool_size": 10,
            "max_overflow": 10,
            "pool_pre_ping": True,
            "connect_args": {"options": "-c statement_timeout=15000 -c timezone=UTC"},
        }
    engine = create_engine(url, **options)
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    reading = engine.execution_options(read_only=True)
    return Database(
        engine=engine,
        write=sessionmaker(engine, expire_on_commit=False),
        read=sessionmaker(reading, expire_on_commit=False),
    )


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy begins, not the driver
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
