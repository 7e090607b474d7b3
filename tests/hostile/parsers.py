"""Parsers that misbehave, for the import process to contain."""

import os
import signal
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from data.importing.parsed import Parsed


def asks_for_all_memory(path: Path, file: str, options: Mapping[str, Any]) -> Parsed:
    blocks = []
    while True:
        blocks.append(bytearray(100 << 20))


def never_ends(path: Path, file: str, options: Mapping[str, Any]) -> Parsed:
    while True:
        time.sleep(1)


def computes_for_ever(path: Path, file: str, options: Mapping[str, Any]) -> Parsed:
    while True:
        sum(range(1000))


def fills_the_disk(path: Path, file: str, options: Mapping[str, Any]) -> Parsed:
    Path("filler").write_bytes(b"x" * (2 << 20))
    return Parsed()


def dies(path: Path, file: str, options: Mapping[str, Any]) -> Parsed:
    os.kill(os.getpid(), signal.SIGKILL)
    return Parsed()


def quotes_a_resident(path: Path, file: str, options: Mapping[str, Any]) -> Parsed:
    raise ValueError("王小明 lives at 12")


def tells_environment(path: Path, file: str, options: Mapping[str, Any]) -> Parsed:
    return Parsed(notes={"environment": repr(dict(os.environ))})


def reads_every_outline(path: Path, file: str, options: Mapping[str, Any]) -> Parsed:
    """Read all files of ``options["folder"]``; note each error that is not a refusal."""
    from data.importing.boundaries import read_boundaries
    from data.importing.guard import inspect_upload
    from data.importing.problems import ImportRefused

    read, broken = 0, []
    for upload in sorted(Path(options["folder"]).iterdir()):
        try:
            inspect_upload(upload, upload.name, "boundaries")
            read_boundaries(upload, upload.name, {})
            read += 1
        except ImportRefused:
            continue
        except Exception as error:
            broken.append(f"{upload.name}: {error!r}")
    return Parsed(notes={"read": read, "broken": "\n".join(broken)})
