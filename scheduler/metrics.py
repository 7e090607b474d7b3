"""The objective J and its parts, as the contract prints them."""

import math
from dataclasses import asdict, dataclass
from typing import Any, Self

from scheduler.reading import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """
    Figures of one plan; less J is better.

    Parameters
    ----------
    J
        Sum of the six weighted parts below.
    unplanned, quota, travel, fairness, crowding, spacing
        The parts, each times its weight.
    missing_visits
        Visits due that are not in the plan.
    quota_shortfall
        Households that cadres stay short of their quotas.
    travel_min
        Minutes of travel, without its weight.
    visits, cadre_days
        Visits; days on which a cadre goes out.
    peak_teams_per_day
        Most (cadre, village) pairs on one date.
    """

    J: float = 0.0
    unplanned: float = 0.0
    quota: float = 0.0
    travel: float = 0.0
    fairness: float = 0.0
    crowding: float = 0.0
    spacing: float = 0.0
    missing_visits: int = 0
    quota_shortfall: int = 0
    travel_min: float = 0.0
    visits: int = 0
    cadre_days: int = 0
    peak_teams_per_day: int = 0

    def to_json(self) -> dict[str, Any]:
        """Write the ``metrics`` object, rounded to thousandths."""
        return {k: round(v, 3) for k, v in asdict(self).items()}

    @classmethod
    def read(cls, r: Reader) -> Self:
        """Read a ``metrics`` object; what is absent is zero, but J is not a number."""
        return cls(
            J=r.number("J", math.nan),
            unplanned=r.number("unplanned", 0.0),
            quota=r.number("quota", 0.0),
            travel=r.number("travel", 0.0),
            fairness=r.number("fairness", 0.0),
            crowding=r.number("crowding", 0.0),
            spacing=r.number("spacing", 0.0),
            missing_visits=r.integer("missing_visits", 0),
            quota_shortfall=r.integer("quota_shortfall", 0),
            travel_min=r.number("travel_min", 0.0),
            visits=r.integer("visits", 0),
            cadre_days=r.integer("cadre_days", 0),
            peak_teams_per_day=r.integer("peak_teams_per_day", 0),
        )
