"""run.py: standard library only, honest about its commands, and it sees a changed lock."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture
def run() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", ROOT / "run.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_needs_the_standard_library_only() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    imported = {
        name.name.partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for name in node.names
    } | {
        (node.module or "").partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
    }

    assert imported <= sys.stdlib_module_names


def test_its_help_names_every_command() -> None:
    shown = subprocess.run(
        [sys.executable, "run.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout

    for command in ("demo", "serve", "test", "check", "bench", "screenshots", "zoufang"):
        assert f"\n    {command} " in shown


def test_an_older_python_is_told_so(run: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run.sys, "version_info", (3, 9, 2))

    with pytest.raises(SystemExit, match=r"needs Python 3\.11"):
        run.main()


def test_a_changed_lock_is_installed_again(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("run", "dev"):
        lock = tmp_path / f"{kind}.lock"
        lock.write_text("flask==3.1.3\n")
        monkeypatch.setitem(run.LOCKS, kind, lock)
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(run, "STAMP", tmp_path / "stamp")
    assert not run.ready("run")

    run.STAMP.write_text(run.fingerprint("dev"))
    assert run.ready("run") and run.ready("dev") and not run.ready("bench")

    run.LOCKS["dev"].write_text("flask==3.1.4\n")
    assert not run.ready("run")


def test_the_field_environment_is_not_enough_for_tests(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(run, "STAMP", tmp_path / "stamp")
    run.STAMP.write_text(run.fingerprint("run"))

    assert run.ready("run") and not run.ready("dev")


def test_benchmarks_are_asked_for_by_name(run: ModuleType) -> None:
    folder = run.ROOT / "tests" / "benchmarks"

    assert run.benchmarks(["gap", "--scale", "0.1"]) == [folder / "test_gap.py", "--scale", "0.1"]
    assert run.benchmarks(["-k", "sparse"]) == [folder, "-k", "sparse"]


def test_a_machine_without_ensurepip_is_told_which_package_to_install(
    run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "STAMP", tmp_path / "stamp")
    monkeypatch.setattr(run, "PYTHON", tmp_path / "bin" / "python")
    monkeypatch.setattr(run.shutil, "which", lambda _: None)
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(run.os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit, match="apt-get install python3-venv"):
        run.prepare("run", None)
