"""
Cadre-days that are priced together.

At level 0 all days with the same shift are one class, at level 1 those of one cadre, at level 2
every cadre's day stands alone. A class may do whatever any of its members may, and as many
routes as it has members: coarse classes prove less, in less time, and find good prices for
the finer ones.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scheduler.engines.search.arrays import Fixed, Floats, Ints

LEVELS = 3


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DayClass:
    """
    Some cadre-days of a piece.

    Parameters
    ----------
    size
        Number of cadre-days.
    days
        Indices of their days, ascending, each once.
    cadre
        Index of the one cadre at levels 1 and 2, else -1.
    bucket
        Week at level 2, else 0.
    shift
        From and to.
    most
        Visits a day at most.
    may
        Whether a member may visit each stop, shape (N,).
    out, home
        Least minutes from the members' bases to each stop and back, shape (N,).
    back
        Least minutes back by any way, over other stops too, shape (N,).
    """

    size: int
    days: tuple[int, ...]
    cadre: int
    bucket: int
    shift: Floats
    most: int
    may: NDArray[np.bool_]
    out: Floats
    home: Floats
    back: Floats


def classify(f: Fixed, allowed: NDArray[np.bool_], back: Floats, level: int) -> list[DayClass]:
    """
    Put the cadre-days of a piece into classes.

    Parameters
    ----------
    f
        The piece.
    allowed
        Whether a stop may be visited on a day, shape (N, D).
    back
        Least minutes from each stop to each base by any way, shape (N, C).
    level
        0, 1 or 2.
    """
    members: dict[tuple[float, ...], list[tuple[int, int]]] = defaultdict(list)
    for c in range(len(f.capacity)):
        for d in f.duty[c]:
            if d >= 0 and f.capacity[c] > 0:
                start, end = f.shift[c, d]
                key: tuple[float, ...] = (start, end)
                if level == 1:
                    key = (c, start, end)
                elif level == 2:
                    key = (d, c)
                members[key].append((c, int(d)))
    return [
        made
        for key in sorted(members)
        if (made := _class(f, allowed, back, members[key], level)).may.any()
    ]


def _class(
    f: Fixed,
    allowed: NDArray[np.bool_],
    back: Floats,
    members: Sequence[tuple[int, int]],
    level: int,
) -> DayClass:
    comes = {c: (f.team == c).any(1) for c, _ in members}
    may = np.zeros(len(f.due), np.bool_)
    for c, d in members:
        may |= comes[c] & allowed[:, d]
    cadres, n = list(comes), len(f.capacity)
    return DayClass(
        size=len(members),
        days=tuple(sorted({d for _, d in members})),
        cadre=cadres[0] if level else -1,
        bucket=int(f.week[members[0][1]]) if level == 2 else 0,
        shift=f.shift[members[0]],
        most=int(max(f.capacity[c] for c in cadres)),
        may=may,
        out=f.minutes[cadres, n:].min(0),
        home=f.minutes[n:, cadres].min(1),
        back=back[:, cadres].min(1),
    )


def sessions(f: Fixed, allowed: NDArray[np.bool_], classes: Sequence[DayClass]) -> Ints:
    """
    Count the visits of teams that each village can take in each bucket, shape (V, B).

    Its days keep the village's gap: the earliest day, then always the next that may be.
    """
    buckets = 1 + max((k.bucket for k in classes), default=0)
    count = np.zeros((len(f.teams), buckets), np.int64)
    days: dict[int, set[int]] = defaultdict(set)
    for k in classes:
        days[k.bucket].update(k.days)
    for v in range(len(f.teams)):
        open_days = allowed[f.home == v].any(0)
        for b, mine in days.items():
            last = -(10**9)
            for d in sorted(mine):
                if open_days[d] and f.ordinal[d] - last >= max(1, f.village_gap[v]):
                    count[v, b] += f.teams[v]
                    last = int(f.ordinal[d])
    return count
