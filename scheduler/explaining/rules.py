"""
Rules as single things: one rule, of one household, village or cadre, with its numbers.

A rule can be named and dropped by itself, and what is left is a problem again: any engine can
solve it, and the judge can check the answer. What cannot be dropped is how the world is: the
planning days, one cadre for all visits of a household, one visit of a household a day.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, get_args

from scheduler.cadre import Cadre
from scheduler.household import Household
from scheduler.problem import Problem
from scheduler.sentences import clock, said
from scheduler.travel import LineTravel
from scheduler.village import Village

Kind = Literal[
    "visits-due",
    "visits-kept",
    "window",
    "household-gap",
    "last-visit",
    "dates",
    "pairing",
    "locked",
    "shift",
    "capacity",
    "unit",
    "travel",
    "blackout",
    "village-gap",
    "village-teams",
    "village-week",
    "district",
]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which they are told."""

ANY_NUMBER = 10_000
"""Stands for no limit at all where a limit is dropped."""

WHOLE_DAY = (0.0, 1440.0)

SENTENCES: Mapping[Kind, str] = {
    "visits-due": "Household {household} is due {visits:visit|visits}.",
    "visits-kept": "Household {household} keeps the {visits:visit|visits} it has.",
    "window": "Household {household} can be visited in {windows}; a visit takes "
    "{minutes:minute|minutes}.",
    "household-gap": "Visits of household {household} are at least {gap:day|days} apart.",
    "last-visit": "Household {household} was visited on {day}; the next visit is "
    "at least {gap:day|days} later.",
    "dates": "Household {household} may be visited from {first} to {last}.",
    "pairing": "Household {household} is visited by cadre {cadre} only.",
    "locked": "The visit of cadre {cadre} to household {household} on {day} is locked.",
    "shift": "Cadre {cadre} is available on {days:day|days}, {hours}.",
    "capacity": "Cadre {cadre} makes at most {cap:visit|visits} a day.",
    "unit": "Village {village} is visited by the {cadres:cadre|cadres} of unit {unit}.",
    "travel": "To household {household} and back takes at least {minutes:minute|minutes}.",
    "blackout": "Village {village} takes no visits on {days:day|days}.",
    "village-gap": "Visit days in village {village} are at least {gap:day|days} apart.",
    "village-teams": "Village {village} takes at most {cap:team|teams} a day.",
    "village-week": "Village {village} takes at most {cap:visit|visits} a week.",
    "district": "The district takes at most {cap:team|teams} a day.",
}

NEVER_THERE = "Cadre {cadre} is available on no day."
"""Said of a shift rule without days."""

Facts = Mapping[str, int | str]


@dataclass(frozen=True, slots=True, order=True)
class Rule:
    """
    One rule of one object.

    Parameters
    ----------
    kind
        One of ``KINDS``.
    of
        Id of the household, village or cadre; empty for the district.
    day
        The day, where the rule is about one.
    facts
        Ids and numbers of its sentence.
    """

    kind: Kind
    of: str
    day: date | None = None
    facts: Facts = field(default_factory=dict, compare=False)

    @property
    def sentence(self) -> str:
        """The rule in English."""
        sentence = NEVER_THERE if self.is_never_there else SENTENCES[self.kind]
        return said(sentence, self.facts)

    @property
    def is_never_there(self) -> bool:
        """Whether it is the shift of a cadre who has none."""
        return self.kind == "shift" and not self.facts["days"]


def rules_of(problem: Problem, asked: Collection[str], *, alone: bool = False) -> tuple[Rule, ...]:
    """
    List the rules of a problem that can be dropped.

    Parameters
    ----------
    problem
        A problem, or the part of one.
    asked
        Households whose visits are asked for; those of the others are called kept.
    alone
        Whether the unit and the way count as rules, too, as for a household alone.
    """
    found = [
        *(rule for h in problem.households if h.visits_due for rule in _of_household(h, asked)),
        *(rule for h in problem.households if h.visits_due for rule in _pairing(problem, h)),
        *(rule for v in problem.villages for rule in _of_village(problem, v)),
        *(rule for c in problem.cadres for rule in _of_cadre(c)),
        *(
            Rule("locked", x.household, x.date, _facts(x.household, cadre=x.cadre, day=x.date))
            for x in problem.locked
        ),
    ]
    cap = problem.district_max_teams_per_day
    if cap is not None:
        found.append(Rule("district", "", facts={"cap": cap}))
    if alone:
        found += [rule for v in problem.villages for rule in _unit(problem, v)]
        found += [_travel(problem, h) for h in problem.households]
    return tuple(sorted(found, key=lambda r: (KINDS.index(r.kind), r.of, r.day or date.min)))


def without(problem: Problem, dropped: Collection[Rule]) -> Problem:
    """Return the problem as it is when some rules no longer hold."""
    by: dict[Kind, dict[str, list[Rule]]] = defaultdict(lambda: defaultdict(list))
    for rule in dropped:
        by[rule.kind][rule.of].append(rule)
    free = {(r.of, r.day) for r in dropped if r.kind == "locked"}
    locked = tuple(x for x in problem.locked if (x.household, x.date) not in free)
    held: dict[str, int] = defaultdict(int)
    for x in locked:
        held[x.household] += 1
    merged = problem.units[0] if by["unit"] else None
    return replace(
        problem,
        locked=locked,
        households=tuple(_free_household(h, by, held[h.id]) for h in problem.households),
        villages=tuple(_free_village(v, by, merged) for v in problem.villages),
        cadres=tuple(_free_cadre(c, by, problem.days, merged) for c in problem.cadres),
        district_max_teams_per_day=None if by["district"] else problem.district_max_teams_per_day,
        travel=LineTravel(speed_kmh=1e12, fixed_min=0.0) if by["travel"] else problem.travel,
    )


Dropped = Mapping[Kind, Mapping[str, list[Rule]]]


def _free_household(h: Household, by: Dropped, held: int) -> Household:
    gone = {kind for kind in KINDS if h.id in by[kind]}
    if not gone:
        return h
    return replace(
        h,
        visits_due=held if gone & {"visits-due", "visits-kept"} else h.visits_due,
        windows=(WHOLE_DAY,) if "window" in gone else h.windows,
        min_gap_days=1 if "household-gap" in gone else h.min_gap_days,
        last_visit=None if "last-visit" in gone else h.last_visit,
        not_before=None if "dates" in gone else h.not_before,
        not_after=None if "dates" in gone else h.not_after,
        cadre=None if "pairing" in gone else h.cadre,
    )


def _free_village(v: Village, by: Dropped, unit: str | None) -> Village:
    return replace(
        v,
        unit=unit or v.unit,
        blackout_days=frozenset() if v.id in by["blackout"] else v.blackout_days,
        min_gap_days=0 if v.id in by["village-gap"] else v.min_gap_days,
        max_teams_per_day=ANY_NUMBER if v.id in by["village-teams"] else v.max_teams_per_day,
        max_visits_per_week=ANY_NUMBER if v.id in by["village-week"] else v.max_visits_per_week,
    )


def _free_cadre(c: Cadre, by: Dropped, days: tuple[date, ...], unit: str | None) -> Cadre:
    return replace(
        c,
        unit=unit or c.unit,
        shifts=dict.fromkeys(days, WHOLE_DAY) if c.id in by["shift"] else c.shifts,
        max_visits_per_day=ANY_NUMBER if c.id in by["capacity"] else c.max_visits_per_day,
    )


def _facts(household: str, **facts: int | str | date) -> Facts:
    said = {k: v.isoformat() if isinstance(v, date) else v for k, v in facts.items()}
    return {"household": household, **said}


def _of_household(h: Household, asked: Collection[str]) -> Iterator[Rule]:
    kind: Kind = "visits-due" if h.id in asked else "visits-kept"
    yield Rule(kind, h.id, facts=_facts(h.id, visits=h.visits_due))
    windows = ", ".join(f"{clock(a)}-{clock(b)}" for a, b in h.windows)
    facts = _facts(h.id, windows=windows, minutes=round(h.service_min))
    yield Rule("window", h.id, facts=facts)
    if h.gap_days > 1 and (h.visits_due > 1 or h.last_visit):
        yield Rule("household-gap", h.id, facts=_facts(h.id, gap=h.gap_days))
    if h.last_visit:
        facts = _facts(h.id, day=h.last_visit, gap=h.gap_days)
        yield Rule("last-visit", h.id, facts=facts)
    if h.not_before or h.not_after:
        first = h.not_before.isoformat() if h.not_before else "the first day"
        last = h.not_after.isoformat() if h.not_after else "the last day"
        yield Rule("dates", h.id, facts=_facts(h.id, first=first, last=last))


def _pairing(problem: Problem, h: Household) -> Iterator[Rule]:
    """A pairing within the unit; whoever is paired across units belongs to the household."""
    if h.cadre is None or any(x.household == h.id for x in problem.locked):
        return
    if problem.cadre(h.cadre).unit == problem.village(h.village).unit:
        yield Rule("pairing", h.id, facts=_facts(h.id, cadre=h.cadre))


def _of_village(problem: Problem, v: Village) -> Iterator[Rule]:
    closed = sum(d in v.blackout_days for d in problem.days)
    if closed:
        yield Rule("blackout", v.id, facts={"village": v.id, "days": closed})
    if v.min_gap_days > 1:
        yield Rule("village-gap", v.id, facts={"village": v.id, "gap": v.min_gap_days})
    yield Rule("village-teams", v.id, facts={"village": v.id, "cap": v.max_teams_per_day})
    yield Rule("village-week", v.id, facts={"village": v.id, "cap": v.max_visits_per_week})


def _of_cadre(c: Cadre) -> Iterator[Rule]:
    first = min((a for a, _ in c.shifts.values()), default=0.0)
    last = max((b for _, b in c.shifts.values()), default=0.0)
    hours = f"{clock(first)}-{clock(last)}"
    facts: Facts = {"cadre": c.id, "days": len(c.shifts), "hours": hours}
    yield Rule("shift", c.id, facts=facts)
    yield Rule("capacity", c.id, facts={"cadre": c.id, "cap": c.max_visits_per_day})


def _unit(problem: Problem, v: Village) -> Iterator[Rule]:
    own = len(problem.cadres_of_unit(v.unit))
    if own < len(problem.cadres):
        yield Rule("unit", v.id, facts={"village": v.id, "unit": v.unit, "cadres": own})


def _travel(problem: Problem, h: Household) -> Rule:
    there = [(c.node, c.base) for c in problem.cadres if problem.may_visit(c, h)]
    home = [(h.node, h.point)]
    if not there:
        return Rule("travel", h.id, facts=_facts(h.id, minutes=0))
    out = problem.travel.block(there, home)[:, 0]
    back = problem.travel.block(home, there)[0, :]
    return Rule("travel", h.id, facts=_facts(h.id, minutes=round(float((out + back).min()))))
