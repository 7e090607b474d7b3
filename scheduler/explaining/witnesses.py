"""
Witnesses without a solver: plans in which some rule gives way and all others hold.

Most of them are near a plan that is known already: take out whoever gives up a visit, put in
whoever lacks one. A witness found so is the start of the next search, for it leaves a place
elsewhere (as in recursive model rotation, Belov and Marques-Silva 2011).
"""

import time
from collections import Counter, deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from scheduler.engine import Visits
from scheduler.engines.greedy import place_household
from scheduler.explaining.rules import Rule, without
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem
from scheduler.roster import Roster

MOST_STARTS = 5
"""Known plans from which a witness is looked for: the given one, and the latest."""


class Witnesses:
    """
    Plans of a part of a problem, and what can be made of them.

    Parameters
    ----------
    problem
        The part; every household is due what is asked for it.
    visits
        A valid plan of it that lacks some.
    """

    def __init__(self, problem: Problem, visits: Iterable[PlannedVisit]) -> None:
        self._problem = problem
        self._known: list[Visits] = [tuple(visits)]

    def learn(self, visits: Visits) -> None:
        """Remember a plan as a start for others."""
        self._known.append(visits)

    def keeping(self, dropped: Collection[Rule]) -> Visits | None:
        """All visits due when some rules do not hold; None if no known plan leads to them."""
        problem = without(self._problem, dropped)
        for start in self._starts():
            found = completed(problem, start)
            if found is not None:
                self.learn(found)
                return found
        return None

    def giving_way(
        self, dropped: Collection[Rule], rules: Collection[Rule], ends: float
    ) -> Mapping[Rule, Visits]:
        """
        Find for rules that ask for visits who else could be visited instead.

        Parameters
        ----------
        dropped
            Rules that do not hold.
        rules
            ``visits-due`` or ``visits-kept``, each to be dropped by itself.
        ends
            When to stop, seconds of ``time.monotonic``.

        Returns
        -------
        Mapping
            By rule: all visits but those of its household. Not every rule need be in it.
        """
        problem = without(self._problem, dropped)
        waiting = {rule.of: rule for rule in rules}
        found: dict[Rule, Visits] = {}
        starts = deque(self._starts())
        while starts and waiting:
            start = starts.popleft()
            for household, rule in list(waiting.items()):
                if time.monotonic() >= ends:
                    return found
                visits = completed(_without_visits(problem, household), start)
                if visits is not None:
                    found[rule] = visits
                    del waiting[household]
                    starts.append(visits)
        for visits in found.values():
            self.learn(visits)
        return found

    def _starts(self) -> list[Visits]:
        latest = self._known[:-MOST_STARTS:-1]
        return latest if len(self._known) < MOST_STARTS else [*latest, self._known[0]]


def completed(problem: Problem, visits: Iterable[PlannedVisit]) -> Visits | None:
    """Keep of a plan what the rules allow and add what is due; None if some of it has no place."""
    due = {h.id: h.visits_due for h in problem.households}
    stands = tuple(visits)
    had = Counter(x.household for x in stands)
    # Whoever has some of its visits keeps them, or else is planned anew.
    for start in (stands, tuple(x for x in stands if had[x.household] >= due.get(x.household, 0))):
        roster = Roster(problem)
        roster.adopt(start)
        for h in problem.households:
            place_household(roster, h)
        if all(len(roster.dates.get(key, ())) == n for key, n in due.items()):
            return tuple(roster.visits())
    return None


def _without_visits(problem: Problem, household: str) -> Problem:
    held = sum(x.household == household for x in problem.locked)
    return replace(
        problem,
        households=tuple(
            replace(h, visits_due=held) if h.id == household else h for h in problem.households
        ),
    )
