"""Crowding (集中度): sessions of each place and day, their peak and their spread."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from scheduler.calendar import iso_week


class Stay(NamedTuple):
    """A team in a village on a day: one session, however many households it visits."""

    cadre: str
    village: str
    date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowding:
    """
    Sessions by place and day.

    Parameters
    ----------
    village_day, town_day, district_day
        Number of sessions; days without sessions are absent.
    """

    village_day: Mapping[tuple[str, date], int]
    town_day: Mapping[tuple[str, date], int]
    district_day: Mapping[date, int]

    @property
    def peak_village_day(self) -> int:
        """Most sessions in one village on one day."""
        return max(self.village_day.values(), default=0)

    @property
    def peak_town_day(self) -> int:
        """Most sessions in one town on one day."""
        return max(self.town_day.values(), default=0)

    @property
    def peak_district_day(self) -> int:
        """Most sessions in the district on one day."""
        return max(self.district_day.values(), default=0)


def crowding(stays: Iterable[Stay], town_of: Mapping[str, str] | None = None) -> Crowding:
    """
    Count sessions by village-day, town-day and district-day.

    Parameters
    ----------
    stays
        One for each visit or session; the same team, village and day counts once.
    town_of
        Town of each village; villages it lacks count for no town.
    """
    distinct = set(stays)
    towns = town_of or {}
    return Crowding(
        village_day=Counter((s.village, s.date) for s in distinct),
        town_day=Counter((towns[s.village], s.date) for s in distinct if s.village in towns),
        district_day=Counter(s.date for s in distinct),
    )


def visits_per_week(visits: Iterable[tuple[str, date]]) -> dict[tuple[str, tuple[int, int]], int]:
    """Count visits by village and ISO week, from (village, date) of each visit."""
    return dict(Counter((village, iso_week(day)) for village, day in visits))


def crowding_cost(visits: Iterable[tuple[str, date]]) -> int:
    """Sum of squared visits over villages and weeks, from (village, date) of each visit."""
    return sum(n * n for n in visits_per_week(visits).values())


def least_peak(sessions: int, open_days: int) -> int | None:
    """Fewest sessions that the busiest day must hold; None without an open day."""
    return -(-sessions // open_days) if open_days else None
