"""Lines of a text file as the readers see them: words with the place where they stand."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from scheduler.classical.instance import InvalidInstance

MOST = 1e15


@dataclass(frozen=True, slots=True)
class Line:
    """
    A line that is not blank.

    Parameters
    ----------
    number
        From 1.
    words
        Separated by blanks in the file.
    """

    number: int
    words: tuple[str, ...]

    def number_at(self, place: int, field: str, *, least: float = -MOST) -> float:
        """Read a finite number; the error names the line and the field."""
        if place >= len(self.words):
            raise InvalidInstance(
                field,
                f"is missing; the line has {len(self.words)} values, {place + 1} are expected.",
                line=self.number,
            )
        return parse_number(self.words[place], field, line=self.number, least=least)

    def whole_at(self, place: int, field: str, *, least: int = 0) -> int:
        """Read a whole number; the error names the line and the field."""
        return as_whole(
            self.number_at(place, field, least=least), field, line=self.number, least=least
        )


def parse_number(word: str, field: str, *, line: int, least: float = -MOST) -> float:
    """Turn a word into a finite number not below the least."""
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not least <= value <= MOST:
        bounds = "a number" if least == -MOST else f"a number of {least:g} or more"
        raise InvalidInstance(field, f"found {word[:40]!r}, {bounds} is expected.", line=line)
    return value


def as_whole(value: float, field: str, *, line: int, least: int = 0) -> int:
    """Refuse fractions."""
    if value != int(value):
        raise InvalidInstance(
            field, f"found {value:g}, a whole number of {least} or more is expected.", line=line
        )
    return int(value)


def lines_of(text: str) -> Iterator[Line]:
    """Yield the lines that are not blank."""
    for number, line in enumerate(text.splitlines(), start=1):
        words = tuple(line.split())
        if words:
            yield Line(number, words)
