"""``zoufang import``: the wizard's story from the shell, with every problem in words."""

import json
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from web.cli.instance import instance_option, load_settings, open_database

if TYPE_CHECKING:
    from data.importing.drafts import Draft, Drafts
    from data.importing.problems import ImportProblem

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
@click.option("--dry-run", is_flag=True, help="Show what would change and store nothing.")
@click.option("--undo", type=int, metavar="BATCH", help="Take back an import as one.")
def import_(
    instance: Path | None,
    files: tuple[Path, ...],
    kind: str | None,
    boundaries_level: int | None,
    households_from_buildings: bool,
    dry_run: bool,
    undo: int | None,
) -> None:
    """
    Import FILES together: boundaries, registers and roads, all of them or nothing.

    Prints what changed as JSON. Exit status 1 when something must be mended first; the database is
    then as it was.
    """
    if bool(files) == (undo is not None):
        raise click.UsageError("Name files to import, or a batch to --undo.")
    options: dict[str, Any] = {}
    if boundaries_level is not None:
        options["boundaries_level"] = boundaries_level
        options["households_from_buildings"] = households_from_buildings
    elif households_from_buildings:
        raise click.UsageError("--households-from-buildings needs --boundaries-level.")
    if undo is not None:
        take_back(instance, undo)
    else:
        bring_in(instance, files, kind=kind, options=options, dry_run=dry_run)


def bring_in(
    instance: Path | None,
    files: Iterable[Path],
    *,
    kind: str | None,
    options: dict[str, Any],
    dry_run: bool,
) -> None:
    """Read, check and store files as one batch."""
    from data.importing.drafts import Drafts
    from data.importing.problems import ImportRefused
    from web.config import day_of, system_clock
    from web.usecases.import_registry import confirm, examine, folder_of

    settings = load_settings(instance)
    today, now = day_of(settings, system_clock), datetime.now(UTC)
    drafts = Drafts(folder_of(settings.instance))
    with open_database(settings) as database:
        draft = read(drafts, files, kind=kind, options=options)
        try:
            with database.read() as session:
                found = examine(session, drafts, draft, today=today)
            tell_problems(found.problems)
            if found.has_errors:
                raise click.ClickException("Nothing was imported; mend these first.")
            changes = {name: each.counts for name, each in found.differences.items()}
            if dry_run:
                click.echo(json.dumps({"dry_run": True, "changes": changes}))
                return
            applied = confirm(database, drafts, draft, today=today, now=now, by=None)
            click.echo(json.dumps({"batch": applied.batch_id, "changes": changes}))
        except ImportRefused as error:
            raise click.ClickException(str(error)) from error
        finally:
            forget(drafts, draft)


def read(
    drafts: "Drafts", files: Iterable[Path], *, kind: str | None, options: dict[str, Any]
) -> "Draft":
    """Take the files into a draft and read each in a process of its own."""
    from data.importing.kinds import ORDER
    from web.usecases.import_registry import ROAD_FILES, read_files

    if kind is not None and kind not in ORDER:
        raise click.UsageError(f"--kind is one of {', '.join(ORDER)}.")
    with ExitStack() as opened:
        streams = [(path.name, opened.enter_context(path.open("rb"))) for path in files]
        draft = drafts.start(streams, by=None, now=datetime.now(UTC))
    for upload in draft.uploads:
        upload.kind = kind or ""
        if upload.ending in ROAD_FILES:
            upload.options |= options
    drafts.save(draft)
    click.echo(f"Reading {', '.join(upload.name for upload in draft.uploads)}", err=True)
    return read_files(drafts, draft.id)


def forget(drafts: "Drafts", draft: "Draft") -> None:
    """Discard a draft that was not confirmed; a confirmed one is gone already."""
    from data.importing.drafts import UnknownDraft

    try:
        drafts.discard(draft.id)
    except UnknownDraft:
        return


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
