"""Column generation for one piece: the master and the pricing of days, in turn."""

import time
from collections.abc import Callable, Iterable

import numpy as np

from scheduler.bounds.cuts import broken_rows
from scheduler.bounds.master import Master
from scheduler.bounds.prices import Prices
from scheduler.bounds.pricing import Pricing
from scheduler.bounds.rows import Route
from scheduler.bounds.terms import Terms

CLOSE = 2e-4
"""Stop when master and bound are this share apart."""

TRUST = 0.6
"""Share of the master's own prices in those that are tried; the rest are the best so far."""

KEEP = 0.5
NODES = 3_000_000


class Generation:
    """
    A piece on its way to its bound.

    Parameters
    ----------
    terms
        The piece, priced.
    routes
        Routes to begin with, and their minutes.
    """

    def __init__(self, terms: Terms, routes: Iterable[tuple[Route, float]] = ()) -> None:
        self.terms = terms
        self.master = Master(terms)
        self.pricing = Pricing(terms)
        for route, minutes in routes:
            self.master.add(route, minutes)
        self.bound = -np.inf
        self.target = np.inf
        self.best: Prices | None = None
        self.rounds = 0
        self.finished = False

    def step(self) -> None:
        """Solve the master once, price all days, add routes and rows."""
        self.rounds += 1
        self.target, own, used = self.master.solve()
        rows = sum(self.master.add_row(row) for row in list(broken_rows(self.master, used)))
        tried = own if self.best is None or self.rounds % 8 == 0 else self._mix(own)
        new = self._price(tried)
        if new == 0 and tried is not own:
            new = self._price(own)
        if rows == 0 and (new == 0 or self.target - self.bound <= CLOSE * abs(self.target)):
            self.finished = True

    def _mix(self, own: Prices) -> Prices:
        assert self.best is not None
        return own.mixed(self.best, TRUST)

    def _price(self, prices: Prices) -> int:
        new = 0
        for n in range(len(self.pricing.days)):
            for route, minutes in self.pricing.price(prices, n, KEEP, NODES):
                new += self.master.add(route, minutes)
        bound = prices.without_routes(self.terms) + float(self.pricing.least.sum())
        if bound > self.bound:
            self.bound, self.best = bound, prices
        return new
