"""A bound of one piece without any search: half of the legs in and out of each stop."""

import numpy as np

from scheduler.bounds.prices import without_routes
from scheduler.bounds.terms import Terms
from scheduler.engines.search.arrays import Floats, Ints


def half_legs(t: Terms) -> float:
    """
    Bound what a piece costs from below, in milliseconds.

    A route pays for each stop at least half of the least legs in and out, a share of the least
    legs from and to a base, its service and its tangent of crowding. At these prices of
    a visit no route is worth less than nothing, so they prove a bound.

    Parameters
    ----------
    t
        The piece, priced.
    """
    f = t.fixed
    home = f.home
    weeks = _weeks(t)
    most = np.bincount(home, t.due - t.least_missing, minlength=len(f.teams))
    m = np.where(t.tangent >= 0, t.tangent, most.astype(np.int64) // np.maximum(1, weeks))
    visit = t.travel * _halves(t) + t.minute * f.service + t.crowding * (2 * m + 1)[home]
    spare = (t.missing - visit) / t.priority
    certified = np.full(len(f.teams), np.inf)
    np.minimum.at(certified, home, spare)
    certified = np.where((t.certified > 0) & (certified > 0), certified, 0.0)
    free = t.tangent < 0
    gain = -t.crowding * float((m * (m + 1) * weeks)[free].sum())
    return without_routes(t, visit, certified, gain)


def _halves(t: Terms) -> Floats:
    """Minutes that any route takes for each stop at least, shape (N,)."""
    f = t.fixed
    cadres = len(f.capacity)
    minutes = f.minutes.copy()
    np.fill_diagonal(minutes, np.inf)
    minutes[:cadres, :cadres] = np.inf
    base = minutes[:cadres, cadres:].min() + minutes[cadres:, :cadres].min()
    longest = max(1, int(f.capacity.max()))
    return np.asarray(0.5 * (minutes.min(0) + minutes.min(1))[cadres:] + 0.5 * base / longest)


def _weeks(t: Terms) -> Ints:
    """Weeks in which any stop of each village may be visited, shape (V,)."""
    f = t.fixed
    count = np.zeros(len(f.teams), np.int64)
    for v in range(len(f.teams)):
        count[v] = len(np.unique(f.week[t.allowed[f.home == v].any(0)]))
    return count
