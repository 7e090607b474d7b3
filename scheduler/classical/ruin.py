"""
Kernels that choose what a step takes out: strings of neighbouring routes.

Adjacent string removal of Christiaens and Vanden Berghe (2020), carried over to days: a string
is cut on one day, and its customers leave either all their days or this day only.
"""

from scheduler.classical.arrays import ABSENT, USED, VISITS, Fixed, Scratch, State
from scheduler.engines.search.compiled import part
from scheduler.engines.search.random import below, uniform

LONGEST_STRING = 10.0
SPLIT = 0.5
"""Probability that a string keeps some of its middle."""
SHORTER = 0.5
"""Probability that the kept middle does not grow by one more."""


@part
def day_of(f: Fixed, s: State, i: int) -> int:
    """Draw one of a customer's days."""
    pick = below(s.random, f.frequency[i])
    for d in range(f.days):
        if s.chosen[i] >> d & 1:
            if pick == 0:
                return d
            pick -= 1
    return -1


@part
def mark_string(s: State, x: Scratch, z: int, i: int, wanted: int, n: int) -> int:
    """Mark a string of a slot that holds customer i; the number of marked customers."""
    length = s.length[z]
    size = min(wanted, length)
    kept = 0
    if 1 < size < length and uniform(s.random) < SPLIT:
        kept = 1
        while size + kept < length and uniform(s.random) >= SHORTER:
            kept += 1
    k = 0
    while s.route[z, k] != i:
        k += 1
    span = size + kept
    low, high = max(0, k - span + 1), min(k, length - span)
    start = low + below(s.random, high - low + 1)
    hole = start + 1 + below(s.random, size - 1) if kept > 0 else start + span
    for q in range(start, start + span):
        if hole <= q < hole + kept:
            continue
        j = s.route[z, q]
        if x.marked[j] == 0:
            x.marked[j] = 1
            x.removed[n] = j
            n += 1
    return n


@part
def choose_strings(f: Fixed, s: State, x: Scratch, centre: int, day: int, size: float) -> int:
    """
    Mark customers around a centre, on one day or (-1) on any of theirs; how many.

    ``size`` is the mean number of customers to take out.
    """
    mean_length = s.tally[VISITS] / max(1.0, s.tally[USED])
    longest = min(LONGEST_STRING, mean_length)
    strings = int(uniform(s.random) * (4.0 * size / (1.0 + longest) - 1.0) + 1.0)
    n, cut = 0, 0
    for q in range(f.near.shape[1]):
        if cut >= strings:
            break
        i = f.near[centre, q]
        if s.chosen[i] == 0 or x.marked[i] == 1:
            continue
        d = day
        if d < 0:
            d = day_of(f, s, i)
        elif s.chosen[i] >> d & 1 == 0:
            continue
        z = s.slot[d, i]
        if x.ruined[z] == 1:
            continue
        x.ruined[z] = 1
        x.touched[cut] = z
        cut += 1
        wanted = int(uniform(s.random) * min(float(s.length[z]), longest) + 1.0)
        n = mark_string(s, x, z, i, wanted, n)
    for q in range(cut):
        x.ruined[x.touched[q]] = 0
    return n


@part
def choose_centre(f: Fixed, s: State) -> int:
    """Draw a customer that needs visits; an absent one half of the time if there is any."""
    absent = int(s.tally[ABSENT])
    if absent > 0 and uniform(s.random) < 0.5:
        centre: int = s.absent[below(s.random, absent)]
        return centre
    i = 0
    while f.frequency[i] == 0:
        i = 1 + below(s.random, f.frequency.shape[0] - 1)
    return i
