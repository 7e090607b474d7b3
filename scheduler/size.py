"""
How much memory a plan will take, told before any of it is taken.

A unit needs the travel times between all its stops: its households squared. Everything else
grows in proportion. The figures are rounded up from measurements (docs/model.md).
"""

from collections import Counter

from scheduler.engines.search.pieces import routing_unit
from scheduler.errors import InvalidProblem
from scheduler.problem import Problem

MB = 1 << 20

PROGRAM_MB = 350.0
"""The planner itself, with OR-Tools and the compiled search."""

HOUSEHOLD_BYTES = 4_000
"""Of one household, its visits, reasons and rows."""

DAY_BYTES = 24
"""Of one household and day."""

LEG_BYTES = 24
"""Of one pair of stops of a unit: the search, the bound and the certificates have their own."""

NEAREST_BYTES = 24
"""Of one pair of stops while the nearest of each are looked for; one unit at a time."""


def memory_needed_mb(problem: Problem) -> float:
    """Memory that a solve takes at most, MiB, the program itself included."""
    of_unit = _by_unit(problem)
    squares = sum(of_unit.values()) + _most(of_unit) * NEAREST_BYTES / LEG_BYTES
    each = HOUSEHOLD_BYTES + DAY_BYTES * len(problem.days)
    return PROGRAM_MB + (squares + each * len(problem.households)) / MB


def require_memory(problem: Problem, memory_mb: float) -> None:
    """
    Refuse a problem that needs more memory than there is.

    Raises
    ------
    InvalidProblem
        Naming the unit that is too large, or the households if all units together are.
    """
    needed = memory_needed_mb(problem)
    if needed <= memory_mb:
        return
    of_unit = _by_unit(problem)
    largest = max(of_unit, key=lambda u: (of_unit[u], u), default="")
    if _most(of_unit) / MB > needed / 3:
        stops = _stops(problem)[largest]
        raise InvalidProblem(
            "out-of-memory",
            f"units[{problem.units.index(largest)}]",
            f"{largest} with {stops} households",
            f"The problem needs about {needed:,.0f} MB, most of it for the travel times within "
            f"this unit; {memory_mb:,.0f} MB may be used. Split the unit: each part with its own "
            f"villages and cadres. Or plan where there is more memory.",
        )
    raise InvalidProblem(
        "out-of-memory",
        "households",
        f"{len(problem.households)} households",
        f"The problem needs about {needed:,.0f} MB; {memory_mb:,.0f} MB may be used. "
        "Plan some of the units at a time, or where there is more memory.",
    )


def _stops(problem: Problem) -> Counter[str]:
    stops = Counter(routing_unit(problem, h) for h in problem.households)
    stops.update(problem.cadre(x.cadre).unit for x in problem.locked)
    return stops


def _by_unit(problem: Problem) -> dict[str, float]:
    """Bytes of the travel times within each unit."""
    return {
        unit: LEG_BYTES * float(stops + len(problem.cadres_of_unit(unit))) ** 2
        for unit, stops in _stops(problem).items()
    }


def _most(of_unit: dict[str, float]) -> float:
    return max(of_unit.values(), default=0.0)
