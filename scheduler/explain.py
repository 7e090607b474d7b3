"""
Why a visit is missing.

For a household that lacks visits the rules are asked in order: can anybody reach it in its
windows; has any cadre enough spaced days; is the village proven to be full; what stands in
the way in this plan. When no rule does, that is said plainly and nothing is invented.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

from scheduler import missing_reasons
from scheduler.cadre import Cadre
from scheduler.calendar import iso_week
from scheduler.engines.greedy import candidates
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
    weight: dict[str, float] = defaultdict(float)
    for h, missing in lacking:
        weight[h.village] += missing * h.priority
    certified = unavoidable or {}
    empty = Roster(problem)
    told = []
    for h, missing in lacking:
        proof = _proof(problem, h, missing, certified.get(h.village, 0.0), weight[h.village])
        found = _reasons(problem, roster, empty, h, missing, proof)
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
    proof: Reason | None,
) -> tuple[Reason, ...]:
    team = candidates(empty, h)
    if not team:
        return (missing_reasons.no_cadre(problem.village(h.village)),)
    alone = _alone(problem, empty, h, team)
    if alone:
        return alone
    standing = _standing_in_the_way(problem, roster, h)
    if proof is not None and proof.code == "village-proven-full":
        return (proof, *standing)
    partly = (proof,) if proof is not None else ()
    return (*partly, *standing, missing_reasons.not_found(h, missing))


def _proof(
    problem: Problem, h: Household, missing: int, certified: float, weight: float
) -> Reason | None:
    """What is proven about the household's village: full, short of a part, or nothing."""
    if certified <= 0:
        return None
    v = problem.village(h.village)
    weeks = {iso_week(d) for d in problem.days if d not in v.blackout_days}
    due = sum(other.visits_due for other in problem.households if other.village == v.id)
    rule = "village-gap" if v.min_gap_days > 1 else "village-teams"
    if due > v.max_visits_per_week * len(weeks):
        rule = "village-week"
    if certified >= weight - 1e-6:
        return missing_reasons.village_is_full(rule, v, h, missing)
    return missing_reasons.village_is_short(rule, v, certified, weight)


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
