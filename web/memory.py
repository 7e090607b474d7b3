"""How much memory this process may use: what the system has left and what limits allow."""

import resource
from pathlib import Path

MB = 1 << 20

MEMINFO = Path("/proc/meminfo")
CGROUP = Path("/sys/fs/cgroup/memory.max")

RESERVED_MB = 500
"""Address space that libraries reserve and never use; it counts against a limit of the process."""


def usable_memory_mb() -> float:
    """Memory that may be used, MiB; infinite where nothing can be found out."""
    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    of_process = limit / MB - RESERVED_MB if limit != resource.RLIM_INFINITY else float("inf")
    return min(of_process, _available_mb(), _container_mb())


def _available_mb() -> float:
    try:
        lines = MEMINFO.read_text("ascii").splitlines()
    except OSError:
        return float("inf")
    found = (line.split()[1] for line in lines if line.startswith("MemAvailable:"))
    return int(next(found, "0")) / 1024 or float("inf")


def _container_mb() -> float:
    try:
        return int(CGROUP.read_text("ascii")) / MB
    except (OSError, ValueError):  # "max": no limit
        return float("inf")
