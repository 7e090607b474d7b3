"""Kernel: what routes found for one class of cadre-days are worth in all classes."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.bounds.day_routes import SLACK_MIN
from scheduler.engines.search.arrays import FORBIDDEN, Fixed, Floats, Ints
from scheduler.engines.search.compiled import kernel
from scheduler.engines.search.routes import NEVER, earliest_start


class Kinds(NamedTuple):
    """All classes of a piece: Z classes, N stops."""

    may: NDArray[np.bool_]  # (Z, N)
    out: Floats  # (Z, N) minutes from the base
    home: Floats  # (Z, N) minutes back
    shift: Floats  # (Z, 2)
    most: Ints  # (Z,)


@kernel
def share_routes(
    f: Fixed,
    kinds: Kinds,
    worth: Floats,
    entry: Floats,
    route: Ints,
    length: Ints,
    inside: Ints,
    value: Floats,
    minutes: Floats,
) -> None:
    """
    Fill the value, but for travel, and the minutes of R routes in Z classes.

    Parameters
    ----------
    f, kinds
        The piece and its classes.
    worth, entry
        Prices of each class, shapes (Z, N) and (Z, V, S).
    route, length
        The routes, shapes (R, S) and (R,).
    inside
        Room, shape (V,), all 0.
    value, minutes
        Filled, shape (Z, R); FORBIDDEN where the route cannot be driven.
    """
    cadres = f.duty.shape[0]
    for z in range(len(kinds.most)):
        for r in range(len(length)):
            n = length[r]
            value[z, r] = FORBIDDEN
            minutes[z, r] = 0.0
            fits = n <= kinds.most[z]
            for y in range(n):
                if not kinds.may[z, route[r, y]]:
                    fits = False
            if not fits:
                continue
            at, way, total = kinds.shift[z, 0], 0.0, 0.0
            for y in range(n):
                i = route[r, y]
                leg = kinds.out[z, i]
                if y > 0:
                    leg = f.minutes[cadres + route[r, y - 1], cadres + i]
                way += leg
                start = earliest_start(f, i, at + leg)
                if start >= NEVER:
                    fits = False
                    break
                at = start + f.service[i]
                total -= worth[z, i]
            back = kinds.home[z, route[r, n - 1]]
            if not fits or at + back > kinds.shift[z, 1] + SLACK_MIN:
                continue
            for y in range(n):
                v = f.home[route[r, y]]
                total += entry[z, v, inside[v]]
                inside[v] += 1
            for y in range(n):
                inside[f.home[route[r, y]]] = 0
            value[z, r] = total
            minutes[z, r] = way + back
