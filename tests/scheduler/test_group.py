"""All missing visits of a village or a unit: what is offered makes room for them, judged."""

from collections import Counter

import pytest

from scheduler.engine import Run, Visits
from scheduler.engines.greedy import Greedy
from scheduler.explaining.changes import joined, lift_blackout, shorter_village_gap
from scheduler.explaining.group import GroupLook, lacking_in, look_into_group
from scheduler.explaining.package import Package, changed
from scheduler.problem import Problem
from tests.scheduler.brute import tiny_problem
from tests.scheduler.problems import (
    a_cadre,
    a_household,
    a_problem,
    a_village,
    broken_visits,
    workdays,
)

QUICK_S = 3.0


def look_into(problem: Problem, visits: Visits = (), **group: str) -> GroupLook:
    asked = lacking_in(problem, visits, **group)
    return look_into_group(problem, visits, asked, time_limit_s=QUICK_S)


def is_true(x: Package, look: GroupLook, problem: Problem, visits: Visits) -> bool:
    """So many are placed as is said, nobody loses a visit, and no rule is broken."""
    changed = x.apply(problem)
    had, has = Counter(v.household for v in visits), Counter(v.household for v in x.visits)
    grown = {key for key in has if has[key] > had[key]}
    return (
        broken_visits(changed, x.visits) == []
        and had <= has
        and grown <= set(look.households)
        and x.placed == len(x.visits) - len(visits)
    )


def a_full_village(households: int = 5) -> Problem:
    """One visit a week is allowed, and two weeks are planned."""
    homes = [a_household(n, service_min=20.0) for n in range(households)]
    return a_problem(*homes, villages=(a_village(max_visits_per_week=1),))


def test_one_change_that_helps_everybody_comes_first() -> None:
    look = look_into(a_full_village(), village="v0")

    assert look.missing == 5
    best = look.packages[0]
    assert [x.kind for x in best.changes] == ["more-visits-a-week"]
    assert best.changes[0].facts["cap"] == 3
    assert best.placed == 5


def test_no_way_is_offered_twice_or_with_more_than_it_needs() -> None:
    look = look_into(a_full_village(), village="v0")

    made = [x.made for x in look.packages]

    assert made
    assert not [(a, b) for n, a in enumerate(made) for b in made[n + 1 :] if a <= b or b <= a]


def test_different_needs_make_a_package_of_several_changes() -> None:
    days = workdays(5)
    problem = a_problem(
        a_household(0, windows=((360.0, 380.0),)),
        a_household(1, village="v1"),
        days=days,
        villages=(a_village(0), a_village(1, blackout_days=frozenset(days))),
        cadres=(a_cadre(days=days),),
    )

    look = look_into(problem, unit="u0")

    kinds = {x.kind for x in look.packages[0].changes}
    assert kinds == {"wider-window", "lift-blackout"}
    assert "2 households lack 2 visits." in look.sentence
    assert is_true(look.packages[0], look, problem, ())


def test_visits_that_have_a_place_need_no_change() -> None:
    look = look_into(a_problem(a_household(0), a_household(1)), village="v0")

    assert [x.changes for x in look.packages] == [()]
    assert "Solve again" in look.sentence


def test_nothing_is_asked_where_nothing_is_missing() -> None:
    problem = a_problem(a_household(0))
    visits = Greedy().propose(problem, Run()).visits

    look = look_into(problem, visits, village="v0")

    assert look.households == ()
    assert look.sentence == "No visit is missing here."


def test_without_time_it_says_what_it_has_and_invents_nothing() -> None:
    problem = a_full_village(6)

    look = look_into_group(problem, (), lacking_in(problem, ()), time_limit_s=0.001)

    assert look.packages == () or all(is_true(x, look, problem, ()) for x in look.packages)
    assert look.missing == 6
    assert look.partly is None or is_true(look.partly, look, problem, ())


@pytest.mark.parametrize("batch", range(2))
def test_whatever_is_offered_for_a_random_problem_is_true(batch: int) -> None:
    for seed in range(12 * batch, 12 * (batch + 1)):
        problem = tiny_problem(seed)
        visits = Greedy().propose(problem, Run()).visits
        for unit in problem.units:
            look = look_into(problem, visits, unit=unit)
            for package in (*look.packages, *([look.partly] if look.partly else [])):
                assert is_true(package, look, problem, visits), (seed, package.changes)
            assert all(x.placed == look.missing for x in look.packages), seed


def test_a_change_that_goes_further_takes_the_place_of_the_earlier_one() -> None:
    v = a_village(min_gap_days=10)
    nearer = a_village(min_gap_days=8)
    earlier, further = shorter_village_gap(v, 8), shorter_village_gap(nearer, 6)

    (one,) = joined((earlier,), further)

    assert one.facts == {"village": "v0", "gap": 6, "before": 10}
    assert one.size == pytest.approx(shorter_village_gap(v, 6).size)


def test_changes_of_different_days_add_up() -> None:
    days = workdays(5)
    problem = a_problem(
        a_household(0), days=days, villages=(a_village(blackout_days=frozenset(days)),)
    )
    v = problem.village("v0")

    both = joined((lift_blackout(v, days[0]),), lift_blackout(v, days[1]))

    assert changed(problem, both).village("v0").blackout_days == set(days[2:])
