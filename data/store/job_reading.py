"""The job table as pages and keepers read it; what changes it is in ``data.store.jobs``."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, load_only

from data.tables import Job, JobEvent

ROW = load_only(
    *(
        getattr(Job, column.key)
        for column in Job.__mapper__.column_attrs
        if column.key not in {"payload", "incumbent"}
    )
)
"""Everything of a job but its problem and its best plan, which may be large."""


def load_job(session: Session, job_id: int) -> Job | None:
    """Read a job without its payload and best plan, which may be large."""
    return session.get(Job, job_id, options=[ROW])


def load_jobs(session: Session, *, kind: str, limit: int = 50) -> Sequence[Job]:
    """Read the newest jobs of a kind, newest first."""
    return session.scalars(
        select(Job).options(ROW).where(Job.kind == kind).order_by(Job.id.desc()).limit(limit)
    ).all()


def load_documents(session: Session, job_id: int) -> tuple[bytes | None, bytes | None]:
    """Read the frozen problem and the best plan so far, each gzipped JSON."""
    row = session.execute(select(Job.payload, Job.incumbent).where(Job.id == job_id)).one()
    return row.payload, row.incumbent


def load_incumbent(session: Session, job_id: int) -> bytes | None:
    """Read the best plan so far, gzipped JSON."""
    return session.scalar(select(Job.incumbent).where(Job.id == job_id))


def events_after(session: Session, job_id: int, seq: int, *, limit: int = 500) -> list[JobEvent]:
    """Read the events after number ``seq``, oldest first."""
    return list(
        session.scalars(
            select(JobEvent)
            .where(JobEvent.job_id == job_id, JobEvent.seq > seq)
            .order_by(JobEvent.seq)
            .limit(limit)
        )
    )


def open_jobs(session: Session, *, kind: str, created_by: int) -> list[tuple[int, dict[str, Any]]]:
    """Return id and args of the jobs of a user that have not ended."""
    query = select(Job.id, Job.args).where(
        Job.kind == kind, Job.state.in_(("queued", "running")), Job.created_by == created_by
    )
    return [(row.id, row.args) for row in session.execute(query.order_by(Job.id))]


def queued_ids(session: Session) -> list[int]:
    """Return the jobs that wait, in the order in which they will be taken."""
    return list(session.scalars(select(Job.id).where(Job.state == "queued").order_by(Job.id)))


def count_running(session: Session) -> int:
    """Return how many jobs run."""
    return session.scalar(select(func.count(Job.id)).where(Job.state == "running")) or 0
