"""
Which rules together forbid the visits that are missing: a smallest set of them.

The question is asked of the smallest part that proves it: the household alone, then its
village, its unit, the district; everybody else keeps the visits that the plan gives them.
OR-Tools proves that its rules cannot all hold, and names some of them (sufficient assumptions);
then what is not needed is left out (``deletion``). Whatever rules remain forbid the visits, and
without any one of them they do not.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scheduler.engine import Visits
from scheduler.explaining.asking import Asking
from scheduler.explaining.choices import TooManyChoices
from scheduler.explaining.deletion import Deletion
from scheduler.explaining.part import PARTS, Part, part_of
from scheduler.explaining.rule_model import RuleModel
from scheduler.explaining.rules import Kind, Rule, rules_of, without
from scheduler.explaining.witnesses import Witnesses
from scheduler.problem import Problem
from scheduler.sentences import counted

PROOF_EFFORT = 5.0
"""Deterministic seconds in which it is proven that all rules together cannot hold."""

EFFORT = 1.0
"""Deterministic seconds in which one rule is judged."""


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
        """The rules that leave no room, grouped as they are told."""
        groups: dict[Kind, list[Rule]] = {}
        for rule in self.forbidding:
            groups.setdefault(rule.kind, []).append(rule)
        return groups

    def relaxed(self, rule: Rule | None = None) -> Problem:
        """Return the part under these rules only, and without one of them."""
        kept = set(self.rules) - {rule}
        return without(
            self.problem, [r for r in _rules(self.problem, self.household) if r not in kept]
        )

    @property
    def due(self) -> int:
        """Visits due to the household."""
        return self.problem.household(self.household).visits_due

    @property
    def forbidding(self) -> tuple[Rule, ...]:
        """The rules that leave no room: all but the one that asks for the visits."""
        return tuple(r for r in self.rules if (r.kind, r.of) != ("visits-due", self.household))

    @property
    def summary(self) -> str:
        """What the rules do together, in English; their own sentences follow."""
        rules = len(self.forbidding)
        due = f"Household {self.household} is due {counted(self.due, 'visit')}, "
        room = "it" if self.due == 1 else f"all {self.due}"
        if not rules:
            return f"{due}and no plan of these days can hold {room}, whatever rules are dropped."
        if rules == 1:
            return f"{due}and one rule by itself leaves no room for {room}:"
        end = "whether each of them is needed was not found in time"
        if self.is_minimal:
            end = "without any one of them the rest leaves room"
        return f"{due}and these {rules} rules together leave no room for {room}; {end}:"

    @property
    def sentence(self) -> str:
        """The conflict in English, with every rule."""
        return " ".join([self.summary, *(rule.sentence for rule in self.forbidding)])

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
            found = _conflict(asked, visits, household, part, ends)
        except TooManyChoices:
            return None
        if found is not None:
            return found
    return None


def _rules(problem: Problem, household: str) -> tuple[Rule, ...]:
    return rules_of(problem, {household}, alone=len(problem.households) == 1)


def _conflict(
    problem: Problem, visits: Visits, household: str, part: Part, ends: float
) -> Conflict | None:
    rules = _rules(problem, household)
    members = [h.id for h in problem.households]
    planned = [x for x in visits if problem.has_household(x.household)]
    asking = Asking(RuleModel(problem, members, rules=rules), like=planned, effort=EFFORT)
    witnesses = Witnesses(problem, planned)
    if witnesses.keeping(()) is not None:
        return None
    if asking.possible((), _left(ends), effort=PROOF_EFFORT).verdict != "impossible":
        return None
    core = asking.core(_left(ends)) or rules
    deletion = Deletion(problem, rules, core, asking, witnesses, ends)
    shown = deletion.run()
    return Conflict(
        household=household,
        part=part,
        rules=tuple(r for r in rules if r in deletion.kept),
        problem=problem,
        witnesses={r: shown[r] for r in rules if r in shown},
    )


def _left(ends: float) -> float:
    return max(0.01, ends - time.monotonic())
