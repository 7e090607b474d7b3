"""``zoufang explain``: why visits are missing in a plan file, proven, and what would help."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli.bounding import read_plan
from web.cli.files import EXISTING, read_problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scheduler.explaining.look import Look
    from scheduler.plan import Unplanned


@click.command()
@click.argument("problem", type=EXISTING)
@click.argument("plan", type=EXISTING)
@click.option("--household", help="Only this one; else every household that lacks visits.")
@click.option(
    "--seconds",
    default=4.5,
    show_default=True,
    type=click.FloatRange(min=0.1),
    help="For each household.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")
def explain(
    problem: Path, plan: Path, household: str | None, seconds: float, as_json: bool
) -> None:
    """
    Tell for the files PROBLEM and PLAN why visits are missing, and what would help.

    For each household: the reasons in the plan; the smallest set of rules that cannot all hold,
    proven; and the smallest single changes that work, each carried out and judged.
    """
    from scheduler.explaining.look import look_into

    asked = read_problem(problem)
    known = read_plan(plan, asked)
    lacking = [u for u in known.unplanned if household in (None, u.household)]
    if household is not None and not lacking:
        if not asked.has_household(household):
            raise click.UsageError(f"The problem knows no household {household!r}.")
        click.echo(f"Household {household} lacks no visits.", err=True)
    documents = []
    for u in lacking:
        look = look_into(asked, known.visits, u.household, time_limit_s=seconds)
        if as_json:
            said = [{"rule": r.rule, "detail": r.detail} for r in u.reasons]
            documents.append({**look.to_json(), "reasons": said})
        else:
            click.echo("\n".join(_told(u, look)))
    if as_json:
        click.echo(json.dumps(documents, ensure_ascii=False, indent=1))


def _told(u: "Unplanned", look: "Look") -> "Iterator[str]":
    """One household as readable lines."""
    yield f"{u.household}: {u.missing} missing"
    yield "  In this plan:"
    for reason in u.reasons:
        yield f"    - [{reason.rule}] {reason.detail}"
    if look.conflict is None:
        yield f"  {look.sentence}"
    else:
        rules = look.conflict.rules
        yield f"  Proven ({look.conflict.part}): these {len(rules)} rules cannot all hold" + (
            ", and without any one of them they can:" if look.conflict.is_minimal else ":"
        )
        for rule in rules:
            yield f"    - {rule.sentence}"
    if look.relaxations:
        yield "  Each of these would help (tried, and judged):"
    for x in look.relaxations:
        others = f" Moves {x.moved} other visits." if x.moved else ""
        yield f"    - {x.change.sentence}{others}"
    yield ""
