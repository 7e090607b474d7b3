"""Burden (负担) of villages: the most visiting minutes that one of them bears within a week."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

TRAILING_DAYS = 7
"""Days of the balance whose peak is taken."""


def peak_burdens_min(
    visits: Iterable[tuple[str, date, float]], trailing_days: int = TRAILING_DAYS
) -> dict[str, float]:
    """
    Highest trailing balance of each village: the ledger's, on its worst day.

    Parameters
    ----------
    visits
        Village, date and minutes of each visit; one person comes.
    trailing_days
        Days that count, the last one included.
    """
    of_village: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for village, day, minutes in visits:
        of_village[village].append((day.toordinal(), minutes))
    return {village: _peak(sorted(mine), trailing_days) for village, mine in of_village.items()}


def _peak(mine: list[tuple[int, float]], trailing_days: int) -> float:
    peak, first = 0.0, 0
    for last, (day, _) in enumerate(mine):
        while mine[first][0] <= day - trailing_days:
            first += 1
        peak = max(peak, sum(minutes for _, minutes in mine[first : last + 1]))
    return peak
