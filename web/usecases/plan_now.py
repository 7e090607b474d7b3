"""Plan a campaign in this process, from problem to stored plan: for the command line."""

from collections.abc import Callable
from datetime import date, datetime

from data.db import Database
from data.documents import unpack
from data.tables import Plan as PlanRow
from scheduler.planner import solve
from scheduler.problem import Problem
from scheduler.progress import Progress
from web.usecases.plan_visits import judge_plan, keep_plan, prepare


def plan_now(
    db: Database,
    campaign_id: int,
    *,
    today: date,
    now: datetime,
    time_limit_s: float = 10.0,
    iterations: float | None = None,
    seed: int = 0,
    workers: int = 1,
    created_by: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> PlanRow:
    """Prepare, solve in this process and keep; for the command line, never for a server."""
    prepared = prepare(db, campaign_id, today=today, now=now)
    answer = solve(
        Problem.from_json(unpack(prepared.payload)),
        time_limit_s=time_limit_s if iterations is None else None,
        iterations=iterations,
        seed=seed,
        workers=workers,
        on_progress=on_progress,
    )
    judged = judge_plan(prepared.payload, answer.plan.to_json())
    with db.write.begin() as session:
        return keep_plan(
            session, judged, campaign_id=campaign_id, job_id=None, created_by=created_by, now=now
        )
