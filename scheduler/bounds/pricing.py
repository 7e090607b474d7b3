"""Price every cadre's day of a piece: new routes, and what no route can beat."""

from collections.abc import Iterator

import numpy as np

from scheduler.bounds.day_routes import Day, Room, cheapest_routes, room
from scheduler.bounds.prices import Prices
from scheduler.bounds.rows import Route
from scheduler.bounds.terms import Terms
from scheduler.engines.search.arrays import Ints

ROUTES = 12
"""Routes kept of a cadre's day at once."""


class Pricing:
    """
    The cadre-days of a piece.

    Parameters
    ----------
    terms
        The piece, priced.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        f = terms.fixed
        self.days = [
            (c, int(d), stops)
            for c in range(len(f.capacity))
            for d in f.duty[c]
            if d >= 0 and len(stops := _stops(terms, c, int(d)))
        ]
        most = int(f.capacity.max()) if len(f.capacity) else 1
        stops = max((len(s) for _, _, s in self.days), default=1)
        self._room: Room = room(stops, max(1, most), len(f.teams), ROUTES)
        self.least = np.zeros(len(self.days))
        self.nodes = 0

    def price(
        self, prices: Prices, n: int, keep: float, limit: int
    ) -> Iterator[tuple[Route, float]]:
        """Price cadre-day n: fill ``least[n]`` and yield routes worth adding, with minutes."""
        t, f, x = self._terms, self._terms.fixed, self._room
        c, d, stops = self.days[n]
        most = min(int(f.capacity[c]), len(stops))
        worth = prices.worth(t, c, d)[stops]
        entries = prices.entries(t, d, max(2, most))
        if t.metric:  # who is worth less than the least price is in no cheapest route
            worthy = worth > entries.min(1)[f.home[stops]]
            stops, worth = stops[worthy], worth[worthy]
        self.least[n] = 0.0
        if not len(stops):
            return
        most = min(most, len(stops))
        villages, local = np.unique(f.home[stops], return_inverse=True)
        places = np.concatenate(([c], len(f.capacity) + stops))
        day = Day(
            legs=np.ascontiguousarray(f.minutes[np.ix_(places, places)]),
            service=f.service[stops],
            windows=f.windows[stops],
            window=f.window[stops],
            village=local.astype(np.int64),
            shift=f.shift[c, d],
            most=most,
        )
        entry = np.ascontiguousarray(entries[villages])
        least, count, nodes = cheapest_routes(day, t.travel, worth, entry, keep, limit, x)
        self.least[n] = least
        self.nodes += nodes
        for k in range(count):
            path = tuple(int(stops[i]) for i in x.stops[k, : x.length[k]])
            yield Route(c, d, path), float(x.minutes[k])


def _stops(terms: Terms, c: int, d: int) -> Ints:
    """Stops that a cadre may visit on a day, by unit, pairing, dates and caps."""
    f = terms.fixed
    if f.capacity[c] < 1:
        return np.zeros(0, np.int64)
    allowed = terms.allowed[:, d] & (f.team == c).any(1)
    allowed &= (f.teams[f.home] > 0) & (f.weekly[f.home] > 0) & (terms.due > terms.least_missing)
    return np.flatnonzero(allowed)
