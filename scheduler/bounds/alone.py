"""What each stop could have if it were alone in the district, by least legs."""

import numpy as np

from scheduler.engines.search.arrays import Fixed, Ints
from scheduler.engines.search.compiled import kernel
from scheduler.engines.search.pieces import Piece
from scheduler.engines.search.reach import day_works, fill_reach
from scheduler.legs import LeastLegs


def alone(piece: Piece, legs: LeastLegs) -> Fixed:
    """Arrays of a piece with least legs in place of the legs, and the reach they allow."""
    f = piece.fixed
    least = legs.of_unit(piece.unit)
    n = len(least)
    minutes = f.minutes.copy()
    minutes[:n, :n] = least
    fixed = f._replace(minutes=minutes, reach=np.zeros_like(f.reach))
    fill_reach(fixed)
    return fixed


def days_alone(fixed: Fixed, stop: int) -> Ints:
    """Days on which each cadre could go out for this stop only, shape (C, D), 0 or 1."""
    works = np.zeros(fixed.shift.shape[:2], np.int64)
    _fill_days(fixed, stop, works)
    return works


@kernel
def _fill_days(f: Fixed, stop: int, works: Ints) -> None:
    for t in range(f.team.shape[1]):
        c = f.team[stop, t]
        if c < 0:
            break
        for q in range(f.duty.shape[1]):
            d = f.duty[c, q]
            if d < 0:
                break
            if day_works(f, stop, c, d):
                works[c, d] = 1
