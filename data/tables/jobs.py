"""Work that takes longer than a request; one row is the truth."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from data.tables.base import Base, Name, Word


class Job(Base):
    """A job and its present state; every write by a keeper is fenced by owner and attempt."""

    __tablename__ = "job"
    __table_args__ = (
        Index("ix_job_state", "state", "id"),
        {"comment": "Jobs; args hold ids only"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(Word, comment="solve")
    args: Mapped[dict[str, Any]]
    payload: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="the frozen problem, gzipped JSON"
    )
    input_hash: Mapped[str] = mapped_column(Name, default="")
    seed: Mapped[int] = mapped_column(default=0)
    state: Mapped[str] = mapped_column(
        Word, default="queued", comment="queued | running | done | failed | cancelled"
    )
    reason: Mapped[str] = mapped_column(Name, default="", comment="code of why it failed")
    progress: Mapped[dict[str, Any]] = mapped_column(
        comment="J, unplanned, bound, seconds, phase, keep"
    )
    seq: Mapped[int] = mapped_column(default=0, comment="number of the newest event")
    attempt: Mapped[int] = mapped_column(default=0)
    owner: Mapped[str] = mapped_column(Name, default="", comment="keeper that runs it")
    lease_until: Mapped[datetime | None]
    deadline: Mapped[datetime | None]
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    incumbent: Mapped[bytes | None] = mapped_column(
        LargeBinary, comment="best plan so far, gzipped JSON"
    )
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class JobEvent(Base):
    """What a progress page is sent; ``seq`` is the job's own number."""

    __tablename__ = "job_event"
    __table_args__ = {"comment": "Progress events of jobs"}  # noqa: RUF012

    job_id: Mapped[int] = mapped_column(ForeignKey("job.id", ondelete="CASCADE"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    data: Mapped[dict[str, Any]]
    final: Mapped[bool] = mapped_column(default=False)
