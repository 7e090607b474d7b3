"""One temporary PostgreSQL server per run: unix socket only, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.support.absent import skip_or_fail

SUPERUSER = "postgres"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A running server; databases are made and dropped by name."""

    folder: Path

    def url(self, database: str) -> str:
        """SQLAlchemy address of one database, through the socket in the cluster's folder."""
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={self.folder}"

    def run(self, statement: str) -> None:
        """Run one statement that no transaction may hold, such as CREATE DATABASE."""
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()


def programs() -> Path | None:
    """Folder of initdb and pg_ctl, the newest where several versions are installed."""
    found = [Path(p).parent for p in [shutil.which("initdb")] if p]
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    found += [p.parent for p in sorted(debian, key=lambda p: int(p.parts[-3]), reverse=True)]
    return found[0] if found else None


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A fresh server owned by `postgres` when we are root, which initdb refuses to run as."""
    bin_dir = programs()
    if bin_dir is None:
        skip_or_fail("PostgreSQL server (initdb)")
    folder = Path(tempfile.mkdtemp(prefix="zoufang-pg-"))
    owner = {"user": SUPERUSER, "group": SUPERUSER} if os.geteuid() == 0 else {}
    if owner:
        shutil.chown(folder, **owner)

    def call(program: str, *words: str) -> None:
        done = subprocess.run(
            [str(bin_dir / program), "-D", str(folder / "data"), *words],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            timeout=120,
            check=False,
            **owner,
        )
        assert done.returncode == 0, f"{program} failed:\n{done.stdout}"

    options = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off"
    options += " -c synchronous_commit=off -c full_page_writes=off -c max_connections=120"
    try:
        call("initdb", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-N")
        call("pg_ctl", "-l", str(folder / "log"), "-w", "-o", options, "start")
        yield Cluster(folder=folder)
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            call("pg_ctl", "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_names() -> Iterator[str]:
    """Names for databases, each given once."""
    return (f"zoufang_{number}" for number in count(1))


@pytest.fixture
def postgres_url(postgres_cluster: Cluster, postgres_names: Iterator[str]) -> Iterator[str]:
    """An empty PostgreSQL database of its own."""
    name = next(postgres_names)
    postgres_cluster.run(f"CREATE DATABASE {name}")
    yield postgres_cluster.url(name)
    postgres_cluster.run(f"DROP DATABASE {name} WITH (FORCE)")
