"""``zoufang explain``: why visits are missing in a plan file, proven, and what would help."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from web.cli.bounding import read_plan
from web.cli.files import EXISTING, read_problem

if TYPE_CHECKING:
    from scheduler.explaining.conflicts import Conflict
    from scheduler.explaining.group import GroupLook
    from scheduler.explaining.look import Look
    from scheduler.plan import Plan, Unplanned
    from scheduler.problem import Problem

EACH_S = 4.5
GROUP_S = 20.0

MOST_ALONE = 4
"""More rules of one kind than this are told in one line."""


@click.command()
@click.argument("problem", type=EXISTING)
@click.argument("plan", type=EXISTING)
@click.option("--household", help="Only this one; else every household that lacks visits.")
@click.option("--village", help="What would place all missing visits of this village?")
@click.option("--unit", help="What would place all missing visits of this unit's villages?")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0.1),
    help=f"For each household (else {EACH_S:g}), or for a village or unit (else {GROUP_S:g}).",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON instead of text.")
def explain(
    problem: Path,
    plan: Path,
    household: str | None,
    village: str | None,
    unit: str | None,
    seconds: float | None,
    as_json: bool,
) -> None:
    """
    Tell for the files PROBLEM and PLAN why visits are missing, and what would help.

    For each household: the reasons in the plan; the smallest set of rules that leaves no room,
    proven; and the smallest single changes that work. With --village or --unit: the cheapest
    changes that make room for all its missing visits. Each change was carried out and judged.
    """
    if sum(x is not None for x in (household, village, unit)) > 1:
        raise click.UsageError("Give one of --household, --village and --unit.")
    asked = read_problem(problem)
    known = read_plan(plan, asked)
    _require_known(asked, household, village, unit)
    if village is not None or unit is not None:
        _explain_group(asked, known, village, unit, seconds or GROUP_S, as_json)
    else:
        _explain_each(asked, known, household, seconds or EACH_S, as_json)


def _require_known(
    problem: "Problem", household: str | None, village: str | None, unit: str | None
) -> None:
    known = {
        "household": household is None or problem.has_household(household),
        "village": village is None or village in {v.id for v in problem.villages},
        "unit": unit is None or unit in problem.units,
    }
    for noun, is_known in known.items():
        if not is_known:
            name = household or village or unit
            raise click.UsageError(f"The problem knows no {noun} {name!r}.")


def _explain_group(
    problem: "Problem",
    plan: "Plan",
    village: str | None,
    unit: str | None,
    seconds: float,
    as_json: bool,
) -> None:
    from scheduler.explaining.group import lacking_in, look_into_group

    lacking = lacking_in(problem, plan.visits, village=village, unit=unit)
    look = look_into_group(problem, plan.visits, lacking, time_limit_s=seconds)
    if as_json:
        click.echo(json.dumps(look.to_json(), ensure_ascii=False, indent=1))
    else:
        name = f"Village {village}" if village is not None else f"Unit {unit}"
        click.echo("\n".join(_told_group(name, look)))


def _explain_each(
    problem: "Problem", plan: "Plan", household: str | None, seconds: float, as_json: bool
) -> None:
    from scheduler.explaining.look import look_into

    lacking = [u for u in plan.unplanned if household in (None, u.household)]
    if not lacking:
        lacks = "No visit is missing." if household is None else f"{household} lacks no visits."
        click.echo(lacks, err=True)
    documents = []
    for u in lacking:
        look = look_into(problem, plan.visits, u.household, time_limit_s=seconds)
        if as_json:
            said = [{"rule": r.rule, "detail": r.detail} for r in u.reasons]
            documents.append({**look.to_json(), "reasons": said})
        else:
            village = problem.household(u.household).village
            click.echo("\n".join(_told(u, village, look)))
    if as_json:
        click.echo(json.dumps(documents, ensure_ascii=False, indent=1))


def _told(u: "Unplanned", village: str, look: "Look") -> Iterator[str]:
    """One household as readable lines."""
    from scheduler.sentences import counted

    yield f"Household {u.household} in village {village}: {counted(u.missing, 'visit')} missing"
    yield "  In the way in this plan, each with an example:"
    for reason in u.reasons:
        yield f"    - [{reason.rule}] {reason.detail}"
    if look.conflict is None:
        yield f"  {look.sentence}"
    else:
        yield f"  Proven ({_within(look.conflict)}): {look.conflict.summary}"
        yield from (f"    - {line}" for line in _rules(look.conflict))
    if look.relaxations:
        yield "  Each of these alone would help (carried out, and judged):"
    for x in look.relaxations:
        yield f"    - {x.change.sentence}{_moves(x.moved)}"
    yield ""


def _told_group(name: str, look: "GroupLook") -> Iterator[str]:
    """All missing visits of a village or unit as readable lines."""
    yield f"{name}: {look.sentence}"
    packages = look.packages or ((look.partly,) if look.partly else ())
    for n, package in enumerate((x for x in packages if x.changes), start=1):
        if len(package.changes) == 1:
            yield f"  {n}. {package.changes[0].sentence}{_moves(package.moved)}"
        else:
            yield f"  {n}. These {len(package.changes)} changes together:{_moves(package.moved)}"
            yield from (f"     - {change.sentence}" for change in package.changes)


def _within(conflict: "Conflict") -> str:
    if conflict.part == "household":
        return "whoever else is visited"
    return f"the others of the {conflict.part} keep their visits"


def _rules(conflict: "Conflict") -> Iterator[str]:
    """Rules as sentences; many of visits that others keep, or of shifts, in one line."""
    from scheduler.sentences import counted

    for kind, group in conflict.by_kind.items():
        names = ", ".join(rule.of for rule in group)
        if len(group) > MOST_ALONE and kind == "visits-kept":
            visits = sum(int(rule.facts["visits"]) for rule in group)
            others = counted(len(group), "other household")
            yield f"{others} keep the {counted(visits, 'visit')} they have: {names}."
        elif len(group) > MOST_ALONE and kind == "shift":
            days = sum(int(rule.facts["days"]) for rule in group)
            cadres = counted(len(group), "cadre")
            yield f"{cadres} are available on {counted(days, 'day')} together: {names}."
        else:
            yield from (rule.sentence for rule in group)


def _moves(others: int) -> str:
    from scheduler.sentences import counted

    return f" Moves {counted(others, 'other visit')}." if others else ""
