"""The real server as its own process, and a visitor who signs in over HTTP."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, Request, build_opener

import psutil

ROOT = Path(__file__).resolve().parents[2]
SERVING = re.compile(r"Serving (http://\S+)")
TOKEN = re.compile(r'name="csrf-token" content="([^"]+)"')


def environment(instance: Path, **more: str) -> dict[str, str]:
    """Environment of a child that works on an instance, free of this machine's settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("ZOUFANG_")}
    kept |= {"PYTHONPATH": str(ROOT), "ZOUFANG_INSTANCE": str(instance), "PYTHONUNBUFFERED": "1"}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept | more


def zoufang(instance: Path, *words: str, timeout: float = 300) -> str:
    """Run one command of the command line; returns its standard output."""
    done = subprocess.run(
        [sys.executable, "-m", "web.cli", *words],
        env=environment(instance),
        cwd=instance.parent,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, f"zoufang {' '.join(words)} failed:\n{done.stderr}"
    return done.stdout


@dataclass(slots=True)
class Server:
    """A running ``zoufang serve``."""

    url: str
    process: subprocess.Popen[str]
    said: deque[str]

    def memory_mb(self) -> float:
        """Resident memory of the server process itself, MiB."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 2**20


@contextmanager
def serving_process(instance: Path, **settings: str) -> Iterator[Server]:
    """Run ``zoufang serve`` on a free port until the block ends; keepers that remain end, too."""
    process = subprocess.Popen(
        [sys.executable, "-m", "web.cli", "serve", "--port", "0"],
        env=environment(instance, **settings),
        cwd=instance.parent,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    said: deque[str] = deque(maxlen=200)
    try:
        yield Server(_address(process, said), process, said)
    finally:
        children = []
        with suppress(psutil.NoSuchProcess):  # a test may have killed it
            children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        finally:
            process.kill()
            process.wait()
            for child in children:
                with suppress(psutil.NoSuchProcess):
                    child.kill()


def _address(process: subprocess.Popen[str], said: deque[str]) -> str:
    """Wait until the server names its address, then keep reading what it says."""
    assert process.stderr is not None
    for line in process.stderr:
        said.append(line)
        if found := SERVING.search(line):
            threading.Thread(target=_drain, args=(process, said), daemon=True).start()
            return found[1]
    raise AssertionError(f"The server did not start:\n{''.join(said)}")


def _drain(process: subprocess.Popen[str], said: deque[str]) -> None:
    assert process.stderr is not None
    with process.stderr:
        said.extend(process.stderr)


@dataclass(slots=True)
class Visitor:
    """Somebody with a cookie jar; unsafe requests carry the page's token."""

    server: str
    opener: OpenerDirector = field(
        default_factory=lambda: build_opener(HTTPCookieProcessor(CookieJar()))
    )

    def get(self, path: str) -> str:
        """Read a page."""
        with self.opener.open(self.server + path, timeout=60) as answer:
            return str(answer.read().decode("utf-8"))

    def json(self, path: str) -> Any:
        """Read a JSON answer."""
        return json.loads(self.get(path))

    def post(self, path: str, *, page: str = "/", **fields: str) -> str:
        """Send a form with the token of ``page``; returns the page that follows."""
        found = TOKEN.search(self.get(page))
        assert found, f"{page} carries no token"
        body = urlencode(fields | {"csrf_token": found[1]}).encode()
        request = Request(self.server + path, data=body, method="POST")
        with self.opener.open(request, timeout=60) as answer:
            return str(answer.read().decode("utf-8"))

    def sign_in(self, name: str, password: str) -> "Visitor":
        """Open a login; returns the visitor."""
        self.post("/account/login", page="/account/login", name=name, password=password)
        return self
