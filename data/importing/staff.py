"""
Draw units and cadres for a test district, so that real outlines and roads can be planned.

Nobody here is real, and the numbers say so (T-). Units take neighbouring villages, cadres
are shared out by the households their unit answers for, and each starts at the village
of the unit with the most households.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

LEADER_EVERY = 6
"""Every sixth cadre of a unit leads, beginning with the first."""
QUOTAS = {"leader": 20, "staff": 10}

Rows = list[dict[str, Any]]


def draw_staff(
    villages: Sequence[Mapping[str, Any]],
    households: Sequence[Mapping[str, Any]],
    *,
    units: int,
    cadres: int,
    seed: int = 0,
) -> tuple[Rows, Rows]:
    """
    Draw rows of the registers of units and cadres.

    Parameters
    ----------
    villages
        With ``code`` and ``geometry``.
    households
        With ``village``, the code of theirs.
    units, cadres
        How many; there are never more units than villages or cadres.
    seed
        The same seed draws the same.
    """
    rng = np.random.default_rng(seed)
    units = max(1, min(units, len(villages), cadres))
    middles = np.array([shapely.point_on_surface(one["geometry"]).coords[0] for one in villages])
    owner = _neighbourhoods(middles, units, rng)
    weight = Counter(one["village"] for one in households)
    size = np.array([1.0 + weight[one["code"]] for one in villages])
    shares = _share_out(cadres, np.bincount(owner, weights=size, minlength=units).astype(float))
    unit_rows: Rows = []
    cadre_rows: Rows = []
    for unit in range(units):
        own = [int(index) for index in np.flatnonzero(owner == unit)]
        number = f"T-{unit + 1:02d}"
        codes = [villages[index]["code"] for index in own]
        unit_rows.append({"number": number, "name": f"测试单位{unit + 1:02d}", "villages": codes})
        lon, lat = middles[own[np.argmax(size[own])]]
        for position in range(shares[unit]):
            role = "staff" if position % LEADER_EVERY else "leader"
            serial = len(cadre_rows) + 1
            cadre_rows.append(
                {
                    "number": f"T-{unit + 1:02d}-{position + 1:02d}",
                    "name": f"测试干部{serial:03d}",
                    "unit": number,
                    "role": role,
                    "base_lon": round(float(lon), 6),
                    "base_lat": round(float(lat), 6),
                    "quota": QUOTAS[role],
                    "absences": [],
                }
            )
    return unit_rows, cadre_rows


def _neighbourhoods(
    points: NDArray[np.float64], count: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Number of the nearest of ``count`` seeds that lie far from each other, shape (n,)."""
    seeds = [int(rng.integers(len(points)))]
    while len(seeds) < count:
        apart = np.linalg.norm(points[:, None] - points[seeds], axis=2).min(axis=1)
        seeds.append(int(np.argmax(apart)))
    apart = np.linalg.norm(points[:, None] - points[seeds], axis=2)
    return np.asarray(np.argmin(apart, axis=1), dtype=np.int64)


def _share_out(total: int, weights: NDArray[np.float64]) -> list[int]:
    """Whole shares in proportion to weights, at least 1 each, largest remainders first."""
    left = total - len(weights)
    exact = left * weights / weights.sum()
    shares = np.floor(exact).astype(int)
    for index in np.argsort(shares - exact)[: left - int(shares.sum())]:
        shares[index] += 1
    return [int(share) + 1 for share in shares]
