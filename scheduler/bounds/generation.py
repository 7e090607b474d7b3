"""Column generation for one piece: the master and the pricing of days, in turn."""

from collections.abc import Iterable, Sequence

import numpy as np

from scheduler.bounds.beginnings import even_prices, refined_prices
from scheduler.bounds.classes import DayClass, classify
from scheduler.bounds.cuts import broken_rows
from scheduler.bounds.master import Master
from scheduler.bounds.prices import Prices
from scheduler.bounds.pricing import Pricing
from scheduler.bounds.rows import Route, Row
from scheduler.bounds.terms import Terms
from scheduler.bounds.variants import variants

LEAST_TOLERATED = 1e-6
"""Value of one route that is given away at least: less is lost in rounding."""

STAGES = ((0, 1e-2), (1, 5e-3), (1, 2e-3), (2, 1e-3))
"""Level of each stage, and the share that master and bound are apart when it is over."""

TRUST, LOOSE = 0.8, 0.7
"""Share of the master's own prices in those of days, of variants; the rest are the best so far."""

SLOW = 2e-3
"""The pricing is given more nodes when the master moves by less than this share."""

PATIENCE = 1
"""Rounds that the master may stand still before that."""

TOLERATED, GIVEN = 3e-4, 0.15
"""Share of the bound, and of what it lacks, that pricing gives away by not being exact."""

FEW_NODES, FIRST_NODES, MANY_NODES = 20_000, 1_000_000, 60_000_000
"""Nodes that the pricing of one class may open: when time is short, at first, and at most."""

SHARES = (0.6, 0.68, 0.76, 0.84, 0.92, 1.0)
"""Shares of the plan's travel that the first prices try, until they prove less."""

SEED = 40
"""Routes known from before that each class begins with."""

SETTLE, FEW = 10, 10
"""Times that the master is solved with variants before days are priced, while many help."""

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
        self.stage = 0
        self.level = -1
        self.rounds = 1
        self.most_nodes = FIRST_NODES
        self.finished = False
        self._standstill = 0
        self.classes: list[DayClass] = []
        self.best: Prices
        self.master: Master
        self._begin(0, list(routes))

    def step(self, nodes: int = MANY_NODES) -> None:
        """
        Settle the master, price all classes, add routes and rows; or begin a level.

        Parameters
        ----------
        nodes
            Nodes that the pricing of all classes may open in all.
        """
        self.rounds += 1
        level, close = STAGES[self.stage]
        if level > self.level:
            self._begin(level, list(dict.fromkeys(r.stops for r in self.master.routes)))
            return
        self.most_nodes = min(MANY_NODES, max(FEW_NODES, nodes // max(1, len(self.classes))))
        before = self.target
        own, used = self._settle()
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
        near = self.target - self.level_bound <= close * abs(self.target)
        if rows == 0 and (near or new == 0):
            self.rounds = 0
            self.pricing.forget()
            self.finished = not self.classes or self.stage + 1 == len(STAGES)
            self.stage += not self.finished

    def _begin(self, level: int, known: Sequence[Stops]) -> None:
        """Begin a level: with finer classes, at the prices of the level before."""
        coarse = self.master if level > 0 else None
        self.level = level
        self._standstill = 0
        self.classes = classify(self.terms.fixed, self.terms.allowed, self.terms.back, self.level)
        self.master = Master(self.terms, self.classes)
        self.pricing = Pricing(self.terms, self.classes)
        self.pricing.pool.add(known)
        self.limit = FIRST_NODES
        self.level_bound = -np.inf
        begins: list[dict[Row, float]] = [{}]
        if self.classes and coarse:
            begins = [refined_prices(self.master, coarse, self.best)]
        elif self.classes:
            begins = [even_prices(self.master, known, share) for share in SHARES]
        for row in begins[0]:
            if row.says not in ("cover", "certified"):
                self.master.add_row(row)
        self.best = self.master.prices(begins[0])
        seed = SEED if self.level else max(SEED, len(known))
        for route, minutes in self.pricing.best_known(self.best, seed):
            self.master.add(route, minutes)
        for begin in begins:
            before = self.level_bound
            self._price(self.master.prices(begin))
            if self.level_bound <= before:
                break

    def _tolerance(self) -> float:
        """Value of one route that the bound may give away: a share of what it still lacks."""
        scale = self.target if np.isfinite(self.target) else self.terms.constant
        least = TOLERATED * abs(scale)
        lacks = self.target - self.level_bound
        given = max(least, GIVEN * lacks) if np.isfinite(lacks) else least
        return max(LEAST_TOLERATED, given / max(1, sum(k.size for k in self.classes)))

    def _settle(self) -> tuple[Prices, dict[Route, float]]:
        """Solve the master, again while variants of the routes in use make it cheaper."""
        for _ in range(SETTLE):
            self.target, own, used = self.master.solve()
            self._expand(used)
            routes = self.pricing.known(own.mixed(self.best, LOOSE))
            if sum([self.master.add(route, minutes) for route, minutes in routes]) < FEW:
                break
        return own, used

    def _expand(self, used: Iterable[Route]) -> None:
        """Put the variants of routes in use into the pool."""
        if self.pricing.pool.is_full:
            return
        routes = dict.fromkeys(route.stops for route in used)
        near = self.terms.fixed.near
        self.pricing.pool.add(variants(near, routes, self.pricing.longest))

    def _price(self, prices: Prices) -> int:
        limit = min(self.limit, self.most_nodes)
        least, routes = self.pricing.price(prices, self._tolerance(), limit)
        bound = prices.without_routes(self.terms) + least
        if bound > self.level_bound:
            self.level_bound, self.best = bound, prices
        self.bound = max(self.bound, bound)
        return sum([self.master.add(route, minutes) for route, minutes in routes])
