"""The story of a solve: a campaign's problem at one end, its next draft at the other."""

from typing import Any

from sqlalchemy.orm import Session

from data.db import Database
from data.tables import Job
from web.config import Settings, day_of, instant_of, system_clock
from web.usecases.plan_visits import Prepared, keep_plan, prepare


class SolveStory:
    """Freezes a campaign and keeps its plan."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def prepare(self, db: Database, job: Job) -> Prepared:
        """Freeze the campaign as things stand today."""
        return prepare(
            db,
            job.args["campaign_id"],
            today=day_of(self._settings, system_clock),
            now=instant_of(self._settings, system_clock),
        )

    def keep(
        self,
        session: Session,
        job: Job,
        payload: bytes,
        problem: dict[str, Any],
        plan: dict[str, Any],
    ) -> int:
        """Let the judge check the plan, and store it."""
        row = keep_plan(
            session,
            campaign_id=job.args["campaign_id"],
            job_id=job.id,
            problem=problem,
            payload=payload,
            plan=plan,
            created_by=job.created_by,
            now=instant_of(self._settings, system_clock),
        )
        return row.id
