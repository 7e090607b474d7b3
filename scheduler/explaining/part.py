"""
A part of a problem: who competes for days with one household, and who may come to them.

Everybody else is left out, so whatever is impossible in the part is impossible beside the
visits that the plan gives its members.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from scheduler.cadre import Cadre
from scheduler.engine import Visits
from scheduler.engines.search.pieces import routing_unit
from scheduler.household import Household
from scheduler.problem import Problem

Part = Literal["household", "village", "unit", "district"]
PARTS: tuple[Part, ...] = ("household", "village", "unit", "district")

MOST_STRANGERS = 100
"""Cadres of other units, the nearest, who could come where a unit has nobody."""


def part_of(problem: Problem, visits: Visits, household: str, part: Part) -> Problem:
    """Cut out a part: who competes, due what the plan gives them, and who may come to them."""
    asked = problem.household(household)
    planned = Counter(x.household for x in visits)
    unit = routing_unit(problem, asked)

    def competes(h: Household) -> bool:
        return planned[h.id] > 0 and (
            part == "district"
            or (part == "unit" and routing_unit(problem, h) == unit)
            or (part == "village" and h.village == asked.village)
        )

    members = tuple(
        h if h.id == household else replace(h, visits_due=planned[h.id])
        for h in problem.households
        if h.id == household or competes(h)
    )
    mine = {h.id for h in members}
    villages = {h.village for h in members}
    comes = {c.id for h in members for c in _visitors(problem, h)}
    if not comes:
        comes = set(_strangers(problem, asked))
    return replace(
        problem,
        households=members,
        villages=tuple(v for v in problem.villages if v.id in villages),
        cadres=tuple(c for c in problem.cadres if c.id in comes),
        locked=tuple(x for x in problem.locked if x.household in mine),
    )


def _visitors(problem: Problem, h: Household) -> Iterator[Cadre]:
    yield from problem.cadres_of_unit(problem.village(h.village).unit)
    if h.cadre is not None:
        yield problem.cadre(h.cadre)


def _strangers(problem: Problem, h: Household) -> list[str]:
    """Cadres of other units, so that the unit is the rule to blame where it has nobody."""
    if not problem.cadres:
        return []
    bases = [(c.node, c.base) for c in problem.cadres]
    way = problem.travel.block(bases, [(h.node, h.point)])[:, 0]
    return [problem.cadres[i].id for i in way.argsort(kind="stable")[:MOST_STRANGERS]]
