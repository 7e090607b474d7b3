"""
What single change would make room for a missing visit: the smallest of each kind, verified.

A conflict can only be solved by a change of one of its rules, so those are tried; where nothing
was proven, every rule of the household, its village and its cadres is. Each change is carried
out and the visits are placed in the plan: in a free gap, else by moving visits of the
village, while all others stay. The judge has the last word.
"""

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from scheduler.engine import Visits
from scheduler.explaining.asking import Answer
from scheduler.explaining.changes import CHANGES, Change
from scheduler.explaining.conflicts import Conflict
from scheduler.explaining.part import part_of
from scheduler.explaining.placing import Placing
from scheduler.explaining.rule_changes import MADE_FROM, RuleChanges
from scheduler.explaining.rules import Kind, Rule, rules_of
from scheduler.problem import Problem

LEAST_S = 0.3
"""Wall-clock seconds that every rule has to find a change of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Relaxation:
    """
    A change that works.

    Parameters
    ----------
    change
        What would be changed.
    moved
        Planned visits of others that change their day or cadre.
    visits
        A plan of the changed problem with all visits of the household; nobody else loses one.
    """

    change: Change
    moved: int
    visits: Visits = field(repr=False)

    def to_json(self) -> dict[str, Any]:
        """Write the change: plain dicts, lists, texts and numbers."""
        return {
            "kind": self.change.kind,
            "size": round(self.change.size, 3),
            "facts": dict(self.change.facts),
            "detail": self.change.sentence,
            "moved": self.moved,
        }


def find_relaxations(
    problem: Problem,
    visits: Visits,
    household: str,
    conflict: Conflict | None = None,
    *,
    most: int = 6,
    time_limit_s: float = 2.5,
) -> tuple[Relaxation, ...]:
    """
    Find the smallest single changes that let a household have all its visits.

    Parameters
    ----------
    problem
        What was asked.
    visits
        A valid plan.
    household
        One that lacks visits.
    conflict
        Why it does, if that was proven.
    most
        Changes returned at most.
    time_limit_s
        Wall-clock seconds.

    Returns
    -------
    tuple of Relaxation
        The smallest change first; each was carried out and judged.
    """
    search = _Search(problem, visits, {household}, conflict, time.monotonic() + time_limit_s)
    return _smallest(search, search.changes(household))[:most]


def find_shared_relaxations(
    problem: Problem,
    visits: Visits,
    households: Collection[str],
    *,
    most: int = 3,
    time_limit_s: float = 5.0,
) -> tuple[Relaxation, ...]:
    """
    Find the smallest single changes that let several households have all their visits at once.

    Parameters
    ----------
    problem, visits, most, time_limit_s
        As for one household (``find_relaxations``).
    households
        Some that lack visits.
    """
    search = _Search(problem, visits, households, None, time.monotonic() + time_limit_s)
    return _smallest(search, search.shared())[:most]


def _smallest(search: "_Search", tried: Iterable[Change]) -> tuple[Relaxation, ...]:
    """The smallest that is true of each kind and object, the smallest of all first."""
    found = [x for change in tried if (x := search.verified(change)) is not None]
    found.sort(key=lambda x: (x.change.size, x.moved, CHANGES.index(x.change.kind)))
    smallest = {x.change.of: x for x in reversed(found)}
    return tuple(x for x in found if smallest[x.change.of] is x)


class _Search:
    """Tries changes for some households of one plan."""

    def __init__(
        self,
        problem: Problem,
        visits: Visits,
        asked: Collection[str],
        conflict: Conflict | None,
        ends: float,
    ) -> None:
        self._problem = problem
        self._visits = visits
        self._asked = frozenset(asked)
        self._conflict = conflict
        self._ends = ends
        part = conflict.part if conflict and conflict.part != "household" else "village"
        one_of = {problem.household(key).village: key for key in sorted(asked)}
        self._near = [part_of(problem, visits, key, part) for key in one_of.values()]
        near = self._asked.union(h.id for p in self._near for h in p.households)
        self._placing = Placing(visits, asked, near, ends)
        self._made = RuleChanges(problem, visits, self._works, ends)
        self._placed: dict[int, tuple[Change, Visits]] = {}
        """Plans of changes that work, by the identity of the change, which is kept beside."""

    def changes(self, household: str) -> Iterator[Change]:
        """The smallest change of each rule that works, giving up visits among them."""
        h = self._problem.household(household)
        yield self._made.fewer_visits(h, Counter(x.household for x in self._visits)[h.id])
        yield from self.shared()
        if self._conflict is None or any(
            r.kind in ("shift", "capacity", "unit", "travel") for r in self._conflict.rules
        ):
            self._made.ends = self._ends + LEAST_S
            yield from self._made.other_units(h)

    def shared(self) -> Iterator[Change]:
        """The smallest change of each rule that works: first without moving anybody, then with."""
        rules = self._rules()
        for rule in rules:
            yield from self._made.of(rule)
        self._placing.may_move = True
        yield from self._moving(rules)

    def _moving(self, rules: Sequence[Rule]) -> Iterator[Change]:
        model = self._placing.model(self._problem, rules)
        for n, rule in enumerate(rules):
            left = self._ends - time.monotonic()
            if left <= 0:
                break
            self._made.ends = time.monotonic() + max(LEAST_S, left / (len(rules) - n))
            # What is impossible without the whole rule is so with any change of it.
            answer = (
                model.possible((rule,), self._placing.patience()) if model else Answer("unknown")
            )
            if answer.verdict != "impossible":
                yield from self._made.of(rule, answer.visits)

    def _rules(self) -> Sequence[Rule]:
        """Rules that a change could help: of a household, a village, a cadre; likely first."""
        blamed = self._conflict.rules if self._conflict else self._nearby()
        mine = [r for r in blamed if r.kind in MADE_FROM and r.of in self._concerned(r.kind)]
        return sorted(mine, key=lambda r: MADE_FROM.index(r.kind))

    def _nearby(self) -> Sequence[Rule]:
        found = {r: None for part in self._near for r in rules_of(part, self._asked)}
        return tuple(found)

    def _concerned(self, kind: Kind) -> set[str]:
        if kind in ("window", "household-gap", "dates", "pairing"):
            return set(self._asked)
        if kind == "locked":
            return {x.household for x in self._problem.locked}
        if kind in ("shift", "capacity"):
            return {c.id for part in self._near for c in part.cadres}
        return {v.id for part in self._near for v in part.villages} | {""}

    def _works(self, change: Change) -> bool:
        if time.monotonic() >= self._made.ends:
            return False
        visits = self._placing.placed(change.apply(self._problem))
        if visits is not None:
            self._placed[id(change)] = change, visits
        return visits is not None

    def verified(self, change: Change) -> Relaxation | None:
        """Carry a change out, place the visits, and let the judge look at the plan."""
        changed = change.apply(self._problem)
        known = self._placed.get(id(change))
        placed = self._placing.placed(changed) if known is None else known[1]
        visits = self._placing.judged(changed, placed)
        if visits is None:
            return None
        return Relaxation(
            change=change, moved=moved(self._visits, visits, self._asked), visits=visits
        )


def moved(before: Visits, after: Visits, asked: Collection[str]) -> int:
    """Count the visits, of others than those asked about, that change their day or cadre."""
    stood = {(x.household, x.cadre, x.date) for x in before}
    others = [x for x in after if x.household not in asked]
    return sum((x.household, x.cadre, x.date) not in stood for x in others)
