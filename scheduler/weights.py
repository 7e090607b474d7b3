"""The prices of the objective J; less is better."""

from dataclasses import dataclass, fields

from scheduler.calendar import require_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """
    Price of each part of J; each at least 0.

    Parameters
    ----------
    unplanned
        Per missing visit and unit of priority.
    quota
        Per household a cadre stays short of the quota.
    travel
        Per minute of travel.
    fairness
        Times the sum of squared loads over the unit's target load.
    crowding
        Times the squared visits of each village and week.
    spacing
        Per day that a gap differs from the ideal gap.
    """

    unplanned: float = 1000.0
    quota: float = 30.0
    travel: float = 1.0
    fairness: float = 0.2
    crowding: float = 0.5
    spacing: float = 0.5

    def __post_init__(self) -> None:
        for f in fields(self):
            require_amount(getattr(self, f.name), f.name)
