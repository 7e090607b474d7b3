"""A village (村) as the planner sees it: a place that can receive only so much."""

from dataclasses import dataclass, field
from datetime import date

from scheduler.calendar import require_amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """
    A village or community that receives visits.

    Parameters
    ----------
    id
        Code as text, unique in the district.
    unit
        Unit whose cadres visit it (包村).
    blackout_days
        Dates without visits: market days, farming seasons.
    max_teams_per_day
        Most cadres in the village on one date. At least 0.
    max_visits_per_week
        Most visits in one ISO week. At least 0.
    min_gap_days
        Fewest calendar days between two different visit dates, whoever comes. At least 0.
    """

    id: str
    unit: str
    blackout_days: frozenset[date] = field(default_factory=frozenset)
    max_teams_per_day: int = 1
    max_visits_per_week: int = 12
    min_gap_days: int = 0

    def __post_init__(self) -> None:
        require_amount(self.max_teams_per_day, "max_teams_per_day")
        require_amount(self.max_visits_per_week, "max_visits_per_week")
        require_amount(self.min_gap_days, "min_gap_days")
