"""
What single change would make room for a missing visit: the smallest of each kind, verified.

A conflict can only be solved by a change of one of its rules, so those are tried; where nothing
was proven, every rule of the household, its village and its cadres is. Each change is carried
out and the visits are placed in the plan: in a free gap, else by moving visits of the
village, while all others stay. The judge has the last word. Numbers are found by halving:
what works with a small change works with a larger one.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from scheduler.cadre import Cadre
from scheduler.calendar import Minutes
from scheduler.engine import Visits
from scheduler.explaining import changes
from scheduler.explaining.asking import Answer
from scheduler.explaining.changes import CHANGES, Change
from scheduler.explaining.conflicts import Conflict
from scheduler.explaining.part import part_of
from scheduler.explaining.placing import Placing
from scheduler.explaining.rules import Kind, Rule, rules_of
from scheduler.problem import Problem

LEAST_S = 0.3
"""Wall-clock seconds that every rule has to find a change of it."""

STEP_MIN = 30
MOST_WIDER_MIN = 12 * 60
LONGER_MIN = (60.0, 120.0, 240.0, 480.0)
MOST_MORE = 4
NEAREST = 5
USUAL_SHIFT: Minutes = (510.0, 1050.0)

MADE_FROM: tuple[Kind, ...] = (
    "village-gap",
    "village-teams",
    "village-week",
    "district",
    "window",
    "household-gap",
    "dates",
    "pairing",
    "blackout",
    "capacity",
    "locked",
    "shift",
)
"""Rules that have a change, the most likely and quickest to try first."""


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
    search = _Search(problem, visits, household, conflict, time.monotonic() + time_limit_s)
    found = [x for change in search.changes() if (x := search.verified(change)) is not None]
    found.sort(key=lambda x: (x.change.size, x.moved, CHANGES.index(x.change.kind)))
    smallest = {x.change.of: x for x in reversed(found)}
    return tuple(x for x in found if smallest[x.change.of] is x)[:most]


class _Search:
    """Tries changes for one household of one plan."""

    def __init__(
        self,
        problem: Problem,
        visits: Visits,
        household: str,
        conflict: Conflict | None,
        ends: float,
    ) -> None:
        self._problem = problem
        self._visits = visits
        self._h = problem.household(household)
        self._conflict = conflict
        self._ends = ends
        self._rule_ends = ends
        self._had = sum(x.household == household for x in visits)
        part = conflict.part if conflict and conflict.part != "household" else "village"
        self._near = part_of(problem, visits, household, part)
        self._placing = Placing(visits, household, {h.id for h in self._near.households}, ends)

    def changes(self) -> Iterator[Change]:
        """The smallest change of each rule that works: first without moving anybody, then with."""
        rules = self._rules()
        yield self._fewer_visits()
        for rule in rules:
            yield from self._of_rule(rule, ())
        self._placing.may_move = True
        yield from self._moving(rules)
        if self._conflict is None or any(
            r.kind in ("shift", "capacity", "unit", "travel") for r in self._conflict.rules
        ):
            self._rule_ends = self._ends + LEAST_S
            yield from self._other_units()

    def _moving(self, rules: Sequence[Rule]) -> Iterator[Change]:
        model = self._placing.model(self._problem, rules)
        for n, rule in enumerate(rules):
            left = self._ends - time.monotonic()
            if left <= 0:
                break
            self._rule_ends = time.monotonic() + max(LEAST_S, left / (len(rules) - n))
            # What is impossible without the whole rule is so with any change of it.
            answer = (
                model.possible((rule,), self._placing.patience()) if model else Answer("unknown")
            )
            if answer.verdict != "impossible":
                yield from self._of_rule(rule, answer.visits)

    def _rules(self) -> Sequence[Rule]:
        """Rules that a change could help: of the household, a village, a cadre; likely first."""
        blamed = self._conflict.rules if self._conflict else rules_of(self._near, {self._h.id})
        mine = [r for r in blamed if r.kind in MADE_FROM and r.of in self._concerned(r.kind)]
        return sorted(mine, key=lambda r: MADE_FROM.index(r.kind))

    def _concerned(self, kind: Kind) -> set[str]:
        if kind in ("window", "household-gap", "dates", "pairing"):
            return {self._h.id}
        if kind == "locked":
            return {x.household for x in self._problem.locked}
        if kind in ("shift", "capacity"):
            return {c.id for c in self._near.cadres}
        return {v.id for v in self._near.villages} | {""}

    def _of_rule(self, rule: Rule, hope: Visits) -> Iterator[Change]:
        h, p = self._h, self._problem
        made: Iterator[Change | None] = iter(())
        match rule.kind:
            case "window":
                made = self._windows()
            case "household-gap":
                made = iter([self._gap(h.gap_days, 1, changes.shorter_household_gap, h)])
            case "dates":
                made = self._dates()
            case "pairing":
                made = self._cadres()
            case "locked":
                made = iter([changes.unlock(rule.of, rule.day)] if rule.day else [])
            case "shift":
                made = self._shifts(p.cadre(rule.of), self._new_days(rule.of, hope))
            case "capacity":
                c = p.cadre(rule.of)
                made = iter([self._ladder(lambda n: changes.more_stops(c, n))])
            case "blackout":
                made = self._blackouts()
            case "village-gap":
                v = p.village(rule.of)
                made = iter([self._gap(v.min_gap_days, 0, changes.shorter_village_gap, v)])
            case "village-teams":
                v = p.village(rule.of)
                made = iter([self._ladder(lambda n: changes.more_teams(v, n))])
            case "village-week":
                v = p.village(rule.of)
                made = iter([self._ladder(lambda n: changes.more_visits_a_week(v, n))])
            case "district":
                cap = p.district_max_teams_per_day or 0
                made = iter([self._ladder(lambda n: changes.more_district_teams(cap, n))])
            case _:
                pass
        yield from (change for change in made if change is not None)

    def _windows(self) -> Iterator[Change | None]:
        steps = [STEP_MIN * n for n in range(1, MOST_WIDER_MIN // STEP_MIN + 1)]
        for later in (True, False):

            def widened(minutes: int, later: bool = later) -> Change:
                return changes.wider_window(self._h, minutes, later=later)

            yield self._least([widened(n) for n in steps])

    def _gap(
        self, gap: int, least: int, change: Callable[[Any, int], Change], noun: object
    ) -> Change | None:
        return self._least([change(noun, g) for g in range(gap - 1, least - 1, -1)])

    def _dates(self) -> Iterator[Change | None]:
        h, days = self._h, self._problem.days
        first, last = h.not_before or days[0], h.not_after or days[-1]
        if h.not_after:
            later = [d for d in days if d > last]
            yield self._least([changes.wider_dates(h, first, d, (d - last).days) for d in later])
        if h.not_before:
            earlier = [d for d in reversed(days) if d < first]
            yield self._least([changes.wider_dates(h, d, last, (first - d).days) for d in earlier])

    def _cadres(self) -> Iterator[Change | None]:
        unit = self._problem.village(self._h.village).unit
        others = [c for c in self._problem.cadres_of_unit(unit) if c.id != self._h.cadre]
        yield from self._some(
            [changes.other_cadre(self._h, c, unit) for c in self._nearest(others)]
        )

    def _other_units(self) -> Iterator[Change]:
        unit = self._problem.village(self._h.village).unit
        if any(x.household == self._h.id for x in self._problem.locked):
            return
        others = [c for c in self._problem.cadres if c.unit != unit and c.id != self._h.cadre]
        yield from self._some(
            [changes.other_cadre(self._h, c, unit) for c in self._nearest(others)]
        )

    def _nearest(self, cadres: Sequence[Cadre]) -> list[Cadre]:
        if not cadres:
            return []
        home = [(self._h.node, self._h.point)]
        way = self._problem.travel.block([(c.node, c.base) for c in cadres], home)[:, 0]
        return [cadres[i] for i in way.argsort(kind="stable")[:NEAREST]]

    def _shifts(self, c: Cadre, used: Collection[date]) -> Iterator[Change | None]:
        """One more day, at the usual hours; and longer hours on a day there is."""
        usual = Counter(c.shifts.values()).most_common(1)
        hours = usual[0][0] if usual else USUAL_SHIFT
        days = sorted(
            {d for d in self._problem.days if d in used} | set(_spread(self._problem.days))
        )
        days.sort(key=lambda d: d not in used)
        yield from self._some(changes.shift_on(c, d, hours) for d in days if d not in c.shifts)
        for more in LONGER_MIN:
            working = [
                changes.shift_on(c, d, hours)
                for d in sorted(used)
                if d in c.shifts
                for hours in _longer(c.shifts[d], more)
            ]
            longer = next(self._some(working), None)
            if longer is not None:
                yield longer
                return

    def _new_days(self, cadre: str, visits: Visits) -> set[date]:
        """Days on which a cadre would make a visit that the plan does not have."""
        stood = {(x.household, x.date) for x in self._visits if x.cadre == cadre}
        mine = [x for x in visits if x.cadre == cadre]
        return {x.date for x in mine if (x.household, x.date) not in stood}

    def _blackouts(self) -> Iterator[Change | None]:
        v = self._problem.village(self._h.village)
        closed = [d for d in self._problem.days if d in v.blackout_days]
        yield from self._some(changes.lift_blackout(v, d) for d in _spread(closed))

    def _fewer_visits(self) -> Change:
        most = self._h.visits_due - 1
        had = self._had
        ladder = [changes.fewer_visits(self._h, n) for n in range(most, had, -1)]
        return self._least(ladder) or changes.fewer_visits(self._h, had)

    def _ladder(self, change: Callable[[int], Change]) -> Change | None:
        return self._least([change(n) for n in range(1, MOST_MORE + 1)])

    def _least(self, ladder: Sequence[Change]) -> Change | None:
        """The smallest change that works, of a ladder on which larger ones work, too."""
        if not ladder or not self._works(ladder[-1]):
            return None
        low, high = 0, len(ladder) - 1
        while low < high:
            middle = (low + high) // 2
            if self._works(ladder[middle]):
                high = middle
            else:
                low = middle + 1
        return ladder[high]

    def _some(self, options: Iterable[Change]) -> Iterator[Change]:
        """The first of several changes that works."""
        for change in options:
            if time.monotonic() >= self._rule_ends:
                return
            if self._works(change):
                yield change
                return

    def _works(self, change: Change) -> bool:
        return self._placing.placed(change.apply(self._problem)) is not None

    def verified(self, change: Change) -> Relaxation | None:
        """Carry a change out, place the visits, and let the judge look at the plan."""
        changed = change.apply(self._problem)
        visits = self._placing.judged(changed, self._placing.placed(changed))
        if visits is None:
            return None
        stood = {(x.household, x.cadre, x.date) for x in self._visits}
        moved = sum(
            (x.household, x.cadre, x.date) not in stood for x in visits if x.household != self._h.id
        )
        return Relaxation(change=change, moved=moved, visits=visits)


def _longer(shift: Minutes, minutes: float) -> tuple[Minutes, Minutes]:
    """Begin earlier, or end later."""
    begin, end = shift
    return (max(0.0, begin - minutes), end), (begin, min(1440.0, end + minutes))


def _spread(days: Sequence[date], most: int = 6) -> list[date]:
    """So many of some days at most, evenly chosen."""
    step = -(-len(days) // most) if days else 1
    return list(days[::step])
