"""Counts that anyone can repeat: days that are apart, sessions of a village, stops of a day."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from itertools import accumulate, combinations
from math import prod

from scheduler.cadre import Cadre
from scheduler.household import Household

SLACK_MIN = 1e-3

MOST_STATES = 2_000
"""Ways to have met the needs of a village's cadres beyond which only its days are counted."""


def most_apart(days: Iterable[date], gap: int) -> int:
    """Most days of which any two are the gap apart: taken from the first."""
    count, last = 0, date.min
    for day in sorted(days):
        if count == 0 or (day - last).days >= gap:
            count, last = count + 1, day
    return count


def most_sessions(
    needs: Sequence[tuple[int, Collection[date]]], days: Sequence[date], *, gap: int, teams: int
) -> int:
    """
    Count the sessions that a village can take of those that are needed.

    Exact, day by day: for every way to have met the needs so far, the earliest last day counts.

    Parameters
    ----------
    needs
        Of each cadre: sessions needed, and the days on which they may be.
    days
        Days on which the village is open, ascending.
    gap, teams
        Fewest days between two days with sessions; most sessions on one.
    """
    everything = sum(n for n, _ in needs)
    if prod(n + 1 for n, _ in needs) > MOST_STATES:
        return min(everything, teams * most_apart(days, gap))
    last: dict[tuple[int, ...], date | None] = {tuple(n for n, _ in needs): None}
    for day in days:
        may = [i for i, (_, shifts) in enumerate(needs) if day in shifts]
        for left, before in list(last.items()):
            if before is not None and (day - before).days < max(1, gap):
                continue
            come = [i for i in may if left[i] > 0]
            for team in combinations(come, min(teams, len(come))):
                after = tuple(n - (i in team) for i, n in enumerate(left))
                if team:
                    last.setdefault(after, day)
    return everything - min(sum(left) for left in last)


def most_stops(c: Cadre, homes: Iterable[Household], day: date) -> int:
    """Most stops that one day holds: the cadre's cap, and the minutes of the shortest visits."""
    begin, end = c.shifts[day]
    minutes = sorted(h.service_min for h in homes)
    fits = sum(spent <= end - begin + SLACK_MIN for spent in accumulate(minutes))
    return min(c.max_visits_per_day, fits)
