"""A stranger types one command on a fresh machine."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.benchmarks.conftest import Record

ROOT = Path(__file__).resolve().parents[2]


def demo_once(checkout: Path) -> tuple[float, dict[str, Any]]:
    """Seconds and answer of ``run.py demo --once``."""
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "run.py", "demo", "--once"],
        cwd=checkout,
        env={k: v for k, v in os.environ.items() if not k.startswith("ZOUFANG_")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return time.perf_counter() - began, json.loads(done.stdout)


def test_a_fresh_machine_has_a_plan_in_two_minutes_and_then_in_seconds(
    tmp_path: Path, record: Record
) -> None:
    checkout = tmp_path / "zoufang"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(checkout)], check=True)

    fresh, first = demo_once(checkout)
    again, second = demo_once(checkout)

    assert first["visits_planned"] > 900
    assert second["visits_planned"] == first["visits_planned"]
    how = f"clone, `run.py demo --once`; seed 1: {first['visits_planned']} visits"
    record("`demo --once`, fresh, with installation", [fresh], unit="s", limit=120, how=how)
    record("`demo --once`, second run", [again], unit="s", limit=20, how="the same again")
