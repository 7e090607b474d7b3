"""What a job is about: how its problem is made and its plan kept. A keeper knows no more."""

from typing import Any, Protocol

from sqlalchemy.orm import Session

from data.db import Database
from data.tables import Job


class Frozen(Protocol):
    """A problem as it was when its job began."""

    @property
    def payload(self) -> bytes:
        """``zoufang-problem/1``, gzipped JSON."""

    @property
    def input_hash(self) -> str:
        """SHA-256 of it: equal inputs are recognised."""

    @property
    def facts(self) -> dict[str, Any]:
        """Counts for the progress page."""


class Story(Protocol):
    """The two ends of a job."""

    def prepare(self, db: Database, job: Job) -> Frozen:
        """Make the problem."""

    def judge(self, payload: bytes, plan: dict[str, Any]) -> Any:
        """Check the plan before any transaction; what this returns is handed to ``keep``."""

    def keep(self, session: Session, job: Job, judged: Any) -> int:
        """Store the plan in the transaction that ends the job; return its id."""
