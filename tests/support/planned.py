"""
A small district with a plan: what the tests of plan pages stand on.

Two units, four cadres, six square villages of six households; one household opens at dawn
only and so lacks its visit. Eight weeks from Monday 1 March 2027.
"""

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from shapely.geometry import box
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.db import Database, connect
from data.documents import pack
from data.rules import CampaignRules
from data.tables import (
    Cadre,
    Campaign,
    Household,
    PlannedVisit,
    Region,
    Unit,
    User,
    VillageLink,
)
from scheduler import cadre as nouns_cadre
from scheduler import household as nouns_household
from scheduler.planner import solve
from scheduler.problem import Problem
from scheduler.village import Village
from web.usecases.passwords import hash_password
from web.usecases.plan_visits import judge_plan, keep_plan

FIRST = date(2027, 3, 1)
DAYS = tuple(d for d in (FIRST + timedelta(n) for n in range(54)) if d.weekday() < 5)
PASSWORD = "long enough for tests 9"
AT_DAWN = "H06"
WINDOWS = [[510, 690], [870, 1050]]
NAMES = ("芭茅村", "杨桥村", "双桥村", "花山村", "大龙村", "五横村")
ROLES = ("planner", "coordinator", "admin")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDistrict:
    """Ids to address the district by."""

    plan_id: int
    campaign_id: int
    cadre_ids: dict[str, int]
    villages: tuple[str, ...]

    def visits(self, database: Database, cadre: str) -> list[PlannedVisit]:
        """Visits of one cadre, in order of time."""
        with database.read() as session:
            query = select(PlannedVisit).where(PlannedVisit.cadre_id == self.cadre_ids[cadre])
            return list(session.scalars(query.order_by(PlannedVisit.day, PlannedVisit.position)))


def plan_the_district(session: Session, *, published: bool = True) -> PlannedDistrict:
    """Fill an empty database."""
    _add_places(session)
    cadres = _add_people(session)
    problem = _problem()
    plan = solve(problem, engine="greedy", time_limit_s=5).plan
    campaign = Campaign(
        name="春季走访",
        first_day=DAYS[0],
        last_day=DAYS[-1],
        rules=CampaignRules().model_dump(mode="json"),
        created_at=datetime(2027, 2, 20, 2, tzinfo=UTC),
    )
    session.add(campaign)
    session.flush()
    row = keep_plan(
        session,
        judge_plan(pack(problem.to_json()), plan.to_json()),
        campaign_id=campaign.id,
        job_id=None,
        created_by=None,
        now=datetime(2027, 2, 21, 2, tzinfo=UTC),
    )
    if published:
        row.state, row.published_on = "published", date(2027, 2, 22)
    session.flush()
    return PlannedDistrict(
        plan_id=row.id,
        campaign_id=campaign.id,
        cadre_ids=cadres,
        villages=tuple(v.id for v in problem.villages),
    )


@pytest.fixture(scope="session")
def planned_template(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, PlannedDistrict]:
    """The planned district, published, in a database file to copy."""
    path = tmp_path_factory.mktemp("planned") / "template.sqlite"
    shutil.copy(sqlite_template, path)
    database = connect(f"sqlite:///{path}")
    with database.write.begin() as session:
        made = plan_the_district(session)
    database.dispose()
    return path, made


@pytest.fixture
def district(sqlite_url: str, planned_template: tuple[Path, PlannedDistrict]) -> PlannedDistrict:
    """The planned district in the database of ``app``, which must not be open yet."""
    file, made = planned_template
    shutil.copy(file, sqlite_url.removeprefix("sqlite:///"))
    return made


def _add_places(session: Session) -> None:
    district = Region(code="340811000000", name="宜秀区", kind="district")
    session.add(district)
    towns = [
        Region(code=f"34081110{n}000", name=name, kind="town", parent=district)
        for n, name in enumerate(("大桥街道", "杨桥镇"))
    ]
    for n, name in enumerate(NAMES):
        lon, lat = 117.0 + 0.03 * (n % 3), 30.55 + 0.03 * (n // 3)
        shape = box(lon, lat, lon + 0.03, lat + 0.03)
        session.add(
            Region(
                code=village_code(n),
                name=name,
                kind="village",
                parent=towns[n // 3],
                geometry=shape.wkb,
                min_lon=lon,
                min_lat=lat,
                max_lon=lon + 0.03,
                max_lat=lat + 0.03,
                synthetic_shape=True,
            )
        )
    session.flush()


def _add_people(session: Session) -> dict[str, int]:
    villages = {r.code: r for r in session.scalars(select(Region)) if r.kind == "village"}
    units = [Unit(number=f"U{n + 1}", name=name) for n, name in enumerate(("办公室", "组织科"))]
    session.add_all(units)
    for n in range(len(NAMES)):
        session.add(VillageLink(unit=units[n // 3], village=villages[village_code(n)]))
    cadres = [
        Cadre(
            number=f"C{n + 1}",
            name=name,
            unit=units[n // 2],
            role="leader" if n == 0 else "staff",
            base_lon=117.03,
            base_lat=30.58,
            quota=5,
            availability={str(d): WINDOWS for d in range(1, 6)},
        )
        for n, name in enumerate(("赵一", "钱二", "孙三", "李四"))
    ]
    session.add_all(cadres)
    for n in range(36):
        lon, lat = _point(n)
        session.add(
            Household(
                number=f"H{n + 1:02d}",
                name=f"周{n + 1:02d}",
                village=villages[village_code(n // 6)],
                hamlet=f"{n % 6 + 1}组",
                address=f"{n + 1}号",
                phone=f"1390000{n:04d}",
                lon=lon,
                lat=lat,
                windows=WINDOWS,
                visits_due=1,
            )
        )
    session.flush()
    hashed = hash_password(PASSWORD)
    at = datetime(2027, 2, 1, tzinfo=UTC)
    session.add_all(
        User(name=role, display_name=role, password_hash=hashed, role=role, created_at=at)
        for role in ROLES
    )
    session.add_all(
        User(
            name=c.number.lower(),
            display_name=c.name,
            password_hash=hashed,
            role="cadre",
            cadre_id=c.id,
            created_at=at,
        )
        for c in cadres
    )
    session.flush()
    return {c.number: c.id for c in cadres}


def _problem() -> Problem:
    shifts = dict.fromkeys(DAYS, (510.0, 1050.0))
    windows = tuple((float(a), float(b)) for a, b in WINDOWS)
    return Problem(
        name="春季走访",
        days=DAYS,
        units=("U1", "U2"),
        villages=tuple(
            Village(
                id=village_code(n),
                unit=f"U{n // 3 + 1}",
                min_gap_days=10,
                blackout_days=frozenset(d for d in DAYS if d.day % 10 in (3, 8)),
            )
            for n in range(len(NAMES))
        ),
        cadres=tuple(
            nouns_cadre.Cadre(
                id=f"C{n + 1}",
                unit=f"U{n // 2 + 1}",
                base=(117.03, 30.58),
                shifts={d: s for d, s in shifts.items() if n or d.weekday() < 4},
                max_visits_per_day=4,
                quota=5,
            )
            for n in range(4)
        ),
        households=tuple(
            nouns_household.Household(
                id=f"H{n + 1:02d}",
                village=village_code(n // 6),
                point=_point(n),
                windows=((360.0, 380.0),) if f"H{n + 1:02d}" == AT_DAWN else windows,
            )
            for n in range(36)
        ),
    )


def village_code(n: int) -> str:
    """Code of the n-th village."""
    return f"34081110{n // 3}20{n % 3}"


def _point(n: int) -> tuple[float, float]:
    village, place = divmod(n, 6)
    lon = 117.005 + 0.03 * (village % 3) + 0.007 * (place % 3)
    lat = 30.558 + 0.03 * (village // 3) + 0.012 * (place // 3)
    return round(lon, 6), round(lat, 6)
