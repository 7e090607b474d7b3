"""The four rooms are ours, answer their question, and import only what they may."""

import ast
import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
QUESTIONS = {
    "geo": "Where?",
    "scheduler": "Who is visited when, and by whom?",
    "data": "What do we know?",
    "web": "Who asks?",
}


@pytest.mark.parametrize("room", QUESTIONS)
def test_the_name_of_a_room_is_ours_alone(room: str, tmp_path: Path) -> None:
    owners = set(importlib.metadata.packages_distributions().get(room, []))
    assert owners <= {"zoufang"}  # an editable install lists no owner at all

    code = f"import {room}; print({room}.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert Path(found.stdout.strip()).is_relative_to(ROOT)


@pytest.mark.parametrize(("room", "question"), QUESTIONS.items())
def test_a_room_opens_with_its_question(room: str, question: str) -> None:
    opening = ast.get_docstring(ast.parse((ROOT / room / "__init__.py").read_text("utf-8")))

    assert opening is not None and opening.startswith(question)


def test_web_opens_without_loading_flask() -> None:
    code = "import sys, web; sys.exit('flask' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_tests_are_no_package_that_could_shadow_a_room() -> None:
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_no_folder_is_named_after_leftovers() -> None:
    leftovers = {"utils", "common", "misc", "helpers"}
    rooms = [ROOT / room for room in (*QUESTIONS, "tests")]

    assert not [p for room in rooms for p in room.rglob("*") if p.is_dir() and p.name in leftovers]
