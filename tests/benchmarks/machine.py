"""Where and when something was measured, and whether the machine had other work."""

import os
import platform
import resource
import subprocess
import time
from pathlib import Path

import psutil

from tests.benchmarks.figures import ROOT


def machine() -> str:
    """Processor, cores, memory, system and Python."""
    info = Path("/proc/cpuinfo")
    models = [
        line.partition(":")[2].strip()
        for line in (info.read_text() if info.exists() else "").splitlines()
        if line.startswith("model name")
    ]
    memory_gb = psutil.virtual_memory().total / 2**30
    return (
        f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores, "
        f"{memory_gb:.0f} GiB, {platform.system()} {platform.release().partition('-')[0]}, "
        f"Python {platform.python_version()}"
    )


def commit() -> str:
    """Short name of the commit, with a mark when code differs from it."""
    words = ["git", "describe", "--always", "--exclude", "*"]
    name = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    # What a benchmark itself writes is no difference.
    words = ["git", "status", "--porcelain", "--", ".", ":!docs"]
    changed = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return name.strip() + ("-dirty" if changed.strip() else "")


class OtherWork:
    """Measures the share of the machine that went to neither this process nor its children."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._machine = _busy_s()
        self._ours = _own_s()

    @property
    def seconds(self) -> float:
        """Wall-clock seconds since the start."""
        return time.perf_counter() - self._began

    @property
    def share(self) -> float:
        """From 0 to 1, of all cores since the start."""
        other = (_busy_s() - self._machine) - (_own_s() - self._ours)
        return min(1.0, max(0.0, other / (self.seconds * (os.cpu_count() or 1))))


def _busy_s() -> float:
    times = psutil.cpu_times()
    return sum(times) - times.idle - getattr(times, "iowait", 0.0)


def _own_s() -> float:
    """CPU seconds of this process and of its children that have ended."""
    uses = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(use.ru_utime + use.ru_stime for use in uses)
