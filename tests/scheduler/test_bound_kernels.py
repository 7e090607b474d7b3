"""What the kernels of the bound promise, held to plain enumeration."""

import random
from itertools import permutations

import numpy as np
import pytest

from scheduler.bounds.day import DEAR, NEVER, Day, Floats, Room, room
from scheduler.bounds.day_routes import cheapest_routes, prepare_day
from scheduler.bounds.terms import tangent


def a_day(r: random.Random, stops: int, metric: bool) -> Day:
    points = np.array([(r.uniform(0, 40), r.uniform(0, 40)) for _ in range(stops + 1)])
    legs = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    if not metric:
        legs = np.array([[float(r.randrange(2, 60)) for _ in points] for _ in points])
    spans = [[(510.0, 660.0), (870.0, 1020.0)], [(510.0, 620.0)], [(880.0, 1000.0)]]
    shift = r.choice([(510.0, 1080.0), (510.0, 720.0)])
    window = np.zeros((stops, 2, 2))
    windows = np.zeros(stops, np.int64)
    for i in range(stops):
        mine = r.choice(spans)
        windows[i] = len(mine)
        window[i, : len(mine)] = mine
    return Day(
        legs=legs,
        back=legs[1:, 0] if metric else np.zeros(stops),
        service=np.array([r.choice([20.0, 45.0, 90.0]) for _ in range(stops)]),
        windows=windows,
        window=window,
        village=np.array([r.randrange(2) for _ in range(stops)], np.int64),
        shift=np.array(shift),
        most=r.choice([1, 2, 3, 4]),
    )


def search(
    day: Day, worth: Floats, entry: Floats, limit: int, x: Room, dear: int
) -> tuple[float, int, int]:
    """Search a day from the beginning."""
    prepare_day(day, 1.0, worth, entry, dear, x)
    return cheapest_routes(day, worth, entry, -1e-7, limit, x)


def entries(r: random.Random, most: int) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """A fee for the first stop in a village, then prices that do not fall."""
    first = [[r.uniform(0, 30)] for _ in range(2)]
    rest = [sorted(r.uniform(0, 20) for _ in range(max(1, most - 1))) for _ in range(2)]
    return np.array([a + b for a, b in zip(first, rest, strict=True)])


def least_by_trying_all(
    day: Day,
    worth: np.ndarray[tuple[int], np.dtype[np.float64]],
    entry: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> float:
    best = 0.0
    for count in range(1, day.most + 1):
        for order in permutations(range(len(worth)), count):
            at, place, value, inside = day.shift[0], 0, 0.0, [0, 0]
            for i in order:
                leg = day.legs[place, i + 1]
                starts = [
                    max(at + leg, a)
                    for a, b in day.window[i, : day.windows[i]]
                    if at + leg <= b + 1e-9
                ]
                at = min(starts, default=NEVER) + day.service[i]
                v = day.village[i]
                value += leg - worth[i] + entry[v, inside[v]]
                inside[v] += 1
                place = i + 1
            if at + day.legs[place, 0] <= day.shift[1] + 1e-9:
                best = min(best, value + day.legs[place, 0])
    return best


@pytest.mark.parametrize("dear", [0, 1, DEAR])
@pytest.mark.parametrize("metric", [True, False])
def test_the_cheapest_route_is_the_one_that_trying_all_finds(metric: bool, dear: int) -> None:
    for seed in range(60):
        r = random.Random(seed)
        stops = r.choice([2, 4, 6])
        day = a_day(r, stops, metric)
        worth = np.array([r.uniform(0, 60) for _ in range(stops)])
        entry = entries(r, day.most)
        space = room(stops, day.most, 2, 5)

        least, count, _ = search(day, worth, entry, 10**6, space, dear)

        assert least == pytest.approx(least_by_trying_all(day, worth, entry), abs=0.05), seed
        assert (count > 0) == (least < -1e-6)


@pytest.mark.parametrize("dear", [0, DEAR])
def test_a_search_that_is_cut_short_still_bounds_the_cheapest_route(dear: int) -> None:
    for seed in range(40):
        r = random.Random(seed)
        day = a_day(r, 6, True)
        worth = np.array([r.uniform(0, 60) for _ in range(6)])
        entry = entries(r, day.most)

        least, _, nodes = search(day, worth, entry, 2, room(6, day.most, 2, 5), dear)

        if nodes > 2:
            assert least <= least_by_trying_all(day, worth, entry) + 0.05


def test_completions_that_repeat_no_dear_stop_promise_no_less_and_no_more_than_is_true() -> None:
    for seed in range(40):
        r = random.Random(seed)
        day = a_day(r, 6, True)
        worth = np.array([r.uniform(0, 60) for _ in range(6)])
        worth[r.randrange(6)] = 200.0
        entry = entries(r, day.most)

        easy, told_apart = (
            prepare_day(day, 1.0, worth, entry, dear, room(6, day.most, 2, 5)) for dear in (0, DEAR)
        )

        assert easy <= told_apart + 1e-9
        assert told_apart <= least_by_trying_all(day, worth, entry) + 1e-9


def test_a_strengthened_tangent_is_never_above_the_square() -> None:
    for m in range(8):
        for a in range(8):
            for b in range(8):
                assert tangent(a, m) + tangent(b, m) - m * (m + 1) <= (a + b) ** 2
