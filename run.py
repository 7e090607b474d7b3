#!/usr/bin/env python3
"""
Prepare what zoufang needs, then do one thing: `python3 run.py COMMAND`.

    demo         make the sample district, plan it, serve it   [--once] [--port N] [--instance DIR]
    serve        serve the district of the instance folder     [--port N] [--instance DIR]
    test         every test; more words go to pytest           [-k WORDS] [PATH ...]
    check        format, lint, types, import contracts, documents, the house's own tests
    bench        the timed figures of docs/benchmarks.md   [NAME ...] such as `bench gap peers`
    screenshots  a picture of every screen into docs/screens/
    zoufang      the command line itself, e.g. `run.py zoufang solve problem.json --out plan.json`

Needs Python 3.11 and nothing else: the environment is `.venv` beside this file, filled from a lock
in which every file has its hash. `--wheelhouse DIR` takes the files from DIR, without a network.
"""

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
START = time.perf_counter()
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = BIN / "python"
STAMP = VENV / "zoufang.stamp"
LOCKS = {
    "run": ROOT / "requirements.lock",
    "dev": ROOT / "requirements-dev.lock",
    "bench": ROOT / "requirements-bench.lock",
}


def say(words: str) -> None:
    """Tell what happens now; standard output stays free for results."""
    print(f"[{time.perf_counter() - START:5.1f} s] {words}", file=sys.stderr, flush=True)


def call(*command: object, env: "dict[str, str] | None" = None) -> None:
    """Run a step of the preparation; its words go to standard error, its failure ends us."""
    done = subprocess.run([str(c) for c in command], cwd=ROOT, stdout=sys.stderr, env=env)
    if done.returncode:
        sys.exit(f"This step failed ({done.returncode}): {' '.join(map(str, command))}")


def surroundings(instance: "str | None" = None) -> "dict[str, str]":
    """Environment of every command: this tree, its instance folder, compiled modules kept."""
    env = dict(os.environ, PYTHONPATH=str(ROOT), PYTHONUNBUFFERED="1")
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    if instance is not None:
        env["ZOUFANG_INSTANCE"] = str(Path(instance).resolve())
    env.setdefault("ZOUFANG_INSTANCE", str(ROOT / "instance"))
    return env


# --- the environment ------------------------------------------------------------------------


def fingerprint(kind: str) -> str:
    """Tell one state of lock, project file and interpreter from any other."""
    content = LOCKS[kind].read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    return f"{kind} {hashlib.sha256(content + sys.version.encode()).hexdigest()}"


def ready(kind: str) -> bool:
    """Whether `.venv` already holds this lock, or a later one: each holds those before it."""
    enough = {fingerprint(larger) for larger in list(LOCKS)[list(LOCKS).index(kind) :]}
    return STAMP.is_file() and PYTHON.exists() and STAMP.read_text() in enough


def prepare(kind: str, wheelhouse: "str | None") -> None:
    """Fill `.venv` from the lock if it is not filled yet, then build what is not in git."""
    if ready(kind):
        return
    offline = ["--no-index", "--find-links", Path(wheelhouse).resolve()] if wheelhouse else []
    uv = shutil.which("uv")
    STAMP.unlink(missing_ok=True)
    say("Making .venv")
    if uv:
        call(uv, "venv", "--quiet", "--allow-existing", "--python", sys.executable, VENV)
    elif importlib.util.find_spec("ensurepip") or apt_installs("python3-venv"):
        call(sys.executable, "-m", "venv", VENV)
    else:
        sys.exit("This Python has no ensurepip. On Debian: apt-get install python3-venv")
    quiet = ["-qq", "--disable-pip-version-check", "--no-input", "--no-compile"]
    pip = [uv, "pip", "install", "--quiet", "--python", PYTHON] if uv else []
    pip = pip or [PYTHON, "-m", "pip", "install", *quiet]
    say(f"Installing {LOCKS[kind].name}, each file checked against its hash (about a minute)")
    call(*pip, *offline, "--require-hashes", "-r", LOCKS[kind])
    call(*pip, "--no-index", "--no-build-isolation", "--no-deps", "-e", ROOT)
    build()
    STAMP.write_text(fingerprint(kind))


def build() -> None:
    """Compile the search kernels and the translations, side by side."""
    say("Compiling the search kernels and the translations")
    steps = [
        ["-c", "from scheduler.engines.search.engine import warm; warm()"],
        ["-c", "from scheduler.classical.solve import warm; warm()"],
        ["-c", "from scheduler.bound import warm; warm()"],
        ["-m", "web.i18n"],
    ]
    running = [
        subprocess.Popen([PYTHON, *step], cwd=ROOT, stdout=sys.stderr, env=surroundings())
        for step in steps
    ]
    if max(step.wait() for step in running):
        sys.exit("Compiling failed; the reason stands above.")


# --- what Debian has to give ----------------------------------------------------------------


def apt_installs(*packages: str) -> bool:
    """Install Debian packages where that is ours to do: as root, with apt."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    say(f"Installing {', '.join(packages)}")
    env = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    patience = ["-o", "DPkg::Lock::Timeout=300"]  # another apt may hold the lock
    call(apt, "-qq", "update", env=env)
    call(apt, "-qq", *patience, "install", "-y", "--no-install-recommends", *packages, env=env)
    return True


def find_servers() -> None:
    """Have PostgreSQL, Chromium and a CJK font for the tests, or say which will be missed."""
    fonts = (
        shutil.which("fc-list")
        and subprocess.run(
            ["fc-list", ":lang=zh-cn", "family"], capture_output=True, text=True
        ).stdout.strip()
    )
    present = {
        "postgresql": shutil.which("initdb") or [*Path("/usr/lib/postgresql").glob("*/bin/initdb")],
        "chromium": shutil.which("chromium") or shutil.which("chromium-browser"),
        "fonts-noto-cjk": fonts,
    }
    missing = [name for name, found in present.items() if not found]
    if missing and not apt_installs(*missing):
        say(f"Absent, so tests that need them are skipped by name: {', '.join(missing)}")
        say(f"To have them: apt-get install --no-install-recommends {' '.join(missing)}")


# --- the commands ---------------------------------------------------------------------------

MODULE = [PYTHON, "-m"]
HOUSE = [*sorted(ROOT.glob("tests/test_*.py")), ROOT / "tests/web/test_vendor.py"]
CHECKS: "dict[str, list[object]]" = {
    "format": [*MODULE, "ruff", "format", "--check", "--quiet", "."],
    "lint": [*MODULE, "ruff", "check", "--quiet", "."],
    "import contracts": [BIN / "lint-imports", "--no-cache"],
    "types": [*MODULE, "mypy"],
    "templates": [BIN / "djlint", "web/templates", "--lint", "--quiet"],
    "doctests and the house's own tests": [
        *[*MODULE, "pytest", "-q", "--doctest-modules"],
        *["geo", "scheduler", *HOUSE],
    ],
}


def check(env: "dict[str, str]") -> int:
    """Run every check, also after a failed one, and say which failed."""
    failed = []
    for name, command in CHECKS.items():
        say(f"Checking: {name}")
        if subprocess.run([str(c) for c in command], cwd=ROOT, env=env).returncode:
            failed.append(name)
    say(f"Failed: {', '.join(failed)}" if failed else "Every check passed")
    return int(bool(failed))


def benchmarks(words: "list[str]") -> "list[object]":
    """Turn names of benchmarks into their files; without a name all are meant."""
    folder = ROOT / "tests" / "benchmarks"
    files = {file.stem.removeprefix("test_"): file for file in folder.glob("test_*.py")}
    chosen: list[object] = [files.get(word, word) for word in words]
    return chosen if files.keys() & set(words) else [folder, *chosen]


def main() -> int:
    """Read the command, prepare its environment, run it."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- an older Python should hear it in words
        sys.exit(f"zoufang needs Python 3.11 or later; this is {sys.version.split()[0]}.")
    parser = argparse.ArgumentParser(
        prog="run.py", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--wheelhouse", metavar="DIR", help="folder of downloaded wheels")
    commands = ["demo", "serve", "test", "check", "bench", "screenshots", "zoufang"]
    parser.add_argument("command", choices=commands)
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="goes on to the command")
    asked = parser.parse_args()
    for_people = asked.command in ("demo", "serve", "zoufang")
    needs = "bench" if asked.command == "bench" else "dev"
    prepare("run" if for_people else needs, asked.wheelhouse)
    if asked.command in ("test", "bench", "screenshots"):
        find_servers()
    env = surroundings()
    if asked.command == "check":
        return check(env)
    command = {
        "zoufang": [BIN / "zoufang"],
        "demo": [BIN / "zoufang", "demo"],
        "serve": [BIN / "zoufang", "serve"],
        "test": [*MODULE, "pytest", "-ra"],
        "bench": [*MODULE, "pytest", "-q", "-rs", "--timeout=3600"],
        "screenshots": [PYTHON, "scripts/screenshots.py"],
    }[asked.command]
    rest = benchmarks(asked.rest) if asked.command == "bench" else asked.rest
    words = [str(c) for c in [*command, *rest]]
    if not for_people:
        os.chdir(ROOT)
    os.execve(words[0], words, env)  # noqa: S606 -- literal program, signals reach it directly


if __name__ == "__main__":
    sys.exit(main())
