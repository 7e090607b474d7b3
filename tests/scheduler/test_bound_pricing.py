"""What the pricing of a piece promises: routes that can be driven, and bounds that hold."""

from collections.abc import Iterator
from itertools import permutations

import numpy as np
import pytest

from scheduler.bounds.alone import alone
from scheduler.bounds.classes import LEVELS, classify
from scheduler.bounds.master import Master
from scheduler.bounds.pricing import Pricing
from scheduler.bounds.terms import Terms, price
from scheduler.bounds.variants import variants
from scheduler.engines.search.arrays import FORBIDDEN
from scheduler.engines.search.pieces import cut
from scheduler.legs import LeastLegs
from tests.scheduler.brute import tiny_problem


def some_terms() -> Iterator[Terms]:
    for seed in range(20):
        problem = tiny_problem(seed)
        legs = LeastLegs(problem)
        priorities = {h.id: h.priority for h in problem.households}
        for piece in cut(problem):
            yield price(piece, alone(piece, legs), priorities, {}, {})


@pytest.mark.parametrize("level", range(LEVELS))
def test_no_route_is_cheaper_than_its_class_is_proven_to_be(level: int) -> None:
    for terms in some_terms():
        classes = classify(terms.fixed, terms.allowed, terms.back, level)
        if not classes:
            continue
        prices = Master(terms, classes).prices({})
        prices.visit[:] = 90.0
        pricing = Pricing(terms, classes)
        stops = range(len(terms.due))
        every = [r for k in range(1, pricing.longest + 1) for r in permutations(stops, k)]
        known = Pricing(terms, classes)
        known.pool.add(every)
        tables = prices.tables(terms, classes, known.longest)
        least = np.minimum(0.0, known.pool.values(tables).min(1))

        exact, found = pricing.price(prices, 1e-6, 10**6)
        rough, _ = Pricing(terms, classes).price(prices, 5.0, 10**6)

        sizes = np.array([k.size for k in classes])
        assert exact == pytest.approx(float(sizes @ least), abs=0.02)
        assert exact - 5.0 * sizes.sum() - 1e-6 <= rough <= exact + 1e-6
        assert all(minutes < FORBIDDEN for _, minutes in found)


def test_variants_have_one_stop_less_more_or_other() -> None:
    for terms in some_terms():
        f = terms.fixed
        if not len(f.near) or f.near.shape[1] < 2:
            continue
        route = tuple(int(i) for i in f.near[0, :2])

        for other in variants(f.near, [route], 3):
            assert 1 <= len(other) == len(set(other)) <= 3
            assert len(set(other) ^ set(route)) in (1, 2)
