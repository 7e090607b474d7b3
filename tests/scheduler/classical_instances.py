"""Builders of classical instances: texts of our own invention, and random ones."""

import numpy as np

from scheduler.classical.instance import Instance, euclidean

PVRP = """1 2 4 3
0 10
0 10
0 10
0 0 0 0 0 0 0
1 3 4 0 4 1 3 1 2 4
2 6 8 0 4 2 2 5 6
3 -3 4 0 5 1 1 4
4 0 5 0 3 3 1 7
"""

SOLOMON = """Little market

VEHICLE
NUMBER     CAPACITY
  3         20

CUSTOMER
CUST NO.  XCOORD.  YCOORD.  DEMAND  READY TIME  DUE DATE  SERVICE TIME

  0   0   0   0   0  100   0
  1   3   4   7  50   60   5
  2   6   8   7   0   20   5
  3  -3   4   7   0   90   5
"""

VRPLIB = """NAME : little
COMMENT : invented here
TYPE : CVRP
DIMENSION : 4
EDGE_WEIGHT_TYPE : EUC_2D
CAPACITY : 10
NODE_COORD_SECTION
1 0 0
2 3 4
3 1 1
4 0 9
DEMAND_SECTION
1 5
2 0
3 6
4 6
DEPOT_SECTION
2
-1
EOF
"""


def an_instance(
    seed: int,
    *,
    customers: int = 12,
    days: int = 3,
    vehicles: int = 3,
    capacity: float = 12.0,
    with_windows: bool = False,
) -> Instance:
    """Customers at random on a square of side 100, visited once, twice or daily."""
    random = np.random.default_rng(seed)
    n = customers + 1
    points = random.uniform(0.0, 100.0, (n, 2))
    demand = random.integers(1, 4, n).astype(float)
    demand[0] = 0.0
    service = np.where(np.arange(n) > 0, 5.0, 0.0)
    once = tuple(1 << d for d in range(days))
    twice = tuple(a | b for a in once for b in once if a < b) or once
    daily = ((1 << days) - 1,)
    window = None
    if with_windows:
        opens = random.uniform(0.0, 300.0, n)
        window = np.stack([opens, opens + 120.0], axis=1)
        window[0] = (0.0, 800.0)
    return Instance(
        name=f"random {seed}",
        ids=tuple(range(n)),
        distance=euclidean(points),
        demand=demand,
        service=service,
        window=window,
        patterns=((), *((once, twice, daily)[i % 3] for i in range(customers))),
        days=days,
        vehicles=vehicles,
        capacity=capacity,
        duration=600.0,
    )
