"""Trade-offs: valid plans that lack the same, none of which is better in everything."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.archive import Aims, TradeOff, aims_of
from scheduler.ledger import Contact, balance
from scheduler.measures.burden import peak_burdens_min
from scheduler.problem import Problem
from scheduler.tradeoffs import trade_offs
from tests.scheduler.problems import a_problem, broken_rules, problems

VISITS = st.lists(
    st.tuples(
        st.sampled_from(["v0", "v1"]),
        st.dates(date(2027, 3, 1), date(2027, 3, 31)),
        st.integers(1, 90).map(float),
    ),
    max_size=12,
)


def _figures(points: tuple[TradeOff, ...]) -> list[Aims]:
    return [p.aims for p in points]


@given(visits=VISITS)
def test_the_peak_of_a_village_is_its_highest_balance_in_the_ledger(
    visits: list[tuple[str, date, float]],
) -> None:
    peaks = peak_burdens_min(visits)

    for village, peak in peaks.items():
        contacts = [
            Contact(date=day, kind="visit", village=village, minutes=minutes)
            for where, day, minutes in visits
            if where == village
        ]
        days = [date(2027, 3, d) for d in range(1, 32)]
        assert peak == max(balance(contacts, d, trailing_days=7).burden_min for d in days)


@given(problem=problems())
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_point_is_a_valid_plan_and_none_dominates_another(problem: Problem) -> None:
    points = trade_offs(problem, points=4, iterations=3.0)

    assert 1 <= len(points) <= 4
    for point in points:
        assert broken_rules(problem, point.plan) == []
        assert aims_of(problem, point.plan.visits) == (point.aims, point.worst_village)
    assert not any(a.dominates(b) or a == b for a, b in permutations(_figures(points), 2))
    assert len({round(p.plan.metrics.unplanned, 6) for p in points}) == 1


def test_the_same_seed_gives_the_same_points_with_one_worker_or_two(
    make_problem: Callable[..., dict[str, Any]],
) -> None:
    problem = Problem.from_json(make_problem(households=150))

    one, two = (trade_offs(problem, points=3, iterations=4.0, workers=n) for n in (1, 2))

    assert [p.plan.visits for p in one] == [p.plan.visits for p in two]


def test_points_differ_where_there_is_something_to_trade(
    make_problem: Callable[..., dict[str, Any]],
) -> None:
    problem = Problem.from_json(make_problem(households=150))
    told: list[TradeOff] = []

    points = trade_offs(problem, points=5, iterations=8.0, on_point=told.append)

    travel = [a.travel_min for a in _figures(points)]
    burden = [a.worst_burden_min for a in _figures(points)]
    assert len(points) >= 3
    assert travel == sorted(travel)
    assert min(burden) < burden[0]
    assert {p.seed for p in points} <= {p.seed for p in told}


def test_a_problem_without_households_has_one_empty_point() -> None:
    points = trade_offs(replace(a_problem(), households=()), points=3, iterations=1.0)

    assert [(p.aims.values, p.worst_village) for p in points] == [((0.0, 0.0, 0.0), None)]


def test_one_that_is_nowhere_worse_and_somewhere_better_dominates() -> None:
    aims = Aims(travel_min=10.0, worst_burden_min=50.0, fairness=3.0)

    assert aims.dominates(replace(aims, fairness=4.0))
    assert not aims.dominates(aims)
    assert not aims.dominates(replace(aims, fairness=4.0, travel_min=9.0))


def test_a_wish_to_stop_leaves_one_point() -> None:
    points = trade_offs(a_problem(), time_limit_s=60, should_stop=lambda: True)

    assert len(points) == 1
