"""``zoufang import``: the wizard's story from the shell, with every problem in words."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli.instance import instance_option, load_settings, open_database

if TYPE_CHECKING:
    from data.importing.problems import ImportProblem
    from web.usecases.import_registry import ImportOrder

SHOWN = 20
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
@instance_option
@click.argument("files", type=FILE, nargs=-1)
@click.option("--kind", help="What all the files are, such as households; else guessed.")
@click.option(
    "--boundaries-level",
    type=int,
    metavar="N",
    help="Of an .osm.pbf: take the outlines of this administrative level as villages.",
)
@click.option(
    "--households-from-buildings",
    is_flag=True,
    help="Of an .osm.pbf: invent a household for each dwelling.",
)
@click.option("--cadres", type=int, default=0, metavar="N", help="Draw cadres for that district.")
@click.option("--units", type=int, default=0, metavar="N", help="Draw units for them.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of what is drawn.")
@click.option("--district-name", default="", help="Name of the district the outlines make up.")
@click.option(
    "--datum",
    type=click.Choice(["auto", "wgs84", "gcj02", "bd09"]),
    default="auto",
    show_default=True,
    help="What the coordinates refer to; auto asks the villages that rows name.",
)
@click.option("--dry-run", is_flag=True, help="Show what would change and store nothing.")
@click.option("--undo", type=int, metavar="BATCH", help="Take back an import as one.")
def import_(
    instance: Path | None,
    files: tuple[Path, ...],
    kind: str | None,
    boundaries_level: int | None,
    households_from_buildings: bool,
    cadres: int,
    units: int,
    seed: int,
    district_name: str,
    datum: str,
    dry_run: bool,
    undo: int | None,
) -> None:
    """
    Import FILES together: boundaries, registers and roads, all of them or nothing.

    Prints what changed as JSON. Exit status 1 when something must be mended first; the database is
    then as it was.
    """
    from data.importing.kinds import ORDER
    from web.usecases.import_registry import ImportOrder

    if bool(files) == (undo is not None):
        raise click.UsageError("Name files to import, or a batch to --undo.")
    if boundaries_level is None and (households_from_buildings or cadres or units):
        raise click.UsageError(
            "--households-from-buildings, --cadres and --units need --boundaries-level."
        )
    if kind is not None and kind not in ORDER:
        raise click.UsageError(f"--kind is one of {', '.join(ORDER)}.")
    if undo is not None:
        take_back(instance, undo)
        return
    order = ImportOrder(
        kind=kind or "",
        datum=datum,
        district_name=district_name,
        boundaries_level=boundaries_level,
        households_from_buildings=households_from_buildings,
        units=units,
        cadres=cadres,
        seed=seed,
    )
    bring_in(instance, files, order, dry_run=dry_run)


def bring_in(
    instance: Path | None, files: Sequence[Path], order: "ImportOrder", *, dry_run: bool
) -> None:
    """Read, check and store files as one batch."""
    from web.config import day_of, instant_of, system_clock
    from web.usecases.import_registry import folder_of, import_files

    settings = load_settings(instance)
    click.echo(f"Reading {', '.join(file.name for file in files)}", err=True)
    with open_database(settings) as database:
        report = import_files(
            database,
            folder_of(settings.instance),
            files,
            order,
            today=day_of(settings, system_clock),
            now=instant_of(settings, system_clock),
            dry_run=dry_run,
        )
    tell_problems(report.problems)
    if report.refused:
        raise click.ClickException("Nothing was imported; mend these first.")
    done = {"dry_run": True} if dry_run else {"batch": report.batch_id}
    click.echo(json.dumps(done | {"changes": report.counts}))


def tell_problems(problems: Iterable["ImportProblem"]) -> None:
    """Write the problems on standard error, the first of each kind in full."""
    told: Counter[str] = Counter()
    for problem in problems:
        told[problem.code] += 1
        if told[problem.code] <= SHOWN:
            place = ", ".join(
                str(part) for part in (problem.file, problem.sheet, problem.row) if part
            )
            click.echo(f"{problem.severity}: {place}: {problem.message}", err=True)
    for code, count in told.items():
        if count > SHOWN:
            click.echo(f"... and {count - SHOWN} more like it ({code})", err=True)


def take_back(instance: Path | None, batch: int) -> None:
    """Undo a batch."""
    from data.importing.undo import UndoRefused, UnknownBatch
    from web.usecases.import_registry import undo

    with open_database(load_settings(instance)) as database:
        try:
            rows = undo(database, batch, now=datetime.now(UTC), by=None)
        except (UndoRefused, UnknownBatch) as error:
            raise click.ClickException(str(error) or f"There is no batch {batch}.") from error
    click.echo(json.dumps({"batch": batch, "rows_restored": rows}))
