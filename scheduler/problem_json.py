"""``zoufang-problem/1`` to nouns and back: dicts in, dicts out, no files."""

import math
from collections.abc import Callable
from dataclasses import fields
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from scheduler.cadre import Cadre
from scheduler.errors import InvalidProblem
from scheduler.household import Household
from scheduler.locked import LockedVisit
from scheduler.reading import Reader
from scheduler.travel import NO_ROAD_MIN, LineTravel, MatrixTravel, Travel
from scheduler.village import Village
from scheduler.weights import Weights

T = TypeVar("T")

FORMAT = "zoufang-problem/1"


def read_problem(document: Any) -> dict[str, Any]:
    """Read the arguments of ``Problem``; raise InvalidProblem with the path of what is wrong."""
    r = Reader(document, "", InvalidProblem)
    if r.value("format") != FORMAT:
        raise r.fail("unknown-format", "format", r.value("format"), f"Write {FORMAT!r}.")
    district = r.object("district")
    return {
        "name": "" if document.get("name") in (None, "") else r.text("name"),
        "days": r.days("days"),
        "units": tuple(u.text("id") for u in r.objects("units")),
        "villages": tuple(_located(v, read_village) for v in r.objects("villages")),
        "cadres": tuple(_located(c, read_cadre) for c in r.objects("cadres")),
        "households": tuple(_located(h, read_household) for h in r.objects("households")),
        "district_max_teams_per_day": (
            district.integer("max_teams_per_day") if "max_teams_per_day" in district else None
        ),
        "travel": _located(r.object("travel"), read_travel),
        "locked": tuple(_located(x, read_locked) for x in r.objects("locked", optional=True)),
        "weights": _located(r.object("weights"), read_weights),
    }


def read_village(r: Reader) -> Village:
    """Read one entry of ``villages``."""
    return Village(
        id=r.text("id"),
        unit=r.text("unit"),
        blackout_days=frozenset(r.days("blackout", optional=True)),
        max_teams_per_day=r.integer("max_teams_per_day"),
        max_visits_per_week=r.integer("max_visits_per_week"),
        min_gap_days=r.integer("min_gap_days"),
    )


def write_village(v: Village) -> dict[str, Any]:
    """Write one entry of ``villages``."""
    return {
        "id": v.id,
        "unit": v.unit,
        "blackout": sorted(d.isoformat() for d in v.blackout_days),
        "max_teams_per_day": v.max_teams_per_day,
        "max_visits_per_week": v.max_visits_per_week,
        "min_gap_days": v.min_gap_days,
    }


def read_cadre(r: Reader) -> Cadre:
    """Read one entry of ``cadres``."""
    return Cadre(
        id=r.text("id"),
        unit=r.text("unit"),
        base=r.pair("base"),
        shifts=r.pairs_by_day("shifts"),
        max_visits_per_day=r.integer("max_visits_per_day"),
        quota=r.integer("quota"),
    )


def write_cadre(c: Cadre) -> dict[str, Any]:
    """Write one entry of ``cadres``."""
    return {
        "id": c.id,
        "unit": c.unit,
        "base": list(c.base),
        "shifts": {d.isoformat(): list(c.shifts[d]) for d in sorted(c.shifts)},
        "max_visits_per_day": c.max_visits_per_day,
        "quota": c.quota,
    }


def read_household(r: Reader) -> Household:
    """Read one entry of ``households``."""
    return Household(
        id=r.text("id"),
        village=r.text("village"),
        point=r.pair("point"),
        visits_due=r.integer("visits"),
        min_gap_days=r.integer("min_gap_days"),
        service_min=r.number("service_min"),
        windows=r.pairs("windows"),
        cadre=r.maybe_text("cadre"),
        last_visit=r.maybe_day("last_visit"),
        not_before=r.maybe_day("not_before"),
        not_after=r.maybe_day("not_after"),
        priority=r.number("priority", 1.0),
    )


def write_household(h: Household) -> dict[str, Any]:
    """Write one entry of ``households``."""
    written: dict[str, Any] = {
        "id": h.id,
        "village": h.village,
        "point": list(h.point),
        "visits": h.visits_due,
        "min_gap_days": h.min_gap_days,
        "service_min": h.service_min,
        "windows": [list(w) for w in h.windows],
        "priority": h.priority,
    }
    if h.cadre is not None:
        written["cadre"] = h.cadre
    for key in ("last_visit", "not_before", "not_after"):
        day = getattr(h, key)
        if day is not None:
            written[key] = day.isoformat()
    return written


def read_locked(r: Reader) -> LockedVisit:
    """Read one entry of ``locked``."""
    return LockedVisit(
        household=r.text("household"),
        cadre=r.text("cadre"),
        date=r.day("date"),
        start=r.number("start"),
    )


def read_weights(r: Reader) -> Weights:
    """Read ``weights``; absent keys take the defaults, unknown ones are refused."""
    known = [f.name for f in fields(Weights)]
    for key in r.keys():  # noqa: SIM118  (a Reader is not a dict)
        if key not in known:
            raise r.fail("unknown-weight", key, key, f"Known are {', '.join(known)}.")
    return Weights(**{f.name: r.number(f.name, float(f.default)) for f in fields(Weights)})  # type: ignore[arg-type]


def read_travel(r: Reader) -> Travel:
    """Read ``travel``: a line or a matrix."""
    kind = r.text("kind")
    if kind == "line":
        return LineTravel(
            speed_kmh=r.number("speed_kmh"),
            detour=r.number("detour"),
            fixed_min=r.number("fixed_min"),
        )
    if kind != "matrix":
        raise r.fail("unknown-travel", "kind", kind, "Write 'line' or 'matrix'.")
    nodes = r.texts("nodes")
    return MatrixTravel(nodes=nodes, matrix=_matrix(r, r.items("minutes"), len(nodes)))


def _matrix(r: Reader, rows: list[Any], size: int) -> NDArray[np.float64]:
    """Minutes, shape (size, size); null means that there is no way."""
    if len(rows) != size:
        raise r.fail("not-square", "minutes", f"{len(rows)} rows", f"Write {size} rows.")
    matrix = np.empty((size, size))
    for i, row in enumerate(rows):
        if not isinstance(row, list | tuple) or len(row) != size:
            raise r.fail("not-square", f"minutes[{i}]", row, f"Write {size} numbers.")
        for j, found in enumerate(row):
            # Exact types, for a text or true would silently become a number.
            if found is not None and not (type(found) in (int, float) and found >= 0):
                raise r.fail(
                    "not-a-travel-time",
                    f"minutes[{i}][{j}]",
                    found,
                    "Write minutes, 0 or more; null where there is no way.",
                )
        matrix[i] = [math.inf if x is None or x > NO_ROAD_MIN else x for x in row]
    return matrix


def _located(r: Reader, read: Callable[[Reader], T]) -> T:
    """Read a noun; when it refuses its own values, prepend where it stands."""
    try:
        return read(r)
    except InvalidProblem as error:
        if r.path and not error.field.startswith(r.path):
            raise InvalidProblem(error.code, r.at(error.field), error.value, error.advice) from None
        raise
