"""Kernels: what routes found for one class of cadre-days are worth in all classes."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scheduler.bounds.classes import DayClass
from scheduler.bounds.day import SLACK_MIN
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


def kinds_of(classes: Sequence[DayClass], stops: int) -> Kinds:
    """Put classes side by side."""
    wide = len(classes), stops
    return Kinds(
        may=np.array([k.may for k in classes], np.bool_).reshape(wide),
        out=np.array([k.out for k in classes], float).reshape(wide),
        home=np.array([k.home for k in classes], float).reshape(wide),
        shift=np.array([k.shift for k in classes], float).reshape(len(classes), 2),
        most=np.array([k.most for k in classes], np.int64),
    )


@kernel
def fill_minutes(f: Fixed, kinds: Kinds, route: Ints, length: Ints, minutes: Floats) -> None:
    """
    Fill the minutes of R routes in Z classes.

    Parameters
    ----------
    f, kinds
        The piece and its classes.
    route, length
        The routes, shapes (R, S) and (R,).
    minutes
        Filled, shape (Z, R); FORBIDDEN where the route cannot be driven.
    """
    cadres = f.duty.shape[0]
    for z in range(len(kinds.most)):
        for r in range(len(length)):
            n = length[r]
            minutes[z, r] = FORBIDDEN
            fits = n <= kinds.most[z]
            at, way = kinds.shift[z, 0], 0.0
            for y in range(n):
                i = route[r, y]
                if not kinds.may[z, i]:
                    fits = False
                if not fits:
                    break
                leg = kinds.out[z, i]
                if y > 0:
                    leg = f.minutes[cadres + route[r, y - 1], cadres + i]
                way += leg
                start = earliest_start(f, i, at + leg)
                at = start + f.service[i]
                fits = start < NEVER
            if not fits:
                continue
            back = kinds.home[z, route[r, n - 1]]
            if at + back <= kinds.shift[z, 1] + SLACK_MIN:
                minutes[z, r] = way + back


@kernel
def fill_values(
    home: Ints,
    travel: float,
    worth: Floats,
    entry: Floats,
    route: Ints,
    length: Ints,
    minutes: Floats,
    inside: Ints,
    value: Floats,
) -> None:
    """
    Fill the value of R routes in Z classes.

    Parameters
    ----------
    home
        Village of each stop, shape (N,).
    travel
        Price of a minute of travel.
    worth, entry
        Prices, shapes (Z, N) and (Z, V, S).
    route, length, minutes
        The routes, shapes (R, S), (R,) and (Z, R).
    inside
        Room, shape (V,), all 0.
    value
        Filled, shape (Z, R); FORBIDDEN where the route cannot be driven.
    """
    for z in range(len(minutes)):
        for r in range(len(length)):
            value[z, r] = FORBIDDEN
            if minutes[z, r] >= FORBIDDEN:
                continue
            total = travel * minutes[z, r]
            for y in range(length[r]):
                v = home[route[r, y]]
                total += entry[z, v, inside[v]] - worth[z, route[r, y]]
                inside[v] += 1
            for y in range(length[r]):
                inside[home[route[r, y]]] = 0
            value[z, r] = total
