"""``zoufang users``: accounts from the shell, for the first ones and for emergencies."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli.instance import instance_option, load_settings, open_database

if TYPE_CHECKING:
    from data.db import Database
    from web.config import Settings

ROLES = click.Choice(["admin", "planner", "coordinator", "cadre"])


@click.group()
def users() -> None:
    """Make, list and switch accounts."""


@users.command("add")
@instance_option
@click.argument("name")
@click.option("--role", required=True, type=ROLES)
@click.option("--cadre", metavar="NUMBER", help="Registry number of the cadre who signs in so.")
@click.option("--display-name", default="", help="Name as shown to colleagues.")
def add(instance: Path | None, name: str, role: str, cadre: str | None, display_name: str) -> None:
    """Make the account NAME; print its one-time password."""
    settings = load_settings(instance)
    with open_database(settings) as database:
        make_user(database, settings, name=name, role=role, cadre=cadre, display_name=display_name)


@users.command("list")
@instance_option
def list_(instance: Path | None) -> None:
    """List every account with its role and newest sign-in."""
    from web.usecases.accounts import list_users

    with open_database(load_settings(instance)) as database:
        for row in list_users(database):
            state = "active" if row.active else "off"
            seen = row.last_login.isoformat(timespec="minutes") if row.last_login else "never"
            account = row.account
            click.echo(f"{account.name}\t{account.role}\t{state}\t{seen}\t{row.cadre_name}")


@users.command("reset")
@instance_option
@click.argument("name")
def reset(instance: Path | None, name: str) -> None:
    """Give the account NAME a new one-time password and end its logins."""
    from web.usecases.accounts import set_password
    from web.usecases.passwords import one_time_password

    with open_database(load_settings(instance)) as database:
        password = one_time_password()
        now = datetime.now(UTC)
        set_password(database, _id_of(database, name), password, now=now, must_change=True)
        click.echo(f"{name}\t{password}")


@users.command("disable")
@instance_option
@click.argument("name")
def disable(instance: Path | None, name: str) -> None:
    """Switch the account NAME off and end its logins."""
    _switch(instance, name, active=False)


@users.command("enable")
@instance_option
@click.argument("name")
def enable(instance: Path | None, name: str) -> None:
    """Switch the account NAME on again."""
    _switch(instance, name, active=True)


def make_user(
    database: "Database",
    settings: "Settings",
    *,
    name: str,
    role: str,
    cadre: str | None = None,
    display_name: str = "",
) -> None:
    """Make an account with a one-time password and print both on standard output."""
    from web.usecases.account_errors import AccountError
    from web.usecases.accounts import cadres_to_choose, create_user
    from web.usecases.passwords import one_time_password

    cadre_id = None
    if cadre is not None:
        free = {number: key for key, number, _ in cadres_to_choose(database)}
        if cadre not in free:
            raise click.ClickException(f"No cadre {cadre} without an account.")
        cadre_id = free[cadre]
    password = one_time_password()
    try:
        create_user(
            database,
            name=name,
            role=role,
            password=password,
            now=datetime.now(UTC),
            display_name=display_name,
            cadre_id=cadre_id,
            must_change=True,
            locale=settings.locale,
        )
    except AccountError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Account {name}, to be changed at the first sign-in:", err=True)
    click.echo(f"{name}\t{password}")


def _switch(instance: Path | None, name: str, *, active: bool) -> None:
    from web.usecases.account_errors import AccountError
    from web.usecases.accounts import set_active

    with open_database(load_settings(instance)) as database:
        try:
            set_active(database, _id_of(database, name), active, now=datetime.now(UTC))
        except AccountError as error:
            raise click.ClickException(str(error)) from error


def _id_of(database: "Database", name: str) -> int:
    from web.usecases.accounts import list_users

    ids = {row.account.name: row.account.id for row in list_users(database)}
    if name not in ids:
        raise click.ClickException(f"No account is called {name}.")
    return ids[name]
