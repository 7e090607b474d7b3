"""
Can all of this be met? A model of some households in which every rule has a switch.

OR-Tools chooses cadres and days; each cadre's day is then ordered exactly, and a set of stops
that no order fits is forbidden, with the rules that forbid it, until all days work or nothing
is left (logic-based Benders decomposition, Hooker and Ottosson 2003). So "possible" comes with
visits, and "impossible" is a proof; whatever is in between is said to be unknown.
"""

import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from typing import Literal

from ortools.sat.python import cp_model

from scheduler.cadre import Cadre
from scheduler.calendar import Minutes, iso_week
from scheduler.engine import Visits
from scheduler.explaining.one_day import timed_day
from scheduler.explaining.rules import WHOLE_DAY, Kind, Rule, without
from scheduler.household import Household
from scheduler.legs import LeastLegs
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem
from scheduler.travel import LineTravel

MOST_CHOICES = 40_000
"""Possible visits beyond which a model is not built."""

MOST_STOPS = 9
"""A day with more new stops than this is not ordered; the answer is unknown then."""

MOST_PAIRED = 40
"""A cadre's day that more households could share gets no pairs that exclude each other."""

MOST_ROUNDS = 200
CORE_EFFORT = 0.1
"""Deterministic seconds for rules that cannot all hold; without them all rules are gone through."""

CORE_CHOICES = 1_500
"""Models with more possible visits than this are not asked for such rules: it takes too long."""


BLAMED: tuple[Kind, ...] = ("window", "travel", "locked")
"""Rules of a household that can make a day too tight."""

SLACK_MIN = 1e-6

Visit = tuple[str, str, date]
"""Household, cadre, day."""

Verdict = Literal["possible", "impossible", "unknown"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict; the visits when it is possible, all of them, those that stand included."""

    verdict: Verdict
    visits: Visits = ()


class TooManyChoices(ValueError):
    """The part is too large for a model."""


class RuleModel:
    """
    All visits due to some households, under rules that can be switched off.

    Parameters
    ----------
    problem
        The rules.
    free
        Households whose visits are chosen, as many as the problem says they are due.
    rules
        Rules with a switch, as ``rules_of`` lists them; every other rule always holds.
    standing
        Visits of all other households, which stay on their cadres' days.
    like
        Visits that an answer should keep where it can.
    effort
        Deterministic seconds of one question.

    Raises
    ------
    TooManyChoices
        If there are more possible visits than a model should have.
    """

    def __init__(
        self,
        problem: Problem,
        free: Iterable[str],
        *,
        rules: Sequence[Rule] = (),
        standing: Iterable[PlannedVisit] = (),
        like: Iterable[PlannedVisit] = (),
        effort: float = 1.0,
    ) -> None:
        self._problem = problem
        self._rules = tuple(rules)
        self._effort = effort
        self._free = [h for key in free if (h := problem.household(key)).visits_due > 0]
        self._standing = tuple(standing)
        self._days_standing: dict[tuple[str, date], list[PlannedVisit]] = defaultdict(list)
        for x in self._standing:
            self._days_standing[x.cadre, x.date].append(x)
        self._legs = LeastLegs(problem)
        self._straight = isinstance(problem.travel, LineTravel)
        self._sound = True
        self._model = cp_model.CpModel()
        self._switch = {rule: self._model.new_bool_var("") for rule in self._rules}
        self._named: dict[tuple[Kind, str], list[Rule]] = defaultdict(list)
        for rule in self._rules:
            self._named[rule.kind, rule.of].append(rule)
        self._modest = self._model.new_bool_var("")
        self._has_long_days = False
        self._locks = {(x.household, x.cadre, x.date): x for x in problem.locked}
        self._x: dict[Visit, cp_model.IntVar] = {}
        self._make_choices()
        self._households()
        self._villages()
        self._cadres()
        for x in like:
            chosen = self._x.get((x.household, x.cadre, x.date))
            if chosen is not None:
                self._model.add_hint(chosen, True)

    def possible(
        self, dropped: Collection[Rule], seconds: float, *, effort: float | None = None
    ) -> Answer:
        """
        Answer whether all visits can be made when some rules do not hold.

        Parameters
        ----------
        dropped
            Rules with a switch; the others hold.
        seconds
            Wall-clock limit.
        effort
            Deterministic seconds, if this question is worth another number than usual.
        """
        effort = effort or self._effort
        for rule, switch in self._switch.items():
            self._let(switch, int(rule not in dropped), int(rule not in dropped))
        # Days of more stops than can be ordered are looked at only if there is no other way.
        self._let(self._modest, 1, 1)
        answer = self._search(frozenset(dropped), seconds, effort)
        if answer.verdict != "impossible" or not self._has_long_days:
            return answer
        self._let(self._modest, 0, 0)
        return self._search(frozenset(dropped), seconds, effort)

    def core(self, seconds: float) -> tuple[Rule, ...] | None:
        """Return rules that cannot all hold, by sufficient assumptions; None if not soon proven."""
        if len(self._x) > CORE_CHOICES:
            return None
        self._let(self._modest, 0, 0)
        for switch in self._switch.values():
            self._let(switch, 0, 1)
        self._model.add_assumptions(list(self._switch.values()))
        solver = self._solver(seconds, CORE_EFFORT)
        status = solver.solve(self._model)
        self._model.clear_assumptions()
        if status != cp_model.INFEASIBLE:
            return None
        guilty = set(solver.sufficient_assumptions_for_infeasibility())
        return tuple(r for r, switch in self._switch.items() if switch.index in guilty)

    def _let(self, switch: cp_model.IntVar, least: int, most: int) -> None:
        domain = self._model.proto.variables[switch.index].domain
        domain.clear()
        domain.extend([least, most])

    @staticmethod
    def _solver(seconds: float, effort: float) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = effort
        solver.parameters.max_time_in_seconds = max(0.01, seconds)
        return solver

    def _search(self, dropped: frozenset[Rule], seconds: float, effort: float) -> Answer:
        """Solve, order every day, forbid what no order fits, and solve again."""
        problem = without(self._problem, dropped)
        ends = time.monotonic() + seconds
        for _ in range(MOST_ROUNDS):
            if effort <= 0 or time.monotonic() >= ends:
                break
            solver = self._solver(ends - time.monotonic(), effort)
            status = solver.solve(self._model)
            effort -= solver.deterministic_time
            if status == cp_model.INFEASIBLE:
                return Answer("impossible" if self._sound else "unknown")
            if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
                return Answer("unknown")
            routes: dict[tuple[str, date], list[str]] = defaultdict(list)
            for (h, c, day), chosen in self._x.items():
                if solver.boolean_value(chosen):
                    routes[c, day].append(h)
            if any(len(stops) > MOST_STOPS for stops in routes.values()):
                return Answer("unknown")
            visits = self._ordered(problem, dropped, routes)
            if visits is not None:
                return Answer("possible", visits)
        return Answer("unknown")

    def _ordered(
        self,
        problem: Problem,
        dropped: frozenset[Rule],
        routes: Mapping[tuple[str, date], list[str]],
    ) -> Visits | None:
        """Order every changed day; None when some set of stops was forbidden instead."""
        made: list[PlannedVisit] = []
        forbidden = False
        for (c, day), stops in routes.items():
            found = self._day(problem, problem.cadre(c), day, stops)
            if found is None:
                self._forbid(problem, dropped, c, day, stops)
                forbidden = True
            else:
                made += found
        if forbidden:
            return None
        return (*made, *(x for x in self._standing if (x.cadre, x.date) not in routes))

    def _day(
        self, problem: Problem, c: Cadre, day: date, stops: Sequence[str]
    ) -> list[PlannedVisit] | None:
        others = [x.household for x in self._days_standing.get((c.id, day), ())]
        return timed_day(problem, c, day, [problem.household(h) for h in (*others, *stops)])

    def _forbid(
        self, problem: Problem, dropped: frozenset[Rule], cadre: str, day: date, stops: list[str]
    ) -> None:
        """Forbid a smallest set of stops that does not fit, under the rules that are to blame."""
        c = problem.cadre(cadre)
        least = list(stops)
        for stop in stops:
            fewer = [h for h in least if h != stop]
            if fewer and self._day(problem, c, day, fewer) is None:
                least = fewer
        self._sound &= self._straight
        names: list[tuple[Kind, str]] = [("shift", cadre)]
        names += [(kind, h) for h in least for kind in BLAMED]
        blamed = [self._switch[r] for name in names for r in self._named[name] if r not in dropped]
        for other in self._alike(c, day, least):
            self._model.add_bool_or(
                [*(~self._x[h, cadre, other] for h in least), *(~s for s in blamed)]
            )

    def _alike(self, c: Cadre, day: date, stops: Sequence[str]) -> list[date]:
        """The day, and those on which the same stops would fit no better."""

        def plain(d: date) -> bool:
            return not self._days_standing.get((c.id, d)) and not any(
                (h, c.id, d) in self._locks for h in stops
            )

        if not plain(day):
            return [day]
        return [
            d
            for d in self._problem.days
            if c.shifts.get(d) == c.shifts.get(day)
            and plain(d)
            and all((h, c.id, d) in self._x for h in stops)
        ]

    def _switches(self, kind: Kind, of: str) -> list[cp_model.IntVar]:
        return [self._switch[rule] for rule in self._named[kind, of]]

    def _make_choices(self) -> None:
        """Visits that some set of dropped rules would allow, and what forbids each by itself."""
        p = self._problem
        any_unit = any(r.kind == "unit" for r in self._rules)
        free_shift = {r.of for r in self._rules if r.kind == "shift"}
        for h in self._free:
            v = p.village(h.village)
            blackout = self._switches("blackout", v.id)
            for c in p.cadres if any_unit else self._visitors(h):
                who = self._who(h, c)
                if who is None:
                    continue
                fits = {s: self._too_tight(h, c, s) for s in {*c.shifts.values(), WHOLE_DAY}}
                for day in p.days:
                    key = (h.id, c.id, day)
                    clauses = list(who)
                    if day not in c.shifts:
                        if c.id not in free_shift:
                            continue
                        clauses.append(self._switches("shift", c.id))
                    if day in v.blackout_days:
                        clauses.append(blackout)
                    clauses += self._dates(h, day)
                    if key not in self._locks:
                        clauses += fits[c.shifts.get(day, WHOLE_DAY)]
                    if all(clauses):  # an empty one is a rule without a switch
                        self._x[key] = x = self._model.new_bool_var("")
                        for clause in clauses:
                            self._model.add_bool_or([~x, *(~s for s in clause)])
        if len(self._x) > MOST_CHOICES:
            raise TooManyChoices(len(self._x))

    def _visitors(self, h: Household) -> list[Cadre]:
        p = self._problem
        if h.cadre is not None and not self._named["pairing", h.id]:
            return [p.cadre(h.cadre)]
        return p.cadres_of_unit(p.village(h.village).unit)

    def _who(self, h: Household, c: Cadre) -> list[list[cp_model.IntVar]] | None:
        """Switches of the rules that keep a cadre from a household; None if that is for good."""
        clauses: list[list[cp_model.IntVar]] = []
        if h.cadre is not None and h.cadre != c.id:
            clauses.append(self._switches("pairing", h.id))
        if h.cadre != c.id and self._problem.village(h.village).unit != c.unit:
            clauses.append(self._switches("unit", h.village))
        return clauses if all(clauses) else None

    def _dates(self, h: Household, day: date) -> list[list[cp_model.IntVar]]:
        clauses = []
        if (h.not_before and day < h.not_before) or (h.not_after and day > h.not_after):
            clauses.append(self._switches("dates", h.id))
        if h.last_visit:
            since = (day - h.last_visit).days
            last = self._switches("last-visit", h.id)
            if since < 1:
                clauses.append(last)
            elif since < h.gap_days:
                clauses.append([*last, *self._switches("household-gap", h.id)])
        return clauses

    def _too_tight(self, h: Household, c: Cadre, shift: Minutes) -> list[list[cp_model.IntVar]]:
        """Least sets of rules under which a visit alone has no time; a fixed rule has no switch."""
        p = self._problem
        if c.unit == (p.cadre(h.cadre).unit if h.cadre else p.village(h.village).unit):
            out, back = self._legs.there_and_back(c, h)
        else:
            self._sound &= self._straight
            out = p.travel.minutes((c.node, c.base), (h.node, h.point))
            back = p.travel.minutes((h.node, h.point), (c.node, c.base))
        names: tuple[tuple[Kind, str], ...] = (
            ("window", h.id),
            ("shift", c.id),
            ("travel", h.id),
        )
        fixed = {name for name in names if not self._named[name]}
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
        return [[s for name in some for s in self._switches(*name)] for some in found]

    def _households(self) -> None:
        """Visits due, one cadre, one visit a day, the gap, and locked visits."""
        m = self._model
        mine: dict[str, dict[date, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
        by: dict[tuple[str, str], list[cp_model.IntVar]] = defaultdict(list)
        for (h_id, c_id, day), x in self._x.items():
            mine[h_id][day].append(x)
            by[h_id, c_id].append(x)
        comes: dict[str, list[cp_model.IntVar]] = defaultdict(list)
        for (h_id, _), visits in by.items():
            one = m.new_bool_var("")
            comes[h_id].append(one)
            _implied(m, visits, one)
        for h in self._free:
            days = mine[h.id]
            every = [x for visits in days.values() for x in visits]
            due = [*self._switches("visits-due", h.id), *self._switches("visits-kept", h.id)]
            m.add(sum(every) >= h.visits_due).only_enforce_if(due)
            m.add(sum(every) <= h.visits_due)
            held = sum(key[0] == h.id for key in self._locks)
            for switch in due:  # who asks for nothing gets no more than is locked
                m.add(sum(every) <= held).only_enforce_if(~switch)
            m.add_at_most_one(comes[h.id])
            for visits in days.values():
                m.add_at_most_one(visits)
            if h.visits_due > 1:
                gap = self._switches("household-gap", h.id)
                for near in _spans(days, h.gap_days):
                    m.add(sum(x for d in near for x in days[d]) <= 1).only_enforce_if(gap)
        free = {h.id for h in self._free}
        for key in self._locks:
            if key[0] in free:
                lock = [self._switch[r] for r in self._named["locked", key[0]] if r.day == key[2]]
                if key in self._x:
                    m.add_bool_or([self._x[key], *(~s for s in lock)])
                else:
                    m.add_bool_or([~s for s in lock])

    def _villages(self) -> None:
        """Teams a day, gap, visits a week, and the district's teams; what stands counts."""
        m, p = self._model, self._problem
        here: dict[tuple[str, str, date], list[cp_model.IntVar]] = defaultdict(list)
        weeks: dict[tuple[str, tuple[int, int]], list[cp_model.IntVar]] = defaultdict(list)
        for (h_id, c_id, day), x in self._x.items():
            v_id = p.household(h_id).village
            here[v_id, c_id, day].append(x)
            weeks[v_id, iso_week(day)].append(x)
        stands: dict[tuple[str, date], set[str]] = defaultdict(set)
        stands_week: dict[tuple[str, tuple[int, int]], int] = defaultdict(int)
        stands_all: dict[date, set[tuple[str, str]]] = defaultdict(set)
        for y in self._standing:
            v_id = p.household(y.household).village
            stands[v_id, y.date].add(y.cadre)
            stands_week[v_id, iso_week(y.date)] += 1
            stands_all[y.date].add((v_id, y.cadre))
        teams: dict[tuple[str, date], list[cp_model.IntVar]] = defaultdict(list)
        extra: dict[date, list[cp_model.IntVar]] = defaultdict(list)
        for (v_id, c_id, day), visits in here.items():
            session = m.new_bool_var("")
            _implied(m, visits, session)
            if c_id not in stands[v_id, day]:
                teams[v_id, day].append(session)
                extra[day].append(session)
        opened: dict[str, dict[date, cp_model.IntVar]] = defaultdict(dict)
        for (v_id, day), sessions in teams.items():
            v = p.village(v_id)
            room = v.max_teams_per_day - len(stands[v_id, day])
            m.add(sum(sessions) <= room).only_enforce_if(self._switches("village-teams", v_id))
            opened[v_id][day] = m.new_bool_var("")
            _implied(m, sessions, opened[v_id][day])
        for v_id, days in opened.items():
            v, switch = p.village(v_id), self._switches("village-gap", v_id)
            fixed = {day for (at, day), who in stands.items() if at == v_id and who}
            for near in _spans({*days, *fixed}, v.min_gap_days):
                taken = fixed & set(near)
                m.add(
                    sum(days[d] for d in near if d in days and d not in fixed) + len(taken) <= 1
                ).only_enforce_if(switch)
        for (v_id, week), visits in weeks.items():
            room = p.village(v_id).max_visits_per_week - stands_week[v_id, week]
            m.add(sum(visits) <= room).only_enforce_if(self._switches("village-week", v_id))
        cap = p.district_max_teams_per_day
        if cap is not None:
            for day, sessions in extra.items():
                m.add(sum(sessions) <= cap - len(stands_all[day])).only_enforce_if(
                    self._switches("district", "")
                )

    def _cadres(self) -> None:
        """Visits a day, minutes of the shift, and pairs of stops that no shift holds."""
        m, p = self._model, self._problem
        routes: dict[tuple[str, date], list[str]] = defaultdict(list)
        for h_id, c_id, day in self._x:
            routes[c_id, day].append(h_id)
        least = self._least_in()
        exclusive: dict[tuple[str, str, str, Minutes], bool] = {}
        for (c_id, day), stops in routes.items():
            c = p.cadre(c_id)
            there = self._days_standing.get((c_id, day), [])
            xs = [self._x[h, c_id, day] for h in stops]
            m.add(sum(xs) <= c.max_visits_per_day - len(there)).only_enforce_if(
                self._switches("capacity", c_id)
            )
            if len(xs) > MOST_STOPS:
                self._has_long_days |= self._may_be_long(c)
                m.add(sum(xs) <= MOST_STOPS).only_enforce_if(self._modest)
            if not least:
                continue
            used = int(sum(least.get(x.household, 0.0) for x in there))
            spent = [int(least[h]) for h in stops]
            total = sum(n * x for n, x in zip(spent, xs, strict=True))
            m.add(total <= int(WHOLE_DAY[1]) - used)
            shift = c.shifts.get(day)
            if shift is None:
                continue
            switch = self._switches("shift", c_id)
            m.add(total <= int(shift[1] - shift[0]) - used).only_enforce_if(switch)
            if len(stops) > MOST_PAIRED:
                continue
            for a, b in combinations(stops, 2):
                key = (a, b, c_id, shift)
                if key not in exclusive:
                    pair = p.household(a), p.household(b)
                    exclusive[key] = not self._legs.both_fit(c, shift, *pair)
                if exclusive[key] and not any((h, c_id, day) in self._locks for h in (a, b)):
                    blamed = [*self._switches("window", a), *self._switches("window", b), *switch]
                    both = (self._x[a, c_id, day], self._x[b, c_id, day])
                    m.add_bool_or([*(~x for x in both), *(~s for s in blamed)])

    def _may_be_long(self, c: Cadre) -> bool:
        return c.max_visits_per_day > MOST_STOPS or bool(self._named["capacity", c.id])

    def _least_in(self) -> Mapping[str, float]:
        """Minutes each stop takes at least; nothing where the way itself can be dropped."""
        if any(r.kind in ("travel", "unit") for r in self._rules):
            return {}
        homes = {h.id: h for h in self._free}
        homes |= {x.household: self._problem.household(x.household) for x in self._standing}
        return {key: h.service_min + self._legs.least_in(h) for key, h in homes.items()}


def _implied(
    model: cp_model.CpModel, some: Iterable[cp_model.IntVar], one: cp_model.IntVar
) -> None:
    """Whoever comes needs the session, the open day, or the one cadre."""
    for x in some:
        model.add_implication(x, one)


def _spans(days: Iterable[date], gap: int) -> list[list[date]]:
    """Runs of days of which no two are the gap apart; only the longest, two days or more."""
    order = sorted(days)
    spans: list[list[date]] = []
    for n, first in enumerate(order):
        span = [d for d in order[n:] if (d - first).days < gap]
        if len(span) > 1 and not (spans and spans[-1][-1] == span[-1]):
            spans.append(span)
    return spans
