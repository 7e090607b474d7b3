"""Price every class of cadre-days of a piece: new routes, and what no route can beat."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from scheduler.bounds.classes import DayClass
from scheduler.bounds.day_routes import Day, cheapest_routes, room
from scheduler.bounds.prices import Prices
from scheduler.bounds.rows import Route
from scheduler.bounds.sharing import Kinds, share_routes
from scheduler.bounds.terms import Terms
from scheduler.engines.search.arrays import FORBIDDEN, Floats

FOUND = 60
"""Routes kept of the search of one class."""

SEEN = 4
"""A class takes routes of any class while one of their stops is in fewer routes taken."""

APART, APART_NODES = 12, 20_000
"""Routes without common stops that are looked for after the best of a class, and nodes each."""

Priced = tuple[Route, float]
"""A route and its minutes."""


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
        villages, stops = len(terms.fixed.teams), len(terms.due)
        self._kinds = Kinds(
            may=np.array([k.may for k in classes], np.bool_).reshape(len(classes), stops),
            out=np.array([k.out for k in classes], float).reshape(len(classes), stops),
            home=np.array([k.home for k in classes], float).reshape(len(classes), stops),
            shift=np.array([k.shift for k in classes], float).reshape(len(classes), 2),
            most=np.array([k.most for k in classes], np.int64),
        )
        self._longest = max(2, int(self._kinds.most.max(initial=0)))
        widest = int(self._kinds.may.sum(1).max(initial=1))
        self._room = room(widest, self._longest, villages, FOUND)
        self._inside = np.zeros(villages, np.int64)
        self.cut_short = False

    def price(self, prices: Prices, keep: float, limit: int) -> tuple[float, list[Priced]]:
        """
        Price all cadre-days.

        Returns
        -------
        tuple
            A proven lower bound of the sum of the least values of all cadre-days, and routes
            of negative value.
        """
        total, found = 0.0, []
        self.cut_short = False
        worth, entry = self._tables(prices)
        for z, kind in enumerate(self._classes):
            least, routes = self._price(kind, worth[z], entry[z], keep, limit)
            total += kind.size * least
            found += routes
            found += self._apart(kind, worth[z], entry[z], routes[:1])
        return total, self._varied(self._best(found, worth, entry, len(found), -1e-6))

    def best_of(self, routes: Sequence[tuple[int, ...]], prices: Prices, most: int) -> list[Priced]:
        """Take the best of some routes for every class, at most so many."""
        return self._best(routes, *self._tables(prices), most, FORBIDDEN)

    def _tables(self, prices: Prices) -> tuple[Floats, Floats]:
        """Worth and entries of all classes, shapes (Z, N) and (Z, V, S)."""
        t, kinds = self._terms, list(enumerate(self._classes))
        worth = np.array([prices.worth(t, z, k.bucket) for z, k in kinds])
        entry = np.array([prices.entries(t, z, k.bucket, self._longest) for z, k in kinds])
        return worth, entry

    def _price(
        self, kind: DayClass, worth: Floats, entry: Floats, keep: float, limit: int
    ) -> tuple[float, list[tuple[int, ...]]]:
        t, f, x = self._terms, self._terms.fixed, self._room
        stops = np.flatnonzero(kind.may)
        if t.metric:  # who is worth less than the least price is in no cheapest route
            stops = stops[worth[stops] > entry.min(1)[f.home[stops]]]
        if not len(stops):
            return 0.0, []
        villages, local = np.unique(f.home[stops], return_inverse=True)
        legs = np.zeros((len(stops) + 1, len(stops) + 1))
        places = len(f.capacity) + stops
        legs[1:, 1:] = f.minutes[np.ix_(places, places)]
        legs[0, 1:], legs[1:, 0] = kind.out[stops], kind.home[stops]
        day = Day(
            legs=legs,
            service=f.service[stops],
            windows=f.windows[stops],
            window=f.window[stops],
            village=local.astype(np.int64),
            shift=kind.shift,
            most=min(kind.most, len(stops)),
        )
        least, count, nodes = cheapest_routes(
            day, t.travel, worth[stops], np.ascontiguousarray(entry[villages]), keep, limit, x
        )
        self.cut_short |= nodes > limit
        order = np.argsort(x.value[:count], kind="stable")
        return least, [tuple(int(stops[i]) for i in x.stops[k, : x.length[k]]) for k in order]

    def _apart(
        self, kind: DayClass, worth: Floats, entry: Floats, routes: Sequence[tuple[int, ...]]
    ) -> list[tuple[int, ...]]:
        """Find more routes, none with a stop of the best ones before: they mix well."""
        found: list[tuple[int, ...]] = []
        left = kind.may.copy()
        cut_short = self.cut_short
        for _ in range(APART):
            if not routes:
                break
            left[list(routes[0])] = False
            _, routes = self._price(replace(kind, may=left), worth, entry, 1.0, APART_NODES)
            found += routes[:3]
        self.cut_short = cut_short
        return found

    def _varied(self, routes: Sequence[Priced]) -> list[Priced]:
        """Of each class, best first, routes with a stop that few before had."""
        seen = np.zeros((len(self._classes), len(self._terms.due)), np.int64)
        kept = []
        for route, minutes in routes:
            stops = list(route.stops)
            if seen[route.kind, stops].min() < SEEN:
                seen[route.kind, stops] += 1
                kept.append((route, minutes))
        return kept

    def _best(
        self,
        routes: Sequence[tuple[int, ...]],
        worth: Floats,
        entry: Floats,
        most: int,
        below: float,
    ) -> list[Priced]:
        unique = list(dict.fromkeys(routes))
        if not unique:
            return []
        value, minutes = self._values(unique, worth, entry)
        priced = []
        for z in range(len(self._classes)):
            best = np.argsort(value[z], kind="stable")[:most]
            for r in best[value[z, best] < below]:
                priced.append((Route(z, unique[r]), float(minutes[z, r])))
        return priced

    def _values(
        self, routes: Sequence[tuple[int, ...]], worth: Floats, entry: Floats
    ) -> tuple[Floats, Floats]:
        """Value and minutes of routes in all classes, shapes (Z, R); huge where impossible."""
        route = np.zeros((len(routes), self._longest), np.int64)
        for r, stops in enumerate(routes):
            route[r, : len(stops)] = stops
        length = np.array([len(stops) for stops in routes], np.int64)
        value = np.empty((len(self._classes), len(routes)))
        minutes = np.empty_like(value)
        share_routes(
            self._terms.fixed,
            self._kinds,
            worth,
            entry,
            route,
            length,
            self._inside,
            value,
            minutes,
        )
        return value + self._terms.travel * minutes, minutes
