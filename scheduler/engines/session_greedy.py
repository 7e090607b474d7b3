"""
The second simple planner: village-days first, then who is at home.

Each village in turn, the fullest first, gets sessions: a cadre for whole days in the village,
with as many of its waiting households as fit. The day chosen is the one that takes most of
them. It sees no pairing beyond the cadre at hand and no gaps beyond the next session, which
is what planning by sessions cannot see.
"""

from datetime import date

from scheduler.cadre import Cadre
from scheduler.engine import Proposal, Run, Visits
from scheduler.engines.greedy import candidates, place_household
from scheduler.household import Household
from scheduler.problem import Problem
from scheduler.roster import Roster, Stop


class SessionGreedy:
    """Sessions of a cadre in a village, the most useful first; leftovers one by one."""

    def propose(self, problem: Problem, run: Run, start: Visits = ()) -> Proposal:
        """Fill village after village with sessions, then place what is left."""
        roster = Roster(problem)
        roster.adopt(start)
        waiting: dict[str, list[Household]] = {v.id: [] for v in problem.villages}
        for h in problem.households:
            waiting[h.village].append(h)
        for village in sorted(waiting, key=lambda v: (-len(waiting[v]), v)):
            while not run.is_over() and _add_session(roster, waiting[village]):
                pass
        for h in sorted(problem.households, key=lambda h: (-h.visits_due, h.id)):
            if run.is_over():
                return Proposal(visits=tuple(roster.visits()), finished=False)
            place_household(roster, h)
        return Proposal(visits=tuple(roster.visits()))


def _add_session(roster: Roster, households: list[Household]) -> bool:
    """Add the session that takes most of a village's waiting households; False if none does."""
    waiting = [h for h in households if len(roster.dates.get(h.id, [])) < h.visits_due]
    options: dict[tuple[str, date], int] = {}
    for h in waiting:
        for c in candidates(roster, h):
            for day in c.shifts:
                if next(roster.obstacles(h, c, day), None) is None:
                    options[c.id, day] = options.get((c.id, day), 0) + 1
    if not options:
        return False
    cadre_id, day = min(options, key=lambda key: (-options[key], key[1], key[0]))
    return _fill_session(roster, roster.problem.cadre(cadre_id), day, waiting) > 0


def _fill_session(roster: Roster, c: Cadre, day: date, waiting: list[Household]) -> int:
    placed = 0
    for h in sorted(waiting, key=lambda h: (-h.visits_due, h.id)):
        if c not in candidates(roster, h) or next(roster.obstacles(h, c, day), None):
            continue
        found = roster.position(h, c, day)
        if found is not None:
            roster.place(Stop(h, h.windows), c, day, found[1])
            placed += 1
    return placed
