"""The draw of households is fair, repeatable, and leaves in peace who was visited lately."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chisquare

from scheduler.draw import Candidate, draw

TODAY = date(2027, 3, 1)


def a_candidate(n: int, **facts: object) -> Candidate:
    return Candidate(**{"id": f"h{n:03d}", "draw_number": random.Random(n).random()} | facts)  # type: ignore[arg-type]


def test_the_same_seed_draws_the_same_households_in_whatever_order_they_are_listed() -> None:
    candidates = [a_candidate(n) for n in range(50)]

    drawn = draw(candidates, count=10, seed=4, day=TODAY)

    assert len(set(drawn)) == 10
    assert drawn == draw(reversed(candidates), count=10, seed=4, day=TODAY)


def test_among_equals_each_is_drawn_as_often_as_any_other() -> None:
    numbers = random.Random(1)
    times: Counter[str] = Counter()
    for seed in range(4000):
        equals = [a_candidate(n, draw_number=numbers.random()) for n in range(20)]
        times.update(draw(equals, count=5, seed=seed, day=TODAY))

    assert chisquare(list(times.values())).pvalue > 0.001
    assert len(times) == 20


@given(
    days=st.lists(st.none() | st.integers(0, 900), max_size=40),
    count=st.integers(0, 40),
    seed=st.integers(0, 2**31 - 1),
)
@settings(max_examples=100, deadline=None)
def test_nobody_who_was_visited_lately_is_drawn(
    days: list[int | None], count: int, seed: int
) -> None:
    visits = [None if d is None else TODAY - timedelta(days=d) for d in days]
    candidates = [a_candidate(n, last_visit=last) for n, last in enumerate(visits)]
    may = {c.id for c, d in zip(candidates, days, strict=True) if d is None or d >= 28}

    drawn = draw(candidates, count=count, seed=seed, day=TODAY)

    assert set(drawn) <= may
    assert len(drawn) == min(count, len(may))


def test_who_needs_it_most_and_then_who_waited_longest_comes_first() -> None:
    lately = a_candidate(1, last_visit=TODAY - timedelta(days=40))
    long_ago = a_candidate(2, last_visit=TODAY - timedelta(days=200))
    never = a_candidate(3)
    hard_up = a_candidate(4, last_visit=TODAY - timedelta(days=40), priority=5.0)

    drawn = draw([lately, long_ago, never, hard_up], count=4, seed=0, day=TODAY)

    assert drawn == ("h004", "h003", "h002", "h001")


def test_two_draws_in_a_row_hardly_meet_the_same_households() -> None:
    candidates = [a_candidate(n) for n in range(1000)]

    first, second = (set(draw(candidates, count=200, seed=s, day=TODAY)) for s in (7, 8))

    assert len(first & second) == 0


def test_a_number_for_life_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match=r"draw_number is 1\.0"):
        a_candidate(1, draw_number=1.0)
