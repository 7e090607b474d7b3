"""
The simplest planner: household by household, each on the first days that are free.

Hardest households first (most visits, narrowest windows). Each gets the cadre who can make
most of its visits, and among those the one with least extra travel. It always answers: the
baseline to beat, a start for others, and the rescue.
"""

from datetime import date

from scheduler.cadre import Cadre
from scheduler.engine import Proposal, Run, Visits
from scheduler.household import Household
from scheduler.problem import Problem
from scheduler.roster import Roster, Stop


class Greedy:
    """Household by household, first fit."""

    def propose(self, problem: Problem, run: Run, start: Visits = ()) -> Proposal:
        """Place each household once; nothing placed is moved again."""
        roster = Roster(problem)
        roster.adopt(start)
        for h in sorted(problem.households, key=_hardness):
            if run.is_over():
                return Proposal(visits=tuple(roster.visits()), finished=False)
            place_household(roster, h)
        return Proposal(visits=tuple(roster.visits()))


def place_household(roster: Roster, h: Household) -> None:
    """Give a household as many of its missing visits as one cadre can make on free days."""
    missing = h.visits_due - len(roster.dates.get(h.id, []))
    if missing <= 0:
        return
    best: tuple[float, float, str] | None = None
    chosen: list[date] = []
    for c in candidates(roster, h):
        days, extra = _first_days(roster, h, c, missing)
        key = (-len(days), extra, c.id)
        if days and (best is None or key < best):
            best, chosen = key, days
    if best is not None:
        cadre = roster.problem.cadre(best[2])
        for day in chosen:
            # An earlier visit of this household may have filled the village's week.
            free = next(roster.obstacles(h, cadre, day), None) is None
            found = roster.position(h, cadre, day) if free else None
            if found is not None:
                roster.place(Stop(h, h.windows), cadre, day, found[1])


def candidates(roster: Roster, h: Household) -> list[Cadre]:
    """Cadres who may come: the one who already does, the paired one, or the whole unit."""
    fixed = roster.cadre_of.get(h.id) or h.cadre
    if fixed:
        return [roster.problem.cadre(fixed)]
    return roster.problem.cadres_of_unit(roster.problem.village(h.village).unit)


def _hardness(h: Household) -> tuple[int, float, str]:
    return -h.visits_due, sum(b - a for a, b in h.windows), h.id


def _first_days(roster: Roster, h: Household, c: Cadre, wanted: int) -> tuple[list[date], float]:
    chosen: list[date] = []
    extra_min = 0.0
    for day in roster.problem.days:
        if chosen and (day - chosen[-1]).days < h.gap_days:
            continue
        if day not in c.shifts or next(roster.obstacles(h, c, day), None) is not None:
            continue
        found = roster.position(h, c, day)
        if found is not None:
            chosen.append(day)
            extra_min += found[0]
            if len(chosen) == wanted:
                break
    return chosen, extra_min
