"""How far the gaps of one household are from even at least, by exact chains over the days."""

import numpy as np

from scheduler.bounds.alone import days_alone
from scheduler.engines.search.arrays import Fixed, Ints


def least_spacing(f: Fixed, stop: int) -> tuple[float, float]:
    """
    Least sum of |gap - ideal| of a stop alone, and how it falls with a missing visit.

    Returns
    -------
    tuple
        The sum when all visits that can be made are made, days; the least change of it for
        each visit less, days, at most 0.
    """
    due = int(f.due[stop])
    best = np.full(due + 1, np.inf)
    best[:2] = 0.0
    for works in days_alone(f, stop):
        days = np.flatnonzero(works)
        for visits, chain in enumerate(_chains(f.ordinal[days], stop, f, due), start=1):
            best[visits] = min(best[visits], chain)
    full = int(np.flatnonzero(np.isfinite(best))[-1])
    if full < 2:
        return 0.0, 0.0
    steps = [(best[k] - best[full]) / (full - k) for k in range(full) if np.isfinite(best[k])]
    return float(best[full]), float(min(0.0, *steps))


def _chains(ordinal: Ints, stop: int, f: Fixed, due: int) -> list[float]:
    """Least sum for 1, 2 ... visits on these days."""
    if not len(ordinal):
        return []
    gap = (ordinal[None, :] - ordinal[:, None]).astype(float)
    step = np.where(gap >= f.gap[stop], np.abs(gap - f.ideal[stop]), np.inf)
    ending = np.zeros(len(ordinal))
    least = [0.0]
    for _ in range(1, due):
        ending = (ending[:, None] + step).min(0)
        if not np.isfinite(ending).any():
            break
        least.append(float(ending.min()))
    return least
