"""
The sample district in the middle of its campaign, made once a run and copied for each test.

``demo_server`` is its address; ``desktop(demo_server, state=signed_in("planner"))`` opens a tab of
somebody who has signed in already. All four accounts share ``PASSWORD``.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from data.db import connect
from data.migrate import upgrade
from tests.support.servers import serving
from web.config import Settings

PASSWORD = "pear-quilt-lantern-42"
NAME = "zoufang.sqlite"
State = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """A finished demonstration: its database file, who signs in how, and the cookie of each."""

    file: Path
    settings: Settings
    now: datetime
    states: dict[str, State]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Make the demonstration with a short search, and sign everybody in."""
    from web.usecases.demo import make_demo

    folder = tmp_path_factory.mktemp("demo")
    settings = Settings.load({}, instance=folder, secret_key="d" * 48)
    upgrade(settings.database)
    database = connect(settings.database)
    made = make_demo(database, password=PASSWORD, iterations=20)
    database.dispose()
    settings = settings.model_copy(update={"today": made.today})
    now = datetime.combine(made.today, time(1, 30), tzinfo=UTC)  # 09:30 in Shanghai
    app = open_app(settings, now)
    states = {role: cookie_of(app, name) for role, name in made.names.items()}
    close_app(app)
    return Demo(file=folder / NAME, settings=settings, now=now, states=states)


@pytest.fixture
def demo_app(demo: Demo, tmp_path: Path) -> Iterator[Flask]:
    """The application on a copy of the demonstration."""
    instance = tmp_path / "instance"
    instance.mkdir()
    shutil.copy(demo.file, instance / NAME)
    app = open_app(demo.settings.model_copy(update={"instance": instance}), demo.now)
    yield app
    close_app(app)


@pytest.fixture
def demo_server(demo_app: Flask) -> Iterator[str]:
    """Address of the demonstration behind a real server, without jobs."""
    with serving(demo_app) as address:
        yield address


@pytest.fixture
def signed_in(demo: Demo) -> Callable[[str], State]:
    """Give the browser state of a role that has signed in."""
    return demo.states.__getitem__


def open_app(settings: Settings, now: datetime) -> Flask:
    """Build an application that lives at one instant."""
    from web.app import create_app

    return create_app(settings, clock=lambda: now)


def close_app(app: Flask) -> None:
    """Close an application's database, which merges the WAL into the file."""
    app.extensions["database"].dispose()


def cookie_of(app: Flask, name: str) -> State:
    """Sign in without a browser; return the cookie as a browser keeps it."""
    client = app.test_client()
    page = client.get("/account/login").get_data(as_text=True)
    token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
    form = {"name": name, "password": PASSWORD, "csrf_token": token}
    answer = client.post("/account/login", data=form)
    assert answer.status_code == 303, answer.get_data(as_text=True)
    cookie = client.get_cookie("zoufang")
    assert cookie is not None
    kept = {"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": "/"}
    return {"cookies": [kept | {"httpOnly": True, "sameSite": "Lax"}], "origins": []}
