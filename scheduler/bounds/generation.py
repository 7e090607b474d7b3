"""Column generation for one piece: the master and the pricing of days, in turn."""

from collections.abc import Sequence

import numpy as np

from scheduler.bounds.beginnings import even_prices, refined_prices
from scheduler.bounds.classes import LEVELS, DayClass, classify
from scheduler.bounds.cuts import broken_rows
from scheduler.bounds.master import Master
from scheduler.bounds.prices import Prices
from scheduler.bounds.pricing import Pricing
from scheduler.bounds.rows import Row
from scheduler.bounds.terms import Terms

CLOSE = 1e-3
"""A level is over when master and bound are this share apart."""

TRUST = 0.6
"""Share of the master's own prices in those that are tried; the rest are the best so far."""

SLOW = 2e-3
"""The pricing is given more nodes when the master moves by less than this share."""

PATIENCE = 3
"""Rounds that the master may stand still before that."""

KEEP = 0.9
"""Share of the least value from which on routes are collected."""

FEW_NODES, MANY_NODES = 100_000, 60_000_000
"""Nodes that the pricing of one class may open, at first and at most."""

SHARES = (0.6, 0.68, 0.76, 0.84, 0.92, 1.0)
"""Shares of the plan's travel that the first prices try, until they prove less."""

SEED = 40
"""Routes known from before that each class begins with."""

Stops = tuple[int, ...]


class Generation:
    """
    A piece on its way to its bound, level by level.

    Parameters
    ----------
    terms
        The piece, priced.
    routes
        Routes of a plan to begin with.
    """

    def __init__(self, terms: Terms, routes: Sequence[Stops] = ()) -> None:
        self.terms = terms
        self.bound = -np.inf
        self.target = np.inf
        self.level = -1
        self.rounds = 0
        self.most_nodes = FEW_NODES
        self.finished = False
        self._standstill = 0
        self._known: dict[Stops, None] = dict.fromkeys(routes)
        self.classes: list[DayClass] = []
        self.best: Prices
        self._next_level()

    def step(self, nodes: int = MANY_NODES) -> None:
        """
        Solve the master once, price all classes, add routes and rows.

        Parameters
        ----------
        nodes
            Nodes that the pricing of all classes may open in all.
        """
        self.rounds += 1
        self.most_nodes = min(MANY_NODES, max(FEW_NODES, nodes // max(1, len(self.classes))))
        before = self.target
        self.target, own, used = self.master.solve()
        rows = sum([self.master.add_row(row) for row in list(broken_rows(self.master, used))])
        new = self._price(own.mixed(self.best, TRUST))
        if new == 0:
            new = self._price(own)
        moves = abs(before - self.target) > SLOW * abs(self.target)
        self._standstill = 0 if moves else self._standstill + 1
        slow = self._standstill >= PATIENCE
        if self.pricing.cut_short and (slow or new == 0) and self.limit < self.most_nodes:
            self.limit *= 8
            self._standstill = 0
            return
        near = self.target - self.level_bound <= CLOSE * abs(self.target)
        if rows == 0 and (near or new == 0):
            if self.level + 1 < LEVELS and self.classes:
                self._next_level()
            else:
                self.finished = True

    def _next_level(self) -> None:
        """Begin with finer classes, at the prices of the level before."""
        coarse = self.classes
        self.level += 1
        self.classes = classify(self.terms.fixed, self.terms.allowed, self.level)
        self.master = Master(self.terms, self.classes)
        self.pricing = Pricing(self.terms, self.classes)
        self.limit = FEW_NODES
        self.level_bound = -np.inf
        begins: list[dict[Row, float]] = [{}]
        if self.classes and self.level:
            begins = [refined_prices(self.master, coarse, self.best)]
        elif self.classes:
            begins = [even_prices(self.master, self._known, share) for share in SHARES]
        for row in begins[0]:
            if row.says not in ("cover", "certified"):
                self.master.add_row(row)
        self.best = self.master.prices(begins[0])
        seed = SEED if self.level else max(SEED, len(self._known))
        for route, minutes in self.pricing.best_of(list(self._known), self.best, seed):
            self.master.add(route, minutes)
        for begin in begins:
            before = self.level_bound
            self._price(self.master.prices(begin))
            if self.level_bound <= before:
                break

    def _price(self, prices: Prices) -> int:
        limit = min(self.limit, self.most_nodes)
        least, routes = self.pricing.price(prices, KEEP, limit)
        bound = prices.without_routes(self.terms) + least
        if bound > self.level_bound:
            self.level_bound, self.best = bound, prices
        self.bound = max(self.bound, bound)
        self._known.update(dict.fromkeys(route.stops for route, _ in routes))
        return sum([self.master.add(route, minutes) for route, minutes in routes])
