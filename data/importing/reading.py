"""A register while it is read: its rows, and where to say what is wrong with them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from data.importing.cells import Broken
from data.importing.fields import Kind
from data.importing.points import AUTO, Decision
from data.importing.problems import Fact, Problems
from data.importing.reference import Reference
from data.importing.values import shown


@dataclass(slots=True)
class Row:
    """One row: the cells as given, the values read from them, the fields that are wrong."""

    number: int
    cells: dict[str, Any] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    flawed: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Reading:
    """
    A register that is being checked.

    Parameters
    ----------
    headings
        Field key to its heading in the file; problems name fields so.
    rows
        In the words of the tables once resolved; a row with ``flawed`` fields is incomplete.
    decision
        How the points were read, if there are any.
    """

    kind: Kind
    problems: Problems
    sheet: str
    headings: dict[str, str]
    reference: Reference
    datum: str = AUTO
    today: date = date.max
    rows: list[Row] = field(default_factory=list)
    decision: Decision | None = None

    def sound(self) -> Iterator[Row]:
        """Rows without an error so far."""
        return (row for row in self.rows if not row.flawed)

    def named(self) -> Iterator[Row]:
        """Rows that others may refer to: what names them is right, whatever else is wrong."""
        names = {field.key for field in self.kind.fields if field.required}
        if self.kind.key == "villages":
            return self.sound()
        return (row for row in self.rows if names <= row.values.keys() and not names & row.flawed)

    def error(self, code: str, row: Row, key: str, **facts: Fact) -> None:
        """Note what stops the import, and mark the field."""
        row.flawed.add(key)
        self.problems.error(code, **self._place(row, key, facts))

    def warning(self, code: str, row: Row, key: str, **facts: Fact) -> None:
        """Note what should be looked at."""
        self.problems.warning(code, **self._place(row, key, facts))

    def _place(self, row: Row, key: str, facts: Mapping[str, Fact]) -> dict[str, Any]:
        cell = row.cells.get(key)
        return {
            "sheet": self.sheet,
            "row": row.number,
            "field": self.headings.get(key) or self.kind.field(key).heading,
            "value": "" if isinstance(cell, Broken) else shown(cell),
            "key": key,
            **facts,
        }
