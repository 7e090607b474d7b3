"""The problems that benchmarks solve, made by the contract's generator and judged by its judge."""

import importlib.util
import json
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

STYLES = ("sparse", "dense", "weekly")


class Contract:
    """
    Generator, judge, throw-away proof and classical instances beside the project.

    Parameters
    ----------
    shared
        Folder of the contract.
    made
        Folder for the problems; each is made once.
    """

    def __init__(self, shared: Path, made: Path) -> None:
        self.proof = shared / "contract" / "engine_proof" / "engine.py"
        self.periodic = shared / "data" / "pvrp"
        self._generator = _module(shared / "contract" / "make_problem.py")
        self._judge = _module(shared / "contract" / "judge.py")
        self._made = made

    def problem(self, style: str, households: int = 1000, seed: int = 1) -> Path:
        """Return the file of a problem, `zoufang-problem/1`."""
        file = self._made / f"{style}-{households}-{seed}.json"
        if not file.exists():
            document = self._generator.make(households=households, seed=seed, style=style)
            file.write_text(json.dumps(document, separators=(",", ":")), encoding="utf-8")
        return file

    def judge(self, problem: Path, plan: dict[str, Any]) -> dict[str, Any]:
        """Return the figures of a plan that breaks no rule; a broken rule ends the benchmark."""
        verdict = self._judge.judge_plan(json.loads(problem.read_bytes()), plan)
        assert verdict["broken"] == [], verdict["broken"][:5]
        metrics: dict[str, Any] = verdict["metrics"]
        return metrics

    def judge_periodic(self, instance: Path, solution: dict[str, Any]) -> float:
        """Return the cost of a solution of a periodic vehicle routing problem."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ResourceWarning)  # the judge leaves its file open
            verdict = self._judge.judge_pvrp(str(instance), solution)
        assert verdict["broken"] == [], verdict["broken"][:5]
        return float(verdict["cost"])


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"contract_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
