"""
The rules of a problem as a CP-SAT model in which every rule has a switch.

Variables: a boolean for every possible visit (``choices``), one for each session and each open
day of a village, one for the cadre of each household. Constraints: what visits of households,
cadres, villages and the district (``village_rules``) forbid each other, each under the switches
of its rules. The order of a day is not in it: ``asking`` looks at that when it has an answer.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import combinations

from ortools.sat.python import cp_model

from scheduler.calendar import Minutes
from scheduler.explaining.choices import Choices
from scheduler.explaining.rules import WHOLE_DAY, Rule
from scheduler.explaining.switches import Switches
from scheduler.explaining.village_rules import VillageRules, implied, spans
from scheduler.household import Household
from scheduler.legs import LeastLegs
from scheduler.plan import PlannedVisit
from scheduler.problem import Problem

MOST_STOPS = 9
"""A day with more new stops than this is not ordered; the answer is unknown then."""

MOST_PAIRED = 40
"""A cadre's day that more households could share gets no pairs that exclude each other."""


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
    ) -> None:
        self.problem = problem
        self.standing = tuple(standing)
        self.days_standing: dict[tuple[str, date], list[PlannedVisit]] = defaultdict(list)
        for visit in self.standing:
            self.days_standing[visit.cadre, visit.date].append(visit)
        self.model = cp_model.CpModel()
        self.switches = Switches(self.model, rules)
        self.modest = self.model.new_bool_var("")
        self._free = [h for key in free if (h := problem.household(key)).visits_due > 0]
        self._legs = LeastLegs(problem)
        choices = Choices(self.model, problem, self._free, self.switches, self._legs)
        self.x, self.locks, self.is_sound = choices.x, choices.locks, choices.is_sound
        self._least = self._least_in()
        self._comes: dict[tuple[str, str], cp_model.IntVar] = {}
        self._one_cadre()
        self._visits_due()
        self._locked()
        VillageRules(
            self.model,
            problem,
            self.switches,
            x=self.x,
            standing=self.standing,
            least=self._least,
            comes=self._comes,
        ).add()
        self._cadres()

    def _one_cadre(self) -> None:
        """All visits of a household are by one cadre."""
        by: dict[tuple[str, str], list[cp_model.IntVar]] = defaultdict(list)
        for (h_id, c_id, _), x in self.x.items():
            by[h_id, c_id].append(x)
        comes: dict[str, list[cp_model.IntVar]] = defaultdict(list)
        for (h_id, c_id), visits in by.items():
            self._comes[h_id, c_id] = one = self.model.new_bool_var("")
            comes[h_id].append(one)
            implied(self.model, visits, one)
        for h in self._free:
            self.model.add_at_most_one(comes[h.id])
            due = self._due(h)
            self.model.add_at_least_one(comes[h.id]).only_enforce_if(due)
        for (h_id, c_id), visits in by.items():
            h = self.problem.household(h_id)
            all_due = sum(visits) >= h.visits_due * self._comes[h_id, c_id]
            self.model.add(all_due).only_enforce_if(self._due(h))

    def _due(self, h: Household) -> list[cp_model.IntVar]:
        """Switches of the rule that asks for the visits of a household."""
        return [*self.switches.of("visits-due", h.id), *self.switches.of("visits-kept", h.id)]

    def _visits_due(self) -> None:
        """Visits due, one visit a day, and the household gap."""
        m, of = self.model, self.switches.of
        mine: dict[str, dict[date, list[cp_model.IntVar]]] = defaultdict(lambda: defaultdict(list))
        for (h_id, _, day), x in self.x.items():
            mine[h_id][day].append(x)
        for h in self._free:
            days = mine[h.id]
            every = [x for visits in days.values() for x in visits]
            due = self._due(h)
            m.add(sum(every) >= h.visits_due).only_enforce_if(due)
            m.add(sum(every) <= h.visits_due)
            held = sum(key[0] == h.id for key in self.locks)
            for switch in due:  # who asks for nothing gets no more than is locked
                m.add(sum(every) <= held).only_enforce_if(~switch)
            for visits in days.values():
                m.add_at_most_one(visits)
            if h.visits_due > 1:
                gap = of("household-gap", h.id)
                for near in spans(days, h.gap_days):
                    m.add(sum(x for d in near for x in days[d]) <= 1).only_enforce_if(gap)

    def _locked(self) -> None:
        """Locked visits stand."""
        free = {h.id for h in self._free}
        for key in self.locks:
            if key[0] in free:
                named = self.switches.named("locked", key[0])
                lock = [self.switches.one(rule) for rule in named if rule.day == key[2]]
                stands = [self.x[key]] if key in self.x else []
                self.model.add_bool_or([*stands, *(~s for s in lock)])

    def _cadres(self) -> None:
        """Visits a day, minutes of the shift, and pairs of stops that no shift holds."""
        m, p, least = self.model, self.problem, self._least
        routes: dict[tuple[str, date], list[str]] = defaultdict(list)
        for h_id, c_id, day in self.x:
            routes[c_id, day].append(h_id)
        exclusive: dict[tuple[str, str, str, Minutes], bool] = {}
        for (c_id, day), stops in routes.items():
            c = p.cadre(c_id)
            there = self.days_standing.get((c_id, day), [])
            xs = [self.x[h, c_id, day] for h in stops]
            m.add(sum(xs) <= c.max_visits_per_day - len(there)).only_enforce_if(
                self.switches.of("capacity", c_id)
            )
            if len(xs) > MOST_STOPS:
                m.add(sum(xs) <= MOST_STOPS).only_enforce_if(self.modest)
            if not least:
                continue
            used = int(sum(least.get(x.household, 0.0) for x in there))
            spent = [int(least[h]) for h in stops]
            total = sum(n * x for n, x in zip(spent, xs, strict=True))
            m.add(total <= int(WHOLE_DAY[1]) - used)
            shift = c.shifts.get(day)
            if shift is None:
                continue
            switch = self.switches.of("shift", c_id)
            m.add(total <= int(shift[1] - shift[0]) - used).only_enforce_if(switch)
            if len(stops) > MOST_PAIRED:
                continue
            for a, b in combinations(stops, 2):
                key = (a, b, c_id, shift)
                if key not in exclusive:
                    pair = p.household(a), p.household(b)
                    exclusive[key] = not self._legs.both_fit(c, shift, *pair)
                if exclusive[key] and not any((h, c_id, day) in self.locks for h in (a, b)):
                    self._exclude(a, b, c_id, day)

    def _exclude(self, a: str, b: str, cadre: str, day: date) -> None:
        of = self.switches.of
        blamed = [*of("window", a), *of("window", b), *of("shift", cadre)]
        both = (self.x[a, cadre, day], self.x[b, cadre, day])
        self.model.add_bool_or([*(~x for x in both), *(~s for s in blamed)])

    def _least_in(self) -> Mapping[str, float]:
        """Minutes each stop takes at least; nothing where the way itself can be dropped."""
        if self.switches.kinds & {"travel", "unit"}:
            return {}
        homes = {h.id: h for h in self._free}
        homes |= {x.household: self.problem.household(x.household) for x in self.standing}
        return {key: h.service_min + self._legs.least_in(h) for key, h in homes.items()}
