"""A search on a Dask cluster gives the plan of this computer, whatever happens to its workers."""

import json
import signal
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Timer
from typing import Any

import pytest
from click.testing import CliRunner, Result

from scheduler.crew import Crew, Threads
from scheduler.plan import Plan
from scheduler.planner import solve
from scheduler.problem import Problem
from tests.builders import a_problem as a_problem_file
from tests.scheduler.problems import a_cadre, a_household, a_problem, a_village
from tests.support.cluster import LocalDask
from web.cli import main
from web.jobs.cluster import crew, parcel
from web.jobs.cluster.crew import Cluster
from web.jobs.cluster.parcel import fingerprint

UNITS = 18
"""As many pieces, in three lanes."""

pytestmark = pytest.mark.timeout(180)


class Saboteur:
    """A crew to which something happens a moment after one of its rounds has begun."""

    def __init__(self, crew: Crew, at_round: int, mischief: Callable[[], object]) -> None:
        self._crew, self._left, self._mischief = crew, at_round, mischief
        self.least_round_s = crew.least_round_s

    def hold(self, values: Sequence[Any]) -> "Saboteur":
        self._holding = self._crew.hold(values)
        return self

    def each(self, *words: Any) -> Any:
        self._left -= 1
        if self._left == 0:
            Timer(0.01, self._mischief).start()
        return self._holding.each(*words)

    def __enter__(self) -> "Saboteur":
        return self

    def __exit__(self, *_: object) -> None:
        self._holding.__exit__()


def a_district() -> Problem:
    """Units that share a cap of teams a day, and villages with paired guests of other units."""
    units = tuple(f"u{n}" for n in range(UNITS))
    households = [
        a_household(
            n,
            village=f"v{n % UNITS}",
            visits_due=1 + n % 2,
            cadre=f"c{(n + 1) % UNITS}" if n % 11 == 0 else None,
        )
        for n in range(5 * UNITS)
    ]
    return a_problem(
        *households,
        units=units,
        villages=tuple(a_village(n, unit=u) for n, u in enumerate(units)),
        cadres=tuple(a_cadre(n, unit=u) for n, u in enumerate(units)),
        district_max_teams_per_day=UNITS - 2,
    )


def a_plan(crew: Crew | None = None, **facts: Any) -> Plan:
    """The plan of one seed and so many iterations, without its time."""
    plan = solve(a_district(), iterations=40, seed=4, crew=crew, **facts).plan
    return replace(plan, seconds=0.0)


def test_a_killed_worker_costs_time_and_never_the_plan(local_dask: LocalDask) -> None:
    told: list[str] = []

    with (
        local_dask.workers(2) as (doomed, _),
        Cluster(local_dask.address, here=Threads(), tell=told.append) as there,
    ):
        by_two = a_plan(there)
        with_a_loss = a_plan(Saboteur(there, 20, lambda: doomed.send_signal(signal.SIGKILL)))

        assert doomed.wait(10) == -signal.SIGKILL
        by_one = a_plan(there)

        assert there.workers == 1
        assert not there.is_lost, told
    assert a_plan() == a_plan(workers=2) == by_two == with_a_loss == by_one


def test_a_search_goes_on_here_when_every_worker_is_gone(
    local_dask: LocalDask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crew, "NOBODY_S", 0.5)
    monkeypatch.setattr(crew, "POLL_S", 0.1)
    told: list[str] = []

    with (
        local_dask.workers(1) as (only,),
        Cluster(local_dask.address, here=Threads(), tell=told.append) as there,
    ):
        plan = a_plan(Saboteur(there, 20, only.kill))

    assert "going on here" in told[-1]
    assert plan == a_plan()


def zoufang_solve(folder: Path, *words: str) -> Result:
    (folder / "p.json").write_text(json.dumps(a_problem_file()), "utf-8")
    out = str(folder / "plan.json")
    command = ["solve", str(folder / "p.json"), "--out", out, "--quiet", "--iterations", "5"]
    return CliRunner().invoke(main, [*command, *words])


def test_the_command_line_plans_on_a_cluster_of_the_same_code_only(
    local_dask: LocalDask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with local_dask.workers(1):
        solved = zoufang_solve(tmp_path, "--cluster", local_dask.address)
        with monkeypatch.context() as patch:
            patch.setattr(parcel, "version", lambda name: "0.0.1")
            fingerprint.cache_clear()
            refused = zoufang_solve(tmp_path, "--cluster", local_dask.address)
        fingerprint.cache_clear()

    assert solved.exit_code == 0, solved.output
    assert (solved.stderr, json.loads(solved.stdout)["unplanned"]) == ("", 0)
    assert refused.exit_code == 1
    assert "here is zoufang 0.0.1" in refused.stderr
    assert "Install the same version on every computer." in refused.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("tcp://127.0.0.1:1",), "No Dask scheduler can be spoken to at tcp://127.0.0.1:1"),
        (("tcp://10.9.8.7:8786",), "Use tls://10.9.8.7:8786 with --cluster-tls"),
        (("tls://10.9.8.7:8786",), "needs --cluster-tls"),
        (("tls://10.9.8.7:8786", "--cluster-tls", "."), "lacks ca.pem, cert.pem, key.pem"),
        (("tcp://127.0.0.1:1", "--cluster-tls", "."), "goes with a tls:// address"),
        (("10.9.8.7",), "Write tcp://127.0.0.1:8786 or tls://HOST:8786"),
        (("tcp://127.0.0.1:1", "--engine", "greedy"), "--cluster works with --engine portfolio"),
    ],
)
def test_an_address_that_cannot_be_used_says_why_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], sentence: str
) -> None:
    monkeypatch.setattr(crew, "CONNECT_S", 0.5)

    asked = zoufang_solve(tmp_path, "--cluster", *words)

    assert asked.exit_code in (1, 2)
    assert sentence in asked.stderr.splitlines()[-1]
    assert "Traceback" not in asked.stderr


def test_a_cluster_without_workers_says_how_to_start_one(
    local_dask: LocalDask, tmp_path: Path
) -> None:
    asked = zoufang_solve(tmp_path, "--cluster", local_dask.address)

    start = f"dask worker {local_dask.address} --nthreads 1"
    assert asked.stderr == (
        f"Error: The cluster at {local_dask.address} has no workers. Start one with: {start}\n"
    )
