"""Travel (路程): minutes on the way of a route that starts and ends at a base."""

from collections.abc import Sequence
from itertools import pairwise

from scheduler.travel import Place, Travel


def route_travel_min(travel: Travel, base: Place, stops: Sequence[Place]) -> float:
    """Minutes from the base through the stops in order and back; 0 without stops."""
    if not stops:
        return 0.0
    return sum(travel.minutes(a, b) for a, b in pairwise([base, *stops, base]))
