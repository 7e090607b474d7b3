"""The contract: its generator of problems and its judge; absent without `../shared`."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"contract_{path.stem}", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def judge_plan(shared_dir: Path) -> Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]:
    """The contract's own judge: problem and plan documents in, broken rules and metrics out."""
    found: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]] = _module(
        shared_dir / "contract" / "judge.py"
    ).judge_plan
    return found


@pytest.fixture(scope="session")
def make_problem(shared_dir: Path) -> Callable[..., dict[str, Any]]:
    """The contract's generator: ``make_problem(households=, seed=, style=, extras=)``."""
    generator = _module(shared_dir / "contract" / "make_problem.py")

    def make(*, extras: bool = False, seed: int = 1, **arguments: Any) -> dict[str, Any]:
        document: dict[str, Any] = generator.make(seed=seed, **arguments)
        return generator.add_extras(document, seed) if extras else document

    return make
