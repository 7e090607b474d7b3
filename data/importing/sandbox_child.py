"""
The child of ``data.importing.sandbox``: limits first, then the guard, then the parser.

Nothing heavy may be imported at the top of this file: the limits would come too late.
"""

import ctypes
import importlib
import json
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PR_SET_PDEATHSIG = 1
MB = 1 << 20


def main() -> None:
    """Read one order from standard input, carry it out, leave the result in its folder."""
    order = json.load(sys.stdin)
    limit_this_process(order["limits"])
    from data.importing.guard import ending_of, inspect_upload
    from data.importing.handover import save_parsed
    from data.importing.parsed import Parsed
    from data.importing.problems import ImportRefused, Problems

    file, folder = order["file"], Path(order["folder"])
    # Readers go by the ending, and the stored upload may have none; the name is ours.
    path = folder / f"upload{ending_of(file, order['kind']) or ''}"
    path.symlink_to(order["path"])
    try:
        inspect_upload(path, file, order["kind"])
        if order["kind"] == "boundaries":
            refuse_other_drivers(order["drivers"])
        module, function = order["parser"].split(":")
        parse = getattr(importlib.import_module(module), function)
        parsed = parse(path, file, order["options"])
    except ImportRefused as refused:
        parsed = Parsed(problems=refused.problems)
    except Exception as error:
        problems = Problems(file)
        problems.error("import-crashed", reason=where_it_broke(error))
        parsed = Parsed(problems=tuple(problems))
    save_parsed(parsed, folder)


def where_it_broke(error: BaseException) -> str:
    """Kind and place of an error; never its message, which may quote a resident."""
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" at {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}" if place else ""
    return type(error).__name__ + where


def limit_this_process(limits: Mapping[str, Any]) -> None:
    """Bound memory, computing time and written size; end with the parent."""
    bounds = {
        resource.RLIMIT_AS: limits["memory_mb"] * MB,
        resource.RLIMIT_FSIZE: limits["written_mb"] * MB,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 256,
    }
    for which, bound in bounds.items():
        resource.setrlimit(which, (bound, bound))
    # At the soft limit comes SIGXCPU, which says why; the hard one would kill without a word.
    cpu_s = limits["cpu_s"]
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def refuse_other_drivers(allowed: list[str]) -> None:
    """Stop unless GDAL has loaded only the drivers we read: it decides by content, not name."""
    import pyogrio

    loaded = set(pyogrio.list_drivers()) - set(allowed)
    if loaded:
        raise RuntimeError(f"GDAL has loaded {sorted(loaded)}; set GDAL_SKIP before it starts.")


if __name__ == "__main__":
    main()
