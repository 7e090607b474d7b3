"""``zoufang tradeoffs``: plans of a problem file that none of the others dominates."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli.files import EXISTING, BadFile, Interrupt, read_problem, write_json
from web.memory import usable_memory_mb

if TYPE_CHECKING:
    from scheduler.archive import TradeOff

INDEX = "tradeoffs.json"
FORMAT = "zoufang-tradeoffs/1"


@click.command()
@click.argument("problem", type=EXISTING)
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path))
@click.option("--points", default=8, show_default=True, type=click.IntRange(1, 100))
@click.option("--time-limit", type=click.FloatRange(min=0.1), help="Seconds; 30 if not given.")
@click.option(
    "--iterations",
    type=click.IntRange(min=1),
    help="Search steps per household of each run instead: the same points on every machine.",
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1))
@click.option("--quiet", is_flag=True, help="No lines of progress.")
def tradeoffs(
    problem: Path,
    out: Path,
    points: int,
    time_limit: float | None,
    iterations: int | None,
    seed: int,
    workers: int,
    quiet: bool,
) -> None:
    """
    Plan the file PROBLEM several ways: less travel, less burden, or fairer shares.

    The folder OUT gets a plan file for each way and tradeoffs.json, which lists them. No plan is
    worse than another in travel, in the burden of the village that bears most and in fairness.
    Ctrl+C keeps what there is.
    """
    if time_limit is not None and iterations is not None:
        raise click.UsageError("Give either --time-limit or --iterations, not both.")
    from scheduler.errors import InvalidProblem
    from scheduler.size import require_memory
    from scheduler.tradeoffs import trade_offs

    asked = read_problem(problem)
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadFile(f"{out}: cannot be written ({error.strerror}).") from error
    began = time.perf_counter()

    def tell(point: "TradeOff") -> None:
        aims = point.aims
        click.echo(
            f"{time.perf_counter() - began:7.2f} s  travel {aims.travel_min:.0f} min  worst burden "
            f"{aims.worst_burden_min:.0f} min  fairness {aims.fairness:.1f}",
            err=True,
        )

    try:
        require_memory(asked, usable_memory_mb())
        found = trade_offs(
            asked,
            points=points,
            time_limit_s=time_limit,
            iterations=iterations,
            seed=seed,
            workers=workers,
            on_point=None if quiet else tell,
            should_stop=Interrupt(),
        )
    except InvalidProblem as error:
        raise BadFile(f"{problem}: {error}") from error
    rows = []
    for n, point in enumerate(found, start=1):
        name = f"plan-{n:02}.json"
        write_json(out / name, point.plan.to_json())
        rows.append({"plan": name, **point.to_json()})
    document = {"format": FORMAT, "problem": problem.name, "points": rows}
    write_json(out / INDEX, document)
    click.echo(json.dumps(document, ensure_ascii=False, indent=1))
