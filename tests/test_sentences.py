"""English sentences of the scheduler and of the command line agree with their numbers."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scheduler import missing_reasons, reasons
from scheduler.explaining import changes, rules
from scheduler.sentences import said

ROOT = Path(reasons.__file__).parents[1]
SPEAKING = sorted(
    [
        *(ROOT / "scheduler").glob("*reasons.py"),
        *(ROOT / "scheduler" / name for name in ("check.py", "certificate.py", "explain.py")),
        *(ROOT / "scheduler" / "explaining").glob("*.py"),
        *(ROOT / "web" / "cli").glob("*.py"),
    ]
)
NOUNS = "visits|teams|households|days|cadres|villages|rules|sessions|weeks|units|places"
COUNTED = re.compile(
    rf"(?<!of )(?<!these )\{{\}} (?:more |other |missing |planned |working )?({NOUNS})\b"
)
"""A number in braces before a noun that has no form for one; "these" are never one."""

SINGULAR_WITH_PLURAL_VERB = re.compile(r"\b1 [a-z]+(?: [a-z]+)? (are|have|need|lack|fill)\b")
ONE_OF_MANY = re.compile(rf"\b1 (?:more |other |missing |working )?({NOUNS})\b")


def texts(file: Path) -> Iterator[str]:
    """Every text of a file; what is put into it as a pair of braces."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                x.value if isinstance(x, ast.Constant) and isinstance(x.value, str)
                else "" if "counted(" in ast.unparse(x) else "{}"
                for x in node.values
            )  # fmt: skip
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield re.sub(r"\{[^{}|]*\}", "{}", node.value)


@pytest.mark.parametrize("file", SPEAKING, ids=lambda file: file.name)
def test_no_noun_after_a_number_lacks_its_form_for_one(file: Path) -> None:
    wrong = [text for text in texts(file) if COUNTED.search(text)]

    assert not wrong


def sentences() -> Iterator[str]:
    """Sentences with facts to be put in: of rules, of changes, of reasons."""
    yield from rules.SENTENCES.values()
    yield from changes.SENTENCES.values()
    for module in (reasons, missing_reasons):
        for node in ast.walk(ast.parse(Path(module.__file__).read_text("utf-8"))):
            text = node.value if isinstance(node, ast.Constant) else None
            if isinstance(text, str) and re.search(r"\{\w+(:[^}]*)?\}", text):
                yield text


class _One(dict[str, int]):
    def __missing__(self, key: str) -> int:
        return 1


@pytest.mark.parametrize("sentence", sorted(set(sentences())))
def test_a_sentence_in_which_every_number_is_one_is_still_english(sentence: str) -> None:
    one = said(sentence, _One())

    assert not ONE_OF_MANY.search(one)
    assert not SINGULAR_WITH_PLURAL_VERB.search(one)
