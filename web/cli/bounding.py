"""``zoufang bound``: how good any plan of a problem file can be at best, proven."""

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli.files import EXISTING, BadFile, Interrupt, read_json, read_problem

if TYPE_CHECKING:
    from scheduler.plan import Bound, Plan
    from scheduler.problem import Problem


@click.command()
@click.argument("problem", type=EXISTING)
@click.argument("plan", type=EXISTING, required=False)
@click.option("--time-limit", default=60.0, show_default=True, type=click.FloatRange(min=0.1))
@click.option("--workers", default=1, show_default=True, type=click.IntRange(min=1))
@click.option("--quiet", is_flag=True, help="No lines of progress.")
def bound(problem: Path, plan: Path | None, time_limit: float, workers: int, quiet: bool) -> None:
    """
    Prove how low J can be at best for the file PROBLEM, and how far PLAN is from it.

    Any plan will do; with a good one the bound is found sooner. Ctrl+C keeps the best bound.
    """
    from scheduler.bound import CERTIFICATE_SHARE, lower_bound
    from scheduler.certificate import certify

    asked = read_problem(problem)
    known = read_plan(plan, asked) if plan else None
    began = time.perf_counter()
    wanted = Interrupt()
    certificate = certify(
        asked, time_limit_s=CERTIFICATE_SHARE * time_limit, plan=known, should_stop=wanted
    )

    def tell(found: "Bound") -> None:
        click.echo(f"{time.perf_counter() - began:7.2f} s  bound {found.J:.1f}", err=True)

    found = lower_bound(
        asked,
        certificate.by_village,
        time_limit_s=time_limit - (time.perf_counter() - began),
        plan=known,
        workers=workers,
        should_stop=wanted,
        on_progress=None if quiet else tell,
    )
    summary = {
        "bound": found.to_json(),
        "missing_in_every_plan": certificate.missing_visits,
        "why": [
            *(cut.sentence for cut in certificate.cuts),
            *(cut.sentence for cut in certificate.unit_cuts),
        ],
        "seconds": round(time.perf_counter() - began, 3),
    }
    if known:
        summary["J"] = round(known.metrics.J, 3)
        summary["gap"] = round((known.metrics.J - found.J) / max(1e-9, known.metrics.J), 5)
    click.echo(json.dumps(summary, ensure_ascii=False, indent=1))


def read_plan(path: Path, problem: "Problem") -> "Plan":
    """Read a plan of a problem; one that breaks rules proves nothing about the gap."""
    from scheduler.check import check
    from scheduler.errors import InvalidPlan
    from scheduler.plan import Plan

    document = read_json(path)
    try:
        plan = Plan.from_json(document)
    except InvalidPlan as error:
        raise BadFile(f"{path}: {error}") from error
    broken = check(problem, document).broken
    if broken:
        raise BadFile(f"{path}: breaks rule {broken[0].rule}: {broken[0].detail}")
    return plan
