"""
Kernel parts: the least that the rest of a route can cost, whatever has been visited before.

Two relaxations cut off partial routes. Completions take no time and may repeat stops, but never
go straight back; in the village where they stand they know how many stops came before, in
others they begin anew. And k more stops bring at most what the best k of those not yet visited
bring.
"""

from scheduler.bounds.day import NEVER, SLACK_MIN, Day, Floats, Room
from scheduler.engines.search.compiled import part


@part
def fill_arcs(day: Day, travel: float, entry: Floats, n: int, x: Room) -> None:
    """Price the legs, and the first stop of a visit to a village; coming back is no dearer."""
    for i in range(n + 1):
        for j in range(n + 1):
            x.arc[i, j] = travel * day.legs[i, j]
    for v in range(entry.shape[0]):
        x.first[v] = min(entry[v, 0], entry[v, 1]) if day.most > 1 else entry[v, 0]


@part
def fill_rest(day: Day, worth: Floats, entry: Floats, dear: int, x: Room) -> None:
    """
    Fill ``rest[s, k, c, i]``: least value from place i home with at most k more stops.

    Set s of the dear stops has been visited, and none of it comes again. Stop i is the c-th in
    its village: another one there costs the next entry, a stop in another village the first of
    that one. Nobody goes to a stop and straight back again: ``hop`` is where the least way goes
    first, ``other`` the least value of a way that goes elsewhere first.
    """
    x.bit[:] = 0
    for q in range(dear):
        x.bit[x.bringer[q]] = 1 << q
    for k in range(day.most + 1):
        for s in range(1 << dear):
            if _many(s) <= day.most - k:
                for c in range(day.most - k + 1):
                    _fill(day, worth, entry, s, k, c, x)


@part
def _fill(day: Day, worth: Floats, entry: Floats, s: int, k: int, c: int, x: Room) -> None:
    """Fill one row of ``rest``."""
    n = len(worth)
    for i in range(n + 1):
        least, second, first = x.arc[i, 0], NEVER, 0
        here = day.village[i - 1] if i > 0 else -1
        for j in range(1, n + 1):
            if k == 0 or i == j or s & x.bit[j]:
                continue
            v, b = day.village[j - 1], 1
            value = x.arc[i, j] - worth[j - 1]
            if v == here:
                value += entry[v, c]
                b = c + 1
            else:
                value += x.first[v]
            value += go_on(x, s | x.bit[j], k - 1, b, j, i)
            if value < least:
                least, second, first = value, least, j
            elif value < second:
                second = value
        x.rest[s, k, c, i] = least
        x.other[s, k, c, i] = second
        x.hop[s, k, c, i] = first


@part
def _many(s: int) -> int:
    """Stops in a set."""
    count = 0
    while s > 0:
        count += s & 1
        s >>= 1
    return count


@part
def go_on(x: Room, s: int, k: int, c: int, i: int, before: int) -> float:
    """Least value from place i home with at most k more stops, not straight back."""
    value: float = x.rest[s, k, c, i]
    if before > 0 and x.hop[s, k, c, i] == before:
        value = x.other[s, k, c, i]
    return value


@part
def fill_order(day: Day, worth: Floats, x: Room) -> None:
    """Order the stops after each place, for each k still to go after them, by the least value."""
    n = len(worth)
    for k in range(day.most):
        for i in range(n + 1):
            count = 0
            for j in range(1, n + 1):
                if i == j or (i > 0 and k == day.most - 1):
                    continue
                value = x.arc[i, j] - worth[j - 1] + x.first[day.village[j - 1]]
                x.key[k, i, count] = value + go_on(x, x.bit[i] | x.bit[j], k, 1, j, i)
                x.next[k, i, count] = j
                count += 1
            x.many[k, i] = count
            _sort(x, k, i, count)


@part
def _sort(x: Room, k: int, i: int, count: int) -> None:
    """Sort the stops to try by their keys, ascending (Shell 1959)."""
    step = 1
    while step < count // 3:
        step = 3 * step + 1
    while step > 0:
        for a in range(step, count):
            value, stop, b = x.key[k, i, a], x.next[k, i, a], a
            while b >= step and x.key[k, i, b - step] > value:
                x.key[k, i, b] = x.key[k, i, b - step]
                x.next[k, i, b] = x.next[k, i, b - step]
                b -= step
            x.key[k, i, b] = value
            x.next[k, i, b] = stop
        step //= 3


@part
def fill_nets(day: Day, worth: Floats, x: Room) -> None:
    """Order the stops by what each brings at most: its worth less half its least legs."""
    n = len(worth)
    for j in range(1, n + 1):
        into, out = NEVER, NEVER
        for i in range(n + 1):
            if i != j:
                into = min(into, x.arc[i, j])
                out = min(out, x.arc[j, i])
        net = worth[j - 1] - x.first[day.village[j - 1]] - 0.5 * (into + out)
        x.half[j] = 0.5 * out
        q = j - 1
        while q > 0 and x.net[q - 1] < net:
            x.net[q] = x.net[q - 1]
            x.bringer[q] = x.bringer[q - 1]
            q -= 1
        x.net[q] = net
        x.bringer[q] = j
    x.half[0] = NEVER
    for i in range(1, n + 1):
        x.half[0] = min(x.half[0], 0.5 * x.arc[i, 0])


@part
def brings(n: int, k: int, x: Room) -> float:
    """What k more stops bring at most, none twice, none that the route has already."""
    total = 0.0
    for q in range(n):
        if k == 0 or x.net[q] <= 0.0:
            break
        if x.used[x.bringer[q]] == 0:
            total += x.net[q]
            k -= 1
    return total


@part
def quickest(day: Day, n: int) -> float:
    """Least minutes that any stop takes, the way to it included."""
    least = NEVER
    for j in range(1, n + 1):
        for i in range(n + 1):
            if i != j:
                least = min(least, day.service[j - 1] + day.legs[i, j])
    return max(least - 2 * SLACK_MIN, 1e-3)
