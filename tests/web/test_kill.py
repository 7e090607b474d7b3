"""``kill -9`` of the server, of keepers and of solvers: nothing acknowledged is lost, jobs end."""

import json
import os
import random
import signal
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request

import psutil
import pytest
from sqlalchemy import func, select, text

from data import audit
from data.db import Database
from data.store.jobs import ATTEMPTS, ENDED
from data.tables import Contact, Job, JobEvent, Plan
from tests.support.planned import PASSWORD, plan_the_district
from tests.support.process import TOKEN, Server, Visitor, serving_process

KILLS = {"sqlite": 20, "postgresql": 8}
SETTINGS = {
    "ZOUFANG_TODAY": "2027-03-30",
    "ZOUFANG_JOB_LEASE_S": "2",
    "ZOUFANG_JOB_BEAT_S": "0.4",
}
SOLVE_S = 3
UNREACHABLE = (URLError, ConnectionError, TimeoutError)


class House:
    """A server that is started again after each death, always on the same instance."""

    def __init__(self, instance: Path, url: str) -> None:
        self._instance, self._url = instance, url
        self._stack = ExitStack()
        self.server = self._open()

    def _open(self) -> Server:
        settings = SETTINGS | {"ZOUFANG_DATABASE_URL": self._url}
        return self._stack.enter_context(serving_process(self._instance, **settings))

    def kill_server(self) -> None:
        self.server.process.kill()
        self.server.process.wait()
        self.server = self._open()

    def kill(self, module: str, choose: random.Random) -> bool:
        """Kill one of this instance's keepers or solvers, if any lives."""
        found = sorted(self._processes(module), key=lambda p: p.pid)
        if not found:
            return False
        with suppress(ProcessLookupError):
            os.kill(choose.choice(found).pid, signal.SIGKILL)
        return True

    def _processes(self, module: str) -> Iterator[psutil.Process]:
        for process in psutil.process_iter(["cmdline"]):
            if module in (process.info["cmdline"] or ()):
                with suppress(psutil.Error):
                    if process.environ().get("ZOUFANG_INSTANCE") == str(self._instance):
                        yield process

    def close(self) -> None:
        self._stack.close()
        for module in ("web.jobs.keeper", "web.jobs.solver"):
            for process in self._processes(module):
                with suppress(psutil.NoSuchProcess):
                    process.kill()


class Recorder(threading.Thread):
    """A cadre who records results one after the other, and repeats what was not acknowledged."""

    def __init__(self, house: House, visits: list[int]) -> None:
        super().__init__(daemon=True)
        self.acknowledged: list[str] = []
        self.done = threading.Event()
        self._house, self._visits = house, visits
        self._visitor: Visitor | None = None
        self._token = ""

    def run(self) -> None:
        number = 0
        while not self.done.is_set():
            number += 1
            op_id = str(uuid.UUID(int=number))
            visit = self._visits[number % len(self._visits)]
            while not self._sent(op_id, visit):
                time.sleep(0.1)
            self.acknowledged.append(op_id)
            time.sleep(0.02)

    def _sent(self, op_id: str, visit: int) -> bool:
        try:
            visitor = self._signed_in()
            body = json.dumps({"op_id": op_id, "outcome": "visited"}).encode()
            headers = {"Content-Type": "application/json", "X-CSRFToken": self._token}
            path = f"/api/my-day/visits/{visit}/result"
            request = Request(visitor.server + path, data=body, headers=headers, method="POST")
            with visitor.opener.open(request, timeout=20) as answer:
                return bool(answer.status == 200)
        except UNREACHABLE:
            self._visitor = None
            return False

    def _signed_in(self) -> Visitor:
        if self._visitor is None:
            visitor = Visitor(self._house.server.url).sign_in("c1", PASSWORD)
            found = TOKEN.search(visitor.get("/my-day"))
            assert found
            self._visitor, self._token = visitor, found[1]
        return self._visitor


class Planner:
    """Asks for a plan whenever none is being made."""

    def __init__(self, house: House, db: Database, campaign_id: int) -> None:
        self._house, self._db, self._campaign_id = house, db, campaign_id
        self._seed = 0

    def ask(self) -> None:
        with self._db.read() as session:
            if session.scalar(select(Job.id).where(Job.state.not_in(ENDED)).limit(1)):
                return
        self._seed += 1
        path = f"/campaigns/{self._campaign_id}/solve"
        with suppress(*UNREACHABLE):
            visitor = Visitor(self._house.server.url).sign_in("planner", PASSWORD)
            visitor.post(path, page=path, time_limit_s=str(SOLVE_S), seed=str(self._seed))


def wait_for_the_end(db: Database, *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with db.read() as session:
            if not session.scalar(select(Job.id).where(Job.state.not_in(ENDED)).limit(1)):
                return
        time.sleep(0.2)
    pytest.fail("a job did not end")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_twenty_kills_lose_nothing_and_every_job_ends(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with database.write.begin() as session:
        district = plan_the_district(session)
    visits = [v.id for v in district.visits(database, "C1") if v.day.isoformat() <= "2027-03-30"]
    moments = random.Random(20)
    house = House(tmp_path / "instance", database_url)
    recorder = Recorder(house, visits)
    planner = Planner(house, database, district.campaign_id)
    try:
        recorder.start()
        kills = 0
        while kills < KILLS[database.engine.dialect.name]:
            planner.ask()
            time.sleep(moments.uniform(0.2, 2.5))
            victim = moments.choice(("server", "keeper", "solver", "both"))
            if victim in ("server", "both"):
                kills += victim == "both" and house.kill("web.jobs.keeper", moments)
                house.kill_server()
                kills += 1
            else:
                kills += house.kill(f"web.jobs.{victim}", moments)
        wait_for_the_end(database, seconds=60)
        planner.ask()  # in peace
        wait_for_the_end(database, seconds=60)
        recorder.done.set()
        recorder.join(timeout=30)
    finally:
        recorder.done.set()
        house.close()

    assert not recorder.is_alive()
    assert len(recorder.acknowledged) > 20
    assert_nothing_is_lost(database, recorder.acknowledged)
    assert_every_job_ended(database)


def assert_nothing_is_lost(db: Database, acknowledged: list[str]) -> None:
    with db.read() as session:
        kept = list(session.scalars(select(Contact.op_id)))
        assert set(acknowledged) <= set(kept)
        assert len(kept) == len(set(kept))
        assert audit.first_broken(session) is None
        if db.engine.dialect.name == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"


def assert_every_job_ended(db: Database) -> None:
    with db.read() as session:
        jobs = list(session.scalars(select(Job).order_by(Job.id)))
        of_jobs = select(Plan.job_id, func.count()).where(Plan.job_id.is_not(None))
        plans = dict(session.execute(of_jobs.group_by(Plan.job_id)).all())
        assert jobs
        for job in jobs:
            assert job.state in ("done", "failed")
            assert job.state == "done" or job.reason
            assert job.attempt <= ATTEMPTS + 1
            assert plans.get(job.id, 0) == (1 if job.state == "done" else 0)
            events = list(
                session.scalars(
                    select(JobEvent).where(JobEvent.job_id == job.id).order_by(JobEvent.seq)
                )
            )
            assert [e.seq for e in events] == list(range(1, len(events) + 1))
            assert [e.final for e in events] == [False] * (len(events) - 1) + [True]
        assert jobs[-1].state == "done", "the solve after the last kill is left in peace"
