"""What is said to be short by counting is short in every plan, and the numbers add up."""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise

import pytest

from scheduler.explaining.bottleneck import Bottlenecks
from scheduler.explaining.counting import most_sessions
from scheduler.planner import solve
from tests.scheduler.brute import tiny_problem
from tests.scheduler.planted import can_be_met
from tests.scheduler.problems import MORNING, a_cadre, a_household, a_problem, a_village, workdays

DAYS = workdays(10)


def test_cadres_who_need_more_sessions_than_their_village_takes_are_counted() -> None:
    often = [a_household(n, cadre=f"c{n}", visits_due=2, min_gap_days=2) for n in range(3)]
    problem = a_problem(
        *often,
        a_household(3),
        villages=(a_village(min_gap_days=3),),
        cadres=tuple(a_cadre(n) for n in range(3)),
    )

    found = Bottlenecks(problem).of("h0")

    assert found is not None
    assert found.reason.detail == (
        "Proven by counting: for 6 visits due to the households paired with them, village v0 "
        "needs 6 sessions of 3 cadres; on their days, 3 days apart and with 1 team a day, it can "
        "take 4."
    )
    assert found.missing == 2
    assert found.households == {"h0", "h1", "h2"}
    assert solve(problem, iterations=5.0).plan.missing_visits == 2


def test_a_day_that_only_one_cadre_has_is_counted() -> None:
    problem = a_problem(
        a_household(0, cadre="c0"),
        a_household(1, cadre="c1"),
        villages=(a_village(min_gap_days=3),),
        cadres=(a_cadre(0, days=DAYS[:1]), a_cadre(1, days=DAYS[1:2])),
    )

    found = Bottlenecks(problem).of("h1")

    assert found is not None
    assert (found.reason.facts["needed"], found.reason.facts["takes"]) == (2, 1)


def test_more_visits_than_the_sessions_hold_are_counted() -> None:
    homes = [a_household(n, service_min=90.0) for n in range(5)]
    half_days = a_cadre(shifts=dict.fromkeys(DAYS, MORNING))

    found = Bottlenecks(
        a_problem(*homes, villages=(a_village(min_gap_days=9),), cadres=(half_days,))
    ).of("h0")

    assert found is not None
    assert found.reason.code == "village-visits-short"
    assert found.missing == 5 - 2 * 2


def test_more_visits_than_the_weeks_take_are_counted() -> None:
    homes = [a_household(n, service_min=10.0) for n in range(7)]

    found = Bottlenecks(a_problem(*homes, villages=(a_village(max_visits_per_week=3),))).of("h0")

    assert found is not None
    assert found.reason.code == "village-weeks-short"
    assert "village v0 is due 7 visits, but takes 3 visits in each of 2 weeks: 6 in all" in (
        found.reason.detail
    )


def test_cadres_without_days_for_those_that_only_they_visit_are_cut_out() -> None:
    villages = tuple(a_village(n) for n in range(2))
    homes = [a_household(n, village=f"v{n % 2}", cadre="c0") for n in range(5)]
    problem = a_problem(
        *homes,
        a_household(9),
        villages=villages,
        cadres=(a_cadre(0, days=DAYS[:2], max_visits_per_day=2), a_cadre(1)),
    )

    found = Bottlenecks(problem)

    first = found.of("h0")
    assert first is not None
    assert first.reason.detail == (
        "Proven by counting: 1 cadre of unit u0 can make at most 4 visits on 2 working days "
        "together, but nobody else may make the 5 visits due to 5 households."
    )
    assert found.of("h9") is None


@pytest.mark.parametrize("batch", range(4))
def test_nothing_is_said_to_be_short_that_is_not(batch: int) -> None:
    for seed in range(50 * batch, 50 * (batch + 1)):
        problem = tiny_problem(seed)
        found = Bottlenecks(problem)
        homes = problem.households
        for h in homes:
            short = found.of(h.id)
            if short is not None:
                others = {h.id: h for h in homes if h.id not in short.households}
                asked = tuple(replace(h, visits_due=0) if h.id in others else h for h in homes)
                locked = tuple(x for x in problem.locked if x.household not in others)
                alone = replace(problem, households=asked, locked=locked)
                assert not can_be_met(alone), (seed, short)


def by_trying(
    needs: Sequence[tuple[int, set[date]]], days: Sequence[date], gap: int, teams: int
) -> int:
    best = 0
    for n in range(len(days) + 1):
        for chosen in combinations(days, n):
            if all((b - a).days >= gap for a, b in pairwise(chosen)):
                best = max(best, _assigned([list(x) for x in map(tuple, needs)], chosen, teams))
    return best


def _assigned(needs: list[list], chosen: Sequence[date], teams: int) -> int:  # type: ignore[type-arg]
    if not chosen:
        return 0
    may = [i for i, (n, on) in enumerate(needs) if n > 0 and chosen[0] in on]
    best = 0
    for team in combinations(may, min(teams, len(may))):
        left = [[n - (i in team), on] for i, (n, on) in enumerate(needs)]
        best = max(best, len(team) + _assigned(left, chosen[1:], teams))
    return best


def test_sessions_are_counted_exactly() -> None:
    r = random.Random(5)
    for _ in range(60):
        days = workdays(r.randint(1, 6))
        needs = [(r.randint(0, 2), set(r.sample(days, r.randint(0, len(days))))) for _ in range(3)]
        gap, teams = r.randint(1, 4), r.randint(0, 2)

        counted = most_sessions(needs, days, gap=gap, teams=teams)

        assert counted == by_trying(needs, days, gap, teams), (needs, days, gap, teams)
