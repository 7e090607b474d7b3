"""What the exact model decides: visits, routes of cadre-days, times, sessions of villages."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from ortools.sat.python import cp_model

from scheduler.household import Household
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem

TICKS = 10_000
"""Times are whole numbers of this many parts of a minute; the judge forgives ten ticks."""

Visit = tuple[str, str, date]
"""Household, cadre, day."""

Duty = tuple[str, date]
"""Cadre, day."""


@dataclass(slots=True)
class Variables:
    """
    The variables over the free households; everything else stands as it is.

    Parameters
    ----------
    problem
        What is asked.
    free
        Households whose visits are decided; all that their cadres visit are among them.
    standing
        Visits of the other households.
    """

    problem: Problem
    free: tuple[Household, ...]
    standing: tuple[PlannedVisit, ...]
    model: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    visit: dict[Visit, cp_model.IntVar] = field(default_factory=dict)
    start: dict[Visit, cp_model.IntVar] = field(default_factory=dict)
    comes: dict[tuple[str, str], cp_model.IntVar] = field(default_factory=dict)
    arc: dict[tuple[Duty, str, str], cp_model.IntVar] = field(default_factory=dict)
    session: dict[tuple[str, Duty], cp_model.IntVar] = field(default_factory=dict)
    opened: dict[tuple[str, date], cp_model.IntVar] = field(default_factory=dict)
    after: dict[tuple[str, date | None, date | None], cp_model.IntVar] = field(default_factory=dict)

    def on(self, duty: Duty) -> list[str]:
        """Free households that may be visited on a cadre's day."""
        return [h for h, c, d in self.visit if (c, d) == duty]

    def by_duty(self) -> dict[Duty, list[str]]:
        """Free households that may be visited, by cadre and day."""
        found: dict[Duty, list[str]] = defaultdict(list)
        for h, c, d in self.visit:
            found[c, d].append(h)
        return found


def make_variables(
    problem: Problem, free: Iterable[Household], standing: Iterable[PlannedVisit]
) -> Variables:
    """Make the variables of everything that calendar, unit, pairing, dates and time allow."""
    x = Variables(problem, tuple(free), tuple(standing))
    locked = {(y.household, y.cadre, y.date): y.start for y in problem.locked}
    holder = {y.household: y.cadre for y in problem.locked}
    for h in x.free:
        for c in problem.cadres:
            if problem.may_visit(c, h) and holder.get(h.id, c.id) == c.id:
                for day in problem.days:
                    key = (h.id, c.id, day)
                    domain = _starts(problem, key, locked.get(key))
                    if domain:
                        x.visit[key] = x.model.new_bool_var("")
                        x.start[key] = x.model.new_int_var_from_domain(
                            cp_model.Domain.from_intervals(domain), ""
                        )
    for h_id, c_id, day in x.visit:
        village = problem.household(h_id).village
        for table, name in (
            (x.comes, (h_id, c_id)),
            (x.session, (village, (c_id, day))),
            (x.opened, (village, day)),
        ):
            if name not in table:
                table[name] = x.model.new_bool_var("")  # type: ignore[index]
    return x


def _starts(problem: Problem, key: Visit, locked: float | None) -> list[list[int]]:
    """Spans of starts, ticks, that windows and shift allow; no span where none may be."""
    h, c, day = problem.household(key[0]), problem.cadre(key[1]), key[2]
    if locked is not None:
        return [[round(locked * TICKS)] * 2]
    if day not in c.shifts or day in problem.village(h.village).blackout_days:
        return []
    if (h.not_before and day < h.not_before) or (h.not_after and day > h.not_after):
        return []
    if h.last_visit and (day - h.last_visit).days < h.gap_days:
        return []
    begin, end = c.shifts[day]
    spans = [
        [round(max(a, begin) * TICKS), round((min(b, end) - h.service_min) * TICKS)]
        for a, b in sorted(h.windows)
    ]
    return [span for span in spans if span[0] <= span[1]]
