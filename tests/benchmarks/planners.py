"""Planners as whole processes: started, watched while they run, and judged by their plan."""

import json
import os
import re
import resource
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.benchmarks.contract import Contract
from tests.benchmarks.figures import ROOT

WATCHED_EVERY_S = 0.1
PROGRESS = re.compile(r"^\s*([\d.]+) s\s+(\w+)\s+J ([\d.]+)\s+unplanned (\d+)")
BOUND = re.compile(r"^\s*([\d.]+) s\s+bound ([\d.]+)")

Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """
    What a process did.

    Parameters
    ----------
    output
        Its standard output.
    lines
        Lines of its standard error, each with the wall-clock second it came in.
    seconds, cpu_s
        Wall clock and processor time, start and end of the process included.
    peak_mb
        Most resident memory of the process and its children together.
    """

    output: str
    lines: list[tuple[float, str]]
    seconds: float
    cpu_s: float
    peak_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """
    A judged plan.

    Parameters
    ----------
    plan
        `zoufang-plan/1`.
    objective, missing, travel_min
        As the contract's judge counts them.
    course
        Seconds and J of the incumbents, as the planner itself tells them.
    ran
        The process.
    """

    plan: dict[str, Any]
    objective: float
    missing: int
    travel_min: float
    course: Points
    ran: Ran

    @property
    def words(self) -> str:
        """J and missing visits in a few characters."""
        return f"{self.objective:,.0f} / {self.missing}"


class Planners:
    """
    The planners under one roof: each call is one process that gets both cores.

    Parameters
    ----------
    contract
        Judges every plan.
    folder
        For plan files.
    """

    def __init__(self, contract: Contract, folder: Path) -> None:
        self._contract = contract
        self._folder = folder
        self._cache = ROOT / "instance" / "benchmarks" / "numba"
        self._serial = 0

    def zoufang(
        self,
        problem: Path,
        *,
        seconds: float | None = None,
        iterations: int | None = None,
        seed: int = 1,
        engine: str = "portfolio",
        start: Path | None = None,
        workers: int = 2,
    ) -> Answer:
        """Run ``zoufang solve``."""
        out = self.fresh("plan")
        effort = ["--iterations", iterations] if iterations else ["--time-limit", seconds]
        begin = ["--start", start] if start else []
        ran = self.command(
            *["solve", problem, "--out", out, *effort, *begin],
            *["--seed", seed, "--engine", engine, "--workers", workers],
        )
        told = [m for _, line in ran.lines if (m := PROGRESS.match(line))]
        return self._judged(problem, out, [(float(m[1]), float(m[3])) for m in told], ran)

    def proof(self, problem: Path, *, seconds: float, seed: int = 1) -> Answer:
        """Run the throw-away proof of the engine."""
        out = self.fresh("proof")
        words = [self._contract.proof, problem, out, "--seconds", seconds, "--procs", 2]
        self._cache.mkdir(parents=True, exist_ok=True)
        ran = run([sys.executable, *words, "--seed", seed], NUMBA_CACHE_DIR=str(self._cache))
        history = json.loads(out.read_bytes())["debug"]["hist"]
        return self._judged(problem, out, [(at, best) for at, best, _ in history], ran)

    def command(self, *words: object) -> Ran:
        """Run any command of ``zoufang``."""
        return run([sys.executable, "-m", "web.cli", *words])

    def fresh(self, kind: str) -> Path:
        """Return the path of a file that does not exist yet."""
        self._serial += 1
        return self._folder / f"{self._serial}-{kind}.json"

    def _judged(self, problem: Path, out: Path, course: Points, ran: Ran) -> Answer:
        plan = json.loads(out.read_bytes())
        metrics = self._contract.judge(problem, plan)
        return Answer(
            plan=plan,
            objective=metrics["J"],
            missing=metrics["missing_visits"],
            travel_min=metrics["travel_min"],
            course=course,
            ran=ran,
        )


def run(command: list[object], **surroundings: str) -> Ran:
    """
    Run a process to its end and watch its memory.

    Raises
    ------
    AssertionError
        If it fails; with the end of its standard error.
    """
    env = {k: v for k, v in os.environ.items() if not k.startswith("ZOUFANG_")}
    env |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **surroundings}
    used = _children_s()
    began = time.perf_counter()
    lines: list[tuple[float, str]] = []
    output: list[str] = []
    with subprocess.Popen(
        [str(word) for word in command],
        cwd=ROOT,
        env=env,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        peak = _Peak(process.pid)

        def listen() -> None:
            for line in process.stderr or ():
                lines.append((time.perf_counter() - began, line.rstrip()))

        def read() -> None:
            output.extend(process.stdout or ())

        threads = [threading.Thread(target=each) for each in (listen, read, peak.watch)]
        for thread in threads:
            thread.start()
        code = process.wait()
        took = time.perf_counter() - began
        peak.done.set()
        for thread in threads:
            thread.join()
    assert code == 0, "\n".join(line for _, line in lines[-8:])
    return Ran(
        output="".join(output),
        lines=lines,
        seconds=took,
        cpu_s=_children_s() - used,
        peak_mb=peak.mb,
    )


class _Peak:
    """Watches the resident memory of a process and all below it."""

    def __init__(self, pid: int) -> None:
        self.done = threading.Event()
        self.mb = 0.0
        self._root = psutil.Process(pid)

    def watch(self) -> None:
        while not self.done.wait(WATCHED_EVERY_S):
            total = 0
            try:
                for each in (self._root, *self._root.children(recursive=True)):
                    total += each.memory_info().rss
            except psutil.NoSuchProcess:
                continue
            self.mb = max(self.mb, total / 1e6)


def _children_s() -> float:
    use = resource.getrusage(resource.RUSAGE_CHILDREN)
    return use.ru_utime + use.ru_stime
