"""
What is asked: who is due which visits, who can make them, and what a village can bear.

A problem is complete by itself: no database, no clock, no names of residents. It refuses to
exist when it contradicts itself, so nobody downstream asks again. Symbols: docs/model.md.
"""

from collections.abc import Container, Iterable
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Self, TypeVar

from scheduler.cadre import Cadre
from scheduler.calendar import require_amount
from scheduler.errors import InvalidProblem
from scheduler.household import Household
from scheduler.locked import LockedVisit, require_consistent
from scheduler.problem_json import (
    FORMAT,
    read_problem,
    write_cadre,
    write_household,
    write_village,
)
from scheduler.travel import LineTravel, MatrixTravel, Travel
from scheduler.village import Village
from scheduler.weights import Weights

T = TypeVar("T")

MOST_DAYS = 3_660
"""Dates of one problem: ten years."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """
    One planning problem.

    Parameters
    ----------
    days
        Dates on which visits may happen, ascending.
    units
        Ids of the departments that villages are assigned to (包村).
    villages, cadres, households
        The nouns, each id once.
    travel
        Minutes between places.
    district_max_teams_per_day
        Most (cadre, village) pairs on one date in all, or None.
    locked
        Visits that must stand in the plan as they are.
    weights
        Prices of the objective.
    name
        For people; means nothing to the planner.
    """

    days: tuple[date, ...]
    units: tuple[str, ...]
    villages: tuple[Village, ...]
    cadres: tuple[Cadre, ...]
    households: tuple[Household, ...]
    travel: Travel = field(default_factory=LineTravel)
    district_max_teams_per_day: int | None = None
    locked: tuple[LockedVisit, ...] = ()
    weights: Weights = field(default_factory=Weights)
    name: str = ""
    _village: dict[str, Village] = field(init=False, repr=False)
    _cadre: dict[str, Cadre] = field(init=False, repr=False)
    _household: dict[str, Household] = field(init=False, repr=False)
    _team: dict[str, list[Cadre]] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _require_ascending(self.days)
        units = set(_by_id(((u, u) for u in self.units), "units"))
        village = _by_id(((v.id, v) for v in self.villages), "villages")
        cadre = _by_id(((c.id, c) for c in self.cadres), "cadres")
        household = _by_id(((h.id, h) for h in self.households), "households")
        for i, v in enumerate(self.villages):
            _require_known(v.unit, units, f"villages[{i}].unit", "unit")
        for i, c in enumerate(self.cadres):
            _require_known(c.unit, units, f"cadres[{i}].unit", "unit")
        for i, h in enumerate(self.households):
            _require_known(h.village, village, f"households[{i}].village", "village")
            if h.cadre is not None:
                _require_known(h.cadre, cadre, f"households[{i}].cadre", "cadre")
        cap = self.district_max_teams_per_day
        if cap is not None:
            require_amount(cap, "district.max_teams_per_day")
        if isinstance(self.travel, MatrixTravel):
            for node in (*(c.node for c in self.cadres), *(h.node for h in self.households)):
                if not self.travel.knows(node):
                    raise InvalidProblem(
                        "unknown-node", "travel.nodes", node, "Add a node of this name."
                    )
        object.__setattr__(self, "_village", village)
        object.__setattr__(self, "_cadre", cadre)
        object.__setattr__(self, "_household", household)
        team: dict[str, list[Cadre]] = {u: [] for u in self.units}
        for c in self.cadres:
            team[c.unit].append(c)
        object.__setattr__(self, "_team", team)
        require_consistent(self.locked, set(self.days), village, cadre, household)

    def village(self, village_id: str) -> Village:
        """Return the village of an id."""
        return self._village[village_id]

    def cadre(self, cadre_id: str) -> Cadre:
        """Return the cadre of an id."""
        return self._cadre[cadre_id]

    def household(self, household_id: str) -> Household:
        """Return the household of an id."""
        return self._household[household_id]

    def cadres_of_unit(self, unit: str) -> list[Cadre]:
        """Return the cadres of a unit, in the order of the problem."""
        return self._team[unit]

    def has_cadre(self, cadre_id: object) -> bool:
        """Whether a cadre of this id exists."""
        return cadre_id in self._cadre

    def has_household(self, household_id: object) -> bool:
        """Whether a household of this id exists."""
        return household_id in self._household

    @property
    def horizon_days(self) -> int:
        """Calendar days from the first to the last day, both included."""
        return (self.days[-1] - self.days[0]).days + 1

    def ideal_gap_days(self, household: Household) -> float:
        """Days between visits when they are spread evenly over the horizon."""
        return self.horizon_days / max(1, household.visits_due)

    def may_visit(self, cadre: Cadre, household: Household) -> bool:
        """Whether unit and pairing let this cadre visit this household."""
        if household.cadre is not None:
            return household.cadre == cadre.id
        return self._village[household.village].unit == cadre.unit

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """
        Read ``zoufang-problem/1``.

        Raises
        ------
        InvalidProblem
            With the path of the field that is wrong and what to write there.
        """
        return cls(**read_problem(document))

    def to_json(self) -> dict[str, Any]:
        """Write ``zoufang-problem/1``: plain dicts, lists, texts and numbers."""
        document: dict[str, Any] = {
            "format": FORMAT,
            "name": self.name,
            "days": [d.isoformat() for d in self.days],
            "units": [{"id": u} for u in self.units],
            "villages": [write_village(v) for v in self.villages],
            "cadres": [write_cadre(c) for c in self.cadres],
            "households": [write_household(h) for h in self.households],
            "travel": self.travel.to_json(),
            "locked": [x.to_json() for x in self.locked],
            "weights": asdict(self.weights),
        }
        if self.district_max_teams_per_day is not None:
            document["district"] = {"max_teams_per_day": self.district_max_teams_per_day}
        return document


def _by_id(pairs: Iterable[tuple[str, T]], field_name: str) -> dict[str, T]:
    found: dict[str, T] = {}
    for i, (key, value) in enumerate(pairs):
        if key in found:
            raise InvalidProblem(
                "duplicate-id", f"{field_name}[{i}].id", key, "Each id may stand only once."
            )
        found[key] = value
    return found


def _require_known(key: str, known: Container[str], field_name: str, noun: str) -> None:
    if key not in known:
        raise InvalidProblem(
            f"unknown-{noun}", field_name, key, f"Name a {noun} that is in the problem."
        )


def _require_ascending(days: tuple[date, ...]) -> None:
    if not days:
        raise InvalidProblem("no-days", "days", [], "Write at least one date.")
    if len(days) > MOST_DAYS:
        raise InvalidProblem(
            "too-large", "days", f"{len(days)} dates", f"Write {MOST_DAYS:,} dates or fewer."
        )
    for i in range(1, len(days)):
        if days[i] <= days[i - 1]:
            raise InvalidProblem(
                "days-not-ascending",
                f"days[{i}]",
                days[i].isoformat(),
                "Write each date once, earliest first.",
            )
