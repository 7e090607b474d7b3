"""
The keeper: minds one job from claim to end, with the solver as its child.

``python -m web.jobs.keeper``; by standard input come the settings, then the claim. It is started
before it is needed and waits for the claim; when the server goes first, the pipe ends and so does
it. With a claim it needs the server no more. Nothing slow or native runs here, so that the
heartbeat never stops.
"""

import json
import logging
import signal
import sys
import time
from dataclasses import dataclass
from types import FrameType
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from data.db import Database, connect
from data.documents import pack, unpack
from data.store import jobs
from data.store.job_reading import load_documents
from data.store.jobs import Claim, ClaimLost
from data.tables import Job
from web.config import Settings
from web.jobs.child import Child, Message
from web.jobs.heart import Heart
from web.jobs.patience import patiently
from web.jobs.story import Story
from web.jobs.wire import Order

log = logging.getLogger("zoufang.jobs")

LOOK_S = 0.1
ASK_S = 0.4
STOP_GRACE_S = 10.0
PREPARING_LEASES = 8
STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How the solver ended: with a plan or an error of its own, or only with an exit code."""

    plan: dict[str, Any] | None = None
    error: str = ""
    code: int = 0

    @property
    def was_killed(self) -> bool:
        """By the system or an operator; its own deadline is not meant."""
        return self.code < 0 and self.code != -signal.SIGALRM

    @property
    def reason(self) -> str:
        """Why there is no plan at the end."""
        if self.error:
            return self.error
        return "deadline" if self.code == -signal.SIGALRM else "solver-crashed"


class Keeper:
    """
    Minds one job.

    Parameters
    ----------
    child
        The solver, which waits for its order.
    story
        What the job is about: how its problem is made and its plan kept.
    """

    def __init__(
        self, db: Database, claim: Claim, *, child: Child, story: Story, settings: Settings
    ) -> None:
        self._db, self._claim, self._child = db, claim, child
        self._story, self._settings = story, settings
        self._lease_s = settings.job_lease_s
        self._heart = Heart(db, claim, beat_s=settings.job_beat_s, lease_s=self._lease_s)
        self._progress: dict[str, Any] = {}
        self._stopping = False

    def run(self) -> None:
        """Take the job to its end, or back to the queue."""
        try:
            self._heart.beat()
            self._heart.start()
            self._mind()
        except ClaimLost as lost:
            log.warning("%s", lost)
        except SystemExit:
            self._give_back("keeper-stopped")
            raise
        except Exception as error:  # the job must end with a reason, whatever went wrong here
            log.exception("job=%s keeper failed", self._claim.job_id)
            self._fail(getattr(error, "code", None) or "keeper-failed")
        finally:
            self._heart.stop()
            self._child.kill()

    def _mind(self) -> None:
        with self._db.read() as session:
            job = jobs.get_job(session, self._claim.job_id)
            problem, best = load_documents(session, job.id)
        self._progress = dict(job.progress)
        if self._claim.only_saves:
            self._save_best(job, problem, "killed-too-often")
            return
        if job.cancel_requested:
            self._save_best(job, problem, STOPPED)
            return
        problem = problem or self._prepare(job)
        self._child.order(
            Order(
                problem=problem,
                start=best or b"",
                time_limit_s=float(job.args["time_limit_s"]),
                prove_s=float(job.args.get("prove_s", 0)),
                grace_s=self._settings.solver_grace_s,
                seed=job.seed,
                workers=self._settings.solver_workers,
            )
        )
        outcome = self._listen()
        if outcome.plan is not None:
            self._keep(job, problem, outcome.plan, STOPPED if self._stopping else "")
        elif outcome.was_killed and not self._stopping:
            self._give_back("solver-killed")
        else:
            self._save_best(job, problem, STOPPED if self._stopping else outcome.reason)

    def _prepare(self, job: Job) -> bytes:
        """Freeze the problem; its building may hold the interpreter, hence a longer lease."""
        self._heart.lease_s = self._lease_s * PREPARING_LEASES
        self._heart.beat()
        self._report({"phase": "preparing"})
        frozen = self._story.prepare(self._db, job)
        patiently(
            self._db,
            lambda session: jobs.freeze_problem(
                session, self._claim, payload=frozen.payload, input_hash=frozen.input_hash
            ),
        )
        self._heart.lease_s = self._lease_s
        self._heart.beat()
        self._report({"phase": "solving", **frozen.facts})
        return frozen.payload

    def _listen(self) -> Outcome:
        """Hear the solver out, storing what it tells, until its process has ended."""
        plan, error = None, ""
        asked_at, kill_at = time.monotonic(), float("inf")
        while True:
            message = self._child.hear(timeout_s=LOOK_S)
            if self._heart.lost.is_set():
                raise ClaimLost(self._claim)
            match message and message["kind"], message or {}:
                case "ended", told:
                    return Outcome(plan=plan, error=error, code=told["code"])
                case "plan", told:
                    plan = told["plan"]
                case "error", told:
                    error = told["code"]
                case "progress", told:
                    self._note(told)
            now = time.monotonic()
            if not self._stopping and now - asked_at >= ASK_S:
                asked_at = now
                if self._stop_is_asked():
                    self._stopping, kill_at = True, now + STOP_GRACE_S
                    self._child.ask_to_stop()
            if now > kill_at:
                self._child.kill()
                kill_at = float("inf")

    def _note(self, message: Message) -> None:
        plan = message.pop("plan")
        facts = {name: value for name, value in message.items() if name != "kind"}
        if plan is None:
            self._report(facts)
        else:
            plans = self._progress.get("plans", 0) + 1
            self._report(facts | {"has_plan": True, "plans": plans}, incumbent=pack(plan))

    def _report(self, facts: dict[str, Any], *, incumbent: bytes | None = None) -> None:
        """Store progress; what a busy database refuses is made good by the next report."""
        progress = self._progress | facts
        try:
            with self._db.write.begin() as session:
                jobs.report(session, self._claim, progress, incumbent=incumbent)
        except OperationalError as error:
            log.warning("job=%s report lost: %s", self._claim.job_id, type(error).__name__)
        else:
            self._progress = progress

    def _stop_is_asked(self) -> bool:
        try:
            with self._db.read() as session:
                return jobs.stop_is_asked(session, self._claim)
        except OperationalError:
            return False

    def _save_best(self, job: Job, problem: bytes | None, reason: str) -> None:
        """Keep the best plan the solver had told; without one, end the job with the reason."""
        with self._db.read() as session:
            _, best = load_documents(session, job.id)
        if best is not None and problem is not None:
            self._keep(job, problem, unpack(best) | {"status": "stopped"}, reason)
        elif reason == STOPPED:
            self._end("cancelled", "stopped-before-first-plan")
        else:
            self._end("failed", reason)

    def _keep(self, job: Job, problem: bytes, plan: dict[str, Any], reason: str) -> None:
        """Store the plan and the end of the job in one transaction, so that it is stored once."""
        judged = self._story.judge(problem, plan)

        def write(session: Session) -> None:
            facts = {"plan_id": self._story.keep(session, job, judged), "phase": "done"}
            jobs.end(session, self._claim, state="done", reason=reason, progress=facts)

        patiently(self._db, write)

    def _end(self, state: str, reason: str) -> None:
        patiently(
            self._db, lambda session: jobs.end(session, self._claim, state=state, reason=reason)
        )

    def _fail(self, reason: str) -> None:
        try:
            self._end("failed", reason[:120])
        except (ClaimLost, OperationalError) as error:
            log.warning("job=%s end not stored: %s", self._claim.job_id, type(error).__name__)

    def _give_back(self, reason: str) -> None:
        patiently(self._db, lambda session: jobs.give_back(session, self._claim, reason=reason))


def _leave(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def main() -> None:
    """Read the settings, get everything ready, wait for a claim, mind it."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    signal.signal(signal.SIGTERM, _leave)
    line = sys.stdin.readline()
    if not line:
        return
    settings = Settings.model_validate_json(line)
    child = Child(memory_mb=settings.solver_memory_mb)
    from web.jobs.solve_story import SolveStory  # slow to import: the solver gets ready meanwhile

    db = connect(settings.database)
    words = sys.stdin.readline()
    if not words:
        child.kill()
        return
    claim = Claim(**json.loads(words))
    Keeper(db, claim, child=child, story=SolveStory(settings), settings=settings).run()
    db.dispose()


if __name__ == "__main__":
    main()
