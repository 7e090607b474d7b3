"""Reasons and answers: planted conflicts, changes that help, random cells, and their seconds."""

import json
import random
import statistics
import time
from collections.abc import Callable

from scheduler.explaining.alternatives import alternatives, ask_cell
from scheduler.explaining.conflicts import find_conflict
from scheduler.explaining.look import look_into
from scheduler.explaining.relax import find_relaxations
from scheduler.plan import Plan
from scheduler.problem import Problem
from scheduler.roster import Roster
from scheduler.why_not import why_not
from tests.benchmarks.conftest import Record, Say
from tests.benchmarks.contract import Contract
from tests.benchmarks.planners import Planners
from tests.scheduler.planted import PLANTED, can_be_met, planted
from tests.scheduler.problems import broken_visits
from tests.scheduler.test_alternatives import agrees_with_the_judge

SEEDS = range(100, 107)
CELL_PROBLEMS = 2_200
CELLS_EACH = 5
QUESTIONS = 200
PLAN_S = 3
PROMISED_S = 5.0
PROMISED_MS = 50.0


def test_planted_conflicts_are_named_minimal_and_can_be_relaxed(record: Record) -> None:
    wrong, stuck, took = 0, 0, []
    for kind in PLANTED:
        for seed in SEEDS:
            problem, visits, household = planted(kind, seed)
            began = time.perf_counter()
            conflict = find_conflict(problem, visits, household)
            helps = find_relaxations(problem, visits, household, conflict)
            took.append(time.perf_counter() - began)
            stuck += all(x.change.kind == "fewer-visits" for x in helps)
            wrong += (
                conflict is None
                or not conflict.is_minimal
                or can_be_met(conflict.relaxed())
                or any(broken_visits(conflict.relaxed(r), w) for r, w in conflict.witnesses.items())
            )
    how = f"{len(took)} planted problems of {len(PLANTED)} kinds"
    record("conflicts wrong or not minimal", [wrong], unit="problems", limit=0, how=how)
    record("conflicts without a change that helps", [stuck], unit="problems", limit=0, how=how)
    record("conflict and changes, planted", took, unit="s", limit=PROMISED_S, how=how)


def test_random_cells_agree_with_the_judge(record: Record) -> None:
    asked = sum(agrees_with_the_judge(seed, CELLS_EACH) for seed in range(CELL_PROBLEMS))
    how = "random problems of every rule, each answer carried out and judged"
    record("cells that agree with the judge", [asked], unit="cells", limit=10_000, how=how,
           at_least=True)  # fmt: skip


def test_a_plan_of_a_thousand_households_answers_at_once(
    contract: Contract,
    planners: Planners,
    seconds: Callable[[float], float],
    record: Record,
    say: Say,
) -> None:
    file = contract.problem("sparse")
    problem = Problem.from_json(json.loads(file.read_bytes()))
    plan = Plan.from_json(planners.zoufang(file, seconds=seconds(PLAN_S)).plan)
    roster, r = Roster(problem, plan.visits), random.Random(1)

    def median_ms(ask: Callable[[], object]) -> float:
        took = []
        for _ in range(QUESTIONS):
            began = time.perf_counter()
            ask()
            took.append(1000 * (time.perf_counter() - began))
        return statistics.median(took)

    def cell() -> object:
        home, who = r.choice(problem.households), r.choice(problem.cadres)
        return ask_cell(roster, home.id, who.id, r.choice(problem.days))

    def elsewhere() -> object:
        x = r.choice(plan.visits)
        return alternatives(roster, x.household, x.date)

    def quiet() -> object:
        return why_not(roster, r.choice(problem.villages).id, r.choice(problem.days))

    for name, ask in (
        ("why not this village and day", quiet),
        ("why not this household, cadre and day", cell),
        ("three alternatives of a visit", elsewhere),
    ):
        how = f"median of {QUESTIONS} random questions, sparse 1k"
        record(f"{name}, median", [median_ms(ask)], unit="ms", limit=PROMISED_MS, how=how)
    took = []
    for u in plan.unplanned[:10]:
        began = time.perf_counter()
        look = look_into(problem, plan.visits, u.household, time_limit_s=4.5)
        took.append(time.perf_counter() - began)
        changes = len(look.relaxations)
        say(f"{u.household}: {took[-1]:.1f} s, {changes} changes, {look.sentence[:60]}")
    if took:
        how = f"missing visits of a plan after {PLAN_S} s, sparse 1k"
        record("conflict and changes, 1k", took, unit="s", limit=PROMISED_S, how=how)
