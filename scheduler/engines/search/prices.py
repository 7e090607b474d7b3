"""What it costs to change an earlier plan."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from scheduler.plan import PlannedVisit


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Prices:
    """
    What it costs to change an earlier plan: a price for each visit that is new.

    Parameters
    ----------
    changed_visit
        Of a visit on another day, by another cadre, or dropped.
    earlier
        The earlier plan.
    of_household
        Prices of single households instead; dropping a visit of these costs nothing more.
    closed_until
        No visit may be added up to this date.
    """

    changed_visit: float = 0.0
    earlier: tuple[PlannedVisit, ...] = ()
    of_household: Mapping[str, float] = field(default_factory=dict)
    closed_until: date | None = None

    def of(self, household: str) -> float:
        """Price of a changed visit of a household."""
        return self.of_household.get(household, self.changed_visit)

    def of_lost(self, household: str) -> float:
        """Price of a dropped visit of a household, above that of a missing one."""
        return 0.0 if household in self.of_household else self.changed_visit
