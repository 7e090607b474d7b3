"""Nobody gets in without a password, and nobody stays in who should not."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from data.db import Database
from data.tables import Login, LoginFailure, User
from tests.web.conftest import PASSWORD, SignIn, csrf_token
from web.config import Settings
from web.usecases import accounts, passwords
from web.usecases import sign_in as logins
from web.usecases.account_errors import BadAccount, LastAdministrator, WeakPassword


def post_login(client: FlaskClient, name: str, password: str, **more: str) -> int:
    token = csrf_token(client, "/account/login")
    form = {"name": name, "password": password, "csrf_token": token} | more
    return client.post("/account/login", data=form).status_code


class Hands:
    """A clock that tests turn."""

    def __init__(self, app: Flask) -> None:
        self.at: datetime = app.extensions["clock"]()
        app.extensions["clock"] = lambda: self.at

    def turn(self, **by: int) -> None:
        self.at += timedelta(**by)


def test_a_fresh_installation_has_no_account(opened: Database) -> None:
    with opened.read() as session:
        assert session.scalar(select(func.count()).select_from(User)) == 0


def test_the_right_password_opens_the_page_that_was_asked_for(
    client: FlaskClient, people: dict[str, int]
) -> None:
    asked = client.get("/help/?x=1")
    assert asked.status_code == 303
    assert asked.location == "/account/login?next=/help/?x%3D1"

    token = csrf_token(client, "/account/login")
    answer = client.post(
        "/account/login",
        data={"name": "Planner ", "password": PASSWORD, "next": "/help/?x=1", "csrf_token": token},
    )

    assert (answer.status_code, answer.location) == (303, "/help/?x=1")
    assert client.get("/help/").status_code == 200


@pytest.mark.parametrize("name", ["planner", "nobody"])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(
    client: FlaskClient, people: dict[str, int], name: str
) -> None:
    token = csrf_token(client, "/account/login")
    form = {"name": name, "password": "not this one at all", "csrf_token": token}

    answer = client.post("/account/login", data=form)

    assert answer.status_code == 401
    assert "姓名" not in answer.text or "密码" in answer.text
    assert client.get("/help/").status_code == 303


def test_the_eleventh_failure_pauses_that_account_only_and_it_recovers(
    app: Flask, client: FlaskClient, people: dict[str, int]
) -> None:
    hands = Hands(app)
    for _ in range(logins.FAILURES_PER_ACCOUNT):
        assert post_login(client, "planner", "wrong") == 401

    assert post_login(client, "planner", PASSWORD) == 429
    assert post_login(app.test_client(), "coordinator", PASSWORD) == 303

    hands.turn(minutes=16)
    assert post_login(client, "planner", PASSWORD) == 303


def test_a_new_password_frees_its_own_account_only(
    client: FlaskClient, people: dict[str, int], sign_in: SignIn
) -> None:
    for name in ("planner", "coordinator"):
        for _ in range(logins.FAILURES_PER_ACCOUNT):
            post_login(client, name, "wrong")

    sign_in("admin").post(f"/admin/users/{people['planner']}/password")

    assert post_login(client, "planner", "wrong") == 401
    assert post_login(client, "coordinator", PASSWORD) == 429


def test_an_address_that_tries_many_names_is_paused(
    app: Flask, client: FlaskClient, opened: Database, people: dict[str, int]
) -> None:
    now = app.extensions["clock"]()
    with opened.write.begin() as session:
        session.add_all(
            LoginFailure(name=f"n{i}", address="127.0.0.1", at=now)
            for i in range(logins.FAILURES_PER_ADDRESS)
        )

    assert post_login(client, "planner", PASSWORD) == 429


def test_what_is_typed_as_a_name_is_not_kept(
    client: FlaskClient, opened: Database, people: dict[str, int]
) -> None:
    post_login(client, "my secret password", "x")

    with opened.read() as session:
        assert "secret" not in session.scalars(select(LoginFailure.name)).one()


def test_the_database_holds_no_token_that_opens_a_login(
    client: FlaskClient, opened: Database, people: dict[str, int]
) -> None:
    post_login(client, "planner", PASSWORD)

    with client.session_transaction() as cookie, opened.read() as session:
        assert session.scalars(select(Login.token_hash)).one() != cookie["login"]


def test_signing_out_ends_the_login_on_the_server(
    app: Flask, people: dict[str, int], sign_in: SignIn
) -> None:
    client = sign_in("planner")
    with client.session_transaction() as cookie:
        stolen = dict(cookie)

    client.post("/account/logout")

    thief = app.test_client()
    with thief.session_transaction() as cookie:
        cookie.update(stolen)
    assert thief.get("/").status_code == 303


def test_a_new_password_ends_other_logins_and_keeps_this_one(
    people: dict[str, int], sign_in: SignIn
) -> None:
    here, there = sign_in("planner"), sign_in("planner")
    new = "seven rivers meet 42"

    answer = here.post("/account/password", data={"present": PASSWORD, "new": new, "again": new})

    assert answer.status_code == 303
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 303


def test_switching_an_account_off_ends_its_logins_at_once(
    people: dict[str, int], sign_in: SignIn
) -> None:
    planner, admin = sign_in("planner"), sign_in("admin")

    admin.post(f"/admin/users/{people['planner']}/active", data={"active": "0"})

    assert planner.get("/").status_code == 303


def test_an_idle_login_ends_and_so_does_an_old_one(
    app: Flask, settings: Settings, people: dict[str, int], sign_in: SignIn
) -> None:
    hands = Hands(app)
    idle, busy = sign_in("planner"), sign_in("coordinator")

    for _ in range(settings.login_max_min // 60 - 1):
        hands.turn(minutes=60)
        assert busy.get("/account/").status_code == 200
    assert idle.get("/account/").status_code == 303

    hands.turn(minutes=61)
    assert busy.get("/account/").status_code == 303


def test_a_one_time_password_opens_nothing_but_the_choice_of_an_own_one(
    client: FlaskClient, people: dict[str, int], sign_in: SignIn, opened: Database
) -> None:
    page = sign_in("admin").post(f"/admin/users/{people['planner']}/password").text
    secret = page.split('class="secret">')[1].split("<")[0]

    assert post_login(client, "planner", secret) == 303
    assert client.get("/help/").location == "/account/password"
    new = "seven rivers meet 42"
    token = csrf_token(client)
    form = {"present": secret, "new": new, "again": new, "csrf_token": token}
    assert client.post("/account/password", data=form).status_code == 303
    assert client.get("/help/").status_code == 200


def test_the_only_administrator_stays(people: dict[str, int], opened: Database) -> None:
    now = datetime.fromisoformat("2027-03-01T00:00:00+00:00")

    with pytest.raises(LastAdministrator):
        accounts.set_active(opened, people["admin"], False, now=now)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("short", "short"),
        ("x" * 300, "long"),
        ("aaaaaaaaaaaaaa", "repeating"),
        ("0123456789012", "repeating"),
        ("password2027!", "common"),
        ("走访走访走访走访2027!!", "common"),
        ("wangfang2027!", "common"),
    ],
)
def test_a_password_that_is_easily_guessed_is_refused(password: str, reason: str) -> None:
    with pytest.raises(WeakPassword) as caught:
        passwords.check_password(password, name="wangfang")

    assert caught.value.reason == reason


def test_a_sentence_is_a_good_password() -> None:
    passwords.check_password("四个安静的村子和一条河流", name="wangfang")
    passwords.check_password(passwords.one_time_password(), name="wangfang")


def test_a_hash_costs_what_was_decided() -> None:
    assert passwords.hash_password("x" * 12).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_no_account_is_made_twice_or_without_its_cadre(
    people: dict[str, int], opened: Database
) -> None:
    now = datetime.fromisoformat("2027-03-01T00:00:00+00:00")
    for name, role, cadre_id, field in (
        ("PLANNER", "planner", None, "name"),
        ("new name", "planner", None, "name"),
        ("cadre2", "cadre", None, "cadre_id"),
        ("planner2", "planner", 1, "cadre_id"),
        ("boss", "boss", None, "role"),
    ):
        with pytest.raises(BadAccount) as caught:
            accounts.create_user(
                opened, name=name, role=role, password=PASSWORD, cadre_id=cadre_id, now=now
            )
        assert caught.value.field == field


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil", "x", ""])
def test_signing_in_never_leads_to_another_host(
    client: FlaskClient, people: dict[str, int], target: str
) -> None:
    token = csrf_token(client, "/account/login")
    form = {"name": "planner", "password": PASSWORD, "next": target, "csrf_token": token}

    assert client.post("/account/login", data=form).location == "/"
