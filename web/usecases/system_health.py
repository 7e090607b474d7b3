"""What an administrator looks at when something feels wrong."""

import platform
import shutil
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from data import migrate
from data.db import Database
from data.store import overview as store

LOW_DISK_BYTES = 500 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthReport:
    """The state of one installation at one instant."""

    at: datetime
    version: str
    python: str
    database: str
    database_bytes: int | None
    schema_current: bool
    pragmas: dict[str, str]
    rows: dict[str, int]
    jobs: dict[str, int]
    disk_free: int
    disk_total: int

    @property
    def disk_low(self) -> bool:
        """Whether uploads should stop until somebody makes room."""
        return self.disk_free < LOW_DISK_BYTES


def report(database: Database, *, instance: Path, now: datetime) -> HealthReport:
    """Look at the installation; writes nothing."""
    url = database.engine.url
    file = Path(url.database or "") if url.get_backend_name() == "sqlite" else None
    disk = shutil.disk_usage(instance if instance.exists() else Path.cwd())
    with database.read() as session:
        return HealthReport(
            at=now,
            version=installed_version(),
            python=platform.python_version(),
            database=url.get_backend_name(),
            database_bytes=file.stat().st_size if file is not None and file.is_file() else None,
            schema_current=store.schema_revision(session) == migrate.head(),
            pragmas=store.sqlite_pragmas(session),
            rows=store.rows_by_table(session),
            jobs=store.jobs_by_state(session),
            disk_free=disk.free,
            disk_total=disk.total,
        )


def installed_version() -> str:
    """Return the version of this installation."""
    try:
        return version("zoufang")
    except PackageNotFoundError:
        return "0"
