"""``zoufang solve`` and ``zoufang check``: a problem file in, a plan file out, no database."""

import json
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

import click

from web.cli.cluster import cluster_options, crew_of
from web.memory import usable_memory_mb

if TYPE_CHECKING:
    from scheduler.problem import Problem
    from scheduler.progress import Progress

MB = 1 << 20

DECODED = 8
"""A file takes so many times its size while it is read."""

TOO_LARGE = "needs more memory than there is. Plan some of the units at a time."

LEAST_S = 0.1
"""Least seconds of a search, however long reading took."""

BAD_FILE = 2
RULES_BROKEN = 1

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)


class BadFile(click.ClickException):
    """A file that cannot be used, with what to do about it."""

    exit_code = BAD_FILE


def read_json(path: Path) -> Any:
    """Decode a JSON file; every way it can be unreadable has its sentence."""
    try:
        require_readable(path)
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise BadFile(f"{path}: cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise BadFile(
            f"{path}: byte {error.start} is not UTF-8. Save the file as UTF-8."
        ) from error
    except json.JSONDecodeError as error:
        raise BadFile(
            f"{path}: not JSON at line {error.lineno}, column {error.colno} ({error.msg})."
        ) from error
    except RecursionError as error:
        raise BadFile(f"{path}: nested too deeply to be a problem or a plan.") from error
    except ValueError as error:  # Python reads no numbers of more than some thousand digits
        raise BadFile(f"{path}: holds a number of very many digits.") from error
    except MemoryError as error:
        raise BadFile(f"{path}: {TOO_LARGE}") from error


def require_readable(path: Path) -> None:
    """Refuse a file that cannot be decoded in the memory there is."""
    size, usable = path.stat().st_size / MB, usable_memory_mb()
    if size * DECODED > usable:
        raise BadFile(
            f"{path}: {size:,.0f} MB cannot be read with {usable:,.0f} MB of memory. "
            "Plan some of the units at a time, or where there is more memory."
        )


def read_problem(path: Path) -> "Problem":
    """Read a problem file; one whose locked visits admit no plan is none."""
    from scheduler.errors import InvalidProblem
    from scheduler.possible import require_possible_locks
    from scheduler.problem import Problem

    try:
        problem = Problem.from_json(read_json(path))
        require_possible_locks(problem)
        return problem
    except InvalidProblem as error:
        raise BadFile(f"{path}: {error}") from error
    except MemoryError as error:
        raise BadFile(f"{path}: {TOO_LARGE}") from error


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write a file whole or not at all."""
    draft = path.with_name(f".{path.name}.part")
    try:
        draft.write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n", "utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BadFile(f"{path}: cannot be written ({error.strerror}).") from error


class Interrupt:
    """Turns the first Ctrl+C or SIGTERM into a wish: stop, and keep the best plan."""

    def __init__(self) -> None:
        self.wanted = False
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._note)

    def __call__(self) -> bool:
        """Whether somebody asked to stop."""
        return self.wanted

    def _note(self, number: int, _frame: FrameType | None) -> None:
        self.wanted = True
        signal.signal(number, signal.SIG_DFL)  # a second one ends at once


def tell(progress: "Progress") -> None:
    """Write one line of progress on standard error."""
    bound = "-" if progress.bound is None else f"{progress.bound:.1f}"
    click.echo(
        f"{progress.seconds:7.2f} s  {progress.phase:<7} J {progress.objective:.1f}  "
        f"unplanned {progress.unplanned}  bound {bound}",
        err=True,
    )


@click.command()
@click.argument("problem", type=EXISTING)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path))
@click.option("--time-limit", type=click.FloatRange(min=LEAST_S), help="Seconds; 10 if not given.")
@click.option(
    "--iterations",
    type=click.IntRange(min=1),
    help="Search steps per household instead of a time limit: the same plan on every machine.",
)
@click.option(
    "--prove",
    default=0.0,
    type=click.FloatRange(min=0),
    metavar="S",
    help="Seconds for a better bound after the search, out of the time limit.",
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1))
@cluster_options
@click.option("--start", type=EXISTING, help="A plan of this problem to begin with.")
@click.option("--engine", default="portfolio", show_default=True, help="Name of the engine.")
@click.option(
    "--memory-mb",
    type=click.FloatRange(min=1),
    help="Refuse a problem that needs more memory; what is free if not given.",
)
@click.option("--quiet", is_flag=True, help="No lines of progress.")
def solve(
    problem: Path,
    out: Path,
    time_limit: float | None,
    iterations: int | None,
    prove: float,
    seed: int,
    workers: int,
    cluster: str | None,
    cluster_tls: Path | None,
    start: Path | None,
    engine: str,
    memory_mb: float | None,
    quiet: bool,
) -> None:
    """
    Plan the visits of the file PROBLEM (zoufang-problem/1) into OUT (zoufang-plan/1).

    Ctrl+C stops and keeps the best plan so far.
    """
    if time_limit is not None and iterations is not None:
        raise click.UsageError("Give either --time-limit or --iterations, not both.")
    from scheduler.errors import InvalidPlan, InvalidProblem, UnknownEngine
    from scheduler.plan import Plan
    from scheduler.planner import solve as search

    began = time.perf_counter()
    asked = read_problem(problem)
    try:
        begun = Plan.from_json(read_json(start)) if start else None
    except InvalidPlan as error:
        raise BadFile(f"{start}: {error}") from error
    if time_limit is not None:  # which is that of a whole run: reading a province takes seconds
        time_limit = max(LEAST_S, time_limit - (time.perf_counter() - began))
    try:
        with crew_of(cluster, cluster_tls, workers=workers, engine=engine) as crew:
            result = search(
                asked,
                time_limit_s=time_limit,
                iterations=iterations,
                prove_s=prove,
                seed=seed,
                workers=workers,
                crew=crew,
                start=begun,
                on_progress=None if quiet else tell,
                engine=engine,
                should_stop=Interrupt(),
                memory_mb=memory_mb or usable_memory_mb(),
            )
    except UnknownEngine as error:
        raise click.UsageError(str(error)) from error
    except InvalidProblem as error:
        raise BadFile(f"{problem}: {error}") from error
    except MemoryError as error:
        raise BadFile(f"{problem}: {TOO_LARGE}") from error
    write_json(out, result.plan.to_json())
    summary = {
        "visits_planned": len(result.plan.visits),
        "unplanned": result.missing,
        "J": round(result.J, 3),
        "bound": None if result.bound is None else round(result.bound, 3),
        "status": result.status,
        "seconds": round(time.perf_counter() - began, 3),
    }
    click.echo(json.dumps(summary))


@click.command()
@click.argument("problem", type=EXISTING)
@click.argument("plan", type=EXISTING)
def check(problem: Path, plan: Path) -> None:
    """
    Judge the file PLAN against the file PROBLEM; print broken rules and figures as JSON.

    Exit status 0 when no rule is broken, 1 when one is, 2 when a file cannot be used.
    """
    from scheduler.check import check as judge

    verdict = judge(read_problem(problem), read_json(plan))
    found = {
        "broken": [f"{each.rule}: {each.detail}" for each in verdict.broken],
        "metrics": verdict.metrics.to_json(),
        "broken_count": len(verdict.broken),
    }
    click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    sys.exit(0 if verdict.is_valid else RULES_BROKEN)
