"""
Builders: the smallest thing that is valid, with only the part spelt out that a test is about.

``a_problem(a_household(visits=2))`` is one village, one cadre, two working weeks.
"""

from datetime import date, timedelta
from typing import Any

MONDAY = date(2027, 3, 1)
BASE = [117.03, 30.52]


def working_days(count: int, *, first: date = MONDAY) -> list[str]:
    """ISO dates of the first ``count`` days from Monday to Friday."""
    days = (first + timedelta(days=n) for n in range(count * 2 + 7))
    return [day.isoformat() for day in days if day.weekday() < 5][:count]


def a_village(id: str = "v1", **changes: Any) -> dict[str, Any]:
    """A village of unit ``u1`` that takes one team a day."""
    village = {
        "id": id,
        "unit": "u1",
        "blackout": [],
        "max_teams_per_day": 1,
        "max_visits_per_week": 50,
        "min_gap_days": 1,
    }
    return village | changes


def a_cadre(id: str = "c1", *, days: list[str] | None = None, **changes: Any) -> dict[str, Any]:
    """A cadre of unit ``u1``, available the whole of every day."""
    cadre = {
        "id": id,
        "unit": "u1",
        "base": BASE,
        "shifts": {day: [510, 1050] for day in days or working_days(10)},
        "max_visits_per_day": 6,
        "quota": 0,
    }
    return cadre | changes


def a_household(id: str = "h1", **changes: Any) -> dict[str, Any]:
    """A household of village ``v1``, due once, at home in the morning and the afternoon."""
    household = {
        "id": id,
        "village": "v1",
        "point": [117.04, 30.53],
        "visits": 1,
        "min_gap_days": 7,
        "service_min": 30,
        "windows": [[510, 690], [870, 1050]],
    }
    return household | changes


def a_problem(*households: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """A problem file of one village and one cadre over two working weeks."""
    problem = {
        "format": "zoufang-problem/1",
        "name": "a small district",
        "days": working_days(10),
        "units": [{"id": "u1"}],
        "villages": [a_village()],
        "cadres": [a_cadre()],
        "households": list(households) or [a_household()],
        "travel": {"kind": "line", "speed_kmh": 30, "detour": 1.3, "fixed_min": 3},
        "locked": [],
    }
    return problem | changes
