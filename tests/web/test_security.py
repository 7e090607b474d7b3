"""What every answer carries, and what no answer ever tells."""

import gzip
import re
import sqlite3
import stat
import time
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import event

from data.db import Database
from tests.web.conftest import PASSWORD, SignIn, csrf_token
from web import errors, roles, security
from web.app import create_app
from web.config import Settings, UnsafeSettings
from web.maps.tiles import Tiles


def test_the_policy_lets_nothing_in_from_elsewhere(client: FlaskClient) -> None:
    answer = client.get("/account/login")
    policy = answer.headers["Content-Security-Policy"]
    nonce = re.search(r"script-src 'self' 'nonce-([\w-]+)'", policy)

    assert "default-src 'none'" in policy
    assert "unsafe-eval" not in policy
    assert "http" not in policy
    assert nonce
    assert f'nonce="{nonce.group(1)}"' in answer.text
    assert nonce.group(1) not in client.get("/account/login").text


def test_pages_have_no_inline_handlers_and_no_script_without_nonce(
    people: dict[str, int], sign_in: SignIn
) -> None:
    page = sign_in("admin").get("/admin/users").text

    assert not re.search(r"\son\w+=", page)
    for tag in re.findall(r"<script[^>]*>", page):
        assert "nonce=" in tag or "src=" in tag or 'type="application/json"' in tag, tag


@pytest.mark.parametrize(
    "address", ["/account/login", "/nothing", "/healthz", "/static/js/core.js"]
)
def test_every_answer_carries_the_headers(client: FlaskClient, address: str) -> None:
    with client.get(address) as answer:
        headers = answer.headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert len(headers["X-Request-Id"]) == 10
    assert "Server" not in headers


def test_pages_are_not_kept_and_files_named_by_content_are(client: FlaskClient) -> None:
    page = client.get("/account/login")
    assert page.headers["Cache-Control"] == "no-store"

    address = re.search(r'href="(/static/css/base.css\?v=\w+)"', page.text)
    assert address
    for asked, rule in (
        (address.group(1), "public, max-age=31536000, immutable"),
        ("/static/css/base.css?v=old", "no-cache"),
        ("/static/css/base.css", "no-cache"),
    ):
        with client.get(asked) as answer:
            assert answer.headers["Cache-Control"] == rule


def test_scripts_find_each_other_under_versioned_names(app: Flask) -> None:
    with app.test_request_context():
        imports = security.import_map()["imports"]

    assert re.fullmatch(r"/static/js/core\.js\?v=\w{12}", imports["/static/js/core.js"])


def test_files_are_compressed_and_so_are_pages_that_reflect_nothing(
    client: FlaskClient, people: dict[str, int], sign_in: SignIn
) -> None:
    accept = {"Accept-Encoding": "gzip"}
    style = client.get("/static/css/base.css", headers=accept)
    page = client.get("/account/login", headers=accept)
    reflecting = client.get("/account/login?next=/guess", headers=accept)

    assert style.headers["Content-Encoding"] == "gzip"
    assert b"box-sizing" in gzip.decompress(style.data)
    assert page.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in reflecting.headers
    with client.get("/static/css/base.css") as plain:
        assert "Content-Encoding" not in plain.headers


def test_cookies_are_hidden_from_scripts_and_other_sites(
    settings: Settings, client: FlaskClient, people: dict[str, int]
) -> None:
    form = {"name": "planner", "password": PASSWORD}
    form["csrf_token"] = csrf_token(client, "/account/login")
    cookie = client.post("/account/login", data=form).headers["Set-Cookie"]

    assert cookie.startswith("zoufang=")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie


def test_behind_tls_cookies_are_bound_to_the_host(settings: Settings, opened: Database) -> None:
    app = create_app(settings.model_copy(update={"https": True}), database=opened)
    answer = app.test_client().get("/account/login", base_url="https://localhost")

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-zoufang=")
    assert "Secure" in cookie and "Path=/" in cookie and "Domain" not in cookie
    assert "max-age" in answer.headers["Strict-Transport-Security"]


def test_a_form_of_another_login_is_refused(people: dict[str, int], sign_in: SignIn) -> None:
    planner, admin = sign_in("planner"), sign_in("admin")
    planner.environ_base["HTTP_X_CSRFTOKEN"] = admin.environ_base["HTTP_X_CSRFTOKEN"]

    assert planner.post("/language", data={"locale": "en"}).status_code == 400


def test_reading_pages_changes_nothing(
    app: Flask, opened: Database, people: dict[str, int], sign_in: SignIn
) -> None:
    writes: list[str] = []

    def note(_c: object, _cur: object, statement: str, *_more: object) -> None:
        if statement.split()[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            writes.append(statement)

    clients = [sign_in(role) for role in ("admin", "planner", "coordinator", "cadre")]
    event.listen(opened.engine, "before_cursor_execute", note)
    for client in clients:
        for rule in app.url_map.iter_rules():
            if "GET" in (rule.methods or set()) and not rule.arguments:
                client.get(rule.rule).close()

    assert writes == []


class TestErrors:
    """A failure is a sentence with a number, never a stack trace."""

    @pytest.fixture
    def broken(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
        said = "王一 lives at 117.05"

        def fail() -> str:
            raise RuntimeError(said)

        for path, view in (("/broken", fail), ("/api/broken", fail)):
            app.add_url_rule(path, path.strip("/").replace("/", "-"), view)
        app.add_url_rule("/gone", "gone", lambda: abort(404))
        for name in ("broken", "api-broken", "gone"):
            monkeypatch.setitem(roles.ROLES, name, roles.ANYBODY)
        return app.test_client()

    def test_a_page_that_fails_says_so_with_its_number(
        self, broken: FlaskClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        answer = broken.get("/broken")

        assert answer.status_code == 500
        assert "系统出错了" in answer.text
        number = answer.headers["X-Request-Id"]
        assert number in answer.text
        assert "Traceback" not in answer.text and "RuntimeError" not in answer.text
        assert number in caplog.text

    def test_the_log_names_the_place_and_no_resident(
        self, broken: FlaskClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken.get("/broken")

        assert "RuntimeError" in caplog.text and "in fail" in caplog.text
        assert "王一" not in caplog.text

    def test_a_script_gets_the_same_as_json(self, broken: FlaskClient) -> None:
        answer = broken.get("/api/broken")

        assert answer.status_code == 500
        assert answer.json["error"]["code"] == "internal"
        assert answer.json["error"]["request_id"] == answer.headers["X-Request-Id"]

    @pytest.mark.parametrize(("address", "status"), [("/gone", 404), ("/no-such-page", 404)])
    def test_what_is_not_there_is_said_in_chinese(
        self, broken: FlaskClient, address: str, status: int
    ) -> None:
        answer = broken.get(address)

        assert answer.status_code == status
        assert "这里没有内容" in answer.text

    def test_a_wrong_method_names_the_right_ones(self, broken: FlaskClient) -> None:
        answer = broken.post("/healthz", data={})

        assert answer.status_code in (400, 405)

    def test_a_domain_error_is_worded_from_its_facts(self, app: Flask) -> None:
        class Muddy(Exception):
            code = "muddy"
            depth_cm = 30

        errors.words({"muddy": (422, "The road is %(depth_cm)s cm deep in mud.")})

        with app.test_request_context():
            assert errors.sentence_of(Muddy()) == "The road is 30 cm deep in mud."
            assert errors.sentence_of(ValueError()) is None


def test_a_locked_database_is_a_503_that_says_when_to_come_again(
    app: Flask, opened: Database, people: dict[str, int], sign_in: SignIn, settings: Settings
) -> None:
    client = sign_in("planner")

    @event.listens_for(opened.engine, "connect")
    def impatient(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout=50")

    opened.engine.dispose()
    other = sqlite3.connect(settings.database.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        assert client.get("/account/").status_code == 200
        answer = client.post("/language", data={"locale": "en"})
    finally:
        other.close()

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "系统繁忙" in answer.text


class TestSettings:
    """The server starts only when people may be let in."""

    def test_the_key_is_made_once_and_is_for_its_owner_only(self, tmp_path: Path) -> None:
        settings = Settings.load({}, instance=tmp_path / "new")

        key = settings.key()

        assert len(key) == 64
        assert settings.key() == key
        mode = (tmp_path / "new" / "secret_key").stat().st_mode
        assert stat.S_IMODE(mode) == 0o600

    @pytest.mark.parametrize(
        "change", [{"secret_key": "dev"}, {"secret_key": "x" * 20}, {"debug": True}]
    )
    def test_a_known_key_or_debug_is_refused(
        self, tmp_path: Path, change: dict[str, object]
    ) -> None:
        settings = Settings.load({}, instance=tmp_path, **change)

        with pytest.raises(UnsafeSettings):
            settings.refuse_unsafe()

    def test_file_environment_and_argument_win_in_this_order(self, tmp_path: Path) -> None:
        (tmp_path / "settings.toml").write_text('port = 1\nhost = "file"\noffice = "file"\n')
        environ = {"ZOUFANG_PORT": "2", "ZOUFANG_HOST": "environ", "ZOUFANG_TODAY": "2027-03-01"}

        settings = Settings.load(environ, instance=tmp_path, port=3)

        assert (settings.port, settings.host, settings.office) == (3, "environ", "file")
        assert settings.today is not None and settings.today.isoformat() == "2027-03-01"

    def test_a_misspelt_setting_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "settings.toml").write_text("prot = 1\n")

        with pytest.raises(ValueError, match="prot"):
            Settings.load({}, instance=tmp_path)

    @pytest.mark.parametrize(
        "wrong",
        [
            {"url": "https://a/{z}/{x}/{y}", "attribution": "x", "datum": "gcj02"},
            {"url": "https://a/{z}/{x}", "attribution": "x", "datum": "wgs84"},
            {"url": "javascript:{z}{x}{y}", "attribution": "x", "datum": "wgs84"},
            {"url": "https://a/{z}/{x}/{y}", "attribution": "", "datum": "wgs84"},
        ],
    )
    def test_tiles_that_would_lie_are_refused(self, wrong: dict[str, str]) -> None:
        with pytest.raises(ValueError):
            Tiles.model_validate(wrong)

    def test_tile_hosts_are_the_only_addition_to_the_policy(
        self, settings: Settings, opened: Database
    ) -> None:
        tiles = Tiles(
            url="https://t{s}.tiles.test/{z}/{x}/{y}",
            attribution="x",
            datum="cgcs2000",
            subdomains="01",
        )
        app = create_app(settings.model_copy(update={"tiles": tiles}), database=opened)

        policy = app.test_client().get("/account/login").headers["Content-Security-Policy"]

        assert "img-src 'self' data: https://t0.tiles.test https://t1.tiles.test;" in policy


def test_a_page_answers_quickly(people: dict[str, int], sign_in: SignIn) -> None:
    client = sign_in("planner")
    client.get("/")
    began = time.perf_counter()
    for _ in range(5):
        client.get("/")

    assert (time.perf_counter() - began) / 5 < 0.3
