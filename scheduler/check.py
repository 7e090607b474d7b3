"""
The judge: which rules does a plan break, and what is its objective really?

It shares no code with the solvers and believes nothing a plan says about itself. It takes a
``Plan`` or a raw document; whatever is malformed is reported, never a crash. The numbers of
the rules are those of the contract (docs/model.md).
"""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from scheduler.calendar import iso_week
from scheduler.check_claims import Claims, VisitClaim, read_claims
from scheduler.metrics import Metrics
from scheduler.plan import RULES, Plan
from scheduler.problem import Problem
from scheduler.sentences import counted

EPS = 1e-3
"""Minutes of rounding allowed in times."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """
    One rule that a plan breaks.

    Parameters
    ----------
    rule
        Number and name, such as ``3-gap``; ``format`` for what cannot be read at all.
    detail
        One English sentence.
    household, village, cadre, day
        Whom and when it concerns, as far as it does.
    """

    rule: str
    detail: str
    household: str | None = None
    village: str | None = None
    cadre: str | None = None
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """
    The broken rules of a plan, none for a valid one, and its figures recomputed.

    Parameters
    ----------
    broken
        In the order of the rules.
    metrics
        The objective and its parts.
    """

    broken: tuple[BrokenRule, ...]
    metrics: Metrics

    @property
    def is_valid(self) -> bool:
        """Whether no rule is broken."""
        return not self.broken


def check(problem: Problem, plan: Plan | Mapping[str, Any]) -> Verdict:
    """Judge a plan, or the document of a plan, against its problem."""
    claims = read_claims(plan.to_json() if isinstance(plan, Plan) else plan)
    case = _Case(problem, claims)
    broken = [BrokenRule(rule="format", detail=text) for text in claims.malformed]
    broken += case.unknown
    for rule in (
        _each_visit,
        _routes,
        _households,
        _told,
        _villages,
        _district,
        _locked,
    ):
        broken += rule(case)
    metrics = _metrics(case)
    broken += _figures(claims, metrics.J)
    return Verdict(broken=tuple(broken), metrics=metrics)


class _Case:
    """The visits of a plan, grouped as the rules ask."""

    def __init__(self, problem: Problem, claims: Claims) -> None:
        self.problem = problem
        self.claims = claims
        self.unknown: list[BrokenRule] = []
        self.known: list[VisitClaim] = []
        self.routes: dict[tuple[str, date], list[VisitClaim]] = defaultdict(list)
        self.of_household: dict[str, list[VisitClaim]] = defaultdict(list)
        self.teams: dict[tuple[str, date], set[str]] = defaultdict(set)
        self.weeks: dict[tuple[str, tuple[int, int]], int] = defaultdict(int)
        for x in claims.visits:
            if not (problem.has_household(x.household) and problem.has_cadre(x.cadre)):
                detail = f"Household {x.household} or cadre {x.cadre} is not in the problem."
                self.unknown.append(BrokenRule(rule="unknown", detail=detail, day=x.date))
                continue
            village = problem.household(x.household).village
            self.known.append(x)
            self.routes[x.cadre, x.date].append(x)
            self.of_household[x.household].append(x)
            self.teams[village, x.date].add(x.cadre)
            self.weeks[village, iso_week(x.date)] += 1
        for route in self.routes.values():
            route.sort(key=lambda x: (x.start, x.order))
        for mine in self.of_household.values():
            mine.sort(key=lambda x: x.date)

    def missing(self, household_id: str) -> int:
        return self.problem.household(household_id).visits_due - len(
            self.of_household.get(household_id, ())
        )


def _each_visit(case: _Case) -> Iterator[BrokenRule]:
    p = case.problem
    days = set(p.days)
    for x in case.known:
        h, c = p.household(x.household), p.cadre(x.cadre)
        v = p.village(h.village)

        def broken(rule: str, detail: str, x: VisitClaim = x, village: str = v.id) -> BrokenRule:
            return BrokenRule(
                rule=rule,
                detail=f"{x.household} by {x.cadre} on {x.date}: {detail}",
                household=x.household,
                village=village,
                cadre=x.cadre,
                day=x.date,
            )

        if x.date not in days:
            yield broken("1-day", "not a day of the problem.")
        if x.date not in c.shifts:
            yield broken("1-shift", "the cadre has no shift.")
        if h.cadre is not None:
            if h.cadre != c.id:
                yield broken("2-pairing", f"the household is paired with {h.cadre}.")
        elif v.unit != c.unit:
            yield broken("1-unit", f"the village is of unit {v.unit}, the cadre of {c.unit}.")
        if x.date in v.blackout_days:
            yield broken("6-blackout", f"a blackout date of village {v.id}.")
        if (h.not_before and x.date < h.not_before) or (h.not_after and x.date > h.not_after):
            yield broken("3-dates", f"outside {h.not_before} to {h.not_after}.")
        if x.end - x.start < h.service_min - EPS:
            yield broken("4-service", f"lasts {x.end - x.start:g} of {h.service_min:g} minutes.")
        if not any(a - EPS <= x.start and x.end <= b + EPS for a, b in h.windows):
            yield broken("4-window", f"{x.start:g}-{x.end:g} lies in no window.")


def _routes(case: _Case) -> Iterator[BrokenRule]:
    for (cadre_id, day), stops in case.routes.items():
        c = case.problem.cadre(cadre_id)
        if len(stops) > c.max_visits_per_day:
            yield BrokenRule(
                rule="5-capacity",
                detail=f"{cadre_id} makes {counted(len(stops), 'visit')} on {day}, "
                f"{c.max_visits_per_day} at most.",
                cadre=cadre_id,
                day=day,
            )
        if day not in c.shifts:
            continue
        free_at, shift_end = c.shifts[day]
        legs = _legs(case.problem, cadre_id, stops)
        for x, leg in zip(stops, legs, strict=False):
            if x.start < free_at + leg - EPS:
                yield BrokenRule(
                    rule="4-travel",
                    detail=f"{cadre_id} on {day} cannot be at {x.household} before "
                    f"{free_at + leg:.2f}, but starts at {x.start:g}.",
                    household=x.household,
                    cadre=cadre_id,
                    day=day,
                )
            free_at = x.end
        if free_at + legs[-1] > shift_end + EPS:
            yield BrokenRule(
                rule="4-shift",
                detail=f"{cadre_id} on {day} is back at {free_at + legs[-1]:.2f}, "
                f"the shift ends at {shift_end:g}.",
                cadre=cadre_id,
                day=day,
            )


def _legs(problem: Problem, cadre_id: str, stops: list[VisitClaim]) -> list[float]:
    """Minutes from base to each stop in turn and back to the base."""
    c = problem.cadre(cadre_id)
    places = [(c.node, c.base)]
    for x in stops:
        h = problem.household(x.household)
        places.append((h.node, h.point))
    places.append((c.node, c.base))
    return [problem.travel.minutes(a, b) for a, b in pairwise(places)]


def _households(case: _Case) -> Iterator[BrokenRule]:
    for h in case.problem.households:
        mine = case.of_household.get(h.id, [])
        cadres = {x.cadre for x in mine}
        if len(cadres) > 1:
            names = ", ".join(sorted(cadres))
            detail = f"{h.id} is visited by {counted(len(cadres), 'cadre')}: {names}."
            yield BrokenRule(rule="2-continuity", detail=detail, household=h.id)
        if len(mine) > h.visits_due:
            detail = f"{h.id} has {counted(len(mine), 'visit')}, {h.visits_due} due."
            yield BrokenRule(rule="3-visits", detail=detail, household=h.id)
        dates = [h.last_visit] if h.last_visit else []
        for a, b in pairwise([*dates, *(x.date for x in mine)]):
            if (b - a).days < max(1, h.min_gap_days):
                detail = (
                    f"{h.id}: {a} and {b} are {counted((b - a).days, 'day')} apart, "
                    f"{h.min_gap_days} needed."
                )
                yield BrokenRule(rule="3-gap", detail=detail, household=h.id, day=b)


def _told(case: _Case) -> Iterator[BrokenRule]:
    """Rule 9: every visit due is planned, or listed with its number and a known reason."""
    told = {}
    for u in case.claims.unplanned:
        if not case.problem.has_household(u.household) or u.household in told:
            detail = f"unplanned names {u.household} twice, or there is no such household."
            yield BrokenRule(rule="9-reason", detail=detail)
        told[u.household] = u
    for h in case.problem.households:
        short, said = case.missing(h.id), told.get(h.id)
        if short > 0:
            if said is None or said.missing != short or not _reasons_hold(said.reasons):
                detail = (
                    f"{h.id} misses {counted(short, 'visit')} without that number and a known "
                    "reason."
                )
                yield BrokenRule(rule="9-reason", detail=detail, household=h.id)
        elif said is not None:
            detail = f"{h.id} is fully planned and listed as unplanned."
            yield BrokenRule(rule="9-reason", detail=detail, household=h.id)


def _reasons_hold(reasons: tuple[tuple[str, str], ...]) -> bool:
    return bool(reasons) and all(rule in RULES and detail for rule, detail in reasons)


def _villages(case: _Case) -> Iterator[BrokenRule]:
    dates: dict[str, list[date]] = defaultdict(list)
    for (village_id, day), who in case.teams.items():
        v = case.problem.village(village_id)
        dates[village_id].append(day)
        if len(who) > v.max_teams_per_day:
            detail = (
                f"{v.id} has {counted(len(who), 'team')} on {day}, {v.max_teams_per_day} at most."
            )
            yield BrokenRule(rule="6-teams", detail=detail, village=v.id, day=day)
    for village_id, mine in dates.items():
        least = case.problem.village(village_id).min_gap_days
        for a, b in pairwise(sorted(mine)):
            if (b - a).days < least:
                detail = f"{village_id} is visited on {a} and {b}, {counted(least, 'day')} needed."
                yield BrokenRule(rule="6-gap", detail=detail, village=village_id, day=b)
    for (village_id, week), n in case.weeks.items():
        most = case.problem.village(village_id).max_visits_per_week
        if n > most:
            detail = (
                f"{village_id} has {counted(n, 'visit')} in week {week[1]} of {week[0]}, "
                f"{most} at most."
            )
            yield BrokenRule(rule="6-week", detail=detail, village=village_id)


def _district(case: _Case) -> Iterator[BrokenRule]:
    cap = case.problem.district_max_teams_per_day
    if cap is None:
        return
    for day, n in _teams_per_day(case).items():
        if n > cap:
            detail = f"The district has {counted(n, 'team')} on {day}, {cap} at most."
            yield BrokenRule(rule="7-district", detail=detail, day=day)


def _teams_per_day(case: _Case) -> dict[date, int]:
    per_day: dict[date, int] = defaultdict(int)
    for (_, day), who in case.teams.items():
        per_day[day] += len(who)
    return per_day


def _locked(case: _Case) -> Iterator[BrokenRule]:
    standing = {(x.household, x.cadre, x.date, x.start) for x in case.claims.visits}
    for x in case.problem.locked:
        if (x.household, x.cadre, x.date, x.start) not in standing:
            yield BrokenRule(
                rule="8-locked",
                detail=f"{x.household} by {x.cadre} on {x.date} is not in the plan as locked.",
                household=x.household,
                cadre=x.cadre,
                day=x.date,
            )


def _metrics(case: _Case) -> Metrics:
    p, w = case.problem, case.problem.weights
    travel_min = 0.0
    load: dict[str, float] = defaultdict(float)
    distinct: dict[str, set[str]] = defaultdict(set)
    for (cadre_id, day), stops in case.routes.items():
        distinct[cadre_id] |= {x.household for x in stops}
        if day in p.cadre(cadre_id).shifts:
            travel_min += sum(_legs(p, cadre_id, stops))
            load[cadre_id] += sum(p.household(x.household).service_min for x in stops)
    spacing = 0.0
    for household_id, mine in case.of_household.items():
        ideal = p.ideal_gap_days(p.household(household_id))
        spacing += sum(abs((b.date - a.date).days - ideal) for a, b in pairwise(mine))
    due: dict[str, float] = defaultdict(float)
    for h in p.households:
        due[p.village(h.village).unit] += h.visits_due * h.service_min
    members: dict[str, int] = defaultdict(int)
    for c in p.cadres:
        members[c.unit] += 1
    short = {h.id: max(0, case.missing(h.id)) for h in p.households}
    shortfall = sum(max(0, c.quota - len(distinct[c.id])) for c in p.cadres)
    parts = {
        "unplanned": w.unplanned * sum(short[h.id] * h.priority for h in p.households),
        "quota": w.quota * shortfall,
        "travel": w.travel * travel_min,
        "fairness": w.fairness
        * sum(load[c.id] ** 2 / max(1.0, due[c.unit] / members[c.unit]) for c in p.cadres),
        "crowding": w.crowding * sum(n * n for n in case.weeks.values()),
        "spacing": w.spacing * spacing,
    }
    return Metrics(
        J=sum(parts.values()),
        **parts,
        missing_visits=sum(short.values()),
        quota_shortfall=shortfall,
        travel_min=travel_min,
        visits=len(case.claims.visits),
        cadre_days=len(case.routes),
        peak_teams_per_day=max(_teams_per_day(case).values(), default=0),
    )


def _figures(claims: Claims, objective: float) -> Iterator[BrokenRule]:
    """What the plan says about itself: its J is right, its bound is below J."""
    if not abs(claims.objective - objective) <= max(0.5, 1e-4 * objective):  # NaN fails too
        detail = f"The plan says J = {claims.objective:g}, judged {objective:.3f}."
        yield BrokenRule(rule="metrics", detail=detail)
    bound = claims.bound
    if bound is not None and not (
        math.isfinite(bound) and bound <= objective + max(0.5, 1e-6 * objective)
    ):
        detail = f"The bound {bound:g} is no lower bound of J = {objective:.3f}."
        yield BrokenRule(rule="bound", detail=detail)
