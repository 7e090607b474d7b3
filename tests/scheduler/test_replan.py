"""Planning again freezes the past, changes little, and says what it changed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from scheduler.cadre import Cadre
from scheduler.plan import Plan
from scheduler.planner import solve
from scheduler.problem import Problem
from scheduler.replan import Change, changes, freeze, replan
from tests.scheduler.problems import (
    a_cadre,
    a_household,
    a_problem,
    a_village,
    broken_rules,
    workdays,
)

DAYS = workdays(15)


@pytest.fixture(scope="module")
def problem() -> Problem:
    return a_problem(
        *(a_household(n, village=f"v{n % 4}") for n in range(40)),
        days=DAYS,
        villages=tuple(a_village(n) for n in range(4)),
        cadres=tuple(a_cadre(n, DAYS) for n in range(3)),
    )


@pytest.fixture(scope="module")
def plan(problem: Problem) -> Plan:
    return solve(problem, iterations=20.0).plan


def _ill(problem: Problem, cadre_id: str, first: date, last: date) -> Problem:
    def without(c: Cadre) -> Cadre:
        if c.id != cadre_id:
            return c
        return replace(c, shifts={d: s for d, s in c.shifts.items() if not first <= d <= last})

    return replace(problem, cadres=tuple(without(c) for c in problem.cadres))


def test_without_a_disruption_nothing_changes(problem: Problem, plan: Plan) -> None:
    again = replan(problem, plan, change_price=1000.0, iterations=10.0)

    assert again.changes == ()


def _illness(problem: Problem, plan: Plan) -> tuple[Problem, set[str], date]:
    """A week without the busiest cadre: the problem then, whom it hits, and its first day."""
    busy = max(problem.cadres, key=lambda c: sum(x.cadre == c.id for x in plan.visits)).id
    mine = sorted(x.date for x in plan.visits if x.cadre == busy)
    first = mine[len(mine) // 2]  # no day holds half of a cadre's visits: some lie before it
    last = first + timedelta(days=6)
    hit = {x.household for x in plan.visits if x.cadre == busy and first <= x.date <= last}
    return _ill(problem, busy, first, last), hit, first


def test_an_illness_changes_no_more_than_the_visits_it_hits(problem: Problem, plan: Plan) -> None:
    ill, hit, _ = _illness(problem, plan)

    again = replan(ill, plan, iterations=20.0)

    assert hit
    assert broken_rules(ill, again.plan) == []
    assert {c.household for c in again.changes} == hit
    assert again.plan.missing_visits == 0


def test_others_move_when_a_change_is_cheap(problem: Problem, plan: Plan) -> None:
    ill, hit, _ = _illness(problem, plan)

    again = replan(ill, plan, change_price=0.0, iterations=20.0)

    assert hit < {c.household for c in again.changes}
    assert again.plan.metrics.J <= replan(ill, plan, iterations=20.0).plan.metrics.J


def test_frozen_visits_are_identical_and_none_joins_them(problem: Problem, plan: Plan) -> None:
    ill, _, first = _illness(problem, plan)
    until = first - timedelta(days=1)
    past = [x for x in plan.visits if x.date <= until]

    again = replan(ill, plan, frozen_until=until, change_price=0.0, iterations=20.0)

    assert past
    assert past == [x for x in again.plan.visits if x.date <= until]
    assert broken_rules(ill, again.plan) == []


def test_a_past_visit_that_the_rules_no_longer_allow_is_not_frozen(
    problem: Problem, plan: Plan
) -> None:
    day = plan.visits[0].date
    closed = replace(
        problem,
        villages=tuple(replace(v, blackout_days=frozenset({day})) for v in problem.villages),
    )

    assert day not in {x.date for x in freeze(closed, plan.visits, DAYS[-1]).locked}


def test_the_change_slip_pairs_what_was_with_what_is(plan: Plan) -> None:
    moved = replace(plan.visits[0], date=DAYS[-1])
    other = replace(plan, visits=(moved, *plan.visits[2:]))

    slip = changes(plan, other)

    assert Change(household=moved.household, before=plan.visits[0], after=moved) in slip
    dropped = plan.visits[1]
    assert Change(household=dropped.household, before=dropped, after=None) in slip
