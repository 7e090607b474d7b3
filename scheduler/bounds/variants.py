"""Routes that differ by one stop from others: cheap company for the master."""

from collections.abc import Iterable, Iterator

from scheduler.engines.search.arrays import Ints

NEAREST = 5
"""Stops near one of a route that may come in its place, or after it."""

Stops = tuple[int, ...]


def variants(near: Ints, routes: Iterable[Stops], most: int) -> Iterator[Stops]:
    """
    Yield routes with one stop less, another in place of one, and one more.

    Parameters
    ----------
    near
        Stops by travel time from each stop, nearest first, shape (N, n).
    routes
        Routes to begin with.
    most
        Stops at most.
    """
    for route in routes:
        inside = set(route)
        for at, stop in enumerate(route):
            before, after = route[:at], route[at + 1 :]
            if len(route) > 1:
                yield before + after
            for other in _others(near, stop, inside):
                yield (*before, other, *after)
                if len(route) < most:
                    yield (*before, stop, other, *after)
                    yield (*before, other, stop, *after)


def _others(near: Ints, stop: int, inside: set[int]) -> list[int]:
    found = [int(j) for j in near[stop, : NEAREST + len(inside)] if int(j) not in inside]
    return found[:NEAREST]
