"""
What villages and the district ask of a model of rules: teams, gaps, weeks.

Beside the rules stand sums that follow from them: how many visits a session holds, how many
sessions a village can take, how many the visits of one household need. They forbid nothing new,
but they let a proof count where it would try.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate

from ortools.sat.python import cp_model

from scheduler.cadre import Cadre
from scheduler.calendar import iso_week
from scheduler.explaining.choices import Visit
from scheduler.explaining.counting import most_apart
from scheduler.explaining.rules import Kind
from scheduler.explaining.switches import Switches
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem

Session = tuple[str, str, date]
"""Village, cadre, day."""


class VillageRules:
    """
    The rules of all villages of a problem, and of the district.

    Parameters
    ----------
    model
        To which the rules are added.
    problem
        What is asked.
    switches
        Of the rules that may be dropped.
    x
        Possible visits.
    standing
        Visits of other households, which count.
    least
        Minutes that a stop takes at least, by household; none where the way can be dropped.
    comes
        Whether a cadre visits a household, by both.
    """

    def __init__(
        self,
        model: cp_model.CpModel,
        problem: Problem,
        switches: Switches,
        *,
        x: Mapping[Visit, cp_model.IntVar],
        standing: Sequence[PlannedVisit],
        least: Mapping[str, float],
        comes: Mapping[tuple[str, str], cp_model.IntVar],
    ) -> None:
        self._problem = problem
        self._model = model
        self._of = switches.of
        self._x = x
        self._standing = standing
        self._least = least
        self._comes = comes
        self._session: dict[Session, cp_model.IntVar] = {}

    def add(self) -> None:
        """Add them all; visits that stand count."""
        self._sessions()
        self._teams()
        self._weeks()
        if not self._standing:
            self._counts()

    def _sessions(self) -> None:
        """Whoever visits a household holds a session, and a session holds only so much."""
        here: dict[Session, list[tuple[str, cp_model.IntVar]]] = defaultdict(list)
        for (h_id, c_id, day), x in self._x.items():
            here[self._problem.household(h_id).village, c_id, day].append((h_id, x))
        for (v_id, c_id, day), some in here.items():
            self._session[v_id, c_id, day] = session = self._model.new_bool_var("")
            implied(self._model, [x for _, x in some], session)
            c, visits = self._problem.cadre(c_id), sum(x for _, x in some)
            if c.max_visits_per_day < len(some):
                most = c.max_visits_per_day * session
                self._model.add(visits <= most).only_enforce_if(self._of("capacity", c_id))
            fits = self._most_stops(c, day, [h for h, _ in some])
            if fits < min(len(some), c.max_visits_per_day):
                shift = self._of("shift", c_id)
                self._model.add(visits <= fits * session).only_enforce_if(shift)

    def _most_stops(self, c: Cadre, day: date, stops: Iterable[str]) -> int:
        """Most stops for which the shift has the minutes; all where the way can be dropped."""
        minutes = sorted(self._least.get(h, 0.0) for h in stops)
        if day not in c.shifts:
            return len(minutes)
        start, end = c.shifts[day]
        return sum(spent <= end - start + 1.0 for spent in accumulate(minutes))

    def _teams(self) -> None:
        """Teams a day in a village, its gap, and the district's teams."""
        m, p = self._model, self._problem
        stands: dict[tuple[str, date], set[str]] = defaultdict(set)
        stands_all: dict[date, set[tuple[str, str]]] = defaultdict(set)
        for y in self._standing:
            v_id = p.household(y.household).village
            stands[v_id, y.date].add(y.cadre)
            stands_all[y.date].add((v_id, y.cadre))
        teams: dict[tuple[str, date], list[cp_model.IntVar]] = defaultdict(list)
        extra: dict[date, list[cp_model.IntVar]] = defaultdict(list)
        for (v_id, c_id, day), session in self._session.items():
            if c_id not in stands[v_id, day]:
                teams[v_id, day].append(session)
                extra[day].append(session)
        opened: dict[str, dict[date, cp_model.IntVar]] = defaultdict(dict)
        for (v_id, day), sessions in teams.items():
            cap, switch = p.village(v_id).max_teams_per_day, self._of("village-teams", v_id)
            opened[v_id][day] = one = m.new_bool_var("")
            implied(m, sessions, one)
            room = cap - len(stands[v_id, day])
            m.add(sum(sessions) <= room).only_enforce_if(switch)
            m.add(sum(sessions) <= cap * one).only_enforce_if(switch)
        for v_id, days in opened.items():
            fixed = {day for (at, day), who in stands.items() if at == v_id and who}
            for near in spans({*days, *fixed}, p.village(v_id).min_gap_days):
                room = 1 - len(fixed & set(near))
                new = sum(days[d] for d in near if d in days and d not in fixed)
                m.add(new <= room).only_enforce_if(self._of("village-gap", v_id))
        all_teams = p.district_max_teams_per_day
        if all_teams is not None:
            for day, sessions in extra.items():
                room = all_teams - len(stands_all[day])
                m.add(sum(sessions) <= room).only_enforce_if(self._of("district", ""))

    def _weeks(self) -> None:
        """Visits a week in a village."""
        p = self._problem
        weeks: dict[tuple[str, tuple[int, int]], list[cp_model.IntVar]] = defaultdict(list)
        for (h_id, _, day), x in self._x.items():
            weeks[p.household(h_id).village, iso_week(day)].append(x)
        stands: dict[tuple[str, tuple[int, int]], int] = defaultdict(int)
        for y in self._standing:
            stands[p.household(y.household).village, iso_week(y.date)] += 1
        for (v_id, week), visits in weeks.items():
            room = p.village(v_id).max_visits_per_week - stands[v_id, week]
            switch = self._of("village-week", v_id)
            self._model.add(sum(visits) <= room).only_enforce_if(switch)

    def _counts(self) -> None:
        """Sessions that a village can take, and those that its visits need."""
        by: dict[tuple[str, str], list[cp_model.IntVar]] = defaultdict(list)
        days: dict[str, set[date]] = defaultdict(set)
        visits: dict[str, list[cp_model.IntVar]] = defaultdict(list)
        for (v_id, c_id, day), session in self._session.items():
            by[v_id, c_id].append(session)
            days[v_id].add(day)
        for (h_id, _, _), x in self._x.items():
            visits[self._problem.household(h_id).village].append(x)
        count: dict[str, dict[str, cp_model.IntVar]] = defaultdict(dict)
        for (v_id, c_id), sessions in by.items():
            count[v_id][c_id] = n = self._model.new_int_var(0, len(sessions), "")
            self._model.add(sum(sessions) == n)
        for (h_id, c_id), comes in self._comes.items():
            h = self._problem.household(h_id)
            due = [*self._of("visits-due", h_id), *self._of("visits-kept", h_id)]
            needed = count[h.village][c_id] >= h.visits_due * comes
            self._model.add(needed).only_enforce_if(due)
        for v_id, some in days.items():
            self._takes(v_id, count[v_id], some)
            self._holds(count[v_id], visits[v_id])

    def _takes(
        self, village: str, count: Mapping[str, cp_model.IntVar], days: Collection[date]
    ) -> None:
        """Teams times the most days that are the gap apart: of all, of those open, on duty."""
        v = self._problem.village(village)
        open_days = [d for d in days if d not in v.blackout_days]
        duty = {d for c in count for d in self._problem.cadre(c).shifts}
        on_duty = [d for d in open_days if d in duty]
        base: list[tuple[Kind, str]] = [("village-gap", v.id), ("village-teams", v.id)]
        quiet: list[tuple[Kind, str]] = [*base, ("blackout", v.id)]
        away: list[tuple[Kind, str]] = [*quiet, *(("shift", c) for c in count)]
        for some, names in ((days, base), (open_days, quiet), (on_duty, away)):
            most = v.max_teams_per_day * most_apart(some, v.min_gap_days)
            switches = [s for kind, of in names for s in self._of(kind, of)]
            self._model.add(sum(count.values()) <= most).only_enforce_if(switches)

    def _holds(
        self,
        count: Mapping[str, cp_model.IntVar],
        visits: Sequence[cp_model.IntVar],
    ) -> None:
        """As many visits as the sessions hold, by the stops a day that cadres make."""
        most = max(self._problem.cadre(c).max_visits_per_day for c in count)
        if most < len(visits):
            switches = [s for c in count for s in self._of("capacity", c)]
            held = most * sum(count.values())
            self._model.add(sum(visits) <= held).only_enforce_if(switches)


def implied(model: cp_model.CpModel, some: Iterable[cp_model.IntVar], one: cp_model.IntVar) -> None:
    """Whoever comes needs the session, the open day, or the one cadre."""
    for x in some:
        model.add_implication(x, one)


def spans(days: Iterable[date], gap: int) -> list[list[date]]:
    """Runs of days of which no two are the gap apart; only the longest, two days or more."""
    order = sorted(days)
    found: list[list[date]] = []
    for n, first in enumerate(order):
        span = [d for d in order[n:] if (d - first).days < gap]
        if len(span) > 1 and not (found and found[-1][-1] == span[-1]):
            found.append(span)
    return found
