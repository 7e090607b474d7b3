"""Ask for a plan: check what can be checked at once, and put the solve into the queue."""

from datetime import datetime

from sqlalchemy.orm import Session

from data import audit
from data.store import jobs
from data.store.campaigns import load_campaign
from data.store.job_reading import open_jobs

KIND = "solve"
DEFAULT_TIME_LIMIT_S = 10
LEAST_TIME_LIMIT_S = 1
PROOF_S = 60
"""Seconds of a proof after the search: in a district of 1,000 a gap of 4 % to 8 % is left."""
MOST_SEED = 2**31 - 1


class InvalidRequest(Exception):
    """A plan that was asked for with limits that cannot be kept."""


class TimeLimitOutOfBounds(InvalidRequest):
    """Too short to begin, or longer than this site allows."""

    code = "time-limit-out-of-bounds"

    def __init__(self, found: float, *, most_s: int) -> None:
        super().__init__(f"A time limit of {found:g} s: ask for {LEAST_TIME_LIMIT_S} to {most_s}.")
        self.found, self.least_s, self.most_s = found, LEAST_TIME_LIMIT_S, most_s


class SeedOutOfBounds(InvalidRequest):
    """A seed that is no whole number from 0."""

    code = "seed-out-of-bounds"

    def __init__(self, found: int) -> None:
        super().__init__(f"A seed of {found}: write a whole number from 0 to {MOST_SEED}.")
        self.found, self.most = found, MOST_SEED


class AlreadyPlanning(Exception):
    """The same person has asked for a plan of this campaign and it has not ended yet."""

    code = "already-planning"

    def __init__(self, job_id: int) -> None:
        super().__init__(f"Job {job_id} plans this campaign already; stop it or wait for it.")
        self.job_id = job_id


def request_plan(
    session: Session,
    *,
    campaign_id: int,
    time_limit_s: float = DEFAULT_TIME_LIMIT_S,
    with_proof: bool = False,
    seed: int = 0,
    most_s: int,
    asked_by: int | None,
    now: datetime,
) -> int:
    """
    Queue a solve of a campaign and return its job.

    The district is read when the solve begins, not now: what is corrected meanwhile counts.

    Parameters
    ----------
    time_limit_s
        Seconds of search, from 1 to ``most_s``.
    with_proof
        Whether ``PROOF_S`` more go into proving how far the plan is from the best.
    asked_by
        User id; the system itself when None.

    Raises
    ------
    CampaignNotFound
    InvalidRequest
        Naming the limit that cannot be kept.
    AlreadyPlanning
        Naming the job to look at instead.
    """
    if not LEAST_TIME_LIMIT_S <= time_limit_s <= most_s:
        raise TimeLimitOutOfBounds(time_limit_s, most_s=most_s)
    if not 0 <= seed <= MOST_SEED:
        raise SeedOutOfBounds(seed)
    load_campaign(session, campaign_id)
    mine = [] if asked_by is None else open_jobs(session, kind=KIND, created_by=asked_by)
    for job_id, args in mine:
        if args["campaign_id"] == campaign_id:
            raise AlreadyPlanning(job_id)
    limits = {"time_limit_s": time_limit_s, "prove_s": PROOF_S if with_proof else 0}
    job_id = jobs.queue(
        session,
        kind=KIND,
        args={"campaign_id": campaign_id, **limits},
        seed=seed,
        created_by=asked_by,
    )
    audit.record(
        session,
        at=now,
        actor_id=asked_by,
        action="plan.request",
        entity="job",
        entity_id=job_id,
        facts={"campaign_id": campaign_id, **limits, "seed": seed},
    )
    return job_id
