"""
A plan as arrays, as the map's script wants it: households, visits, days, who and where.

Ten thousand households travel as columns of numbers. Nothing about a person is in them but
the registry number; names and addresses of a door are asked for one by one.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from web.usecases.read_plan import Names, OpenPlan

COLOURS = 8  # data colours of the design; beyond them the line is dashed


def map_data(
    opened: OpenPlan,
    names: Names,
    points: Mapping[str, tuple[float, float]],
) -> dict[str, Any]:
    """
    Lay out a plan in columns.

    Parameters
    ----------
    points
        Household -> longitude and latitude, degrees, of those the problem left out.

    Returns
    -------
    dict
        ``households`` and ``visits`` hold columns of equal length; ``village``, ``cadre``,
        ``day``, ``household`` are positions in the lists of the same document.
    """
    problem = opened.problem
    lacks = opened.missing_of
    numbers = [h.id for h in problem.households]
    left_out = [n for n in lacks if not problem.has_household(n) and n in points]
    village_at = {v.id: i for i, v in enumerate(problem.villages)}
    cadre_at = {c.id: i for i, c in enumerate(problem.cadres)}
    unit_at = {u: i for i, u in enumerate(problem.units)}
    day_at = {d: i for i, d in enumerate(problem.days)}
    household_at = {n: i for i, n in enumerate([*numbers, *left_out])}
    asked = [problem.household(n) for n in numbers]
    places = [h.point for h in asked] + [points[n] for n in left_out]
    villages = [village_at[h.village] for h in asked]
    villages += [village_at.get(lacks[n].village, -1) for n in left_out]
    due = [h.visits_due for h in asked] + [lacks[n].missing for n in left_out]
    return {
        "days": [d.isoformat() for d in problem.days],
        "units": [{"id": u, "name": names.unit(u)} for u in problem.units],
        "cadres": _cadres(opened, names, unit_at),
        "villages": [
            {
                "code": v.id,
                "name": names.village(v.id),
                "town": names.town(v.id),
                "unit": unit_at[v.unit],
                "closed": [day_at[d] for d in sorted(v.blackout_days) if d in day_at],
            }
            for v in problem.villages
        ],
        "households": {
            "id": [*numbers, *left_out],
            "lon": [round(lon, 6) for lon, _ in places],
            "lat": [round(lat, 6) for _, lat in places],
            "village": villages,
            "due": due,
            "missing": [lacks[n].missing if n in lacks else 0 for n in household_at],
        },
        "visits": _visits(opened, household_at, cadre_at, day_at),
    }


def start_day(days: Sequence[date], today: date) -> date:
    """Return the first day of a plan that is not past, or its last."""
    return next((d for d in days if d >= today), days[-1])


def _cadres(opened: OpenPlan, names: Names, unit_at: Mapping[str, int]) -> list[dict[str, Any]]:
    seen = dict.fromkeys(unit_at, 0)
    rows = []
    for cadre in opened.problem.cadres:
        place = seen[cadre.unit]
        seen[cadre.unit] += 1
        rows.append(
            {
                "id": cadre.id,
                "name": names.cadre(cadre.id),
                "unit": unit_at[cadre.unit],
                "base": [round(cadre.base[0], 6), round(cadre.base[1], 6)],
                "colour": (place + unit_at[cadre.unit]) % COLOURS + 1,
                "dashed": place >= COLOURS,
            }
        )
    return rows


def _visits(
    opened: OpenPlan,
    household_at: Mapping[str, int],
    cadre_at: Mapping[str, int],
    day_at: Mapping[date, int],
) -> dict[str, list[int]]:
    visits = [x for day in sorted(opened.by_day) for x in opened.by_day[day]]
    return {
        "household": [household_at[x.household] for x in visits],
        "cadre": [cadre_at[x.cadre] for x in visits],
        "day": [day_at[x.date] for x in visits],
        "start": [round(x.start) for x in visits],
        "order": [x.order for x in visits],
    }
