"""Fixtures that every room's tests share; each family lives in its file of tests/support."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

pytest_plugins = [
    "tests.support.postgres",
    "tests.support.databases",
    "tests.support.browser",
    "tests.support.servers",
    "tests.support.district",
    "tests.support.planned",
    "tests.support.contract",
    "tests.support.cluster",
]


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """Folder of the contract and the real inputs; tests that use it skip where it is absent."""
    folder = Path(os.environ.get("ZOUFANG_SHARED", ROOT.parent / "shared"))
    if not (folder / "contract" / "judge.py").is_file():
        pytest.skip(f"needs the contract and the real inputs in {folder.name}/ beside the project")
    return folder
