"""
Plan again after something happened, changing as little as possible, with a receipt.

What is past or already told to a village is frozen: those visits become locked, and none joins
them. A visit that the change has hit is planned anew; every other one keeps its day and cadre,
unless moving it gains more than the price of a change.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from scheduler.check import BrokenRule, check
from scheduler.engine import Run, Visits
from scheduler.engines.portfolio import Portfolio
from scheduler.engines.search.prices import Prices
from scheduler.locked import LockedVisit
from scheduler.metrics import Metrics
from scheduler.plan import Plan, PlannedVisit
from scheduler.planner import plan_with
from scheduler.problem import Problem
from scheduler.progress import Progress
from scheduler.roster import Roster

ABOUT_THE_WHOLE = ("8-locked", "9-reason", "metrics")
"""Rules that a part of a plan need not keep."""

CHANGES_FOR_A_HIT = 1.1
"""Changes that a household accepts for each of its visits that is hit, rather than lack it."""

IN_TIME = 0.65
"""Share of the time after which the search ends, so that figures and reasons are there in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    One line of the change slip; None before for a new visit, None after for a dropped one.

    Parameters
    ----------
    household
        Id.
    before, after
        The visit as it was and as it is.
    """

    household: str
    before: PlannedVisit | None
    after: PlannedVisit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan:
    """
    The new plan and its receipt.

    Parameters
    ----------
    plan
        Valid for the changed problem.
    changes
        By household and date; visits whose time of day alone has moved are not among them.
    """

    plan: Plan
    changes: tuple[Change, ...]


def replan(
    problem: Problem,
    earlier: Plan,
    *,
    frozen_until: date | None = None,
    change_price: float | None = None,
    time_limit_s: float | None = None,
    iterations: float | None = None,
    seed: int = 0,
    workers: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Replan:
    """
    Plan a changed problem from an earlier plan.

    Parameters
    ----------
    problem
        The problem as it is now.
    earlier
        The plan so far; what no longer fits of it is planned anew.
    frozen_until
        Visits up to this date stay exactly as they are, as long as the rules allow them.
    change_price
        Price of one changed visit in units of J; it guides the search and is no part of J. None
        is more than any missing visit costs: nobody is moved who was not hit.
    time_limit_s, iterations, seed, workers, on_progress, should_stop
        As for ``solve``; without a limit, one second.
    """
    if time_limit_s is None and iterations is None:
        time_limit_s = 1.0
    run = Run(
        time_limit_s=None if time_limit_s is None else IN_TIME * time_limit_s,
        iterations=iterations,
        seed=seed,
        workers=workers,
        should_stop=should_stop,
    )
    frozen = freeze(problem, earlier.visits, frozen_until) if frozen_until else problem
    if change_price is None:
        prices = _prices(frozen, earlier.visits)
    else:
        prices = Prices(changed_visit=change_price, earlier=earlier.visits)
    prices = replace(prices, closed_until=frozen_until)
    plan = plan_with(Portfolio(prices), frozen, run, earlier.visits, on_progress).plan
    return Replan(plan=plan, changes=changes(earlier, plan))


def _prices(problem: Problem, visits: Visits) -> Prices:
    """
    Price the changes of an earlier plan so that only what is hit moves.

    A household all of whose visits are hit is free. One that keeps some would rather lack a
    visit than move many of the others for it. For the rest a change is dearer than any visit,
    also than one that was missing before.
    """
    roster = Roster(problem)
    roster.adopt(visits)
    stands = {(x.household, x.cadre, x.date) for x in roster.visits()}
    kept: dict[str, int] = defaultdict(int)
    hit: set[str] = set()
    for x in visits:
        if (x.household, x.cadre, x.date) in stands:
            kept[x.household] += 1
        elif problem.has_household(x.household):
            hit.add(x.household)
    missing = {h.id: problem.weights.unplanned * h.priority for h in problem.households}
    dearer = 2.0 * max(missing.values(), default=0.0)
    lacking = {h.id: dearer for h in problem.households if 0 < kept[h.id] < h.visits_due}
    moving = {h: missing[h] / CHANGES_FOR_A_HIT if kept[h] else 0.0 for h in hit}
    return Prices(changed_visit=dearer, earlier=visits, of_household=lacking | moving)


def freeze(problem: Problem, visits: Iterable[PlannedVisit], until: date) -> Problem:
    """Lock every visit up to a date that the problem's rules still allow, and admit no other."""
    locked = {(x.household, x.date): x for x in problem.locked}
    for x in _still_allowed(problem, [x for x in visits if x.date <= until]):
        locked.setdefault(
            (x.household, x.date),
            LockedVisit(household=x.household, cadre=x.cadre, date=x.date, start=x.start),
        )
    began = {x.household for x in locked.values()}
    following = until + timedelta(days=1)
    households = tuple(
        h
        if h.id in began or (h.not_before is not None and h.not_before >= following)
        else replace(h, not_before=following)
        for h in problem.households
    )
    return replace(problem, locked=tuple(locked.values()), households=households)


def _still_allowed(problem: Problem, visits: list[PlannedVisit]) -> list[PlannedVisit]:
    """Leave out visits that break a rule, until those that remain break none together."""
    kept = [x for x in visits if problem.has_household(x.household) and problem.has_cadre(x.cadre)]
    while True:
        plan = Plan(visits=tuple(kept), unplanned=(), metrics=Metrics())
        broken = [b for b in check(problem, plan).broken if b.rule not in ABOUT_THE_WHOLE]
        guilty = [x for x in kept if broken and _concerns(problem, broken[0], x)]
        if not guilty:
            return kept
        kept = [x for x in kept if x not in (guilty if broken[0].day else guilty[-1:])]


def _concerns(problem: Problem, broken: BrokenRule, x: PlannedVisit) -> bool:
    village = problem.household(x.household).village
    return (
        broken.household in (None, x.household)
        and broken.cadre in (None, x.cadre)
        and broken.village in (None, village)
        and broken.day in (None, x.date)
    )


def changes(earlier: Plan, plan: Plan) -> tuple[Change, ...]:
    """List the visits that another cadre makes, or that are on another day, new or dropped."""
    was = {(x.household, x.cadre, x.date): x for x in earlier.visits}
    now = {(x.household, x.cadre, x.date): x for x in plan.visits}
    gone = sorted((x for key, x in was.items() if key not in now), key=_by_household)
    come = sorted((x for key, x in now.items() if key not in was), key=_by_household)
    slip = []
    for household in sorted({x.household for x in (*gone, *come)}):
        before: list[PlannedVisit | None] = [x for x in gone if x.household == household]
        after: list[PlannedVisit | None] = [x for x in come if x.household == household]
        width = max(len(before), len(after))
        before += [None] * (width - len(before))
        after += [None] * (width - len(after))
        slip += [
            Change(household=household, before=b, after=a)
            for b, a in zip(before, after, strict=True)
        ]
    return tuple(slip)


def _by_household(x: PlannedVisit) -> tuple[str, date]:
    return x.household, x.date
