"""
Leave out of a set of rules that cannot all hold whatever is not needed for that.

A rule is needed when the others can hold without it, which a plan shows: a witness. It is not
when the others cannot hold anyway (deletion filter, Chinneck and Dravnieks 1991). Witnesses are
first looked for near plans that are known, and rules without one are tried together: they are
likely not needed at all. OR-Tools answers what that leaves open.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from scheduler.engine import Visits
from scheduler.explaining.asking import Answer, Asking
from scheduler.explaining.judged import is_complete
from scheduler.explaining.rule_model import RuleModel
from scheduler.explaining.rules import Kind, Rule, without
from scheduler.explaining.witnesses import Witnesses, completed
from scheduler.problem import Problem

PATIENCE_S = 0.5
"""Wall-clock seconds of one question; a rule that takes longer to drop stays."""

SELDOM: tuple[Kind, ...] = ("locked", "dates", "window", "last-visit", "capacity", "district")
"""Seldom to blame in a village or beyond: these are tried to be dropped all at once."""

SELDOM_SHARE = 0.4
"""Of the time that is left."""

SELDOM_EFFORT = 5.0
"""Deterministic seconds of that question."""

ROTATION_SHARE = 0.4
"""Of the time that is left, for witnesses in which one household makes room for another."""

ASKS: tuple[Kind, ...] = ("visits-due", "visits-kept")
"""Rules that ask for visits."""

OTHERS: tuple[Kind, ...] = ("visits-kept",)

OF_VISITS: tuple[Kind, ...] = ("window", "household-gap", "last-visit", "dates", "pairing")
"""Rules of a household that forbid nothing when it gets no visits."""

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


class Deletion:
    """
    Drops what is not needed: whole kinds of rules, then all without a witness, halves, single.

    Parameters
    ----------
    problem
        The part of a problem in which the rules collide.
    rules
        All its rules that can be dropped.
    core
        Rules of which it is proven that they cannot all hold.
    asking
        A model of the part.
    witnesses
        Plans of the part.
    ends
        When to stop, seconds of ``time.monotonic``.
    """

    def __init__(
        self,
        problem: Problem,
        rules: Sequence[Rule],
        core: Collection[Rule],
        asking: Asking,
        witnesses: Witnesses,
        ends: float,
    ) -> None:
        self._problem = problem
        self._rules = tuple(rules)
        self._asking = asking
        self._plans = witnesses
        self._ends = ends
        self._shown: dict[Rule, Visits] = {}
        self.kept = set(core)

    def run(self) -> Mapping[Rule, Visits]:
        """Keep as little as the time allows; returns by rule that is needed its witness."""
        seldom = self._of(SELDOM)
        if len(seldom) > 1:
            self._is_needed(seldom, SELDOM_SHARE * self._left(), effort=SELDOM_EFFORT)
        for others in self._others():
            self._is_needed(others, PATIENCE_S)
        self._asking = self._smaller()
        for kind in FIRST_DROPPED:
            # Alone the household has its visits: the others are needed as a whole.
            if kind != "visits-kept" and (group := self._of((kind,))):
                self._is_needed(group, PATIENCE_S)
        for kind in FIRST_DROPPED:
            self._settle(self._of((kind,)))
        while (doubtful := self._doubtful()) and not self._is_over():
            patience = max(PATIENCE_S, self._left() / len(doubtful))
            if not any(self._is_settled(rule, patience) for rule in doubtful):
                break
        return self._judged()

    def _of(self, kinds: Collection[Kind]) -> list[Rule]:
        return sorted(r for r in self.kept if r.kind in kinds)

    def _others(self) -> list[list[Rule]]:
        """Visits of others in groups, those that compete for least first; the last one stays."""
        by: dict[tuple[bool, bool], list[Rule]] = defaultdict(list)
        for rule in self._of(OTHERS):
            h = self._problem.household(rule.of)
            by[h.cadre is not None, h.visits_due > 1].append(rule)
        return [by[key] for key in sorted(by)][:-1]

    def _smaller(self) -> Asking:
        """A model of what is left: only households that are asked for, only rules that are kept."""
        problem = without(self._problem, self._dropped(()))
        members = [h.id for h in problem.households if h.visits_due > 0]
        kept = [r for r in self._rules if r in self.kept]
        return Asking(RuleModel(problem, members, rules=kept))

    def _doubtful(self) -> list[Rule]:
        return sorted(self.kept.difference(self._shown))

    def _settle(self, group: list[Rule]) -> None:
        """Show which are needed; of the others try to drop all together, then halves of them."""
        if len(group) > 1 and group[0].kind in ASKS:
            ends = time.monotonic() + ROTATION_SHARE * self._left()
            self._shown.update(self._plans.giving_way(self._dropped(()), group, ends))
        else:
            for rule in group:
                self._is_shown(rule)
        self._shrink([r for r in group if r not in self._shown])

    def _shrink(self, group: list[Rule]) -> None:
        if not group or self._is_over():
            return
        if self._is_needed(group, PATIENCE_S) and len(group) > 1:
            half = len(group) // 2
            self._shrink(group[:half])
            self._shrink(group[half:])

    def _is_settled(self, rule: Rule, patience_s: float) -> bool:
        """Whether it is known now if a rule is needed."""
        if self._is_over():
            return False
        self._is_needed([rule], patience_s)
        return rule in self._shown or rule not in self.kept

    def _is_shown(self, rule: Rule) -> bool:
        """Whether a plan is at hand that keeps all others."""
        if rule not in self._shown and not self._is_over():
            visits = self._plans.keeping(self._dropped([rule]))
            if visits is not None:
                self._shown[rule] = visits
        return rule in self._shown

    def _is_needed(
        self, group: Sequence[Rule], patience_s: float, *, effort: float | None = None
    ) -> bool:
        """Whether the others can, or may, all hold without these; if not, these are dropped."""
        if self._is_over():
            return True
        answer = self._answer(group, patience_s, effort)
        if answer.verdict == "impossible":
            gone = {rule.of for rule in group if rule.kind == "visits-kept"}
            self.kept.difference_update(group)
            # What is asked of nobody is not needed.
            self.kept = {r for r in self.kept if r.of not in gone or r.kind not in OF_VISITS}
            return False
        if answer.verdict == "possible":
            self._plans.learn(answer.visits)
            if len(group) == 1:
                self._shown[group[0]] = answer.visits
        return True

    def _answer(self, group: Sequence[Rule], patience_s: float, effort: float | None) -> Answer:
        dropped = self._dropped(group)
        visits = self._plans.keeping(dropped)
        if visits is not None:
            return Answer("possible", visits)
        return self._asking.possible(dropped, min(patience_s, self._left()), effort=effort)

    def _dropped(self, group: Collection[Rule]) -> list[Rule]:
        """All rules but those that are kept, and these."""
        return [r for r in self._rules if r not in self.kept or r in group]

    def _judged(self) -> Mapping[Rule, Visits]:
        """Witnesses of what is kept, without visits that nobody asks for, if the judge agrees."""
        judged: dict[Rule, Visits] = {}
        for rule in sorted(self.kept & self._shown.keys()):
            relaxed = without(self._problem, self._dropped([rule]))
            visits = completed(relaxed, self._shown[rule])
            if visits is None and not self._is_over():
                visits = self._asking.possible(self._dropped([rule]), PATIENCE_S).visits
            if visits is not None and is_complete(relaxed, visits):
                judged[rule] = visits
        return judged

    def _left(self) -> float:
        return max(0.01, self._ends - time.monotonic())

    def _is_over(self) -> bool:
        return time.monotonic() >= self._ends
