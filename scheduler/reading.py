"""
Read one JSON object field by field, naming the path of whatever is wrong.

Only form is judged here (is it there, is it a number, a date, a text); ranges and references
are judged by the nouns themselves.
"""

import math
from collections.abc import Iterator
from datetime import date
from typing import Any

from scheduler.errors import InvalidPlan, InvalidProblem

LARGEST = 10**15
"""Whole numbers up to here are exact as floats, too."""

Mistake = type[InvalidProblem] | type[InvalidPlan]


class Reader:
    """
    A JSON object together with its path in the document.

    Parameters
    ----------
    found
        The decoded JSON value that should be an object.
    path
        Where it stands; empty for the document itself.
    mistake
        The error to raise.
    """

    __slots__ = ("_found", "_mistake", "path")

    def __init__(self, found: Any, path: str, mistake: Mistake) -> None:
        if not isinstance(found, dict):
            raise mistake("not-an-object", path or "(document)", found, "Write an object here.")
        self._found = found
        self._mistake = mistake
        self.path = path

    def __contains__(self, key: str) -> bool:
        return self._found.get(key) is not None

    def at(self, key: str) -> str:
        """Full path of a key of this object."""
        return f"{self.path}.{key}" if self.path else key

    def fail(self, code: str, key: str, value: Any, advice: str) -> InvalidProblem | InvalidPlan:
        """Build the error for a key; the caller raises it."""
        return self._mistake(code, self.at(key), value, advice)

    def value(self, key: str) -> Any:
        """Whatever stands at a key that must be there."""
        if key not in self._found:
            raise self.fail("missing-field", key, None, "The field is required.")
        return self._found[key]

    def text(self, key: str) -> str:
        """Read a text that is not empty."""
        return self._text(key, self.value(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """Read an array of texts."""
        return tuple(self._text(f"{key}[{i}]", x) for i, x in enumerate(self.items(key)))

    def number(self, key: str, default: float | None = None) -> float:
        """Read a finite number."""
        if default is not None and key not in self:
            return default
        return self._number(key, self.value(key))

    def integer(self, key: str, default: int | None = None) -> int:
        """Read a whole number."""
        if default is not None and key not in self:
            return default
        found = self._number(key, self.value(key))
        if found != int(found):
            raise self.fail("not-a-whole-number", key, found, "Write a whole number.")
        return int(found)

    def day(self, key: str) -> date:
        """Read a date, YYYY-MM-DD."""
        return self._day(key, self.value(key))

    def maybe_day(self, key: str) -> date | None:
        """Read a date, or None where there is none."""
        return self.day(key) if key in self else None

    def maybe_text(self, key: str) -> str | None:
        """Read a text, or None where there is none."""
        return self.text(key) if key in self else None

    def items(self, key: str, *, optional: bool = False) -> list[Any]:
        """Read an array."""
        if optional and key not in self:
            return []
        found = self.value(key)
        if not isinstance(found, list | tuple):
            raise self.fail("not-an-array", key, found, "Write an array here.")
        return list(found)

    def objects(self, key: str, *, optional: bool = False) -> Iterator["Reader"]:
        """Each object of an array."""
        for i, found in enumerate(self.items(key, optional=optional)):
            yield Reader(found, f"{self.at(key)}[{i}]", self._mistake)

    def object(self, key: str) -> "Reader":
        """Read the object at a key; an empty one where there is none."""
        found = self._found.get(key)
        return Reader({} if found is None else found, self.at(key), self._mistake)

    def keys(self) -> list[str]:
        """Every key, as found."""
        return list(self._found)

    def days(self, key: str, *, optional: bool = False) -> tuple[date, ...]:
        """Read an array of dates."""
        found = self.items(key, optional=optional)
        return tuple(self._day(f"{key}[{i}]", d) for i, d in enumerate(found))

    def pair(self, key: str) -> tuple[float, float]:
        """Two finite numbers: a point, or minutes from and to."""
        return self._pair(key, self.value(key))

    def pairs(self, key: str) -> tuple[tuple[float, float], ...]:
        """Read an array of pairs of numbers."""
        return tuple(self._pair(f"{key}[{i}]", p) for i, p in enumerate(self.items(key)))

    def pairs_by_day(self, key: str) -> dict[date, tuple[float, float]]:
        """Read an object from dates to pairs of numbers."""
        inner = Reader(self.value(key), self.at(key), self._mistake)
        return {inner._day(k, k): inner.pair(k) for k in inner._found}

    def _number(self, key: str, found: Any) -> float:
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise self.fail("not-a-number", key, found, "Write a number.")
        if isinstance(found, float) and not math.isfinite(found):
            raise self.fail("not-finite", key, found, "Write a finite number.")
        if abs(found) > LARGEST:
            raise self.fail("too-large", key, found, f"Write {LARGEST:,} or less.")
        return float(found)

    def _text(self, key: str, found: Any) -> str:
        if not isinstance(found, str) or not found:
            raise self.fail("not-a-text", key, found, "Write a text that is not empty.")
        try:
            found.encode()
        except UnicodeEncodeError:
            raise self.fail("not-a-text", key, found, "Write characters of Unicode.") from None
        return found

    def _day(self, key: str, found: Any) -> date:
        try:
            if isinstance(found, str) and len(found) == 10:
                return date.fromisoformat(found)
        except ValueError:
            pass
        raise self.fail("not-a-date", key, found, "Write an existing date as YYYY-MM-DD.")

    def _pair(self, key: str, found: Any) -> tuple[float, float]:
        if not isinstance(found, list | tuple) or len(found) != 2:
            raise self.fail("not-a-pair", key, found, "Write two numbers.")
        return self._number(f"{key}[0]", found[0]), self._number(f"{key}[1]", found[1])
