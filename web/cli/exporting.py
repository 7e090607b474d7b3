"""``zoufang export``: a plan as a workbook, a map layer, or one cadre's calendar."""

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from web.cli.instance import instance_option, load_settings, open_database

if TYPE_CHECKING:
    from data.db import Database
    from web.config import Settings

LANGUAGES = click.Choice(["zh", "en"])


@click.command()
@instance_option
@click.argument("plan", type=int)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="Ends in .xlsx, .geojson or .ics.",
)
@click.option("--cadre", metavar="NUMBER", help="Whose calendar, for .ics.")
@click.option("--language", default="zh", show_default=True, type=LANGUAGES, help="Of reasons.")
def export(instance: Path | None, plan: int, out: Path, cadre: str | None, language: str) -> None:
    """Write the plan with the number PLAN into a file; the audit record keeps who took what."""
    from web.usecases import export_plan
    from web.usecases.read_plan import NotInPlan, PlanNotFound

    if (out.suffix == ".ics") != (cadre is not None):
        raise click.UsageError("A calendar (.ics) needs --cadre, and only a calendar does.")
    settings = load_settings(instance)
    with open_database(settings) as database:
        try:
            common: dict[str, Any] = {"actor_id": None, "now": datetime.now(UTC)}
            if out.suffix == ".xlsx":
                made = workbook(settings, database, plan, language, common)
            elif out.suffix == ".geojson":
                made = export_plan.plan_layer(database, plan, **common)
            elif cadre is not None:
                made = export_plan.calendar_of(database, plan, cadre, **common)
            else:
                raise click.UsageError(f"{out.name}: choose .xlsx, .geojson or .ics.")
        except (PlanNotFound, NotInPlan) as error:
            raise click.ClickException(str(error)) from error
        out.write_bytes(made)
    click.echo(f"{out}: {len(made)} bytes", err=True)


def workbook(
    settings: "Settings",
    database: "Database",
    plan: int,
    language: str,
    common: dict[str, Any],
) -> bytes:
    """Write the workbook, with reasons in a language."""
    from flask_babel import force_locale

    from web.app import create_app
    from web.presenters.reasons import say_reason
    from web.usecases import export_plan, read_plan

    app = create_app(settings, database=database)
    with app.test_request_context(), force_locale(language):
        with database.read() as session:
            names = read_plan.load_names(session)
        return export_plan.plan_workbook(
            database, plan, say_reason=lambda each: say_reason(each, names).sentence, **common
        )
