"""Somebody at the browser: one account a role, and clients that are signed in with the token."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from data.db import Database
from data.tables import Cadre, Unit, User
from web.usecases import accounts
from web.usecases.sign_in import open_login

PASSWORD = "many quiet villages 7"
EARLIER = datetime(2027, 2, 1, tzinfo=UTC)

SignIn = Callable[..., FlaskClient]


@pytest.fixture
def opened(app: Flask) -> Database:
    """The database the application stands on."""
    found: Database = app.extensions["database"]
    return found


@pytest.fixture
def people(opened: Database) -> dict[str, int]:
    """One account a role, named as the role; id by role. The cadre's account is cadre W1."""
    with opened.write.begin() as session:
        unit = Unit(number="WU", name="值班室")
        cadre = Cadre(
            number="W1", name="王一", unit=unit, base_lon=117.0, base_lat=30.6, quota=1,
            availability={},
        )  # fmt: skip
        session.add(cadre)
        session.flush()
        cadre_id = cadre.id
    return {
        role: accounts.create_user(
            opened,
            name=role,
            role=role,
            password=PASSWORD,
            cadre_id=cadre_id if role == "cadre" else None,
            now=EARLIER,
        )
        for role in accounts.ROLES
    }


@pytest.fixture
def sign_in(app: Flask, opened: Database) -> SignIn:
    """
    Return a client signed in under a name; it sends the form token with every request.

    ``sign_in("planner")`` works with ``people`` and with ``district``; the login is opened
    directly, because hashing a password for each test would cost more than the tests.
    """

    def signed_in(name: str) -> FlaskClient:
        with opened.write.begin() as session:
            user = session.scalars(select(User).where(User.name == name)).one()
            token = open_login(session, user, app.extensions["clock"]())
        client = app.test_client()
        with client.session_transaction() as cookie:
            cookie["login"] = token
            cookie["seen"] = int(app.extensions["clock"]().timestamp())
        client.environ_base["HTTP_X_CSRFTOKEN"] = csrf_token(client)
        return client

    return signed_in


def csrf_token(client: FlaskClient, page: str = "/account/password") -> str:
    """Return the form token of a client's session, as its pages carry it."""
    found = re.search(r'name="csrf-token" content="([^"]+)"', client.get(page).text)
    assert found, f"{page} carries no token"
    return found.group(1)
