"""A household (户) as the planner sees it: an anonymous stop with needs."""

from dataclasses import dataclass
from datetime import date

from scheduler.calendar import (
    MINUTES_PER_DAY,
    Minutes,
    require_amount,
    require_minutes,
    require_point,
)
from scheduler.errors import InvalidProblem

MOST_VISITS = 3_660
"""Visits due at most: one a day for ten years."""

MOST_PRIORITY = 1_000_000
"""Priorities beyond this drown everything else in rounding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """
    A household and the visits it is due.

    Names, phones and reasons for care stay in ``data``; a solver needs none of them.

    Parameters
    ----------
    id
        Registry number (户号), unique in the district.
    village
        Id of its village.
    point
        Longitude and latitude, degrees, WGS 84.
    visits_due
        Visits owed over the whole horizon. From 0 to 3,660.
    min_gap_days
        Fewest calendar days from one visit to the next; 0 counts as 1. At least 0.
    service_min
        Minutes one visit takes. From 0 to 1,440.
    windows
        Spans of the day, minutes after midnight, one of which holds the whole visit.
    cadre
        The only cadre who may come (结对), or None.
    last_visit
        Date of the visit before this horizon; the gap counts from it.
    not_before, not_after
        First and last date on which a visit may happen.
    priority
        Weight of each missing visit. Above 0, at most a million.
    """

    id: str
    village: str
    point: tuple[float, float]
    visits_due: int = 1
    min_gap_days: int = 28
    service_min: float = 30.0
    windows: tuple[Minutes, ...] = ((510.0, 1050.0),)
    cadre: str | None = None
    last_visit: date | None = None
    not_before: date | None = None
    not_after: date | None = None
    priority: float = 1.0

    def __post_init__(self) -> None:
        require_amount(self.visits_due, "visits_due", MOST_VISITS)
        require_amount(self.min_gap_days, "min_gap_days")
        require_amount(self.service_min, "service_min", MINUTES_PER_DAY)
        if not self.priority > 0:
            raise InvalidProblem("not-positive", "priority", self.priority, "Write more than 0.")
        require_amount(self.priority, "priority", MOST_PRIORITY)
        if not self.windows:
            raise InvalidProblem("no-window", "windows", [], "Write at least one [from, to].")
        for i, window in enumerate(self.windows):
            require_minutes(window, f"windows[{i}]")
        require_point(self.point, "point")

    @property
    def node(self) -> str:
        """Name of its node in a travel matrix."""
        return f"household:{self.id}"

    @property
    def gap_days(self) -> int:
        """Calendar days that two visits really are apart: one date holds one visit."""
        return max(1, self.min_gap_days)
