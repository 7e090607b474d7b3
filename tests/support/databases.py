"""The same tests on both databases: each gets a fresh copy of a migrated template."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.db import Database, connect
from data.migrate import upgrade
from tests.support.postgres import Cluster


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with today's tables and no rows."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: Cluster) -> str:
    """Name of a PostgreSQL database with today's tables and no rows."""
    postgres_cluster.run("CREATE DATABASE template_zoufang")
    upgrade(postgres_cluster.url("template_zoufang"))
    return "template_zoufang"


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A SQLite database of its own with today's tables; the copy of a closed file is whole."""
    path = tmp_path / "zoufang.sqlite"
    shutil.copy(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def migrated_postgres_url(
    postgres_cluster: Cluster, postgres_template: str, postgres_names: Iterator[str]
) -> Iterator[str]:
    """A PostgreSQL database of its own with today's tables."""
    name = next(postgres_names)
    postgres_cluster.run(f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    yield postgres_cluster.url(name)
    postgres_cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """Both databases in turn, with today's tables and no rows."""
    name = {"sqlite": "sqlite_url", "postgres": "migrated_postgres_url"}[request.param]
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Both databases in turn, opened."""
    opened = connect(database_url)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite_database(sqlite_url: str) -> Iterator[Database]:
    """SQLite alone, opened: for tests in which the database is not the point."""
    opened = connect(sqlite_url)
    yield opened
    opened.dispose()
