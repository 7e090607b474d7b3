"""A plan of 10,000 households on the map."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import insert, select

from data.db import Database, connect
from data.synthesis.people import stream
from data.tables import Household
from tests.benchmarks.conftest import Record
from tests.support.browser import Opener
from tests.support.district import PASSWORD, cookie_of, open_app
from tests.support.servers import serving
from web.config import Settings

HOUSEHOLDS = 10_000
RUNS = 5


def multiply(database: Database) -> None:
    """Give every household of the sample neighbours, until there are 10,000."""
    rng = stream(1, "neighbours")
    with database.write.begin() as session:
        rows = [dict(row._mapping) for row in session.execute(select(Household.__table__))]
        rows = [row for row in rows if row["kind"] == "household"]
        made = []
        for serial in range(HOUSEHOLDS - len(rows)):
            row = rows[serial % len(rows)]
            shift = rng.normal(scale=0.002, size=2)
            made.append(
                {key: value for key, value in row.items() if key != "id"}
                | {"number": f"N{serial:05d}", "draw_number": float(rng.random())}
                | {"lon": row["lon"] + shift[0], "lat": row["lat"] + shift[1]}
            )
        session.execute(insert(Household), made)


@pytest.fixture(scope="module")
def big(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, int]]:
    """The application over a plan of 10,000 households, and the plan's number."""
    from data.migrate import upgrade
    from web.usecases.demo import make_demo
    from web.usecases.plan_now import plan_now

    folder = tmp_path_factory.mktemp("big")
    settings = Settings.load({}, instance=folder, secret_key="b" * 48)
    upgrade(settings.database)
    database = connect(settings.database)
    demo = make_demo(database, password=PASSWORD, time_limit_s=1)
    multiply(database)
    now = datetime(2027, 2, 23, 10, tzinfo=UTC)
    plan = plan_now(
        database, demo.plan.campaign_id, today=now.date(), now=now, time_limit_s=5, seed=1
    )
    database.dispose()
    app = open_app(settings.model_copy(update={"today": demo.today}), now)
    yield app, plan.id
    app.extensions["database"].dispose()


def test_ten_thousand_households_are_usable_at_once(
    big: tuple[Flask, int], desktop: Opener, record: Record
) -> None:
    app, plan = big
    seconds = []
    with serving(app) as server:
        page = desktop(server, state=cookie_of(app, "planner"))
        page.goto(f"/plans/{plan}/map")
        for _ in range(RUNS):
            page.goto("/help/")
            page.goto(f"/plans/{plan}/map", wait_until="commit")
            page.wait_for_load_state("load")
            began = time.perf_counter()
            page.wait_for_selector("#plan-map:not([aria-busy])")
            seconds.append(time.perf_counter() - began)
        drawn = page.evaluate(
            "async path => (await (await fetch(path)).text()).length", f"/api/plans/{plan}/map"
        )
    assert drawn > HOUSEHOLDS * 10  # characters: every household is in the answer
    how = "headless Chromium, load event to households drawn, second visit on; seed 1"
    record("map of 10,000 households usable after load", seconds, unit="s", limit=1.5, how=how)
