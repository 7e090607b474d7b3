"""``zoufang demo``: the made-up sample district in the middle of its campaign."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from web.cli.files import tell
from web.cli.instance import instance_option, load_settings, open_database
from web.cli.planning import figures
from web.cli.server import run_server

if TYPE_CHECKING:
    from web.config import Settings

KEPT = "demo.json"
STEPS_PER_HOUSEHOLD = 400  # instead of seconds: every machine shows the same plan
UNFINISHED = "demo.unfinished"
ROLES = {"admin": "管理员", "planner": "排班员", "coordinator": "协调员", "cadre": "干部"}


@click.command()
@instance_option
@click.option("--once", is_flag=True, help="Stop after planning; print one JSON object.")
@click.option("--host", help="Address to listen on; 127.0.0.1 is this computer only.")
@click.option("--port", type=click.IntRange(0, 65535), help="0 takes a free port.")
def demo(instance: Path | None, once: bool, host: str | None, port: int | None) -> None:
    """
    Make the sample district, plan it, publish the plan, and serve it.

    Made once for each instance folder; later runs start at once. Everything in it is invented, and
    the instance lives on a day of April 2027.
    """
    settings = load_settings(instance, host=host, port=port)
    kept = settings.instance / KEPT
    if not kept.is_file():
        make(settings)
    made: dict[str, Any] = json.loads(kept.read_text("utf-8"))
    if once:
        click.echo(json.dumps(made["figures"] | {"instance": str(settings.instance)}))
        return
    for role, login in made["logins"].items():
        click.echo(f"{ROLES[role]}  {login['name']:<12} {login['password']}")
    # Read again: the demonstration has written the day it lives in.
    run_server(load_settings(instance, host=host, port=port))


def make(settings: "Settings") -> None:
    """Fill an empty instance; what an interrupted run left behind is thrown away first."""
    from data.migrate import upgrade
    from data.synthesis.loading import NotEmpty
    from web.usecases.demo import make_demo
    from web.usecases.passwords import one_time_password

    settings.instance.mkdir(parents=True, exist_ok=True)
    unfinished = settings.instance / UNFINISHED
    if unfinished.exists() and not settings.database_url:
        for part in settings.instance.glob("zoufang.sqlite*"):
            part.unlink()
    click.echo("Making the sample district and its plan", err=True)
    upgrade(settings.database)
    password = one_time_password()
    with open_database(settings) as database:
        unfinished.touch()
        try:
            done = make_demo(
                database, password=password, iterations=STEPS_PER_HOUSEHOLD, on_progress=tell
            )
        except NotEmpty as error:
            unfinished.unlink()
            raise click.ClickException(
                f"{settings.instance} holds a district already. Name another --instance."
            ) from error
    keep_day(settings, done.today.isoformat())
    logins = {role: {"name": name, "password": password} for role, name in done.names.items()}
    draft = settings.instance / f"{KEPT}.part"
    draft.touch(mode=0o600)
    draft.write_text(
        json.dumps({"logins": logins, "figures": figures(done.plan)}, indent=1), "utf-8"
    )
    draft.replace(settings.instance / KEPT)
    unfinished.unlink()


def keep_day(settings: "Settings", day: str) -> None:
    """Let the instance live on a day, unless its settings name one."""
    file = settings.instance / "settings.toml"
    written = file.read_text("utf-8") if file.is_file() else ""
    if settings.today is None:
        written += "" if written.endswith("\n") or not written else "\n"
        file.write_text(f"{written}today = {day}  # the demonstration's day\n", "utf-8")
