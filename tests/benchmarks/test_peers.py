"""What other planners make of the same districts in equal seconds, on what they can express."""

import importlib
import json
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from scheduler.plan import Plan
from scheduler.problem import Problem
from tests.benchmarks.conftest import Record, Say
from tests.benchmarks.contract import Contract
from tests.benchmarks.peers.routes import Routes, completed, routes_of
from tests.benchmarks.planners import Answer, Planners

LIMIT_S = 30

OURS = {
    "zoufang": "portfolio",
    "zoufang, CP-SAT alone": "cpsat",
    "greedy": "greedy",
    "greedy by sessions": "session-greedy",
}
FROM_NOTHING = {"OR-Tools, two stages": "by_stages", "OR-Tools routing, one model": "by_routing"}
GIVEN_DAYS = {"VROOM": "by_vroom", "PyVRP": "by_pyvrp"}

NOTE = (
    "Every row passed the judge. Visits that a peer proposes against rules it cannot express are "
    "dropped, then the greedy planner places what is free; “kept” tells how many stood. "
    "*OR-Tools, two stages* (CP-SAT): sessions of a cadre in a village first, households into "
    "them next; stage one begins with the greedy sessions and sees neither gaps, pairs nor "
    "windows. *OR-Tools routing*: one model a "
    "unit, every cadre-day a vehicle; teams, gaps and weeks of villages, the cap of the district, "
    "fairness, crowding and spacing stay outside. *VROOM* and *PyVRP* know no gaps between days, "
    "no one cadre for all visits of a household and no caps of a village, so the days are given, "
    "by another plan: VROOM deals households into its sessions, PyVRP routes its days."
)


class Board:
    """The rows of a comparison, and J by planner."""

    def __init__(self, say: Say) -> None:
        self.rows: list[list[str]] = []
        self.objective: dict[str, float] = {}
        self._say = say

    def add(
        self, who: str, objective: float, missing: int, travel_min: float, s: float, kept: str = ""
    ) -> None:
        """Add a judged plan."""
        self.objective[who] = objective
        row = [who, f"{objective:,.0f}", str(missing), f"{travel_min:,.0f}", kept, f"{s:.0f}"]
        self.rows.append(row)
        self._say(" | ".join(row))

    def add_answer(self, who: str, answer: Answer) -> None:
        """Add the answer of a planner that is a process."""
        a = answer
        self.add(who, a.objective, a.missing, a.travel_min, a.ran.seconds)


@pytest.mark.parametrize("style", ["sparse", "dense"])
def test_no_peer_plans_better_from_nothing(
    contract: Contract,
    planners: Planners,
    style: str,
    seconds: Callable[[float], float],
    record: Record,
    side_by_side: Record,
    say: Say,
) -> None:
    file, limit, board = contract.problem(style), seconds(LIMIT_S), Board(say)
    problem = Problem.from_json(json.loads(file.read_bytes()))
    plans: dict[str, Answer] = {}
    for who, engine in OURS.items():
        plans[who] = planners.zoufang(file, seconds=limit, engine=engine)
        board.add_answer(who, plans[who])
    board.add_answer("proof", planners.proof(file, seconds=limit))
    for who, peer in FROM_NOTHING.items():
        routes = routes_of(Plan.from_json(plans["greedy"].plan))
        try_peer(contract, file, problem, who, peer, routes, limit, board)
    rivals = [*FROM_NOTHING, "zoufang, CP-SAT alone", "greedy", "greedy by sessions"]
    for given in ("greedy", "zoufang"):
        routes = routes_of(Plan.from_json(plans[given].plan))
        for name, peer in GIVEN_DAYS.items():
            who = f"{name}, days of {given}"
            try_peer(contract, file, problem, who, peer, routes, limit, board)
    best = min(rivals, key=board.objective.__getitem__)
    record(
        f"J, {style} 1k, {LIMIT_S} s, against the best peer that plans from nothing",
        [board.objective["zoufang"] / board.objective[best]],
        unit="×",
        limit=1,
        how=f"the best is {best}; seed 1, both cores",
    )
    side_by_side(
        f"{style}, 1,000 households, {LIMIT_S} s",
        ["planner", "J", "missing", "travel, min", "kept", "s"],
        board.rows,
        why=NOTE,
    )


def try_peer(
    contract: Contract,
    file: Path,
    problem: Problem,
    who: str,
    name: str,
    given: Routes,
    limit: float,
    board: Board,
) -> None:
    """Let a peer plan, complete what it found, and have it judged."""
    peer = getattr(importlib.import_module(f"tests.benchmarks.peers.{name}"), name)
    began = time.perf_counter()
    routes = peer(problem, given, limit)
    took = time.perf_counter() - began
    found = completed(problem, routes)
    metrics = contract.judge(file, found.plan)
    board.add(
        who,
        metrics["J"],
        metrics["missing_visits"],
        metrics["travel_min"],
        took,
        f"{found.kept:,} of {found.proposed:,}",
    )
