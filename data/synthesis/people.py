"""
Invented people of the sample: cadres, households, enterprises, who is paired with whom.

The scheme of names is visible on purpose: cadres are 陈示07, householders 汪某0123, enterprises
示例企业05; phones begin with 100, which no mobile number does.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.synthesis.places import UNIT_NAMES, Hamlet, Places
from data.synthesis.streams import stream

LEADERS, LEADER_QUOTA = 7, 40
STAFF_QUOTA = 15
CADRES_PER_UNIT = 5
ENTERPRISES = 24
FEWEST_IN_VILLAGE = 8
MORNING, AFTERNOON = [510, 690], [870, 1050]
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余汪程"
CARE_GROUPS = ("minimum_living", "monitored", "out_of_poverty", "special_hardship")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """
    Everybody who visits or is visited.

    Parameters
    ----------
    units
        Columns ``number, name, villages`` (list of codes).
    cadres
        Columns as in the table, with ``unit`` for the unit's number.
    sites
        Households, then enterprises; columns as in the table, with ``village`` for its code.
    pairings
        Columns ``household, cadre, since``: registry numbers and a date.
    """

    units: pd.DataFrame
    cadres: pd.DataFrame
    sites: pd.DataFrame
    pairings: pd.DataFrame


def draw_people(places: Places, seed: int) -> People:
    """Draw everybody; quotas add up to the number of households."""
    units = _units(places)
    cadres = _cadres(places, stream(seed, "cadres"))
    households = _households(places, stream(seed, "households"))
    enterprises = _enterprises(places, stream(seed, "enterprises"))
    pairings = _pairings(places, cadres, households, stream(seed, "pairings"))
    sites = pd.concat([households, enterprises], ignore_index=True)
    sites["draw_number"] = np.round(stream(seed, "draw").random(len(sites)), 9)
    return People(units=units, cadres=cadres, sites=sites, pairings=pairings)


def unit_number(position: int) -> str:
    """Registry number of a unit by its position in ``UNIT_NAMES``."""
    return f"D{position + 1:02d}"


def _units(places: Places) -> pd.DataFrame:
    villages = places.villages.groupby("unit")["code"].agg(list)
    return pd.DataFrame(
        {
            "number": [unit_number(i) for i in range(len(UNIT_NAMES))],
            "name": UNIT_NAMES,
            "villages": [villages[i] for i in range(len(UNIT_NAMES))],
        }
    )


def _cadres(places: Places, rng: np.random.Generator) -> pd.DataFrame:
    """Five a unit, a leader in the first seven; all start from offices in the district seat."""
    seat = places.villages.loc[0, ["seat_x", "seat_y"]].to_numpy(dtype=float)
    offices = places.lonlat(seat + rng.normal(0, 350, size=(len(UNIT_NAMES), 2)))
    rows: list[dict[str, Any]] = []
    for unit in range(len(UNIT_NAMES)):
        for place in range(CADRES_PER_UNIT):
            is_leader = place == 0 and unit < LEADERS
            number = len(rows) + 1
            rows.append(
                {
                    "number": f"G{number:03d}",
                    "name": f"{rng.choice(list(SURNAMES))}示{number:02d}",
                    "unit": unit_number(unit),
                    "role": "leader" if is_leader else "staff",
                    "base_lon": offices[unit, 0],
                    "base_lat": offices[unit, 1],
                    "quota": LEADER_QUOTA if is_leader else STAFF_QUOTA,
                    "max_visits_per_day": 6,
                    "availability": _availability(is_leader, rng),
                }
            )
    return pd.DataFrame(rows)


def _availability(is_leader: bool, rng: np.random.Generator) -> dict[str, list[list[int]]]:
    """Days kept free for visits: Monday is for meetings; staff keep three others, leaders four."""
    weekdays = sorted(rng.choice([2, 3, 4, 5], size=4 if is_leader else 3, replace=False))
    pattern = {str(day): [MORNING, AFTERNOON] for day in weekdays}
    if not is_leader and rng.random() < 0.3:
        pattern[str(weekdays[0])] = [MORNING if rng.random() < 0.5 else AFTERNOON]
    return pattern


def _households(places: Places, rng: np.random.Generator) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for unit in range(len(UNIT_NAMES)):
        quota = STAFF_QUOTA * CADRES_PER_UNIT + (LEADER_QUOTA - STAFF_QUOTA) * (unit < LEADERS)
        mine = places.villages.loc[places.villages["unit"] == unit, "code"]
        for village, count in zip(mine, _shares(quota, len(mine), rng), strict=True):
            hamlets = places.hamlets_of(village)
            for _ in range(count):
                hamlet = hamlets[int(rng.integers(len(hamlets)))]
                rows.append(_household(places, hamlet, len(rows) + 1, rng))
    return pd.DataFrame(rows)


def _shares(total: int, parts: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Split a number unevenly, each part at least ``FEWEST_IN_VILLAGE``."""
    weights = rng.gamma(4, 1, size=parts)
    exact = (total - FEWEST_IN_VILLAGE * parts) * weights / weights.sum()
    shares: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    rest = total - FEWEST_IN_VILLAGE * parts - int(shares.sum())
    shares[np.argsort(shares - exact, kind="stable")[:rest]] += 1
    shares += FEWEST_IN_VILLAGE
    return shares


def _household(
    places: Places, hamlet: Hamlet, serial: int, rng: np.random.Generator
) -> dict[str, Any]:
    care_group = str(rng.choice(["", *CARE_GROUPS], p=[0.87, 0.06, 0.02, 0.04, 0.01]))
    monitored = care_group == "monitored"
    return {
        "number": f"H{serial:05d}",
        "kind": "household",
        "name": f"{rng.choice(list(SURNAMES))}某{serial:04d}",
        "village": hamlet.village,
        "hamlet": hamlet.name,
        "address": f"示例路{serial}号",
        "phone": f"100{rng.integers(10**8):08d}",
        **_door(places, hamlet, rng),
        "visits_due": 1 if not care_group else 3 if monitored else 2,
        "min_gap_days": 28,
        "service_min": int(rng.choice([20, 30, 30, 40])) + 10 * bool(care_group),
        "windows": _windows(rng),
        "care_group": care_group,
        "priority": 1 if not care_group else 3 if monitored else 2,
        "not_before": None,
        "not_after": None,
    }


def _windows(rng: np.random.Generator) -> list[list[int]]:
    choice = int(rng.choice(4, p=[0.6, 0.15, 0.2, 0.05]))
    return ([MORNING, AFTERNOON], [MORNING], [AFTERNOON], [[960, 1050]])[choice]


def _door(places: Places, hamlet: Hamlet, rng: np.random.Generator) -> dict[str, float]:
    """A door beside one of the hamlet's lanes."""
    start, end = hamlet.lanes_m[int(rng.integers(len(hamlet.lanes_m)))]
    along = end - start
    across = np.array([-along[1], along[0]]) / np.linalg.norm(along)
    side = rng.choice([-1, 1]) * rng.uniform(10, 40)
    lon, lat = places.lonlat((start + rng.uniform(0.1, 0.95) * along + side * across)[None])[0]
    return {"lon": float(lon), "lat": float(lat)}


def _enterprises(places: Places, rng: np.random.Generator) -> pd.DataFrame:
    """Companies in communities, visited in their office hours."""
    communities = places.villages.loc[places.villages["kind"] == "community", "code"].to_numpy()
    rows = []
    for serial in range(1, ENTERPRISES + 1):
        hamlets = places.hamlets_of(str(rng.choice(communities)))
        hamlet = hamlets[int(rng.integers(len(hamlets)))]
        rows.append(
            {
                "number": f"Q{serial:03d}",
                "kind": "enterprise",
                "name": f"示例企业{serial:02d}",
                "village": hamlet.village,
                "hamlet": hamlet.name,
                "address": f"示例大道{serial}号",
                "phone": f"100{rng.integers(10**8):08d}",
                **_door(places, hamlet, rng),
                "visits_due": 1,
                "min_gap_days": 28,
                "service_min": 40,
                "windows": [[540, 690], [870, 1020]],
                "care_group": "",
                "priority": 1,
                "not_before": None,
                "not_after": None,
            }
        )
    return pd.DataFrame(rows)


def _pairings(
    places: Places, cadres: pd.DataFrame, households: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """One or two hard-up households a cadre, within the unit's villages."""
    unit_of = dict(zip(places.villages["code"], places.villages["unit"], strict=True))
    unit = households["village"].map(unit_of)
    rows = []
    for number, members in cadres.groupby("unit", sort=True):
        mine = unit.map(unit_number) == number
        hard_up = households.loc[mine & (households["care_group"] != ""), "number"].to_numpy()
        waiting = list(rng.permutation(hard_up))
        team = list(members["number"])
        wishes = team + [cadre for cadre in team if rng.random() < 0.6]
        for cadre, household in zip(wishes, waiting, strict=False):
            day = int(rng.integers(1, 29))
            rows.append({"household": household, "cadre": cadre, "since": f"2026-03-{day:02d}"})
    return pd.DataFrame(rows)
