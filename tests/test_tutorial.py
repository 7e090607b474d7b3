"""The tutorial does what it says: its blocks run, in their order, in one session."""

import re
from pathlib import Path
from typing import Any

import pytest

TUTORIAL = Path(__file__).resolve().parent.parent / "docs" / "tutorial.md"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_every_block_of_the_tutorial_runs(capsys: pytest.CaptureFixture[str]) -> None:
    text = TUTORIAL.read_text("utf-8")
    session: dict[str, Any] = {}

    for block in BLOCK.finditer(text):
        line = text[: block.start(1)].count("\n")
        exec(compile("\n" * line + block[1], str(TUTORIAL), "exec"), session)

    printed = capsys.readouterr().out
    assert "unknown-unit villages[0].unit" in printed
    assert "24 visits, 0 missing" in printed
    assert "h0" in printed
    assert "Aims(" in printed
