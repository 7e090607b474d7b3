"""English sentences from their facts: numbers with the right noun, times of day."""

from collections.abc import Mapping
from string import Formatter
from typing import Any


class _Counting(Formatter):
    """Formats ``{visits:visit|visits}`` as a number with its noun: 1 visit, 2 visits."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if bar:
            return counted(value, one, many)
        return str(super().format_field(value, format_spec))


_COUNTING = _Counting()


def said(sentence: str, facts: Mapping[str, Any]) -> str:
    """
    Put facts into a sentence.

    >>> said("{household} is due {visits:visit|visits}.", {"household": "H1", "visits": 1})
    'H1 is due 1 visit.'
    """
    return _COUNTING.vformat(sentence, (), facts)


def counted(number: float, one: str, many: str = "") -> str:
    """
    Give a number its noun, with an s for more than one unless another form is given.

    >>> counted(1, "visit"), counted(2, "visit"), counted(0, "way of it", "ways of it")
    ('1 visit', '2 visits', '0 ways of it')
    """
    return f"{number} {one if number == 1 else many or one + 's'}"


def clock(minutes: float) -> str:
    """Minutes after midnight as HH:MM."""
    whole = round(minutes)
    return f"{whole // 60:02d}:{whole % 60:02d}"
