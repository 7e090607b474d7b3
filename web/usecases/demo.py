"""
Fill an empty instance with the sample district in the middle of its campaign.

The plan is made and published as of the week before; visits up to the demo's today are then
recorded as they tend to go: most are made, some find nobody, a few households have moved or
say no. Everything is invented, by a seed.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from data import audit
from data.db import Database
from data.store.households import village_of_household
from data.synthesis.days import FIRST_DAY, LAST_DAY
from data.synthesis.district import DEFAULT_SEED, draw_district
from data.synthesis.loading import load_sample
from data.synthesis.streams import stream
from data.tables import Cadre, Contact, Household, PlannedVisit
from data.tables import Plan as PlanRow
from scheduler.progress import Progress
from web.usecases.accounts import create_user
from web.usecases.campaigns import create_campaign
from web.usecases.plan_now import plan_now
from web.usecases.publish_plan import publish

DEMO_TODAY = date(2027, 4, 7)
"""A Wednesday in the sixth of ten weeks: half is behind, and some of it is late."""

OTHER_OFFICE = "示例街道卫生院"
CROWDED_VILLAGES = 3

CAMPAIGN_NAME = "“三走进三服务”春季走访(示例)"
ROLES = ("admin", "planner", "coordinator", "cadre")
DISPLAY_NAMES = {"admin": "示例管理员", "planner": "示例排班员", "coordinator": "示例协调员"}
OUTCOMES: Mapping[str, float] = MappingProxyType(
    {"visited": 0.88, "no_answer": 0.07, "moved": 0.01, "refused": 0.01, "": 0.03}
)
"""How visits go, and how often; an empty one was not recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """
    What a demo holds.

    Parameters
    ----------
    plan
        The published plan.
    names
        Role to the name one signs in with.
    today
        Day the instance should live in.
    """

    plan: PlanRow
    names: Mapping[str, str]
    today: date


def make_demo(
    db: Database,
    *,
    password: str,
    seed: int = DEFAULT_SEED,
    time_limit_s: float = 8.0,
    iterations: float | None = None,
    workers: int = 1,
    on_progress: Callable[[Progress], None] | None = None,
) -> Demo:
    """
    Make the sample district, plan it, publish the plan, record its first weeks, open accounts.

    Parameters
    ----------
    db
        Migrated and empty.
    password
        Of all four accounts; the caller prints it.
    seed
        Of the district, the search and the outcomes.
    time_limit_s, iterations, workers
        As for ``scheduler.planner``.

    Raises
    ------
    NotEmpty
        If the instance already holds a district.
    """
    planned_on = FIRST_DAY - timedelta(days=6)
    at = _instant(planned_on)
    with db.write.begin() as session:
        load_sample(session, draw_district(seed), at=at)
        campaign_id = create_campaign(
            session,
            name=CAMPAIGN_NAME,
            first_day=FIRST_DAY,
            last_day=LAST_DAY,
            actor_id=None,
            now=at,
        )
    plan = plan_now(
        db,
        campaign_id,
        today=planned_on,
        now=at,
        time_limit_s=time_limit_s,
        iterations=iterations,
        workers=workers,
        on_progress=on_progress,
    )
    with db.write.begin() as session:
        plan = publish(session, plan.id, actor_id=None, on=planned_on, now=at)
        _record_first_weeks(session, plan.id, stream(seed, "outcomes"))
        cadre_id = _busiest_cadre(session, plan.id)
        shown = DISPLAY_NAMES | {"cadre": session.get_one(Cadre, cadre_id).name}
    names = {role: role for role in ROLES}
    for role, name in names.items():
        create_user(
            db,
            name=name,
            display_name=shown[role],
            role=role,
            password=password,
            now=at,
            cadre_id=cadre_id if role == "cadre" else None,
        )
    return Demo(plan=plan, names=names, today=DEMO_TODAY)


def _record_first_weeks(session: Session, plan_id: int, rng: np.random.Generator) -> None:
    """Record the visits before the demo's today, each on its evening."""
    query = select(PlannedVisit).where(
        PlannedVisit.plan_id == plan_id, PlannedVisit.day < DEMO_TODAY
    )
    visits = list(session.scalars(query.order_by(PlannedVisit.day, PlannedVisit.id)))
    outcomes = rng.choice(list(OUTCOMES), p=list(OUTCOMES.values()), size=len(visits))
    ended: dict[int, str] = {}
    rows: list[dict[str, Any]] = []
    for visit, outcome in zip(visits, map(str, outcomes), strict=True):
        if not outcome or visit.household_id in ended:
            continue
        if outcome in ("moved", "refused"):
            ended[visit.household_id] = outcome
        rows.append(
            {
                "op_id": f"demo-{visit.id:06d}",
                "household_id": visit.household_id,
                "cadre_id": visit.cadre_id,
                "planned_visit_id": visit.id,
                "day": visit.day,
                "outcome": outcome,
                "minutes": int(visit.end_min - visit.start_min) if outcome == "visited" else 5,
                "recorded_at": _instant(visit.day),
            }
        )
    others = _visits_of_others(session, visits, rng)
    for batch in (rows, others):
        if batch:
            session.execute(insert(Contact), batch)
    for household_id, state in ended.items():
        session.execute(update(Household).where(Household.id == household_id).values(state=state))
    audit.record(
        session,
        at=_instant(DEMO_TODAY - timedelta(days=1)),
        actor_id=None,
        action="demo.record",
        entity="plan",
        entity_id=plan_id,
        facts=dict(Counter(row["outcome"] for row in rows)),
    )


def _visits_of_others(
    session: Session, visits: Sequence[PlannedVisit], rng: np.random.Generator
) -> list[dict[str, Any]]:
    """Another office comes to a few villages just after a visit: what crowding looks like."""
    seen: dict[int, tuple[date, list[int]]] = {}
    village_of = village_of_household(session)
    for visit in visits:
        if visit.day < DEMO_TODAY - timedelta(days=7):
            day, doors = seen.setdefault(village_of[visit.household_id], (visit.day, []))
            if day == visit.day:
                doors.append(visit.household_id)
    chosen = rng.choice(sorted(seen), size=min(CROWDED_VILLAGES, len(seen)), replace=False)
    return [
        {
            "op_id": f"demo-other-{household_id:06d}",
            "household_id": household_id,
            "unit_name": OTHER_OFFICE,
            "day": seen[village][0] + timedelta(days=1),
            "outcome": "visited",
            "minutes": 15,
            "recorded_at": _instant(seen[village][0] + timedelta(days=1)),
        }
        for village in map(int, chosen)
        for household_id in seen[village][1][:3]
    ]


def _busiest_cadre(session: Session, plan_id: int) -> int:
    """Who has most to do on the demo's today, or on the first day after it."""
    query = (
        select(PlannedVisit.day, PlannedVisit.cadre_id)
        .where(PlannedVisit.plan_id == plan_id, PlannedVisit.day >= DEMO_TODAY)
        .order_by(PlannedVisit.day, PlannedVisit.cadre_id)
    )
    rows = session.execute(query).all()
    counts = Counter(cadre for day, cadre in rows if day == rows[0].day)
    return counts.most_common(1)[0][0]


def _instant(day: date) -> datetime:
    """Evening of a day in Asia/Shanghai."""
    return datetime.combine(day, time(10, 0), tzinfo=UTC)
