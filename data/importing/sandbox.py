"""
Run a parser in its own process, with limits, so that no file can harm the server.

A damaged or hostile file may make a parser abort, loop or ask for all memory. The child
sets its limits before it imports anything heavy, looks at the file with the upload guard,
then parses; it hands its result over as JSON and arrays in a folder of its own, never as
pickles. However it ends, the caller gets a ``Parsed``: a crash becomes a problem.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from data.importing.handover import load_parsed
from data.importing.parsed import Parsed
from data.importing.problems import Problems

PARSERS: dict[str, str] = {
    "boundaries": "data.importing.boundaries:read_boundaries",
    "district": "data.importing.osm_district:read_osm_district",
    "register": "data.importing.cells:read_cells",
    "roads": "data.importing.roads:read_roads",
}
"""Kind of file, to ``module:function`` of signature ``(path, file, options) -> Parsed``."""

GDAL_DRIVERS = frozenset({"GeoJSON", "ESRI Shapefile", "LIBKML", "GPKG", "OpenFileGDB"})
"""The only ones loaded: others would follow a file to other files and addresses."""

ROOT = Path(__file__).resolve().parents[2]
CPU_SPENT = -signal.SIGXCPU


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """
    What one import may use.

    Parameters
    ----------
    memory_mb
        Address space, which is more than the memory really used.
    cpu_s, wall_s
        Seconds of computing, and in all.
    written_mb
        Largest file the child may write.
    """

    memory_mb: int = 1536
    cpu_s: int = 60
    wall_s: int = 60
    written_mb: int = 512


DEFAULT_LIMITS = Limits()
# The nodes of a province's extract are a hundred times those of a district's registers.
EXTRACT_LIMITS = Limits(memory_mb=4096, cpu_s=300, wall_s=300)
LIMITS = {"district": EXTRACT_LIMITS, "roads": EXTRACT_LIMITS}


def run_import(
    kind: str,
    path: Path,
    options: Mapping[str, Any] | None = None,
    *,
    file: str | None = None,
    limits: Limits | None = None,
) -> Parsed:
    """
    Guard and parse one file in a child process.

    Parameters
    ----------
    kind
        A key of ``PARSERS``.
    path
        The uploaded file.
    options
        For the parser; plain JSON values.
    file
        Name shown to people; by default that of ``path``. Its ending says the format.
    limits
        Memory and time; by default those of the kind.

    Returns
    -------
    Parsed
        Frames and problems; when the file was refused, or the child crashed or was stopped,
        only problems, at least one of them an error.
    """
    shown = file or path.name
    if kind not in PARSERS:
        raise ValueError(f"No parser for {kind!r}; known are {', '.join(sorted(PARSERS))}.")
    limits = limits or LIMITS.get(kind, DEFAULT_LIMITS)
    with tempfile.TemporaryDirectory(prefix="zoufang-import-") as folder:
        order = {
            "kind": kind,
            "parser": PARSERS[kind],
            "path": str(path.resolve()),
            "file": shown,
            "options": dict(options or {}),
            "limits": asdict(limits),
            "folder": folder,
            "drivers": sorted(GDAL_DRIVERS),
        }
        problems = Problems(shown)
        ended = _run_child(order, limits)
        if ended is None or ended == CPU_SPENT:
            problems.error("import-timeout", seconds=limits.wall_s)
        elif ended != 0:
            problems.error("import-crashed", reason=_ending(ended))
        else:
            return load_parsed(Path(folder))
        return Parsed(problems=tuple(problems))


def _run_child(order: Mapping[str, Any], limits: Limits) -> int | None:
    """Return code of the child (negative: the signal that ended it), or None on a timeout."""
    child = subprocess.Popen(
        # -P: nothing is imported from the folder that holds the upload.
        [sys.executable, "-P", "-m", "data.importing.sandbox_child"],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=order["folder"],
        env=_environment(needs_gdal=order["kind"] == "boundaries"),
        start_new_session=True,
    )
    try:
        child.communicate(json.dumps(order).encode(), timeout=limits.wall_s)
    except subprocess.TimeoutExpired:
        _kill_group(child)
        return None
    except BaseException:
        _kill_group(child)
        raise
    return child.returncode


def _kill_group(child: "subprocess.Popen[bytes]") -> None:
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate()


def _ending(returncode: int) -> str:
    if returncode >= 0:
        return f"exit code {returncode}"
    return signal.Signals(-returncode).name


def _environment(*, needs_gdal: bool) -> dict[str, str]:
    """Nothing of the server's own environment: it may hold keys and addresses."""
    environment = {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
        "OPENBLAS_NUM_THREADS": "1",  # each thread would claim address space
        "OMP_NUM_THREADS": "1",
        "PROJ_NETWORK": "OFF",
    }
    if needs_gdal:
        # Commas, as one of the names holds a space.
        environment["GDAL_SKIP"] = ",".join(sorted(_all_gdal_drivers() - GDAL_DRIVERS))
    return environment


@lru_cache(maxsize=1)
def _all_gdal_drivers() -> frozenset[str]:
    """Names of the drivers of the installed GDAL, asked in a process that ends at once."""
    asked = subprocess.run(
        [sys.executable, "-c", "import pyogrio; print('\\n'.join(pyogrio.list_drivers()))"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return frozenset(asked.stdout.split("\n")) - {""}
