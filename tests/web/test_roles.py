"""Every function is for somebody by name; whatever is not listed is refused."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.conftest import SignIn
from web import roles

ROOT = Path(__file__).resolve().parents[2]
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")

As = Callable[[str], FlaskClient]


def routes(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and an address of every route, arguments filled with what is not there."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        values = {name: _absent(rule._converters[name]) for name in rule.arguments}
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield rule.endpoint, method, adapter.build(rule.endpoint, values, method=method)


def _absent(converter: object) -> object:
    name = type(converter).__name__
    if name == "IntegerConverter":
        return 987654
    return "2027-03-01" if "Date" in name else "absent"


@pytest.fixture
def as_identity(app: Flask, people: dict[str, int], sign_in: SignIn) -> As:
    def client(identity: str) -> FlaskClient:
        return app.test_client() if identity == roles.VISITOR else sign_in(identity)

    return client


def test_every_route_is_in_the_matrix_and_the_matrix_names_no_ghost(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(roles.ROLES)


def test_the_matrix_names_known_identities_and_never_nobody() -> None:
    for endpoint, allowed in roles.ROLES.items():
        assert allowed, endpoint
        assert allowed <= set(roles.IDENTITIES), endpoint
        assert roles.VISITOR not in allowed or allowed == roles.ANYBODY, endpoint


@pytest.mark.parametrize("identity", roles.IDENTITIES)
def test_every_route_refuses_whom_the_matrix_does_not_name(
    app: Flask, as_identity: As, identity: str
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    wrong = []
    for endpoint, method, address in routes(app):
        if identity in roles.ROLES[endpoint]:
            continue
        answer = as_identity(identity).open(address, method=method)
        if identity != roles.VISITOR:
            refused = answer.status_code == 403
        elif method == "GET" and not address.startswith("/api/"):
            refused = answer.status_code == 303 and "/account/login" in answer.location
        else:
            refused = answer.status_code in (401, 303)
        if not refused:
            wrong.append((endpoint, method, answer.status_code))

    assert not wrong


@pytest.mark.parametrize("identity", roles.IDENTITIES)
def test_every_route_lets_in_whom_the_matrix_names(
    app: Flask, as_identity: As, identity: str
) -> None:
    wrong = []
    for endpoint, method, address in routes(app):
        if identity not in roles.ROLES[endpoint] or method != "GET":
            continue
        answer = as_identity(identity).get(address, buffered=False)
        answer.close()
        refused = answer.status_code in (401, 403) or "/account/login" in (answer.location or "")
        if refused and endpoint != "account.login":
            wrong.append((endpoint, answer.status_code))

    assert not wrong


def test_an_unlisted_route_is_refused_to_everybody(app: Flask, as_identity: As) -> None:
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")

    for identity in roles.IDENTITIES:
        answer = as_identity(identity).get("/forgotten")
        assert answer.status_code == 403
        assert "secret" not in answer.text


def test_a_refusal_says_who_may_and_carries_a_number(as_identity: As) -> None:
    answer = as_identity("planner").get("/admin/users")

    assert answer.status_code == 403
    assert "管理员" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text


def test_scripts_are_refused_in_json(as_identity: As) -> None:
    visitor, admin = as_identity("anonymous"), as_identity("admin")

    assert visitor.get("/api/map/villages.geojson").status_code == 401
    refused = admin.get("/api/map/villages.geojson")
    assert refused.status_code == 403
    assert refused.json["error"]["code"] == "role-refused"


@pytest.mark.parametrize("method", UNSAFE)
def test_every_writing_route_wants_the_token(app: Flask, as_identity: As, method: str) -> None:
    open_doors = []
    for endpoint, verb, address in routes(app):
        if verb != method:
            continue
        identity = next(i for i in roles.IDENTITIES if i in roles.ROLES[endpoint])
        client = as_identity(identity)
        client.environ_base.pop("HTTP_X_CSRFTOKEN", None)
        answer = client.open(address, method=verb, data={"file": (io.BytesIO(b"x"), "x.csv")})
        if answer.status_code != 400:
            open_doors.append((endpoint, answer.status_code))

    assert not open_doors


def test_the_page_of_roles_is_current() -> None:
    page = (ROOT / "docs" / "roles.md").read_text("utf-8")

    assert page == roles.as_markdown(), "run: python -m web.roles > docs/roles.md"
