"""
The job table: queue, claim, fence, report, end.

One row is the truth about a job. Whoever runs it holds a :class:`Claim` (owner and attempt), and
every write of his carries the claim: no row changed means that the job is no longer his. The
clock is the database's, so that servers with different clocks agree on what has expired.
An event's number is raised in the transaction that changes the row, hence a reader who asks
for "all after n" never misses one that commits late.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from data.store.job_reading import ROW
from data.tables import Job, JobEvent

ATTEMPTS = 3
"""Times a job is solved before it is given up; one more run may save its best plan so far."""

ENDED = frozenset({"done", "failed", "cancelled"})


class ClaimLost(Exception):
    """The job is run by somebody else, or has ended: stop, and write nothing more."""

    code = "claim-lost"

    def __init__(self, claim: "Claim") -> None:
        super().__init__(
            f"Job {claim.job_id} is no longer run by {claim.owner} (attempt {claim.attempt})."
        )
        self.claim = claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to run one attempt of a job."""

    job_id: int
    owner: str
    attempt: int

    def to_json(self) -> dict[str, Any]:
        """Write as plain values."""
        return {"job_id": self.job_id, "owner": self.owner, "attempt": self.attempt}

    @property
    def only_saves(self) -> bool:
        """Whether the attempts are used up: the best plan so far is kept, nothing is solved."""
        return self.attempt > ATTEMPTS


def database_now(session: Session) -> datetime:
    """Return the database's instant, aware."""
    if session.get_bind().dialect.name == "sqlite":
        found = session.scalar(text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"))
        return datetime.fromisoformat(str(found)).replace(tzinfo=UTC)
    now: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return now


def queue(
    session: Session, *, kind: str, args: dict[str, Any], seed: int, created_by: int | None
) -> int:
    """Put a job at the end of the queue and return its id; ``args`` hold ids and limits only."""
    job = Job(
        kind=kind,
        args=args,
        seed=seed,
        progress={},
        created_at=database_now(session),
        created_by=created_by,
        lease_until=None,
        deadline=None,
        started_at=None,
        ended_at=None,
    )
    session.add(job)
    session.flush()
    _say(session, job, {"state": "queued"})
    return job.id


def claim_next(session: Session, *, owner: str, lease_s: float, at_once: int) -> Claim | None:
    """
    Take the oldest queued job whose user has none running, unless ``at_once`` are running.

    Rows of queued and running jobs are locked in order, so that two servers cannot both find
    the last free place; keepers hold such a lock for a moment only.
    """
    rows = session.execute(
        select(Job.id, Job.state, Job.created_by)
        .where(Job.state.in_(("queued", "running")))
        .order_by(Job.id)
        .with_for_update()
    ).all()
    running = [row for row in rows if row.state == "running"]
    if len(running) >= at_once:
        return None
    busy = {row.created_by for row in running} - {None}
    free = next((r.id for r in rows if r.state == "queued" and r.created_by not in busy), None)
    if free is None:
        return None
    job = _row(session, free)
    now = database_now(session)
    job.state, job.owner, job.attempt = "running", owner, job.attempt + 1
    job.lease_until = now + timedelta(seconds=lease_s)
    job.started_at = job.started_at or now
    job.progress = job.progress | {"phase": "starting"}
    _say(session, job, job.progress | {"state": "running"})
    return Claim(job_id=job.id, owner=owner, attempt=job.attempt)


def beat(session: Session, claim: Claim, *, lease_s: float) -> None:
    """
    Extend the lease.

    Raises
    ------
    ClaimLost
        If the job is no longer the claimant's.
    """
    until = database_now(session) + timedelta(seconds=lease_s)
    _fenced(session, claim, lease_until=until)


def freeze_problem(session: Session, claim: Claim, *, payload: bytes, input_hash: str) -> None:
    """Keep the problem with the job: later attempts solve the same one, whatever was edited."""
    _fenced(session, claim, payload=payload, input_hash=input_hash)


def report(
    session: Session, claim: Claim, progress: dict[str, Any], *, incumbent: bytes | None = None
) -> None:
    """
    Store progress, and the best plan so far when it improved.

    Raises
    ------
    ClaimLost
        If the job is no longer the claimant's.
    """
    values: dict[str, Any] = {} if incumbent is None else {"incumbent": incumbent}
    seq = _fenced(session, claim, progress=progress, seq=Job.seq + 1, **values)
    _event(session, claim.job_id, seq, progress | {"state": "running"}, final=False)


def end(
    session: Session,
    claim: Claim,
    *,
    state: str,
    reason: str = "",
    progress: dict[str, Any] | None = None,
) -> None:
    """
    End the job; in the transaction that stores its result, so that it is applied once.

    Raises
    ------
    ClaimLost
        If the job is no longer the claimant's.
    """
    _fenced(session, claim, owner=claim.owner)
    job = _row(session, claim.job_id)
    _end(session, job, state, reason, progress or {})


def give_back(session: Session, claim: Claim, *, reason: str) -> str:
    """
    Put a job whose solver or keeper was killed back, or end it when its attempts are used up.

    Returns
    -------
    str
        ``queued``, or ``failed`` with the given reason.
    """
    _fenced(session, claim, owner=claim.owner)
    return _put_back(session, _row(session, claim.job_id), reason)


def put_back_expired(session: Session) -> list[int]:
    """Put back every running job whose lease has run out; return their ids."""
    jobs = session.scalars(
        select(Job)
        .options(ROW)
        .where(Job.state == "running", Job.lease_until < database_now(session))
        .order_by(Job.id)
        .with_for_update(skip_locked=True)
    ).all()
    for job in jobs:
        _put_back(session, job, "keeper-lost")
    return [job.id for job in jobs]


def any_queued(session: Session) -> bool:
    """Whether a job waits; asked without a lock before one is claimed with it."""
    return session.scalar(select(Job.id).where(Job.state == "queued").limit(1)) is not None


def any_expired(session: Session) -> bool:
    """Whether a running job's lease has run out."""
    expired = (Job.state == "running", Job.lease_until < database_now(session))
    return session.scalar(select(Job.id).where(*expired).limit(1)) is not None


def ask_to_stop(session: Session, job_id: int) -> str:
    """Cancel a queued job, ask a running one to stop and keep its best plan; return its state."""
    job = session.get_one(Job, job_id, options=[ROW], with_for_update=True)
    if job.state == "queued" and not job.progress.get("has_plan"):
        _end(session, job, "cancelled", "stopped-before-first-plan", {})
    elif job.state not in ENDED and not job.cancel_requested:
        job.cancel_requested = True
        _say(session, job, job.progress | {"state": job.state, "stopping": True})
    return job.state


def stop_is_asked(session: Session, claim: Claim) -> bool:
    """Whether the job was asked to stop."""
    return bool(session.scalar(select(Job.cancel_requested).where(Job.id == claim.job_id)))


def get_job(session: Session, job_id: int) -> Job:
    """Read a job that is known to exist."""
    return _row(session, job_id)


def _row(session: Session, job_id: int) -> Job:
    return session.get_one(Job, job_id, options=[ROW], populate_existing=True)


def _fenced(session: Session, claim: Claim, **values: Any) -> int:
    """Change the claimed row and return the number of its newest event."""
    seq = session.scalar(
        update(Job)
        .where(
            Job.id == claim.job_id,
            Job.owner == claim.owner,
            Job.attempt == claim.attempt,
            Job.state == "running",
        )
        .values(**values)
        .returning(Job.seq)
        .execution_options(synchronize_session=False)
    )
    if seq is None:
        raise ClaimLost(claim)
    return int(seq)


def _put_back(session: Session, job: Job, reason: str) -> str:
    job.owner, job.lease_until = "", None
    can_save = bool(job.progress.get("has_plan"))
    if job.attempt < ATTEMPTS or (can_save and job.attempt == ATTEMPTS):
        job.state = "queued"
        _say(session, job, job.progress | {"state": "queued", "again": reason})
    else:
        _end(session, job, "failed", reason, {})
    return job.state


def _end(session: Session, job: Job, state: str, reason: str, progress: dict[str, Any]) -> None:
    job.state, job.reason, job.owner = state, reason, ""
    job.lease_until, job.ended_at = None, database_now(session)
    job.payload = None  # a plan keeps its own copy
    job.progress = job.progress | progress
    _say(session, job, job.progress | {"state": state, "reason": reason}, final=True)


def _say(session: Session, job: Job, data: dict[str, Any], *, final: bool = False) -> None:
    job.seq = (job.seq or 0) + 1
    session.flush()
    _event(session, job.id, job.seq, data, final=final)


def _event(session: Session, job_id: int, seq: int, data: dict[str, Any], *, final: bool) -> None:
    at = database_now(session)
    session.add(JobEvent(job_id=job_id, seq=seq, at=at, data=data, final=final))
    session.flush()
