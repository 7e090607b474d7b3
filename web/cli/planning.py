"""``zoufang plan``: a campaign of the district, planned from the shell."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from web.cli.files import tell
from web.cli.instance import instance_option, load_settings, open_database

if TYPE_CHECKING:
    from data.db import Database
    from data.rules import CampaignRules, Level
    from data.tables import Plan

WEEKS = 10
DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@instance_option
@click.option("--campaign", type=int, metavar="ID", help="A campaign that exists; else a new one.")
@click.option("--name", default="走访", show_default=True, help="Name of the new campaign.")
@click.option("--from", "first", type=DAY, help="Its first day; the next Monday if not given.")
@click.option("--to", "last", type=DAY, help="Its last day; ten weeks later if not given.")
@click.option(
    "--preset",
    type=click.Choice(["loose", "medium", "strict"]),
    default="medium",
    show_default=True,
    help="Rules of the new campaign.",
)
@click.option(
    "--rule",
    "chosen",
    multiple=True,
    metavar="NAME=VALUE",
    help="One rule that differs from the preset, such as village_min_gap_days=5; may be repeated.",
)
@click.option("--draw", type=click.IntRange(min=1), help="Draw so many households to take part.")
@click.option("--time-limit", default=10.0, show_default=True, type=click.FloatRange(min=0.1))
@click.option("--iterations", type=click.IntRange(min=1), help="Search steps per household.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1))
@click.option("--publish", is_flag=True, help="Publish the plan: cadres see it.")
def plan(
    instance: Path | None,
    campaign: int | None,
    name: str,
    first: datetime | None,
    last: datetime | None,
    preset: "Level",
    chosen: tuple[str, ...],
    draw: int | None,
    time_limit: float,
    iterations: int | None,
    seed: int,
    workers: int,
    publish: bool,
) -> None:
    """Plan a campaign of the district; print the plan's figures as JSON."""
    from data.problems import CannotPlan
    from data.store.campaigns import CampaignNotFound
    from web.config import day_of, system_clock
    from web.usecases.plan_now import plan_now
    from web.usecases.publish_plan import publish as put_in_force

    settings = load_settings(instance)
    today = day_of(settings, system_clock)
    with open_database(settings) as database:
        campaign_id = campaign or new_campaign(
            database,
            name=name,
            first=first,
            last=last,
            today=today,
            rules=rules_of(preset, chosen),
        )
        if draw is not None:
            draw_some(database, campaign_id, count=draw, seed=seed, today=today)
        try:
            row = plan_now(
                database,
                campaign_id,
                today=today,
                now=datetime.now(UTC),
                time_limit_s=time_limit,
                iterations=iterations,
                seed=seed,
                workers=workers,
                on_progress=tell,
            )
        except (CampaignNotFound, CannotPlan) as error:
            raise click.ClickException(str(error)) from error
        if publish:
            with database.write.begin() as session:
                put_in_force(session, row.id, actor_id=None, on=today, now=datetime.now(UTC))
        click.echo(json.dumps({"campaign": campaign_id, "plan": row.id, **figures(row)}))


def new_campaign(
    database: "Database",
    *,
    name: str,
    first: datetime | None,
    last: datetime | None,
    today: date,
    rules: "CampaignRules",
) -> int:
    """Begin a campaign and return its id."""
    from web.usecases.campaigns import InvalidCampaign, create_campaign

    begin = first.date() if first else today + timedelta(days=7 - today.weekday())
    end = last.date() if last else begin + timedelta(weeks=WEEKS, days=-1)
    try:
        with database.write.begin() as session:
            return create_campaign(
                session,
                name=name,
                first_day=begin,
                last_day=end,
                actor_id=None,
                now=datetime.now(UTC),
                rules=rules,
            )
    except InvalidCampaign as error:
        raise click.ClickException(str(error)) from error


def rules_of(preset: "Level", chosen: Sequence[str]) -> "CampaignRules":
    """Return a preset with single rules changed."""
    from data.rules import PRESETS, CampaignRules, InvalidRules

    pairs = [text.partition("=") for text in chosen]
    if not all(sign for _, sign, _ in pairs):
        raise click.UsageError("Write --rule as NAME=VALUE.")
    changed = {name.strip(): value.strip() for name, _, value in pairs}
    try:
        return CampaignRules.read(PRESETS[preset].stored() | changed)
    except InvalidRules as error:
        raise click.UsageError(str(error)) from error


def draw_some(
    database: "Database", campaign_id: int, *, count: int, seed: int, today: date
) -> None:
    """Draw who takes part, and say how many there are."""
    from scheduler.sentences import counted
    from web.usecases.campaigns import draw_households, read_campaign

    with database.write.begin() as session:
        version = read_campaign(session, campaign_id, today=today).version
        drawn = draw_households(
            session,
            campaign_id,
            count=count,
            seed=seed,
            day=today,
            version=version,
            actor_id=None,
            now=datetime.now(UTC),
        )
    click.echo(f"Drew {counted(drawn, 'household')}", err=True)


def figures(row: "Plan") -> dict[str, Any]:
    """Return the figures of a stored plan."""
    return {
        "visits_planned": row.visit_count,
        "unplanned": row.unplanned_count,
        "J": round(row.objective, 3),
        "bound": None if row.bound is None else round(row.bound, 3),
        "seconds": round(row.seconds, 3),
    }
