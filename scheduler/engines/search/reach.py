"""Kernel: how many visits each household could get if it were alone in the district."""

from scheduler.engines.search.arrays import FORBIDDEN, Fixed
from scheduler.engines.search.compiled import kernel, part
from scheduler.engines.search.routes import NEVER, SLACK, earliest_start


@part
def day_works(f: Fixed, stop: int, c: int, d: int) -> bool:
    """Whether a cadre could go out for this stop only."""
    cadres = f.duty.shape[0]
    v = f.home[stop]
    if f.day_cost[stop, d] >= FORBIDDEN or f.capacity[c] < 1:
        return False
    if f.teams[v] < 1 or f.weekly[v] < 1:
        return False
    there = f.shift[c, d, 0] + f.minutes[c, cadres + stop]
    start = earliest_start(f, stop, there)
    if start >= NEVER:
        return False
    home = start + f.service[stop] + f.minutes[cadres + stop, c]
    in_time: bool = home <= f.shift[c, d, 1] + SLACK
    return in_time


@part
def longest_chain(f: Fixed, stop: int, c: int) -> int:
    """Most visits, up to those due, that one cadre could make; the earliest days are best."""
    days = f.ordinal.shape[0]
    n, last = 0, -1
    for q in range(days):
        d = f.duty[c, q]
        if d < 0 or n == f.due[stop]:
            break
        if last >= 0 and f.ordinal[d] - f.ordinal[last] < f.gap[stop]:
            continue
        if day_works(f, stop, c, d):
            n, last = n + 1, d
    return n


@kernel
def fill_reach(f: Fixed) -> None:
    """Fill ``f.reach`` with the longest chain of the best cadre of each stop."""
    for stop in range(f.due.shape[0]):
        f.reach[stop] = 0
        for t in range(f.team.shape[1]):
            c = f.team[stop, t]
            if c < 0 or f.reach[stop] == f.due[stop]:
                break
            f.reach[stop] = max(f.reach[stop], longest_chain(f, stop, c))
