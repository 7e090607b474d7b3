"""Price every class of cadre-days of a piece: new routes, and what no route can beat."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from scheduler.bounds.classes import DayClass
from scheduler.bounds.day import DEAR, Day, room
from scheduler.bounds.day_routes import cheapest_routes, prepare_day
from scheduler.bounds.pool import Pool, Priced, Stops, varied
from scheduler.bounds.prices import Prices, Tables
from scheduler.bounds.terms import Terms
from scheduler.engines.search.arrays import FORBIDDEN, Floats, Ints

FOUND = 60
"""Routes kept of the search of one class."""

APART, APART_NODES = 12, 2_000
"""Routes without common stops that are looked for after the best of a class, and nodes each."""

NEARER = 0.5
"""Share of what is not yet proven that the next bar tries to prove."""

FAR = 20.0
"""Tolerances between bound and best route up to which a class that was hard is tried as easy."""

PLAIN = 5
"""Nodes for each pair of stops that a search may open before dear stops are told apart."""

SMALL = 1e-7
"""Values above this, negative, are 0."""


class Search(NamedTuple):
    """A class to search: its stops, their day, and the prices there."""

    stops: Ints
    day: Day
    worth: Floats
    entry: Floats


class Pricing:
    """
    The cadre-days of a piece.

    Parameters
    ----------
    terms
        The piece, priced.
    classes
        Its cadre-days.
    """

    def __init__(self, terms: Terms, classes: Sequence[DayClass]) -> None:
        self._terms, self._classes = terms, classes
        self.longest = max(2, max((k.most for k in classes), default=0))
        widest = max((int(k.may.sum()) for k in classes), default=1)
        self._room = room(widest, self.longest, len(terms.fixed.teams), FOUND)
        self.pool = Pool(terms, classes, self.longest)
        self.cut_short = False
        self._hard: set[int] = set()

    def price(self, prices: Prices, tolerance: float, limit: int) -> tuple[float, list[Priced]]:
        """
        Price all cadre-days.

        Parameters
        ----------
        prices
            Of all rows.
        tolerance
            How far the bound of a class's least value may be from it.
        limit
            Nodes that the search of one class may open.

        Returns
        -------
        tuple
            A proven lower bound of the sum of the least values of all cadre-days, and routes
            of negative value.
        """
        total = 0.0
        self.cut_short = False
        tables = self._tables(prices)
        known = self.pool.values(tables).min(1, initial=0.0)
        for z, kind in enumerate(self._classes):
            least, routes = self._price(z, tables, float(known[z]), tolerance, limit)
            total += kind.size * least
            self.pool.add(routes)
        return total, self._varied(self.pool.values(tables))

    def known(self, prices: Prices) -> list[Priced]:
        """Routes of negative value among those known."""
        return self._varied(self.pool.values(self._tables(prices)))

    def best_known(self, prices: Prices, most: int) -> list[Priced]:
        """Take the best routes known for every class, at most so many."""
        return self.pool.best(self.pool.values(self._tables(prices)), most, FORBIDDEN)

    def forget(self) -> None:
        """Let go of the routes known, which take most of the memory of a piece."""
        self.pool = Pool(self._terms, self._classes, self.longest)

    def _tables(self, prices: Prices) -> Tables:
        return prices.tables(self._terms, self._classes, self.longest)

    def _varied(self, values: Floats) -> list[Priced]:
        best = self.pool.best(values, FOUND, -1e-6)
        return varied(best, len(self._classes), len(self._terms.due))

    def _price(
        self, z: int, tables: Tables, best: float, tolerance: float, limit: int
    ) -> tuple[float, list[Stops]]:
        """
        Bound the least value of a route of a class; routes near it, and some far apart.

        First with plain completions, which are cheap, for a few nodes; where these prove too
        little, with dear stops told apart. A class that was hard begins there while it is far.
        """
        search = self._search(z, tables)
        if not len(search.stops):
            return 0.0, []
        self._room.barred[:] = 0
        low = self._prepare(search, 0)
        if low >= -SMALL:
            return 0.0, []
        found: list[Stops] = []
        if z not in self._hard or best - low < FAR * tolerance:
            few = min(limit, PLAIN * len(search.stops) ** 2)
            low, best, found = self._prove(search, low, best, tolerance, few)
        if best - low > tolerance:
            self._hard.add(z)
            low = max(low, self._prepare(search, DEAR))
            low, best, more = self._prove(search, low, best, tolerance, limit)
            found = more or found
        self.cut_short |= best - low > tolerance
        return low, found + self._apart(search, found[:1])

    def _prepare(self, search: Search, dear: int) -> float:
        """Fill the tables for a search; the least value of a route, from below."""
        travel = self._terms.travel
        return prepare_day(search.day, travel, search.worth, search.entry, dear, self._room)

    def _search(self, z: int, tables: Tables) -> Search:
        """Take the stops of a class that a cheapest route may have."""
        t, f, kind = self._terms, self._terms.fixed, self._classes[z]
        stops = np.flatnonzero(kind.may)
        worth, entry = tables.worth[z], tables.entry[z]
        if t.metric:  # who is worth less than the least price is in no cheapest route
            stops = stops[worth[stops] > entry.min(1)[f.home[stops]]]
        villages, village = np.unique(f.home[stops], return_inverse=True)
        legs = np.zeros((len(stops) + 1, len(stops) + 1))
        places = len(f.capacity) + stops
        legs[1:, 1:] = f.minutes[np.ix_(places, places)]
        legs[0, 1:], legs[1:, 0] = kind.out[stops], kind.home[stops]
        day = Day(
            legs=legs,
            back=kind.back[stops],
            service=f.service[stops],
            windows=f.windows[stops],
            window=f.window[stops],
            village=village.astype(np.int64),
            shift=kind.shift,
            most=min(kind.most, len(stops)),
        )
        return Search(
            stops=stops,
            day=day,
            worth=worth[stops],
            entry=np.ascontiguousarray(entry[villages]),
        )

    def _prove(
        self, search: Search, low: float, best: float, tolerance: float, limit: int
    ) -> tuple[float, float, list[Stops]]:
        """
        Raise a lower bound of the least value towards the best route known, bar by bar.

        Returns the bound, the best value and the routes of the last search that found any.
        """
        found: list[Stops] = []
        while best - low > tolerance and limit >= 0:
            bar = best - SMALL if best - low < 2 * tolerance else low + NEARER * (best - low)
            least, routes, nodes = self._below(search, bar, limit)
            if routes:
                found, best = routes, min(best, float(self._room.value[: len(routes)].min()))
            low, limit = max(low, least), limit - nodes
        return low, best, found

    def _apart(self, search: Search, found: Sequence[Stops]) -> list[Stops]:
        """Find more routes, none with a stop of those before: they mix well."""
        more: list[Stops] = []
        for _ in range(APART):
            for route in found[:1]:
                self._room.barred[1 + np.searchsorted(search.stops, route)] = 1
            _, found, _ = self._below(search, -SMALL, APART_NODES)
            if not found:
                break
            more += found[:3]
        return more

    def _below(self, search: Search, bar: float, limit: int) -> tuple[float, list[Stops], int]:
        """Search a class below a bar; the bound, routes, best first, and nodes."""
        x = self._room
        least, count, nodes = cheapest_routes(search.day, search.worth, search.entry, bar, limit, x)
        order = np.argsort(x.value[:count], kind="stable")
        routes = [tuple(search.stops[x.stops[k, : x.length[k]]].tolist()) for k in order]
        return least, routes, nodes
