"""A keeper and its solver: every job ends with its best plan or a reason."""

import os
import signal
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from data.db import Database
from data.documents import pack, unpack
from data.store import job_reading, jobs
from data.store.jobs import Claim
from data.tables import Job
from web.config import Settings
from web.jobs.child import Child
from web.jobs.keeper import Keeper
from web.usecases.plan_visits import Prepared

DAYS = [f"2027-03-{day:02d}" for day in range(1, 29)]


def a_problem(households: int = 40) -> dict[str, Any]:
    villages = [f"v{n}" for n in range(4)]
    return {
        "format": "zoufang-problem/1",
        "days": DAYS,
        "units": [{"id": "u"}],
        "villages": [
            {"id": v, "unit": "u", "blackout": [], "max_teams_per_day": 1,
             "max_visits_per_week": 9, "min_gap_days": 2}
            for v in villages
        ],
        "cadres": [
            {"id": f"c{n}", "unit": "u", "base": [117.0, 30.6], "quota": 5,
             "shifts": {day: [510, 1050] for day in DAYS}, "max_visits_per_day": 4}
            for n in range(3)
        ],
        "households": [
            {"id": f"h{n}", "village": villages[n % 4], "visits": 1, "min_gap_days": 7,
             "point": [117.0 + 0.001 * (n % 7), 30.6 + 0.001 * (n % 11)], "service_min": 30,
             "windows": [[510, 690], [870, 1050]]}
            for n in range(households)
        ],
        "travel": {"kind": "line", "speed_kmh": 30, "detour": 1.3, "fixed_min": 2},
    }  # fmt: skip


class Ledger:
    """A story whose problem is given and whose plans are written down."""

    def __init__(self, problem: dict[str, Any]) -> None:
        self.problem = problem
        self.kept: list[dict[str, Any]] = []

    def prepare(self, db: Database, job: Job) -> Prepared:
        return Prepared(payload=pack(self.problem), input_hash="x")

    def judge(self, payload: bytes, plan: dict[str, Any]) -> dict[str, Any]:
        return plan

    def keep(self, session: Session, job: Job, judged: dict[str, Any]) -> int:
        self.kept.append(judged)
        return len(self.kept)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(instance=tmp_path, job_lease_s=3, job_beat_s=0.5, solver_grace_s=20)


@pytest.fixture
def child(settings: Settings) -> Iterator[Child]:
    made = Child(memory_mb=settings.solver_memory_mb)
    yield made
    made.kill()


def a_claim(db: Database, *, time_limit_s: float = 2, prove_s: float = 0) -> Claim:
    with db.write.begin() as session:
        jobs.queue(
            session,
            kind="solve",
            args={"time_limit_s": time_limit_s, "prove_s": prove_s},
            seed=3,
            created_by=None,
        )
    with db.write.begin() as session:
        claim = jobs.claim_next(session, owner="test", lease_s=3, at_once=9)
    assert claim is not None
    return claim


def job_of(db: Database, claim: Claim) -> Job:
    with db.read() as session:
        job = job_reading.load_job(session, claim.job_id)
        assert job is not None
        return job


def run(db: Database, claim: Claim, child: Child, story: Ledger, settings: Settings) -> Job:
    Keeper(db, claim, child=child, story=story, settings=settings).run()
    return job_of(db, claim)


def test_a_solve_ends_done_with_its_plan_stored_once(
    database: Database, child: Child, settings: Settings
) -> None:
    story = Ledger(a_problem())

    job = run(database, a_claim(database), child, story, settings)

    assert (job.state, job.reason, job.progress["plan_id"]) == ("done", "", 1)
    assert len(story.kept) == 1
    assert story.kept[0]["format"] == "zoufang-plan/1"
    assert story.kept[0]["seed"] == 3
    assert job.input_hash == "x"


def test_a_solve_with_a_proof_says_a_better_bound_than_one_without(
    database: Database, child: Child, settings: Settings
) -> None:
    story = Ledger(a_problem())
    again = Child(memory_mb=settings.solver_memory_mb)

    run(database, a_claim(database, time_limit_s=1), child, story, settings)
    job = run(database, a_claim(database, time_limit_s=1, prove_s=3), again, story, settings)

    plain, proven = story.kept
    assert job.state == "done"
    assert plain["bound"]["J"] < proven["bound"]["J"] <= proven["metrics"]["J"]
    assert "column generation" in proven["bound"]["proof"]


def test_the_best_plan_so_far_can_be_read_while_it_solves(
    sqlite_database: Database, child: Child, settings: Settings
) -> None:
    claim = a_claim(sqlite_database)

    run(sqlite_database, claim, child, Ledger(a_problem()), settings)

    with sqlite_database.read() as session:
        _, best = job_reading.load_documents(session, claim.job_id)
    assert best is not None
    assert len(unpack(best)["visits"]) > 0


def test_a_killed_solver_puts_its_job_back_into_the_queue(
    sqlite_database: Database, child: Child, settings: Settings
) -> None:
    os.kill(child.pid, signal.SIGKILL)

    job = run(sqlite_database, a_claim(sqlite_database), child, Ledger(a_problem()), settings)

    assert (job.state, job.attempt, job.progress.get("plan_id")) == ("queued", 1, None)


def test_a_job_stopped_before_it_began_is_cancelled(
    sqlite_database: Database, child: Child, settings: Settings
) -> None:
    claim = a_claim(sqlite_database)
    with sqlite_database.write.begin() as session:
        jobs.ask_to_stop(session, claim.job_id)

    job = run(sqlite_database, claim, child, Ledger(a_problem()), settings)

    assert (job.state, job.reason) == ("cancelled", "stopped-before-first-plan")


def test_a_broken_problem_fails_with_the_code_of_what_is_wrong(
    sqlite_database: Database, child: Child, settings: Settings
) -> None:
    problem = a_problem()
    problem["households"][0]["village"] = "nowhere"

    job = run(sqlite_database, a_claim(sqlite_database), child, Ledger(problem), settings)

    assert job.state == "failed"
    assert job.reason == "unknown-village"


def test_a_keeper_whose_claim_was_given_away_stores_nothing(
    sqlite_database: Database, child: Child, settings: Settings
) -> None:
    story = Ledger(a_problem())
    claim = a_claim(sqlite_database)
    with sqlite_database.write.begin() as session:
        jobs.give_back(session, claim, reason="keeper-lost")

    job = run(sqlite_database, claim, child, story, settings)

    assert story.kept == []
    assert job.state == "queued"


def test_the_last_run_saves_the_best_plan_of_the_attempts_that_were_killed(
    sqlite_database: Database, child: Child, settings: Settings
) -> None:
    story = Ledger(a_problem())
    claim = a_claim(sqlite_database)
    run(sqlite_database, claim, child, story, settings)
    with sqlite_database.read() as session:
        problem, best = job_reading.load_documents(session, claim.job_id)
    assert problem is None, "an ended job keeps no copy of its problem"
    again = a_claim(sqlite_database)
    for _ in range(jobs.ATTEMPTS):
        with sqlite_database.write.begin() as session:
            jobs.freeze_problem(session, again, payload=pack(story.problem), input_hash="x")
            jobs.report(session, again, {"has_plan": True}, incumbent=best)
            jobs.give_back(session, again, reason="solver-killed")
        with sqlite_database.write.begin() as session:
            taken = jobs.claim_next(session, owner="test", lease_s=3, at_once=9)
        assert taken is not None
        again = taken

    job = run(sqlite_database, again, child, story, settings)

    assert (job.state, job.reason) == ("done", "killed-too-often")
    assert story.kept[-1]["status"] == "stopped"


def test_a_database_that_is_busy_for_a_moment_costs_a_report_and_not_the_job(
    sqlite_database: Database,
    child: Child,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    store = {name: getattr(jobs, name) for name in ("report", "freeze_problem", "end")}

    def busy_at_first(name: str) -> Callable[..., Any]:
        calls = count()

        def write(*given: Any, **named: Any) -> Any:
            if next(calls) == 0:
                raise OperationalError("write", {}, Exception("database is locked"))
            return store[name](*given, **named)

        return write

    for name in store:
        monkeypatch.setattr(jobs, name, busy_at_first(name))
    story = Ledger(a_problem())

    job = run(sqlite_database, a_claim(sqlite_database), child, story, settings)

    assert (job.state, job.reason) == ("done", "")
    assert job.progress["plan_id"] == len(story.kept) == 2  # the first one was rolled back
