"""
Possible visits: household, cadre and day, with the rules that forbid each by itself.

A visit is possible if some set of dropped rules allows it. What a single rule, or a few about
the same hours, forbid is said here once and for all; what visits forbid each other is the
business of ``rule_model``.
"""

from collections.abc import Sequence
from datetime import date
from itertools import combinations

from ortools.sat.python import cp_model

from scheduler.cadre import Cadre
from scheduler.calendar import Minutes
from scheduler.explaining.rules import WHOLE_DAY, Kind
from scheduler.explaining.switches import Switches
from scheduler.household import Household
from scheduler.legs import LeastLegs
from scheduler.problem import Problem
from scheduler.travel import LineTravel

MOST_CHOICES = 40_000
"""Possible visits beyond which a model is not built."""

SLACK_MIN = 1e-6

Visit = tuple[str, str, date]
"""Household, cadre, day."""

Clauses = list[list[cp_model.IntVar]]
"""Of each some switch must be off; an empty one is a rule without a switch."""


class TooManyChoices(ValueError):
    """The part is too large for a model."""


class Choices:
    """
    A boolean for every possible visit of some households.

    Parameters
    ----------
    model
        To which the booleans and their clauses are added.
    problem
        The rules.
    free
        Households whose visits are chosen.
    switches
        Of the rules that may be dropped.
    legs
        Least minutes of any way, for proofs.

    Raises
    ------
    TooManyChoices
        If there are more possible visits than a model should have.
    """

    def __init__(
        self,
        model: cp_model.CpModel,
        problem: Problem,
        free: Sequence[Household],
        switches: Switches,
        legs: LeastLegs,
    ) -> None:
        self._model = model
        self._problem = problem
        self._switches = switches
        self._legs = legs
        self.locks = {(x.household, x.cadre, x.date) for x in problem.locked}
        self.x: dict[Visit, cp_model.IntVar] = {}
        self.is_sound = True
        """Whether what no choice allows is impossible; not so where a way may lead over others."""
        self._anybody = "unit" in switches.kinds
        self._any_day = {r.of for r in switches.rules if r.kind == "shift"}
        for h in free:
            self._of_household(h)
            if len(self.x) > MOST_CHOICES:  # at once: to list a whole district takes seconds
                raise TooManyChoices(len(self.x))

    def _of_household(self, h: Household) -> None:
        p, v = self._problem, self._problem.village(h.village)
        quiet = self._switches.of("blackout", v.id)
        for c in p.cadres if self._anybody else self._visitors(h):
            who = self._who(h, c)
            if not all(who):
                continue
            fits = {s: self._too_tight(h, c, s) for s in {*c.shifts.values(), WHOLE_DAY}}
            for day in p.days:
                key = (h.id, c.id, day)
                clauses = list(who)
                if day not in c.shifts:
                    if c.id not in self._any_day:
                        continue
                    clauses.append(self._switches.of("shift", c.id))
                if day in v.blackout_days:
                    clauses.append(quiet)
                clauses += self._dates(h, day)
                if key not in self.locks:
                    clauses += fits[c.shifts.get(day, WHOLE_DAY)]
                if all(clauses):
                    self.x[key] = x = self._model.new_bool_var("")
                    for clause in clauses:
                        self._model.add_bool_or([~x, *(~s for s in clause)])

    def _visitors(self, h: Household) -> list[Cadre]:
        p = self._problem
        if h.cadre is not None and not self._switches.named("pairing", h.id):
            return [p.cadre(h.cadre)]
        return p.cadres_of_unit(p.village(h.village).unit)

    def _who(self, h: Household, c: Cadre) -> Clauses:
        """Switches of the rules that keep a cadre from a household."""
        clauses: Clauses = []
        if h.cadre is not None and h.cadre != c.id:
            clauses.append(self._switches.of("pairing", h.id))
        if h.cadre != c.id and self._problem.village(h.village).unit != c.unit:
            clauses.append(self._switches.of("unit", h.village))
        return clauses

    def _dates(self, h: Household, day: date) -> Clauses:
        clauses: Clauses = []
        if (h.not_before and day < h.not_before) or (h.not_after and day > h.not_after):
            clauses.append(self._switches.of("dates", h.id))
        if h.last_visit:
            since = (day - h.last_visit).days
            last = self._switches.of("last-visit", h.id)
            if since < 1:
                clauses.append(last)
            elif since < h.gap_days:
                clauses.append([*last, *self._switches.of("household-gap", h.id)])
        return clauses

    def _too_tight(self, h: Household, c: Cadre, shift: Minutes) -> Clauses:
        """Least sets of rules under which a visit alone has no time."""
        out, back = self._ways(h, c)
        names: tuple[tuple[Kind, str], ...] = (
            ("window", h.id),
            ("shift", c.id),
            ("travel", h.id),
        )
        fixed = {name for name in names if not self._switches.named(*name)}
        found: list[set[tuple[Kind, str]]] = []
        for size in range(len(names) + 1):
            for some in combinations(names, size):
                holds = fixed | set(some)
                if any(smaller <= holds for smaller in found):
                    continue
                start, end = shift if names[1] in holds else WHOLE_DAY
                go, come = (out, back) if names[2] in holds else (0.0, 0.0)
                windows = h.windows if names[0] in holds else (WHOLE_DAY,)
                if not any(
                    max(start + go, a) + h.service_min <= min(end - come, b) + SLACK_MIN
                    for a, b in windows
                ):
                    found.append(set(some) - fixed)
        return [[s for name in some for s in self._switches.of(*name)] for some in found]

    def _ways(self, h: Household, c: Cadre) -> tuple[float, float]:
        """Least minutes from the base, and back to it."""
        p = self._problem
        if c.unit == (p.cadre(h.cadre).unit if h.cadre else p.village(h.village).unit):
            return self._legs.there_and_back(c, h)
        self.is_sound &= isinstance(p.travel, LineTravel)
        base, home = (c.node, c.base), (h.node, h.point)
        return p.travel.minutes(base, home), p.travel.minutes(home, base)
