"""The story of a solve: a campaign's problem at one end, its next draft at the other."""

from typing import Any

from sqlalchemy.orm import Session

from data.db import Database
from data.tables import Job
from web.config import Settings, day_of, instant_of, system_clock
from web.usecases.plan_visits import JudgedPlan, Prepared, judge_plan, keep_plan, prepare


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

    def judge(self, payload: bytes, plan: dict[str, Any]) -> JudgedPlan:
        """Let the judge check the plan."""
        return judge_plan(payload, plan)

    def keep(self, session: Session, job: Job, judged: JudgedPlan) -> int:
        """Store the plan."""
        row = keep_plan(
            session,
            judged,
            campaign_id=job.args["campaign_id"],
            job_id=job.id,
            created_by=job.created_by,
            now=instant_of(self._settings, system_clock),
        )
        return row.id
