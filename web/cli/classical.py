"""``zoufang solve-pvrp`` and ``solve-vrp``: instances of the literature, through the search."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from web.cli.files import EXISTING, BadFile, Interrupt, write_json

if TYPE_CHECKING:
    from scheduler.classical.instance import Instance

F = TypeVar("F", bound=Callable[..., None])


def effort(command: F) -> F:
    """Add the options that both commands share."""
    for option in (
        click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1)),
        click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0)),
        click.option(
            "--iterations",
            type=click.IntRange(min=1),
            help="Search steps per customer instead of a time limit: the same answer everywhere.",
        ),
        click.option(
            "--time-limit", type=click.FloatRange(min=0.1), help="Seconds; 10 if not given."
        ),
        click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path)),
        click.argument("file", type=EXISTING),
    ):
        command = option(command)
    return command


@click.command("solve-pvrp")
@effort
def solve_pvrp(file: Path, **chosen: Any) -> None:
    """
    Route the periodic instance FILE (Cordeau, Gendreau and Laporte) into OUT.

    Ctrl+C stops and keeps the best answer so far.
    """
    from scheduler.classical.pvrp_file import read_pvrp

    answer(file, lambda text: read_pvrp(text, file.name), **chosen)


@click.command("solve-vrp")
@effort
def solve_vrp(file: Path, **chosen: Any) -> None:
    """
    Route one day of the instance FILE (VRPLIB .vrp, else Solomon) into OUT: least distance.

    Ctrl+C stops and keeps the best answer so far.
    """
    from scheduler.classical.solomon_file import read_solomon
    from scheduler.classical.vrplib_file import read_vrplib

    read = read_vrplib if file.suffix.lower() == ".vrp" else read_solomon
    answer(file, read, **chosen)


def answer(
    file: Path,
    read: Callable[[str], "Instance"],
    *,
    out: Path,
    time_limit: float | None,
    iterations: int | None,
    seed: int,
    workers: int,
) -> None:
    """Read, search, write; the figures go to standard output as JSON."""
    from scheduler.classical.instance import InvalidInstance
    from scheduler.classical.solve import solve_instance

    if time_limit is not None and iterations is not None:
        raise click.UsageError("Give either --time-limit or --iterations, not both.")
    try:
        instance = read(file.read_text("utf-8-sig"))
    except (InvalidInstance, UnicodeDecodeError, OSError) as error:
        raise BadFile(f"{file}: {error}") from error
    found = solve_instance(
        instance,
        time_limit_s=time_limit or 10.0,
        iterations=iterations,
        seed=seed,
        workers=workers,
        should_stop=Interrupt(),
    )
    write_json(out, found.to_json(instance))
    summary = {
        "cost": round(found.cost, 3),
        "bound": round(found.bound, 3),
        "routes": len(found.routes),
        "unserved": len(found.unserved),
        "seconds": round(found.seconds, 3),
    }
    click.echo(json.dumps(summary))
