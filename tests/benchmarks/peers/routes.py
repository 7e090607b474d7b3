"""What every peer returns, and how it becomes a plan that breaks no rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scheduler.engines.greedy import place_household
from scheduler.plan import Plan, Reason, Unplanned, in_order
from scheduler.problem import Problem
from scheduler.roster import Roster, Stop
from scheduler.score import score

Routes = Mapping[tuple[str, date], Sequence[str]]
"""By cadre and day: household ids in the order of the day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """
    A plan made of a peer's routes.

    Parameters
    ----------
    plan
        `zoufang-plan/1`.
    proposed, kept
        Visits in the routes, and how many of them break no rule.
    """

    plan: dict[str, Any]
    proposed: int
    kept: int


def routes_of(plan: Plan) -> dict[tuple[str, date], list[str]]:
    """Return the routes of a plan."""
    routes: dict[tuple[str, date], list[str]] = {}
    for x in in_order(plan.visits):
        routes.setdefault((x.cadre, x.date), []).append(x.household)
    return routes


def completed(problem: Problem, routes: Routes) -> Completed:
    """Keep every visit that the rules allow, then place what is missing where it is free."""
    roster = Roster(problem)
    kept = 0
    for (cadre_id, day), households in sorted(routes.items(), key=lambda item: item[0][::-1]):
        cadre = problem.cadre(cadre_id)
        for key in households:
            h = problem.household(key)
            if len(roster.dates.get(key, [])) >= h.visits_due:
                continue
            if next(roster.obstacles(h, cadre, day), None) is not None:
                continue
            route, stop = roster.routes[cadre_id, day], Stop(h, h.windows)
            position = len(route)
            if roster.times(cadre, day, [*route, stop]) is None:
                found = roster.position(h, cadre, day)
                assert found is not None
                position = found[1]
            roster.place(stop, cadre, day, position)
            kept += 1
    for h in sorted(problem.households, key=lambda h: (-h.visits_due, h.id)):
        place_household(roster, h)
    visits = in_order(roster.visits())
    lacking = [(h, h.visits_due - len(roster.dates.get(h.id, []))) for h in problem.households]
    unplanned = tuple(
        Unplanned(
            household=h.id,
            missing=missing,
            reasons=(
                Reason(rule="time-limit", code="not-placed", detail="The peer found no place."),
            ),
        )
        for h, missing in lacking
        if missing > 0
    )
    plan = Plan(visits=visits, unplanned=unplanned, metrics=score(problem, visits))
    proposed = sum(len(households) for households in routes.values())
    return Completed(plan=plan.to_json(), proposed=proposed, kept=kept)
