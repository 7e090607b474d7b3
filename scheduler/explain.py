"""
Why a visit is missing.

For a household that lacks visits the rules are asked in order: can anybody reach it in its
windows; has any cadre enough spaced days; does counting show that its village or its cadres
have too little room; is the village proven to be full; what stands in the way in this plan.
When no rule does, that is said plainly and nothing is invented.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from scheduler import missing_reasons
from scheduler.cadre import Cadre
from scheduler.calendar import iso_week
from scheduler.engines.greedy import candidates
from scheduler.explaining.bottleneck import Bottleneck, Bottlenecks
from scheduler.household import Household
from scheduler.plan import Reason, Unplanned
from scheduler.problem import Problem
from scheduler.roster import Roster

MOST_REASONS = 3


def explain(
    problem: Problem, roster: Roster, unavoidable: Mapping[str, float] | None = None
) -> tuple[Unplanned, ...]:
    """
    Tell for each household that lacks visits why it does.

    Parameters
    ----------
    problem
        What was asked.
    roster
        The plan's visits.
    unavoidable
        By village, missing visits times priority that are certified.
    """
    lacking = [
        (h, missing)
        for h in problem.households
        if (missing := h.visits_due - len(roster.dates.get(h.id, []))) > 0
    ]
    if not lacking:
        return ()
    weight: dict[str, float] = defaultdict(float)
    for h, missing in lacking:
        weight[h.village] += missing * h.priority
    certified = unavoidable or {}
    short = {h.id: missing for h, missing in lacking}
    bottlenecks = Bottlenecks(problem)
    due: Counter[str] = Counter()
    for h in problem.households:
        due[h.village] += h.visits_due
    empty = Roster(problem)
    told = []
    for h, missing in lacking:
        proofs = []
        counted = bottlenecks.of(h.id)
        if counted is not None:
            proofs.append(_Proof(counted.reason, is_whole=_is_whole(counted, short)))
        v = problem.village(h.village)
        proof = _proof(problem, h, missing, certified.get(v.id, 0.0), weight[v.id], due[v.id])
        if proof is not None and not any(x.is_whole for x in proofs):
            proofs.append(proof)
        found = _reasons(problem, roster, empty, h, missing, proofs)
        told.append(Unplanned(household=h.id, missing=missing, reasons=found))
    return tuple(told)


def still_searching(h: Household) -> tuple[Reason, ...]:
    """Give the reason of an unfinished plan: the search goes on."""
    return (missing_reasons.still_searching(h),)


def _reasons(
    problem: Problem,
    roster: Roster,
    empty: Roster,
    h: Household,
    missing: int,
    proofs: Sequence["_Proof"],
) -> tuple[Reason, ...]:
    team = candidates(empty, h)
    if not team:
        return (missing_reasons.no_cadre(problem.village(h.village)),)
    alone = _alone(problem, empty, h, team)
    if alone:
        return alone
    standing = _standing_in_the_way(problem, roster, h)
    proven = tuple(proof.reason for proof in proofs)
    if any(proof.is_whole for proof in proofs):
        return (*proven, *standing)
    return (*proven, *standing, missing_reasons.not_found(h, missing))


@dataclass(frozen=True, slots=True)
class _Proof:
    """A reason that is proven; whether it tells of all that is missing, or of a part."""

    reason: Reason
    is_whole: bool


def _is_whole(counted: Bottleneck, short: Mapping[str, int]) -> bool:
    """Whether whatever these households lack is missing in every plan."""
    return sum(short.get(key, 0) for key in counted.households) <= counted.missing


def _proof(
    problem: Problem, h: Household, missing: int, certified: float, weight: float, due: int
) -> _Proof | None:
    """What is proven about the household's village: full, short of a part, or nothing."""
    if certified <= 0:
        return None
    v = problem.village(h.village)
    weeks = {iso_week(d) for d in problem.days if d not in v.blackout_days}
    rule = "village-gap" if v.min_gap_days > 1 else "village-teams"
    if due > v.max_visits_per_week * len(weeks):
        rule = "village-week"
    if certified >= weight - 1e-6:
        return _Proof(missing_reasons.village_is_full(rule, v, h, missing), is_whole=True)
    short = missing_reasons.village_is_short(rule, v, certified, weight)
    return _Proof(short, is_whole=False)


def _alone(problem: Problem, empty: Roster, h: Household, team: list[Cadre]) -> tuple[Reason, ...]:
    """Reasons that hold even if nobody else were visited; none if all visits are possible."""
    best, who = -1, team[0]
    for c in team:
        n = _longest_chain(problem, empty, h, c)
        if n > best:
            best, who = n, c
    if best >= h.visits_due:
        return ()
    if best > 0:
        return (missing_reasons.chain_too_short(h, who, best),)
    refused: Counter[str] = Counter()
    example: dict[str, Reason] = {}
    for c in team:
        for day in problem.days:
            reason = next(empty.obstacles(h, c, day), None)
            if reason is not None:
                refused[reason.rule] += 1
                example.setdefault(reason.rule, reason)
    # A day without a shift says little when other days fail for a reason of their own.
    ranked = sorted(refused, key=lambda rule: (rule == "shift", -refused[rule]))
    return tuple(
        missing_reasons.on_every_day(h, example[rule], refused[rule])
        for rule in ranked[:MOST_REASONS]
    )


def _longest_chain(problem: Problem, empty: Roster, h: Household, c: Cadre) -> int:
    n, last = 0, date.min
    for day in problem.days:
        if (
            day in c.shifts
            and (n == 0 or (day - last).days >= h.gap_days)
            and next(empty.obstacles(h, c, day), None) is None
        ):
            n, last = n + 1, day
    return min(n, h.visits_due)


def _standing_in_the_way(problem: Problem, roster: Roster, h: Household) -> tuple[Reason, ...]:
    """The rules that most often forbid another visit in this plan, on days open to it."""
    counted: Counter[str] = Counter()
    example: dict[str, Reason] = {}
    mine = roster.dates.get(h.id, [])
    for c in candidates(roster, h):
        for day in sorted(c.shifts):
            if day in mine or not roster.may_stand(h, c, day):
                continue
            for reason in roster.obstacles(h, c, day):
                counted[reason.rule] += 1
                example.setdefault(reason.rule, reason)
    return tuple(example[rule] for rule, _ in counted.most_common(MOST_REASONS))
