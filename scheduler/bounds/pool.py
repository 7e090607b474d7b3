"""Routes known so far: minutes in every class once, values at any prices."""

from collections.abc import Iterable, Sequence

import numpy as np

from scheduler.bounds.classes import DayClass
from scheduler.bounds.prices import Tables
from scheduler.bounds.rows import Route
from scheduler.bounds.sharing import fill_minutes, fill_values, kinds_of
from scheduler.bounds.terms import Terms
from scheduler.engines.search.arrays import Floats

SEEN = 4
"""A class takes routes of any class while one of their stops is in fewer routes taken."""

FULL = 3_000_000
"""Pairs of class and route from which on a pool takes no more variants; 24 MB each array."""

Stops = tuple[int, ...]

Priced = tuple[Route, float]
"""A route and its minutes."""


class Pool:
    """
    The routes that classes of a piece know.

    Parameters
    ----------
    terms
        The piece, priced.
    classes
        Its cadre-days.
    longest
        Stops of a route at most.
    """

    def __init__(self, terms: Terms, classes: Sequence[DayClass], longest: int) -> None:
        self._terms, self._longest = terms, longest
        self._kinds = kinds_of(classes, len(terms.due))
        self._inside = np.zeros(len(terms.fixed.teams), np.int64)
        self._row: dict[Stops, int] = {}
        self._route = np.zeros((0, longest), np.int64)
        self._length = np.zeros(0, np.int64)
        self._minutes = np.zeros((len(classes), 0))

    @property
    def is_full(self) -> bool:
        """Whether variants should stay out: every route is priced for every class."""
        return self._minutes.size > FULL

    def add(self, routes: Iterable[Stops]) -> None:
        """Add routes; those that are known already stay."""
        new = [r for r in dict.fromkeys(routes) if r not in self._row and len(r) <= self._longest]
        if not new:
            return
        self._row.update({r: len(self._row) + k for k, r in enumerate(new)})
        length = np.array([len(r) for r in new], np.int64)
        route = np.array([r + (0,) * (self._longest - len(r)) for r in new], np.int64)
        minutes = np.empty((len(self._minutes), len(new)))
        fill_minutes(self._terms.fixed, self._kinds, route, length, minutes)
        self._route = np.vstack((self._route, route))
        self._length = np.concatenate((self._length, length))
        self._minutes = np.hstack((self._minutes, minutes))

    def values(self, at: Tables) -> Floats:
        """Value of each route in each class, shape (Z, R); huge where impossible."""
        value = np.empty_like(self._minutes)
        if not value.size:
            return value
        fill_values(
            self._terms.fixed.home,
            self._terms.travel,
            at.worth,
            at.entry,
            self._route,
            self._length,
            self._minutes,
            self._inside,
            value,
        )
        return value

    def best(self, values: Floats, most: int, below: float) -> list[Priced]:
        """Of each class the best routes below a value, at most so many."""
        stops = list(self._row)
        found = []
        for z, mine in enumerate(values):
            few = np.flatnonzero(mine < below)
            for r in few[np.argsort(mine[few], kind="stable")[:most]]:
                found.append((Route(z, stops[r]), float(self._minutes[z, r])))
        return found


def varied(routes: Iterable[Priced], classes: int, stops: int) -> list[Priced]:
    """Of each class, best first, routes with a stop that few before had."""
    seen = np.zeros((classes, stops), np.int64)
    kept = []
    for route, minutes in routes:
        mine = list(route.stops)
        if seen[route.kind, mine].min() < SEEN:
            seen[route.kind, mine] += 1
            kept.append((route, minutes))
    return kept
