"""A cadre (干部): who visits, from where, and when there is time for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from scheduler.calendar import Minutes, require_amount, require_minutes, require_point


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadre:
    """
    A cadre and the shifts in which visits may happen.

    Parameters
    ----------
    id
        Unique in the district.
    unit
        Unit whose villages the cadre visits.
    base
        Longitude and latitude, degrees, WGS 84; every day starts and ends there.
    shifts
        Minutes after midnight by date; no entry means not available.
    max_visits_per_day
        At least 0.
    quota
        Distinct households to reach over the horizon; falling short has a price. At least 0.
    """

    id: str
    unit: str
    base: tuple[float, float]
    shifts: Mapping[date, Minutes] = field(default_factory=dict)
    max_visits_per_day: int = 6
    quota: int = 0

    def __post_init__(self) -> None:
        require_amount(self.max_visits_per_day, "max_visits_per_day")
        require_amount(self.quota, "quota")
        require_point(self.base, "base")
        for day, shift in self.shifts.items():
            require_minutes(shift, f"shifts.{day}")

    @property
    def node(self) -> str:
        """Name of the base's node in a travel matrix."""
        return f"base:{self.id}"
