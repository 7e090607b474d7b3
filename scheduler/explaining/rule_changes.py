"""
What a rule could give: for each rule the least change of it that works.

Numbers are found by halving, for what works with a small change works with a larger one; of
days and cadres a few are tried, the likeliest first. Whether a change works is asked of whoever
places visits.
"""

import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from scheduler.cadre import Cadre
from scheduler.calendar import Minutes
from scheduler.engine import Visits
from scheduler.explaining import changes
from scheduler.explaining.changes import Change
from scheduler.explaining.rules import Kind, Rule
from scheduler.household import Household
from scheduler.problem import Problem

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


class RuleChanges:
    """
    Changes of single rules that work in one plan.

    Parameters
    ----------
    problem
        What was asked.
    visits
        A valid plan.
    works
        Whether the visits that are wanted can be placed after a change.
    ends
        When to stop, seconds of ``time.monotonic``; only lists of days and cadres are cut short.
    """

    def __init__(
        self, problem: Problem, visits: Visits, works: Callable[[Change], bool], ends: float
    ) -> None:
        self._problem = problem
        self._visits = visits
        self._works = works
        self.ends = ends

    def of(self, rule: Rule, hope: Visits = ()) -> Iterator[Change]:
        """
        Give the least changes of a rule that work.

        Parameters
        ----------
        rule
            One of a kind in ``MADE_FROM``; others have no change.
        hope
            A plan in which the rule does not hold, if one is known: it tells which days help.
        """
        p = self._problem
        made: Iterator[Change | None] = iter(())
        match rule.kind:
            case "window":
                made = self._windows(p.household(rule.of))
            case "household-gap":
                h = p.household(rule.of)
                made = iter([self._gap(h.gap_days, 1, changes.shorter_household_gap, h)])
            case "dates":
                made = self._dates(p.household(rule.of))
            case "pairing":
                made = self._cadres(p.household(rule.of))
            case "locked":
                made = iter([changes.unlock(rule.of, rule.day)] if rule.day else [])
            case "shift":
                made = self._shifts(p.cadre(rule.of), self._new_days(rule.of, hope))
            case "capacity":
                c = p.cadre(rule.of)
                made = iter([self._ladder(lambda n: changes.more_stops(c, n))])
            case "blackout":
                made = self._blackouts(rule.of)
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

    def other_units(self, h: Household) -> Iterator[Change]:
        """Give the nearest cadre of another unit who could come, if no visit is locked."""
        unit = self._problem.village(h.village).unit
        if any(x.household == h.id for x in self._problem.locked):
            return
        others = [c for c in self._problem.cadres if c.unit != unit and c.id != h.cadre]
        yield from self._some([changes.other_cadre(h, c, unit) for c in self._nearest(h, others)])

    def fewer_visits(self, h: Household, had: int) -> Change:
        """Give the number of visits due that needs nothing else; ``had`` always does."""
        ladder = [changes.fewer_visits(h, n) for n in range(h.visits_due - 1, had, -1)]
        return self._least(ladder) or changes.fewer_visits(h, had)

    def _windows(self, h: Household) -> Iterator[Change | None]:
        steps = [STEP_MIN * n for n in range(1, MOST_WIDER_MIN // STEP_MIN + 1)]
        for later in (True, False):

            def widened(minutes: int, later: bool = later) -> Change:
                return changes.wider_window(h, minutes, later=later)

            yield self._least([widened(n) for n in steps])

    def _gap(
        self, gap: int, least: int, change: Callable[[Any, int], Change], noun: object
    ) -> Change | None:
        return self._least([change(noun, g) for g in range(gap - 1, least - 1, -1)])

    def _dates(self, h: Household) -> Iterator[Change | None]:
        days = self._problem.days
        first, last = h.not_before or days[0], h.not_after or days[-1]
        if h.not_after:
            later = [d for d in days if d > last]
            yield self._least([changes.wider_dates(h, first, d, (d - last).days) for d in later])
        if h.not_before:
            earlier = [d for d in reversed(days) if d < first]
            yield self._least([changes.wider_dates(h, d, last, (first - d).days) for d in earlier])

    def _cadres(self, h: Household) -> Iterator[Change | None]:
        unit = self._problem.village(h.village).unit
        others = [c for c in self._problem.cadres_of_unit(unit) if c.id != h.cadre]
        yield from self._some([changes.other_cadre(h, c, unit) for c in self._nearest(h, others)])

    def _nearest(self, h: Household, cadres: Sequence[Cadre]) -> list[Cadre]:
        if not cadres:
            return []
        home = [(h.node, h.point)]
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

    def _blackouts(self, village: str) -> Iterator[Change | None]:
        v = self._problem.village(village)
        closed = [d for d in self._problem.days if d in v.blackout_days]
        yield from self._some(changes.lift_blackout(v, d) for d in _spread(closed))

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
            if time.monotonic() >= self.ends:
                return
            if self._works(change):
                yield change
                return


def _longer(shift: Minutes, minutes: float) -> tuple[Minutes, Minutes]:
    """Begin earlier, or end later."""
    begin, end = shift
    return (max(0.0, begin - minutes), end), (begin, min(1440.0, end + minutes))


def _spread(days: Sequence[date], most: int = 6) -> list[date]:
    """So many of some days at most, evenly chosen."""
    step = -(-len(days) // most) if days else 1
    return list(days[::step])
