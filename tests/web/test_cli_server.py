"""`zoufang init`, `users` and `serve`: from an empty folder to an open door."""

import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.process import Visitor, environment, serving_process, zoufang
from web.cli import main


@pytest.fixture
def instance(tmp_path: Path) -> Path:
    return tmp_path / "instance"


def call(instance: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--instance", str(instance)], env={})


def test_init_makes_the_first_administrator_once(instance: Path) -> None:
    first, second = call(instance, "init"), call(instance, "init")

    name, password = first.stdout.split()
    assert (first.exit_code, second.exit_code) == (0, 0), first.output + second.output
    assert name == "admin" and len(password) > 12
    assert second.stdout == ""


def test_a_district_without_tables_is_told_to_be_made(instance: Path) -> None:
    refused = call(instance, "users", "list")

    assert refused.exit_code == 1
    assert "Run: zoufang init" in refused.stderr


def test_accounts_are_made_reset_and_switched(instance: Path) -> None:
    call(instance, "init")
    made = call(instance, "users", "add", "lin", "--role", "planner")
    again = call(instance, "users", "add", "lin", "--role", "planner")
    reset = call(instance, "users", "reset", "lin")
    call(instance, "users", "disable", "lin")
    listed = call(instance, "users", "list")

    assert made.stdout.startswith("lin\t") and reset.stdout.startswith("lin\t")
    assert made.stdout != reset.stdout
    assert again.exit_code == 1 and "name is taken" in again.stderr
    assert "lin\tplanner\toff\tnever" in listed.stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("users", "reset", "nobody"), "No account is called nobody"),
        (("users", "disable", "admin"), "The only administrator stays"),
        (("users", "add", "li", "--role", "cadre", "--cadre", "G99"), "No cadre G99"),
    ],
)
def test_what_cannot_be_done_with_an_account_is_said(
    instance: Path, words: tuple[str, ...], said: str
) -> None:
    call(instance, "init")

    refused = call(instance, *words)

    assert refused.exit_code == 1
    assert said in refused.stderr


def test_a_setting_that_makes_no_sense_is_named(instance: Path) -> None:
    instance.mkdir()
    (instance / "settings.toml").write_text("threads = 'many'\n")

    refused = call(instance, "serve")

    assert refused.exit_code == 1
    assert "threads: " in refused.stderr and "'many'" in refused.stderr


@pytest.mark.parametrize("line", ["debug = true", 'secret_key = "changeme"'])
def test_the_server_refuses_to_start_unsafely(instance: Path, line: str) -> None:
    instance.mkdir()
    (instance / "settings.toml").write_text(line + "\n")

    assert call(instance, "serve").exit_code == 1


def test_a_taken_port_is_named(instance: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])

        refused = subprocess.run(
            [sys.executable, "-m", "web.cli", "serve", "--port", port],
            env=environment(instance),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert refused.returncode == 1
    assert f"127.0.0.1:{port}" in refused.stderr and "--port" in refused.stderr


def test_the_first_administrator_signs_in_and_must_choose_a_password(instance: Path) -> None:
    name, password = zoufang(instance, "init").split()

    with serving_process(instance) as server:
        page = Visitor(server.url).sign_in(name, password).get("/account/password")

    assert 'autocomplete="new-password"' in page
    assert server.process.returncode == 0, "".join(server.said)
    assert stat.S_IMODE((instance / "secret_key").stat().st_mode) == 0o600
