"""
Guess what a table is: which register, where its heading is, which column holds what.

A guess is a score between 0 and 1 and is always shown; a person may override any of it.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from data.importing.fields import Field, Kind
from data.importing.kinds import KINDS
from data.importing.values import is_blank, plain, shown

ROWS_SEARCHED = 15
SURE = 0.9
LEAST_SCORE = 0.65
_BRACKETED = re.compile(r"[((\[【].*?[))\]】]")
_NOTE_ROW = re.compile(r"^(填写说明|说明|注|备注说明|示例|例|note|example)\s*[::]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """
    How a table is read.

    Parameters
    ----------
    kind
        Key of the register.
    header_row
        Number of the row with the headings, as a spreadsheet shows it.
    columns
        Field key to column, counted from 0.
    scores
        Field key to certainty, 0 to 1.
    """

    kind: str
    header_row: int
    columns: Mapping[str, int]
    scores: Mapping[str, float]

    @property
    def weight(self) -> float:
        """How much of the register was recognised; compares kinds, sheets and rows."""
        return sum(self.scores.values())


def guess_kind(rows: Sequence[tuple[int, list[Any]]], *, name: str = "") -> Guess | None:
    """
    Find the register that fits a table best.

    Parameters
    ----------
    rows
        Row numbers with their cells, blank rows left out.
    name
        File and sheet name: their words break ties.
    """
    guesses = [guess for kind in KINDS.values() if (guess := guess_columns(rows, kind))]
    if not guesses:
        return None
    return max(guesses, key=lambda guess: _fitness(guess, name))


def guess_columns(rows: Sequence[tuple[int, list[Any]]], kind: Kind) -> Guess | None:
    """Find the heading row and the columns of a known register; None when nothing fits."""
    best: Guess | None = None
    for number, cells in rows[:ROWS_SEARCHED]:
        headings = ["" if is_blank(cell) else shown(cell) for cell in cells]
        columns, scores = _match(headings, kind)
        guess = Guess(kind=kind.key, header_row=number, columns=columns, scores=scores)
        if columns and (best is None or guess.weight > best.weight):
            best = guess
    return best


def is_note(cells: Sequence[Any]) -> bool:
    """Whether a row explains or shows by example, as rows of our templates do."""
    first = next((cell for cell in cells if not is_blank(cell)), None)
    return isinstance(first, str) and _NOTE_ROW.match(plain(first)) is not None


def _fitness(guess: Guess, name: str) -> tuple[bool, float]:
    kind = KINDS[guess.kind]
    is_complete = not missing_fields(kind, guess.columns)
    hinted = any(hint in plain(name).lower() for hint in kind.hints)
    used = guess.weight / len(kind.fields)
    return is_complete, guess.weight + 1.5 * hinted + used


def missing_fields(kind: Kind, columns: Mapping[str, int]) -> list[tuple[str, ...]]:
    """Fields without which no row can be read; a group lacks all of its members."""
    groups = [(field.key,) for field in kind.fields if field.required] + list(kind.needs_one_of)
    return [group for group in groups if not any(key in columns for key in group)]


def _match(headings: list[str], kind: Kind) -> tuple[dict[str, int], dict[str, float]]:
    """Pair headings and fields, the surest first, each at most once."""
    pairs = [
        (score, -order, column, field.key)
        for column, heading in enumerate(headings)
        if heading
        for order, field in enumerate(kind.fields)
        if (score := _score(heading, field)) >= LEAST_SCORE
    ]
    columns: dict[str, int] = {}
    scores: dict[str, float] = {}
    taken: set[int] = set()
    for score, _order, column, key in sorted(pairs, reverse=True):
        if key not in columns and column not in taken:
            columns[key], scores[key] = column, score
            taken.add(column)
    return columns, scores


def _score(heading: str, field: Field) -> float:
    return _score_words(_bare(heading), _names(field.heading, field.label, field.synonyms))


@lru_cache(maxsize=512)
def _names(heading: str, label: str, synonyms: str) -> tuple[str, ...]:
    return (_bare(heading), *(_bare(word) for word in synonyms.split()), _bare(label))


@lru_cache(maxsize=4096)
def _score_words(heading: str, names: tuple[str, ...]) -> float:
    if not heading:
        return 0.0
    if heading == names[0]:
        return 1.0
    if heading in names:
        return 0.95
    if len(heading) > 20:
        return 0.0
    best = 0.0
    for name in names:
        if len(name) >= 2 and (name in heading or heading in name) and len(heading) >= 2:
            shorter, longer = sorted((len(name), len(heading)))
            best = max(best, 0.55 + 0.3 * shorter / longer)
        best = max(best, 0.85 * difflib.SequenceMatcher(None, heading, name).ratio())
    return best


def _bare(words: str) -> str:
    """A heading without brackets, stars, spaces and case."""
    text = plain(words).lower()
    without = _BRACKETED.sub("", text)
    return re.sub(r"[\s*_:：/\\.-]", "", without or text)
