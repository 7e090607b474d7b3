"""
Invented days of the sample: markets, seasons, absences, and the visits made before.

Four households are planted that no plan can serve in full, each for another honest reason, so
that the list of unplanned visits has something to explain.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from data.synthesis.frames import records
from data.synthesis.people import People
from data.synthesis.places import DISTRICT_CODE, DISTRICT_NAME, Places
from data.synthesis.streams import stream

FIRST_DAY, LAST_DAY = date(2027, 3, 1), date(2027, 5, 9)
HISTORY_FROM, HISTORY_TO = date(2026, 3, 2), date(2026, 10, 30)
MARKETS: tuple[tuple[str, list[int]], ...] = (
    ("", []),
    ("农历逢一逢六", [1, 6]),
    ("农历逢二逢七", [2, 7]),
    ("农历逢三逢八", [3, 8]),
    ("农历逢四逢九", [4, 9]),
    ("农历逢五逢十", [0, 5]),
)
OUTCOMES = {"visited": 0.84, "no_answer": 0.08, "call": 0.05, "form": 0.03}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Days:
    """
    What happens when.

    Parameters
    ----------
    blackouts
        Columns ``region`` (code), ``words`` (as people write them), ``rule, params, name``.
    absences
        Columns ``cadre, first_day, last_day, reason``.
    contacts
        Columns ``household, cadre`` (None: another office), ``unit_name, day, outcome, minutes``.
    """

    blackouts: pd.DataFrame
    absences: pd.DataFrame
    contacts: pd.DataFrame


def draw_days(places: Places, people: People, seed: int) -> Days:
    """Draw the days."""
    return Days(
        blackouts=_blackouts(places, stream(seed, "blackouts")),
        absences=_absences(people, stream(seed, "absences")),
        contacts=_contacts(places, people, stream(seed, "contacts")),
    )


def plant_hard_cases(people: People, days: Days) -> tuple[People, Days]:
    """Change four households so that some of their visits cannot be planned."""
    sites, pairings = people.sites.copy(), people.pairings
    plain = sites.index[
        (sites["kind"] == "household")
        & (sites["care_group"] == "")
        & ~sites["number"].isin(days.contacts["household"])
    ]
    back_late, late_start, closed, away = (int(plain[i]) for i in (20, 60, 100, 140))
    # Comes home on the campaign's last Saturday.
    sites.at[back_late, "not_before"] = "2027-05-08"
    # Three visits 28 days apart, but home only from the fourth week on: two fit.
    sites.at[late_start, "visits_due"] = 3
    sites.at[late_start, "not_before"] = "2027-03-24"
    # Home for one week in which the village is in mourning.
    sites.at[closed, "not_before"], sites.at[closed, "not_after"] = "2027-04-12", "2027-04-16"
    mourning = {
        "region": sites.at[closed, "village"],
        "words": "2027-04-12至2027-04-16",
        "rule": "range",
        "params": {"from": "2027-04-12", "to": "2027-04-16", "yearly": False},
        "name": "白事",
    }
    # Paired with a cadre who is at a training course whenever somebody is at home.
    cadre = people.cadres.loc[people.cadres["role"] == "staff", "number"].iloc[3]
    sites.at[away, "not_before"], sites.at[away, "not_after"] = "2027-04-19", "2027-04-30"
    pairing = {"household": sites.at[away, "number"], "cadre": cadre, "since": "2026-03-02"}
    course = {
        "cadre": cadre,
        "first_day": date(2027, 4, 19),
        "last_day": date(2027, 4, 30),
        "reason": "党校学习",
    }
    return (
        People(
            units=people.units,
            cadres=people.cadres,
            sites=sites,
            pairings=_with(pairings, pairing),
        ),
        Days(
            blackouts=_with(days.blackouts, mourning),
            absences=_with(days.absences[days.absences["cadre"] != cadre], course),
            contacts=days.contacts,
        ),
    )


def _with(frame: pd.DataFrame, row: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([*records(frame), row])


def _blackouts(places: Places, rng: np.random.Generator) -> pd.DataFrame:
    rows: list[tuple[str, str, str, dict[str, Any], str]] = []
    towns = [str(code) for code in places.towns["code"]]
    for town, (words, digits) in zip(towns, MARKETS, strict=True):
        if digits:
            rows.append((town, words, "market_lunar", {"digits": digits}, "赶集"))
    rows.append(
        (
            towns[3],
            "4月20日-4月27日",
            "range",
            {"from": "04-20", "to": "04-27", "yearly": True},
            "早稻插秧",
        )
    )
    rows.append((towns[0], "每周一", "weekday", {"weekdays": [1]}, "社区例会"))
    rows.append(
        (
            DISTRICT_CODE,
            "2027-03-18",
            "dates",
            {"dates": ["2027-03-18"]},
            f"{DISTRICT_NAME}统一活动",
        )
    )
    for village in rng.choice(places.villages["code"].to_numpy(), size=8, replace=False):
        day = FIRST_DAY + timedelta(days=int(rng.integers(3, 60)))
        rows.append(
            (str(village), day.isoformat(), "dates", {"dates": [day.isoformat()]}, "村民代表会议")
        )
    return pd.DataFrame(rows, columns=["region", "words", "rule", "params", "name"])


def _absences(people: People, rng: np.random.Generator) -> pd.DataFrame:
    rows = []
    for cadre in people.cadres["number"]:
        if rng.random() < 0.4:
            first = FIRST_DAY + timedelta(days=7 * int(rng.integers(0, 9)))
            last = first + timedelta(days=int(rng.choice([1, 2, 4])))
            reason = str(rng.choice(["出差", "培训", "休假"]))
            rows.append((cadre, first, last, reason))
    return pd.DataFrame(rows, columns=["cadre", "first_day", "last_day", "reason"])


def _contacts(places: Places, people: People, rng: np.random.Generator) -> pd.DataFrame:
    unit_of = {
        village: unit["number"] for unit in records(people.units) for village in unit["villages"]
    }
    members = people.cadres.groupby("unit")["number"].agg(list)
    paired = dict(zip(people.pairings["household"], people.pairings["cadre"], strict=True))
    span = (HISTORY_TO - HISTORY_FROM).days
    rows = []
    for site in records(people.sites):
        times = int(rng.choice(3, p=[0.42, 0.43, 0.15]))
        for offset in sorted(rng.choice(span // 35, size=times, replace=False)):
            day = HISTORY_FROM + timedelta(days=int(offset) * 35 + int(rng.integers(0, 7)))
            day -= timedelta(days=max(0, day.isoweekday() - 5))
            by_others = rng.random() < 0.12
            cadre = paired.get(site["number"]) or rng.choice(members[unit_of[site["village"]]])
            outcome = str(rng.choice(list(OUTCOMES), p=list(OUTCOMES.values())))
            rows.append(
                {
                    "household": site["number"],
                    "cadre": None if by_others else str(cadre),
                    "unit_name": "示例街道卫生院" if by_others else "",
                    "day": day,
                    "outcome": outcome,
                    "minutes": int(rng.choice([20, 25, 30, 40])) if outcome == "visited" else 5,
                }
            )
    contacts = pd.DataFrame(rows)
    return contacts.sort_values(["day", "household"], kind="stable", ignore_index=True)
