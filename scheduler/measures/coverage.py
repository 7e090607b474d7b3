"""Coverage (覆盖率): how many of the households that are owed a visit have had one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Coverage:
    """
    Visited of owed; `share` is between 0 and 1, or None where nothing is owed.

    Parameters
    ----------
    visited
        Owed households with at least one visit.
    owed
        Households due a visit in the period, not moved, not refused.
    """

    visited: int
    owed: int

    @property
    def share(self) -> float | None:
        """Part of the owed households that has been visited; None for 0 of 0."""
        return self.visited / self.owed if self.owed else None


def coverage(owed: Collection[str], visited: Collection[str]) -> Coverage:
    """Count the owed households that were visited; a visit nobody owed adds nothing."""
    mine = set(owed)
    return Coverage(len(mine & set(visited)), len(mine))


def coverage_by(
    owed: Collection[str], visited: Collection[str], area_of: Mapping[str, str]
) -> dict[str, Coverage]:
    """
    Coverage of each area; every area that ``area_of`` names is in the answer.

    Parameters
    ----------
    owed, visited
        Household ids.
    area_of
        Area (village, town, unit) of each household.
    """
    seen = set(visited)
    counts = {area: [0, 0] for area in area_of.values()}
    for household in set(owed):
        count = counts[area_of[household]]
        count[0] += household in seen
        count[1] += 1
    return {area: Coverage(*count) for area, count in counts.items()}
