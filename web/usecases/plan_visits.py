"""
Plan the visits of a campaign: the one story from what we know to a plan that is kept.

``prepare`` freezes the problem, a solver answers it in a process of its own, ``judge_plan`` lets
the judge check the answer, ``keep_plan`` stores it. No solver is imported here: a job's keeper
stays lean. ``web.usecases.plan_now`` tells all parts in one go for the command line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from data import audit
from data.db import Database
from data.documents import content_hash, pack, pack_problem, unpack
from data.problems import assemble
from data.store.campaigns import load_campaign, lock_campaign
from data.store.households import ids_by_number
from data.store.plans import (
    cadre_ids,
    insert_unplanned,
    insert_visits,
    next_number,
    plan_of_job,
)
from data.store.roads import keep_matrix
from data.tables import Plan as PlanRow
from scheduler.check import Verdict, check
from scheduler.metrics import Metrics
from scheduler.plan import Plan
from scheduler.problem import Problem
from scheduler.travel import NO_ROAD_MIN, MatrixTravel


class BrokenPlan(Exception):
    """A solver's answer breaks rules; it is refused, nothing is stored."""

    code = "broken-plan"

    def __init__(self, verdict: Verdict) -> None:
        self.rules = tuple(dict.fromkeys(rule.rule for rule in verdict.broken))
        first = verdict.broken[0].detail
        super().__init__(f"The plan breaks {', '.join(self.rules)}: {first}")


class RegistryMovedOn(Exception):
    """While the plan was made, somebody it visits left the registry; plan again."""

    code = "registry-moved-on"

    def __init__(self, numbers: set[str]) -> None:
        super().__init__(f"{len(numbers)} numbers of the plan are no longer in the registry.")
        self.count = len(numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """
    A frozen problem.

    Parameters
    ----------
    payload
        ``zoufang-problem/1``, gzipped JSON; under ``zoufang`` it also holds whom it left out
        and the facts of its travel times.
    input_hash
        SHA-256 of the payload.
    facts
        Counts for a progress page.
    """

    payload: bytes
    input_hash: str
    facts: dict[str, Any] = field(default_factory=dict)


def prepare(db: Database, campaign_id: int, *, today: date, now: datetime) -> Prepared:
    """
    Freeze a campaign's problem as things stand.

    The long work is done while reading, so that nobody waits to write; only a new travel
    matrix is written, in a moment of its own.

    Raises
    ------
    CampaignNotFound, CannotPlan
    """
    with db.read() as session:
        asked = assemble(session, load_campaign(session, campaign_id), today=today)
    if asked.fresh_matrix is not None:
        with db.write.begin() as session:
            keep_matrix(session, asked.fresh_matrix, at=now)
    document = asked.problem.to_json()
    document["zoufang"] = {
        "left_out": [left.to_json() for left in asked.left_out],
        "travel_engine": asked.travel_engine,
        "facts": asked.facts,
    }
    travel = asked.problem.travel
    minutes = np.minimum(travel.matrix, NO_ROAD_MIN) if isinstance(travel, MatrixTravel) else None
    payload = pack_problem(document, minutes)
    return Prepared(payload=payload, input_hash=content_hash(payload), facts=asked.facts)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPlan:
    """
    A solver's answer that breaks no rule, ready to be stored.

    Parameters
    ----------
    answer, metrics
        The plan, and its figures as the judge counts them.
    unplanned
        What it lacks and whom its problem left out, as in the contract.
    travel_engine, facts
        As ``prepare`` wrote them beside the problem.
    payload, document
        Problem and plan, gzipped JSON.
    """

    answer: Plan
    metrics: Metrics
    unplanned: list[dict[str, Any]]
    travel_engine: str
    facts: dict[str, Any]
    payload: bytes
    document: bytes


def judge_plan(payload: bytes, plan: dict[str, Any]) -> JudgedPlan:
    """
    Let the judge check an answer; no database is open meanwhile, as this takes seconds.

    Parameters
    ----------
    payload
        The problem as ``prepare`` packed it.
    plan
        ``zoufang-plan/1``.

    Raises
    ------
    BrokenPlan
        If the judge finds a broken rule.
    """
    problem = unpack(payload)
    answer = Plan.from_json(plan)
    verdict = check(Problem.from_json(problem), answer)
    if verdict.broken:
        raise BrokenPlan(verdict)
    aside: Mapping[str, Any] = problem.get("zoufang", {})
    return JudgedPlan(
        answer=answer,
        metrics=verdict.metrics,
        unplanned=plan["unplanned"] + aside.get("left_out", []),
        travel_engine=aside.get("travel_engine", "line"),
        facts=aside.get("facts", {}),
        payload=payload,
        document=pack(plan),
    )


def keep_plan(
    session: Session,
    judged: JudgedPlan,
    *,
    campaign_id: int,
    job_id: int | None,
    created_by: int | None,
    now: datetime,
) -> PlanRow:
    """
    Store a judged plan as the campaign's next draft, once for each job.

    Parameters
    ----------
    session
        A write transaction; the caller commits.

    Raises
    ------
    CampaignNotFound
    RegistryMovedOn
        If a household or cadre of the plan is gone.
    """
    campaign = lock_campaign(session, campaign_id)
    kept = plan_of_job(session, job_id) if job_id is not None else None
    if kept is not None:
        return kept
    answer = judged.answer
    row = PlanRow(
        campaign_id=campaign.id,
        number=next_number(session, campaign.id),
        status=answer.status,
        seed=answer.seed,
        objective=judged.metrics.J,
        bound=answer.bound.J if answer.bound else None,
        visit_count=len(answer.visits),
        unplanned_count=sum(entry["missing"] for entry in judged.unplanned),
        seconds=answer.seconds,
        travel_engine=judged.travel_engine,
        facts={"metrics": judged.metrics.to_json(), **judged.facts},
        problem=judged.payload,
        document=judged.document,
        job_id=job_id,
        created_at=now,
        created_by=created_by,
    )
    session.add(row)
    session.flush()
    _store_visits(session, row.id, answer, judged.unplanned)
    audit.record(
        session,
        at=now,
        actor_id=created_by,
        action="plan.keep",
        entity="plan",
        entity_id=row.id,
        facts={"visits": row.visit_count, "unplanned": row.unplanned_count},
    )
    return row


def _store_visits(
    session: Session, plan_id: int, answer: Plan, unplanned: list[dict[str, Any]]
) -> None:
    household_id, cadre_id = ids_by_number(session), cadre_ids(session)
    numbers = {visit.household for visit in answer.visits}
    numbers |= {str(entry["household"]) for entry in unplanned}
    gone = numbers - household_id.keys()
    gone |= {visit.cadre for visit in answer.visits} - cadre_id.keys()
    if gone:
        raise RegistryMovedOn(gone)
    insert_visits(
        session,
        plan_id,
        [
            {
                "household_id": household_id[visit.household],
                "cadre_id": cadre_id[visit.cadre],
                "day": visit.date,
                "start_min": visit.start,
                "end_min": visit.end,
                "position": visit.order,
            }
            for visit in answer.visits
        ],
    )
    insert_unplanned(
        session,
        plan_id,
        [
            {
                "household_id": household_id[entry["household"]],
                "missing": entry["missing"],
                "reasons": entry["reasons"],
            }
            for entry in unplanned
        ],
    )
