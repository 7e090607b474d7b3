"""Look at a solve while it runs and afterwards, see its best plan so far, stop it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from data import audit
from data.documents import unpack
from data.store import jobs
from data.store.accounts import list_users
from data.store.campaigns import list_campaigns
from data.store.households import points_by_number
from data.store.job_reading import (
    count_running,
    load_incumbent,
    load_job,
    load_jobs,
    queued_ids,
)
from data.store.jobs import ENDED
from data.tables import Job


class UnknownJob(Exception):
    """A job that does not exist."""

    code = "unknown-job"

    def __init__(self, job_id: int) -> None:
        super().__init__(f"There is no job {job_id}.")
        self.job_id = job_id


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """
    A job as a page shows it.

    Parameters
    ----------
    progress
        ``J``, ``unplanned``, ``bound``, ``seconds`` (of search), ``phase``, ``plan_id`` ...
    time_limit_s, prove_s
        Seconds allowed for the search, and for a proof after it.
    ahead
        Jobs that will be taken before this one; 0 unless it is queued.
    now
        The database's instant at which this was read.
    """

    id: int
    state: str
    reason: str
    campaign_id: int
    campaign_name: str
    time_limit_s: float
    prove_s: float
    seed: int
    progress: dict[str, Any]
    seq: int
    attempt: int
    stopping: bool
    asked_by: str
    ahead: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    now: datetime

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ENDED

    @property
    def plan_id(self) -> int | None:
        """The plan it left, if any."""
        return self.progress.get("plan_id")

    @property
    def took_s(self) -> float | None:
        """Seconds from its start to its end, or to now."""
        if self.started_at is None:
            return None
        return ((self.ended_at or self.now) - self.started_at).total_seconds()

    @property
    def gap(self) -> float | None:
        """Distance of the best plan from the proven bound, as a share of its J; None: no bound."""
        best, bound = self.progress.get("J"), self.progress.get("bound")
        if best is None or bound is None:
            return None
        return max(0.0, (best - bound) / best) if best > 0 else 0.0

    def to_json(self) -> dict[str, Any]:
        """Write what the page needs when it cannot hold a stream."""
        return {
            **self.progress,
            "id": self.id,
            "state": self.state,
            "reason": self.reason,
            "stopping": self.stopping,
            "seq": self.seq,
            "ahead": self.ahead,
            "attempt": self.attempt,
        }


def read_job(session: Session, job_id: int) -> JobRow:
    """
    Read one job.

    Raises
    ------
    UnknownJob
        If there is none of this id.
    """
    job = load_job(session, job_id)
    if job is None:
        raise UnknownJob(job_id)
    return _rows(session, [job])[0]


def read_jobs(session: Session, *, campaign_id: int | None = None, limit: int = 50) -> list[JobRow]:
    """Read the newest jobs, newest first, of one campaign if it is given."""
    found = _rows(session, list(load_jobs(session, kind="solve", limit=limit)))
    return [row for row in found if campaign_id in (None, row.campaign_id)]


def stop_job(session: Session, job_id: int, *, asked_by: int, now: datetime) -> str:
    """Stop a job and keep its best plan; return its state."""
    if load_job(session, job_id) is None:
        raise UnknownJob(job_id)
    state = jobs.ask_to_stop(session, job_id)
    audit.record(
        session, at=now, actor_id=asked_by, action="job.stop", entity="job", entity_id=job_id
    )
    return state


def best_so_far(session: Session, job_id: int) -> dict[str, Any] | None:
    """
    Return the best plan so far as GeoJSON, without anything personal; None before the first.

    One point a household with ``due`` and ``planned`` visits; WGS-84 ``lon, lat``. The problem
    stays packed: its matrix takes longer to read than a page may take.
    """
    if load_job(session, job_id) is None:
        raise UnknownJob(job_id)
    packed = load_incumbent(session, job_id)
    if packed is None:
        return None
    best = unpack(packed)
    planned = Counter(visit["household"] for visit in best["visits"])
    missing = Counter({entry["household"]: entry["missing"] for entry in best["unplanned"]})
    points = points_by_number(session)
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": points[number]},
                "properties": {
                    "due": planned[number] + missing[number],
                    "planned": planned[number],
                },
            }
            for number in sorted(planned.keys() | missing.keys())
            if number in points
        ],
    }


def _rows(session: Session, found: list[Job]) -> list[JobRow]:
    now = jobs.database_now(session)
    campaigns = {row.id: row.name for row in list_campaigns(session)}
    people = {user.id: user.display_name or user.name for user in list_users(session)}
    waiting, running = queued_ids(session), count_running(session)
    return [
        JobRow(
            id=job.id,
            state=job.state,
            reason=job.reason,
            campaign_id=job.args["campaign_id"],
            campaign_name=campaigns.get(job.args["campaign_id"], ""),
            time_limit_s=float(job.args["time_limit_s"]),
            prove_s=float(job.args.get("prove_s", 0)),
            seed=job.seed,
            progress=dict(job.progress),
            seq=job.seq,
            attempt=job.attempt,
            stopping=job.cancel_requested,
            asked_by=people.get(job.created_by or 0, ""),
            ahead=running + waiting.index(job.id) if job.id in waiting else 0,
            created_at=job.created_at,
            started_at=job.started_at,
            ended_at=job.ended_at,
            now=now,
        )
        for job in found
    ]
