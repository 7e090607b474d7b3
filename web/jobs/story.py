"""What a job is about: how its problem is made and its plan kept. A keeper knows no more."""

from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from data.db import Database
from data.tables import Job
from web.config import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """
    A problem as it was when its job began.

    Parameters
    ----------
    payload
        ``zoufang-problem/1``, gzipped JSON.
    input_hash
        SHA-256 of it: equal inputs are recognised.
    facts
        Counts for the progress page.
    """

    payload: bytes
    input_hash: str
    facts: dict[str, Any] = field(default_factory=dict)


class Story(Protocol):
    """The two ends of a job."""

    def prepare(self, db: Database, job: Job) -> Frozen:
        """Make the problem."""

    def keep(
        self,
        session: Session,
        job: Job,
        problem: dict[str, Any],
        plan: dict[str, Any],
        settings: Settings,
    ) -> int:
        """Store the plan in the transaction that ends the job; return its id."""
