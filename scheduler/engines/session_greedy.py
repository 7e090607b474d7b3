"""
The second simple planner: village-days first, then who is at home.

Each village in turn, the fullest first, gets sessions: a cadre for whole days in the village,
with as many of its waiting households as fit. The day chosen is the one that takes most of
them. It sees no pairing beyond the cadre at hand and no gaps beyond the next session, which
is what planning by sessions cannot see.
"""

from collections import defaultdict
from datetime import date

from scheduler.engine import Proposal, Run, Visits
from scheduler.engines.greedy import candidates, place_household
from scheduler.household import Household
from scheduler.problem import Problem
from scheduler.roster import Roster, Stop

Session = tuple[str, date]
"""Cadre and day, in the village at hand."""


class SessionGreedy:
    """Sessions of a cadre in a village, the most useful first; leftovers one by one."""

    def propose(self, problem: Problem, run: Run, start: Visits = ()) -> Proposal:
        """Fill village after village with sessions, then place what is left."""
        roster = Roster(problem)
        roster.adopt(start)
        at_home: dict[str, list[Household]] = {v.id: [] for v in problem.villages}
        for h in problem.households:
            at_home[h.village].append(h)
        for village in sorted(at_home, key=lambda v: (-len(at_home[v]), v)):
            _fill_village(roster, at_home[village], run)
        for h in sorted(problem.households, key=lambda h: (-h.visits_due, h.id)):
            if run.is_over():
                return Proposal(visits=tuple(roster.visits()), finished=False)
            place_household(roster, h)
        return Proposal(visits=tuple(roster.visits()))


def _fill_village(roster: Roster, households: list[Household], run: Run) -> None:
    """Add the session that takes most of the waiting households until none takes any."""
    guests: dict[Session, list[Household]] = defaultdict(list)
    for h in households:
        for c in candidates(roster, h):
            for day in c.shifts:
                if roster.may_stand(h, c, day):
                    guests[c.id, day].append(h)
    while guests and not run.is_over():
        waiting = {
            key: [h for h in mine if _waits(roster, h, *key)] for key, mine in guests.items()
        }
        cadre_id, day = min(guests, key=lambda key: (-len(waiting[key]), key[1], key[0]))
        cadre = roster.problem.cadre(cadre_id)
        for h in sorted(waiting[cadre_id, day], key=lambda h: (-h.visits_due, h.id)):
            found = None
            if next(roster.obstacles(h, cadre, day), None) is None:
                found = roster.position(h, cadre, day)
            if found is not None:
                roster.place(Stop(h, h.windows), cadre, day, found[1])
        del guests[cadre_id, day]


def _waits(roster: Roster, h: Household, cadre_id: str, day: date) -> bool:
    """Whether a household still needs a visit that this cadre could make on this day."""
    mine = roster.dates.get(h.id, [])
    if len(mine) >= h.visits_due or (mine and roster.cadre_of[h.id] != cadre_id):
        return False
    return all(abs((d - day).days) >= h.gap_days for d in mine)
