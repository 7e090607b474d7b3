"""The application under test: in the same process for quick tests, behind waitress for browsers."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from waitress import wasyncore
from waitress.server import create_server

from data.db import Database
from web.config import Settings

A_MONDAY_MORNING = datetime(2027, 3, 1, 1, 30, tzinfo=UTC)  # 09:30 in Shanghai


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    """Serve an application on a free port; gives its address, without a slash at the end."""
    server = create_server(
        app, host="127.0.0.1", port=0, threads=24, clear_untrusted_proxy_headers=True
    )
    thread = threading.Thread(target=server.run, name="live-server", daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.task_dispatcher.shutdown()
        # The loop ends when nothing is left to listen to; closing must happen in its own thread,
        # and not before it was woken here: it runs what is asked of it under this lock.
        with server.trigger.lock:
            server.trigger.thunks.append(lambda: wasyncore.close_all(server._map))
            server.trigger.pull_trigger()
        thread.join(timeout=10)
        assert not thread.is_alive()


@pytest.fixture
def settings(tmp_path: Path, sqlite_url: str) -> Settings:
    """Settings of an instance of its own; ``database_url`` makes a test run on both databases."""
    return Settings.load(
        {}, instance=tmp_path / "instance", database_url=sqlite_url, secret_key="s" * 48
    )


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The application with an empty database, on a Monday morning in the planning horizon."""
    from web.app import create_app  # here, so that the tests of other rooms start without flask

    made = create_app(settings, clock=lambda: A_MONDAY_MORNING)
    yield made
    database: Database = made.extensions["database"]
    database.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor without a browser."""
    return app.test_client()


@pytest.fixture
def live_server(app: Flask) -> Iterator[str]:
    """Address of the application behind a real server."""
    with serving(app) as address:
        yield address
