"""Workload (工作量): minutes a cadre spends at doors and on the way."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Work(NamedTuple):
    """One visit as work: who, at which household, for how many minutes."""

    cadre: str
    household: str
    service_min: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """
    Work of one cadre.

    Parameters
    ----------
    visits, distinct_households
        Numbers; the second counts each household once.
    service_min, travel_min
        Minutes at doors; minutes on the way.
    """

    visits: int
    distinct_households: int
    service_min: float
    travel_min: float

    @property
    def workload_min(self) -> float:
        """Minutes at doors and on the way together."""
        return self.service_min + self.travel_min


def workloads(
    works: Iterable[Work], cadres: Iterable[str], travel_min: Mapping[str, float] | None = None
) -> dict[str, Workload]:
    """
    Workload of each cadre, also of those without visits.

    Parameters
    ----------
    works
        One for each visit.
    cadres
        Ids of all cadres.
    travel_min
        Minutes of travel by cadre.
    """
    on_the_way = travel_min or {}
    mine: dict[str, list[Work]] = {c: [] for c in cadres}
    for work in works:
        mine[work.cadre].append(work)
    return {
        c: Workload(
            visits=len(done),
            distinct_households=len({w.household for w in done}),
            service_min=sum(w.service_min for w in done),
            travel_min=on_the_way.get(c, 0.0),
        )
        for c, done in mine.items()
    }


def quota_shortfall(distinct_households: int, quota: int) -> int:
    """Households that a cadre stays short of the quota."""
    return max(0, quota - distinct_households)
