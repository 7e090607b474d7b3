"""
Which rules together forbid the visits that are missing: a smallest set of them.

The question is asked of the smallest part that proves it: the household alone, then its
village, its unit, the district; everybody else keeps the visits that the plan gives them.
OR-Tools names rules that cannot all hold (sufficient assumptions), then each is dropped in turn:
what is still impossible without it is not to blame (deletion filter, Chinneck and Dravnieks
1991). Whatever rules remain forbid the visits, and without any one of them they do not.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from scheduler.engine import Visits
from scheduler.engines.search.pieces import routing_unit
from scheduler.explaining.rule_model import RuleModel, TooManyChoices
from scheduler.explaining.rules import Kind, Rule, rules_of, without
from scheduler.household import Household
from scheduler.problem import Problem

Part = Literal["household", "village", "unit", "district"]
PARTS: tuple[Part, ...] = ("household", "village", "unit", "district")

SELDOM: tuple[Kind, ...] = ("locked", "dates", "window", "last-visit", "capacity", "district")
"""Seldom to blame in a village or beyond: these are tried to be dropped all at once."""

PROOF_EFFORT = 5.0
"""Deterministic seconds in which it is proven that all rules together cannot hold."""

EFFORT = 1.0
"""Deterministic seconds in which one rule is judged."""

PATIENCE_S = 0.5
"""Wall-clock seconds of one question; a rule that takes longer to drop stays."""

SELDOM_SHARE = 0.5
"""Of the time that is left."""

MOST_STRANGERS = 100
"""Cadres of other units, the nearest, who could come where a unit has nobody."""

FIRST_DROPPED: tuple[Kind, ...] = (
    "locked",
    "dates",
    "pairing",
    "window",
    "last-visit",
    "household-gap",
    "capacity",
    "district",
    "visits-kept",
    "shift",
    "travel",
    "unit",
    "blackout",
    "village-teams",
    "village-week",
    "village-gap",
    "visits-due",
)
"""What is tried to be dropped first is named least: a village's limits say more than a shift."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """
    Rules that cannot all hold, and the proof.

    Parameters
    ----------
    household
        Whose visits are asked for.
    part
        The part of the problem in which they collide.
    rules
        In the order of ``KINDS``.
    problem
        The part, as a problem of its own; every household is due what is asked for it.
    witnesses
        By rule: visits that keep all the others.
    """

    household: str
    part: Part
    rules: tuple[Rule, ...]
    problem: Problem = field(repr=False)
    witnesses: Mapping[Rule, Visits] = field(repr=False)

    @property
    def is_minimal(self) -> bool:
        """Whether for every rule it is shown that the others can hold without it."""
        return len(self.witnesses) == len(self.rules)

    @property
    def by_kind(self) -> dict[Kind, list[Rule]]:
        """The rules, grouped as they are told."""
        groups: dict[Kind, list[Rule]] = {}
        for rule in self.rules:
            groups.setdefault(rule.kind, []).append(rule)
        return groups

    def relaxed(self, rule: Rule | None = None) -> Problem:
        """Return the part under these rules only, and without one of them."""
        kept = set(self.rules) - {rule}
        return without(
            self.problem, [r for r in _rules(self.problem, self.household) if r not in kept]
        )

    @property
    def sentence(self) -> str:
        """The conflict in English."""
        said = " ".join(rule.sentence for rule in self.rules)
        end = "" if self.is_minimal else " (some of them may not be needed)"
        return f"These {len(self.rules)} rules cannot all hold{end}: {said}"

    def to_json(self) -> dict[str, Any]:
        """Write the conflict: plain dicts, lists, texts and numbers."""
        return {
            "part": self.part,
            "is_minimal": self.is_minimal,
            "sentence": self.sentence,
            "rules": [
                {"kind": r.kind, "of": r.of, "facts": dict(r.facts), "detail": r.sentence}
                for r in self.rules
            ],
        }


def find_conflict(
    problem: Problem, visits: Visits, household: str, *, time_limit_s: float = 2.0
) -> Conflict | None:
    """
    Find a smallest set of rules that forbids the missing visits of a household.

    Parameters
    ----------
    problem
        What was asked.
    visits
        A valid plan; every other household keeps what it gives.
    household
        One that lacks visits.
    time_limit_s
        Wall-clock seconds.

    Returns
    -------
    Conflict or None
        None when nothing was proven: the search may simply not have found a place.
    """
    ends = time.monotonic() + time_limit_s
    size = 0
    for part in PARTS:
        asked = part_of(problem, visits, household, part)
        if len(asked.households) == size or time.monotonic() >= ends:
            continue
        size = len(asked.households)
        try:
            found = _conflict(asked, household, part, ends)
        except TooManyChoices:
            return None
        if found is not None:
            return found
    return None


def part_of(problem: Problem, visits: Visits, household: str, part: Part) -> Problem:
    """Cut out a part: who competes, due what the plan gives them, and who may come to them."""
    asked = problem.household(household)
    planned = dict.fromkeys((h.id for h in problem.households), 0)
    for x in visits:
        planned[x.household] += 1
    unit = routing_unit(problem, asked)
    members = tuple(
        h if h.id == household else replace(h, visits_due=planned[h.id])
        for h in problem.households
        if h.id == household
        or (
            planned[h.id] > 0
            and (
                part == "district"
                or (part == "unit" and routing_unit(problem, h) == unit)
                or (part == "village" and h.village == asked.village)
            )
        )
    )
    mine = {h.id for h in members}
    villages = {h.village for h in members}
    comes = {c.id for h in members for c in _visitors(problem, h.id)}
    if not comes:
        comes = set(_strangers(problem, asked))
    return replace(
        problem,
        households=members,
        villages=tuple(v for v in problem.villages if v.id in villages),
        cadres=tuple(c for c in problem.cadres if c.id in comes),
        locked=tuple(x for x in problem.locked if x.household in mine),
    )


def _visitors(problem: Problem, household: str) -> Iterator[Any]:
    h = problem.household(household)
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


def _rules(problem: Problem, household: str) -> tuple[Rule, ...]:
    return rules_of(problem, {household}, alone=len(problem.households) == 1)


def _conflict(problem: Problem, household: str, part: Part, ends: float) -> Conflict | None:
    rules = _rules(problem, household)
    keys = [h.id for h in problem.households]
    model = RuleModel(problem, keys, rules=rules, effort=EFFORT)
    if model.possible((), _left(ends), effort=PROOF_EFFORT).verdict != "impossible":
        return None
    found = _Filter(model, rules, model.core(_left(ends)) or rules, ends)
    found.run()
    return Conflict(
        household=household,
        part=part,
        rules=tuple(r for r in rules if r in found.kept),
        problem=problem,
        witnesses={r: found.witnesses[r] for r in rules if r in found.witnesses},
    )


class _Filter:
    """Drops what is not to blame: first whole kinds of rules, then halves of them, then single."""

    def __init__(
        self, model: RuleModel, rules: tuple[Rule, ...], core: tuple[Rule, ...], ends: float
    ) -> None:
        self._model = model
        self._rules = rules
        self._ends = ends
        self.kept = set(core)
        self.witnesses: dict[Rule, Visits] = {}

    def run(self) -> None:
        """Keep a set of which nothing more can be dropped, as far as the time goes."""
        seldom = sorted(r for r in self.kept if r.kind in SELDOM)
        if len(seldom) > 1:
            left = _left(self._ends)
            self._is_needed(seldom, patience_s=SELDOM_SHARE * left, effort=PROOF_EFFORT)
        for kind in FIRST_DROPPED:
            group = sorted(r for r in self.kept if r.kind == kind)
            # Alone the household has its visits: the others are needed as a whole.
            if group and kind != "visits-kept" and time.monotonic() < self._ends:
                self._is_needed(group)
        for kind in FIRST_DROPPED:
            group = sorted(r for r in self.kept if r.kind == kind)
            if kind == "visits-kept":
                self._shrink(group)
            elif len(group) > 1:
                half = len(group) // 2
                self._shrink(group[:half])
                self._shrink(group[half:])

    def _shrink(self, group: list[Rule]) -> None:
        if not group or time.monotonic() >= self._ends:
            return
        if self._is_needed(group) and len(group) > 1:
            half = len(group) // 2
            self._shrink(group[:half])
            self._shrink(group[half:])

    def _is_needed(
        self, group: list[Rule], *, patience_s: float = PATIENCE_S, effort: float = EFFORT
    ) -> bool:
        """Whether the others can, or may, all hold without these; if not, these are dropped."""
        kept = self.kept.difference(group)
        dropped = [r for r in self._rules if r not in kept]
        seconds = min(patience_s, _left(self._ends))
        answer = self._model.possible(dropped, seconds, effort=effort)
        if answer.verdict == "impossible":
            self.kept = kept
            return False
        if answer.verdict == "possible" and len(group) == 1:
            self.witnesses[group[0]] = answer.visits
        return True


def _left(ends: float) -> float:
    return max(0.01, ends - time.monotonic())
