"""A visit that must stand as it is: past, published or set by hand."""

from collections import defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from scheduler.cadre import Cadre
from scheduler.calendar import MINUTES_PER_DAY, require_amount
from scheduler.errors import InvalidProblem
from scheduler.household import Household
from scheduler.village import Village


@dataclass(frozen=True, slots=True, kw_only=True)
class LockedVisit:
    """
    One locked visit.

    Parameters
    ----------
    household, cadre
        Ids.
    date
        Day of the visit.
    start
        Minutes after midnight, 0 to 1,440.
    """

    household: str
    cadre: str
    date: date
    start: float

    def __post_init__(self) -> None:
        require_amount(self.start, "start", MINUTES_PER_DAY)

    def to_json(self) -> dict[str, Any]:
        """Write one entry of ``locked``."""
        return {
            "household": self.household,
            "cadre": self.cadre,
            "date": self.date.isoformat(),
            "start": self.start,
        }


def require_consistent(
    locked: Sequence[LockedVisit],
    days: Container[date],
    village: Mapping[str, Village],
    cadre: Mapping[str, Cadre],
    household: Mapping[str, Household],
) -> None:
    """Refuse locked visits that no plan could hold, naming the first."""
    of_household: dict[str, list[tuple[int, LockedVisit]]] = defaultdict(list)
    for i, x in enumerate(locked):
        path = f"locked[{i}]"
        if x.household not in household:
            raise InvalidProblem(
                "unknown-household", f"{path}.household", x.household, "Name a known household."
            )
        if x.cadre not in cadre:
            raise InvalidProblem("unknown-cadre", f"{path}.cadre", x.cadre, "Name a known cadre.")
        h, c = household[x.household], cadre[x.cadre]
        v = village[h.village]
        if h.cadre not in (None, c.id) or (h.cadre is None and v.unit != c.unit):
            raise InvalidProblem(
                "locked-cadre",
                f"{path}.cadre",
                x.cadre,
                f"{h.id} may only be visited by {h.cadre or 'a cadre of unit ' + v.unit}.",
            )
        if (
            x.date not in days
            or x.date not in c.shifts
            or x.date in v.blackout_days
            or (h.not_before is not None and x.date < h.not_before)
            or (h.not_after is not None and x.date > h.not_after)
        ):
            raise InvalidProblem(
                "locked-day",
                f"{path}.date",
                x.date.isoformat(),
                f"It must be a day of the horizon, a shift of {c.id}, no blackout of {v.id} "
                f"and within the dates of {h.id}.",
            )
        of_household[h.id].append((i, x))
    for visits in of_household.values():
        _require_one_chain(household[visits[0][1].household], visits)


def _require_one_chain(h: Household, visits: list[tuple[int, LockedVisit]]) -> None:
    if len(visits) > h.visits_due:
        i, x = visits[h.visits_due]
        raise InvalidProblem(
            "locked-too-many",
            f"locked[{i}].household",
            x.household,
            f"Only {h.visits_due} are due.",
        )
    before = h.last_visit
    first = visits[0][1]
    for i, x in sorted(visits, key=lambda pair: pair[1].date):
        if x.cadre != first.cadre:
            raise InvalidProblem(
                "locked-two-cadres", f"locked[{i}].cadre", x.cadre, f"{h.id} keeps one cadre."
            )
        if before is not None and (x.date - before).days < h.gap_days:
            raise InvalidProblem(
                "locked-gap",
                f"locked[{i}].date",
                x.date.isoformat(),
                f"{h.id} needs {h.gap_days} days after {before.isoformat()}.",
            )
        before = x.date
