"""Routes for classical instances break no rule, cost little, and their bounds are true."""

import itertools
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from scheduler.classical.anneal import settle
from scheduler.classical.answer import Answer, Route, broken_rules, length
from scheduler.classical.bound import half_legs
from scheduler.classical.instance import Instance, InvalidInstance
from scheduler.classical.lanes import Lanes, Schedule
from scheduler.classical.solve import solve_instance
from scheduler.engine import Run
from tests.scheduler.classical_instances import PVRP, SOLOMON, an_instance
from web.cli import main


@pytest.mark.parametrize("seed", range(6))
def test_every_answer_keeps_every_rule(seed: int) -> None:
    instance = an_instance(seed, customers=20, vehicles=4, with_windows=seed % 2 == 1)

    answer = solve_instance(instance, iterations=100, seed=seed)

    assert broken_rules(instance, answer) == []
    assert answer.unserved == ()
    assert answer.bound <= answer.cost


def test_the_same_seed_and_steps_give_the_same_answer_with_one_worker_and_two() -> None:
    instance = an_instance(3, customers=25, vehicles=5)

    one, two = (solve_instance(instance, iterations=300, seed=5, workers=w) for w in (1, 2))

    assert one.routes == two.routes
    assert one.bound == two.bound


@pytest.mark.parametrize("with_windows", [False, True])
def test_what_steps_keep_up_to_date_is_what_the_routes_say(with_windows: bool) -> None:
    instance = an_instance(8, customers=20, vehicles=3, capacity=16.0, with_windows=with_windows)
    lanes = Lanes(instance, Run(iterations=200.0, seed=2), Schedule())
    lanes.cool()
    s = lanes.states[0]
    kept = ("leg", "load", "busy", "depart", "arrive")
    before = {name: getattr(s, name).copy() for name in (*kept, "chosen", "top", "tally")}

    settle(lanes.fixed, s)

    for z, n in enumerate(s.length):
        for name in kept:
            rows = (before[name][z], getattr(s, name)[z])
            known, said = rows if np.isscalar(rows[0]) else (row[: n + 1] for row in rows)
            assert said == pytest.approx(known), (name, z)
    for name in ("chosen", "top", "tally"):
        assert getattr(s, name) == pytest.approx(before[name])


@pytest.mark.parametrize("seed", range(4))
def test_a_small_instance_is_solved_to_its_optimum_and_the_bound_is_no_higher(seed: int) -> None:
    instance = an_instance(seed, customers=5, days=2, vehicles=2, capacity=6.0)

    answer = solve_instance(instance, iterations=400, seed=seed)

    optimum = cheapest(instance)
    assert answer.cost == pytest.approx(optimum)
    assert half_legs(instance) <= optimum
    assert half_legs(instance) <= answer.bound <= optimum + 1e-6


def cheapest(instance: Instance) -> float:
    """Cost of the best answer, by trying every pattern and every way to share a day."""
    customers = range(1, len(instance.ids))
    tours = {
        group: min(length(instance, order) for order in itertools.permutations(group))
        for size in range(len(customers) + 1)
        for group in itertools.combinations(customers, size)
    }

    def day(group: tuple[int, ...]) -> float:
        best = np.inf
        for inside in itertools.product((0, 1), repeat=len(group)):
            halves = [
                tuple(i for i, k in zip(group, inside, strict=True) if k == s) for s in (0, 1)
            ]
            if all(sum(instance.demand[i] for i in half) <= instance.capacity for half in halves):
                best = min(best, sum(tours[half] for half in halves))
        return best

    days = {group: day(group) for group in tours}
    return min(
        sum(
            days[tuple(i for i, p in zip(customers, chosen, strict=True) if p >> d & 1)]
            for d in range(instance.days)
        )
        for chosen in itertools.product(*instance.patterns[1:])
    )


def test_a_legs_direction_counts() -> None:
    instance = an_instance(1, customers=10, days=1, vehicles=1, capacity=99.0)
    there = instance.distance.copy()
    there[np.tril_indices(len(there))] *= 3.0

    answer = solve_instance(replace(instance, distance=there, duration=np.inf), iterations=300)

    order = answer.routes[0].nodes
    assert length(replace(instance, distance=there), order[::-1]) > answer.cost >= answer.bound


def test_customers_that_do_not_fit_are_named() -> None:
    instance = an_instance(2, customers=12, vehicles=1, capacity=5.0)

    answer = solve_instance(instance, iterations=50)

    assert answer.unserved
    assert broken_rules(instance, answer) == []


def test_a_wrong_answer_is_found_out() -> None:
    instance = an_instance(0, customers=3, days=2, vehicles=1, capacity=3.0, with_windows=True)
    wrong = Answer(
        routes=(Route(0, (1, 2, 3)), Route(0, (1,)), Route(2, (2,))),
        unserved=(),
        cost=1.0,
        bound=0.0,
        seconds=0.0,
        steps=0,
    )

    text = " ".join(broken_rules(instance, wrong))

    for rule in ("no such day", "capacity", "vehicles on day", "visited on days", "says cost"):
        assert rule in text


def test_a_depot_with_demand_is_refused() -> None:
    instance = an_instance(0, customers=2)

    with pytest.raises(InvalidInstance, match="depot"):
        replace(instance, demand=instance.demand + 1.0)


def test_an_instance_without_visits_is_refused() -> None:
    instance = an_instance(0, customers=2)

    with pytest.raises(InvalidInstance, match="nobody needs a visit"):
        replace(instance, patterns=((), (), ()))


def test_windows_cost_no_more_than_routing_by_or_tools() -> None:
    instance = an_instance(11, customers=25, days=1, vehicles=8, capacity=20.0, with_windows=True)
    cents = 1000

    answer = solve_instance(instance, iterations=2000, seed=1)

    assert answer.unserved == ()
    assert answer.cost <= by_or_tools(instance, cents) / cents * 1.0001 + 0.1


def by_or_tools(instance: Instance, cents: int) -> int:
    """Cost that OR-Tools' routing finds in two seconds, in whole units."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    assert instance.window is not None
    legs = np.floor(instance.distance * cents).astype(int)
    manager = pywrapcp.RoutingIndexManager(len(legs), instance.vehicles, 0)
    model = pywrapcp.RoutingModel(manager)
    node = manager.IndexToNode
    leg = model.RegisterTransitCallback(lambda a, b: int(legs[node(a), node(b)]))
    time = model.RegisterTransitCallback(
        lambda a, b: int(legs[node(a), node(b)] + cents * instance.service[node(a)])
    )
    load = model.RegisterUnaryTransitCallback(lambda a: int(instance.demand[node(a)]))
    model.SetArcCostEvaluatorOfAllVehicles(leg)
    model.AddDimension(load, 0, int(instance.capacity), True, "load")
    model.AddDimension(time, 10**9, 10**9, False, "time")
    clock = model.GetDimensionOrDie("time")
    for i, (opens, closes) in enumerate(instance.window):
        if i > 0:
            clock.CumulVar(manager.NodeToIndex(i)).SetRange(
                int(np.ceil(opens * cents)), int(closes * cents)
            )
    for vehicle in range(instance.vehicles):
        clock.CumulVar(model.End(vehicle)).SetMax(int(instance.window[0, 1] * cents))
    limits = pywrapcp.DefaultRoutingSearchParameters()
    limits.local_search_metaheuristic = (
        routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    )
    limits.time_limit.seconds = 2
    found = model.SolveWithParameters(limits)
    assert found is not None
    return int(found.ObjectiveValue())


def test_the_judge_of_the_contract_accepts_the_command_lines_answer(
    shared_dir: Path, tmp_path: Path
) -> None:
    instance, out = tmp_path / "own", tmp_path / "sol.json"
    instance.write_text(PVRP, "utf-8")

    result = CliRunner().invoke(
        main, ["solve-pvrp", str(instance), "--out", str(out), "--iterations", "50"]
    )

    assert result.exit_code == 0, result.output
    judged = subprocess.run(
        [sys.executable, str(shared_dir / "contract" / "judge.py"), "pvrp", instance, out],
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(judged.stdout)["broken"] == []
    written = json.loads(out.read_text("utf-8"))
    assert set(written) == {"cost", "routes", "bound", "seconds"}
    assert written["bound"] <= written["cost"]


def test_the_command_line_routes_a_day_with_windows(tmp_path: Path) -> None:
    instance, out = tmp_path / "own.txt", tmp_path / "sol.json"
    instance.write_text(SOLOMON, "utf-8")

    result = CliRunner().invoke(
        main, ["solve-vrp", str(instance), "--out", str(out), "--iterations", "50"]
    )

    assert result.exit_code == 0, result.output
    routes = json.loads(out.read_text("utf-8"))["routes"]
    assert sorted(i for r in routes for i in r["customers"]) == [1, 2, 3]


def test_the_command_line_names_the_line_that_is_wrong(tmp_path: Path) -> None:
    instance = tmp_path / "own.vrp"
    instance.write_text("DIMENSION : many\n", "utf-8")

    result = CliRunner().invoke(main, ["solve-vrp", str(instance), "--out", str(tmp_path / "s")])

    assert result.exit_code == 2
    assert "line 1, DIMENSION" in result.output
