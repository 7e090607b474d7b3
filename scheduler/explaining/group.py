"""
What would it take to place all missing visits of a village, or of a unit?

Visits that have a place as things are come first. For the others single changes are tried that
help all of them at once; then a package is put together: again and again the change that makes
room for most visits by its size (the greedy rule for covering, Chvatal 1979), until nobody
lacks a visit. What turns out not to be needed is left out again. Every answer is a whole plan
that the judge has seen; that no cheaper package exists is not claimed.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scheduler.engine import Visits
from scheduler.engines.greedy import place_household
from scheduler.explaining.changes import Change, joined
from scheduler.explaining.package import Package, changed
from scheduler.explaining.placing import Placing, due_as_planned, find_place
from scheduler.explaining.relax import find_relaxations, find_shared_relaxations, moved
from scheduler.explaining.witnesses import completed
from scheduler.problem import Problem
from scheduler.roster import Roster
from scheduler.sentences import said

PLACE_SHARE = 0.2
"""Of the time, for places as things are."""

SHARED_SHARE = 0.35
"""Of the time, for single changes that help everybody at once."""

PRUNE_SHARE = 0.8
"""Of the time, after which no further change is looked for: the rest is for leaving some out."""

LEAST_S = 0.3
"""Wall-clock seconds that the changes of one household are looked for, at least."""

MOST_S = 2.5
"""And at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLook:
    """
    What was found about all missing visits of some households.

    Parameters
    ----------
    households
        Those that lack visits.
    missing
        How many visits.
    packages
        Each makes room for all of them, the cheapest first.
    partly
        Where there is none: what makes room for most, or None.
    """

    households: tuple[str, ...]
    missing: int
    packages: tuple[Package, ...]
    partly: Package | None

    @property
    def sentence(self) -> str:
        """The finding in English."""
        facts = {
            "missing": self.missing,
            "households": len(self.households),
            "placed": self.partly.placed if self.partly else 0,
        }
        if not self.households:
            return "No visit is missing here."
        if self.packages and not self.packages[0].changes:
            return said(
                "Nothing forbids them: the plan has places for all {missing:missing visit|missing "
                "visits} that the search overlooked. Solve again with more time.",
                facts,
            )
        lacking = said(
            "{households:household lacks|households lack} {missing:visit|visits}. ", facts
        )
        if self.packages:
            return lacking + "Each of these ways makes room for all of them:"
        if self.partly is None:
            return lacking + "No change that makes room for any was found in the time given."
        if not self.partly.changes:
            return lacking + said(
                "{placed:visit has|visits have} a place as things are; for the others no change "
                "was found in the time given.",
                facts,
            )
        return lacking + said(
            "For all of them nothing was found in the time given; this makes room for "
            "{placed:visit|visits}:",
            facts,
        )

    def to_json(self) -> dict[str, Any]:
        """Write the finding: plain dicts, lists, texts and numbers."""
        return {
            "households": list(self.households),
            "missing": self.missing,
            "sentence": self.sentence,
            "packages": [x.to_json() for x in self.packages],
            "partly": self.partly.to_json() if self.partly else None,
        }


def lacking_in(
    problem: Problem, visits: Visits, *, village: str | None = None, unit: str | None = None
) -> tuple[str, ...]:
    """List the households that lack visits, of a village or of the villages of a unit."""
    had = Counter(x.household for x in visits)
    return tuple(
        h.id
        for h in problem.households
        if had[h.id] < h.visits_due
        and village in (None, h.village)
        and unit in (None, problem.village(h.village).unit)
    )


def look_into_group(
    problem: Problem,
    visits: Visits,
    households: Collection[str],
    *,
    most: int = 3,
    time_limit_s: float = 15.0,
) -> GroupLook:
    """
    Find the cheapest changes that make room for all missing visits of some households.

    Parameters
    ----------
    problem
        What was asked.
    visits
        A valid plan.
    households
        Ids (``lacking_in``); those that lack nothing are left out.
    most
        Packages returned at most.
    time_limit_s
        Wall-clock seconds, about.
    """
    had = Counter(x.household for x in visits)
    asked = [h.id for h in problem.households if h.id in households and had[h.id] < h.visits_due]
    missing = sum(problem.household(key).visits_due - had[key] for key in asked)
    if not asked:
        return GroupLook(households=(), missing=0, packages=(), partly=None)
    search = _Search(problem, visits, asked, time.monotonic(), time_limit_s)
    found = sorted(search.packages(), key=lambda x: (x.size, len(x.changes), x.moved))
    whole = _without_needless([x for x in found if x.placed == missing])
    partly = max(found, key=lambda x: (x.placed, -x.size), default=None)
    return GroupLook(
        households=tuple(asked),
        missing=missing,
        packages=tuple(whole[:most]),
        partly=None if whole else partly,
    )


def _without_needless(packages: Sequence[Package]) -> list[Package]:
    """Leave out whatever does all that an earlier package does, and perhaps more."""
    kept: list[Package] = []
    for x in packages:
        if not any(earlier.made <= x.made for earlier in kept):
            kept.append(x)
    return kept


class _Search:
    """Places some households one after another, and changes what forbids that."""

    def __init__(
        self,
        problem: Problem,
        visits: Visits,
        asked: Sequence[str],
        began: float,
        seconds: float,
    ) -> None:
        self._problem = problem
        self._given = visits
        self._asked = tuple(asked)
        self._began = began
        self._seconds = seconds

    def packages(self) -> Iterator[Package]:
        """Yield what was found and is true: without a change, with one, with several."""
        visits = self._as_things_are()
        lacking = self._lacking(self._problem, visits)
        if len(lacking) < len(self._asked):
            yield from self._judged((), visits)
        if not lacking:
            return
        if len(lacking) > 1:
            seconds = max(LEAST_S, SHARED_SHARE * self._seconds)
            for one in find_shared_relaxations(
                self._problem, visits, lacking, time_limit_s=seconds
            ):
                yield from self._judged((one.change,), one.visits)
            made, visits = self._one_after_another(visits)
            yield from self._judged(*self._pruned(made, visits))
        else:
            seconds = max(LEAST_S, min(2 * MOST_S, self._left()))
            for one in find_relaxations(self._problem, visits, lacking[0], time_limit_s=seconds):
                if one.change.kind != "fewer-visits":
                    yield from self._judged((one.change,), one.visits)

    def _as_things_are(self) -> Visits:
        """Fill gaps; then, while there is time, move neighbours."""
        visits = self._filled(self._problem, self._given)
        for key in self._lacking(self._problem, visits):
            left = self._left(PLACE_SHARE)
            if left <= 0:
                break
            visits = find_place(self._problem, visits, key, time_limit_s=min(1.0, left)) or visits
        return visits

    def _one_after_another(self, visits: Visits) -> tuple[tuple[Change, ...], Visits]:
        """Make the change that helps most by its size, for one household after another."""
        problem, made = self._problem, tuple[Change, ...]()
        waiting = self._lacking(problem, visits)
        while waiting and self._left(PRUNE_SHARE) > 0:
            key, *others = waiting
            seconds = min(MOST_S, max(LEAST_S, self._left(PRUNE_SHARE) / len(waiting)))
            best: tuple[float, Change, Visits] | None = None
            for x in find_relaxations(problem, visits, key, time_limit_s=seconds):
                if x.change.kind == "fewer-visits":
                    continue
                after = self._filled(x.change.apply(problem), x.visits)
                price = x.change.size / (len(after) - len(visits))
                if best is None or price < best[0]:
                    best = price, x.change, after
            if best is not None:
                _, change, visits = best
                problem, made = change.apply(problem), joined(made, change)
            lacking = set(self._lacking(problem, visits))
            waiting = [other for other in others if other in lacking]
        return made, visits

    def _pruned(
        self, made: tuple[Change, ...], visits: Visits
    ) -> tuple[tuple[Change, ...], Visits]:
        """Leave out changes without which the same households have all their visits, too."""
        served = set(self._asked) - set(self._lacking(changed(self._problem, made), visits))
        had = Counter(x.household for x in self._given)
        for change in sorted(made, key=lambda x: -x.size):
            if self._left() <= 0:
                break
            fewer = tuple(x for x in made if x is not change)
            problem = changed(self._problem, fewer)
            found = completed(due_as_planned(problem, served, had), visits)
            if found is not None:
                made, visits = fewer, found
        return made, visits

    def _filled(self, problem: Problem, visits: Visits) -> Visits:
        """Put into gaps whoever lacks visits and has room for all of them."""
        roster = Roster(problem, visits)
        for key in self._lacking(problem, visits):
            h = problem.household(key)
            before = list(roster.dates.get(key, ()))
            place_household(roster, h)
            if len(roster.dates.get(key, ())) < h.visits_due:
                for day in set(roster.dates.get(key, ())) - set(before):
                    roster.remove(h, day)
        return tuple(roster.visits())

    def _judged(self, made: tuple[Change, ...], visits: Visits) -> Iterator[Package]:
        """Count what a package places, if the judge agrees that its plan is valid."""
        problem = changed(self._problem, made)
        placed = len(visits) - len(self._given)
        served = set(self._asked) - set(self._lacking(problem, visits))
        placing = Placing(self._given, served, served, self._began + self._seconds)
        if placed > 0 and placing.judged(problem, visits) is not None:
            shifted = moved(self._given, visits, self._asked)
            yield Package(changes=made, placed=placed, moved=shifted, visits=visits)

    def _lacking(self, problem: Problem, visits: Visits) -> list[str]:
        had = Counter(x.household for x in visits)
        return [key for key in self._asked if had[key] < problem.household(key).visits_due]

    def _left(self, share: float = 1.0) -> float:
        return self._began + share * self._seconds - time.monotonic()
