"""
What is wrong with an imported file, said so that a person can mend it.

A problem names its place (file, sheet, row, field), the value found and a stable code.
Its English sentence is looked up in ``data.importing.sentences`` and filled with the
facts; the page says the same sentence in the reader's language from the same facts.
An error stops the import, a warning is shown and may be confirmed.
"""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from data.importing.sentences import SENTENCES

Fact = str | int | float
Severity = Literal["error", "warning"]
LONGEST_VALUE = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportProblem:
    """
    One thing wrong, at one place.

    Parameters
    ----------
    severity
        ``error`` stops the import; ``warning`` is shown and may be confirmed.
    code
        A key of ``SENTENCES``; stable, so pages and tests may rely on it.
    file, sheet, field
        Names as the person who made the file knows them; empty where none applies.
    row
        Row as a spreadsheet shows it (the header is row 1); None for the whole file.
    value
        What was found there, as text, shortened to ``LONGEST_VALUE`` characters.
    facts
        What else the sentence needs, by placeholder name.
    """

    severity: Severity
    code: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    field: str = ""
    value: str = ""
    facts: Mapping[str, Fact] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.code not in SENTENCES:
            raise ValueError(f"Problem code {self.code!r} has no sentence in SENTENCES.")
        if len(self.value) > LONGEST_VALUE:
            object.__setattr__(self, "value", self.value[: LONGEST_VALUE - 1] + "…")

    @property
    def sentence(self) -> str:
        """The English sentence with its placeholders: the message id of the translations."""
        return SENTENCES[self.code]

    @property
    def words(self) -> dict[str, Fact]:
        """What fills the placeholders of the sentence, in any language."""
        place: dict[str, Fact] = {
            "file": self.file,
            "sheet": self.sheet,
            "row": "" if self.row is None else self.row,
            "field": self.field,
            "value": self.value,
        }
        return place | dict(self.facts)

    @property
    def message(self) -> str:
        """The filled English sentence, for logs and the command line."""
        return self.sentence % self.words

    def to_json(self) -> dict[str, Any]:
        """Plain values, as the import process hands them over."""
        return {
            "severity": self.severity,
            "code": self.code,
            "file": self.file,
            "sheet": self.sheet,
            "row": self.row,
            "field": self.field,
            "value": self.value,
            "facts": dict(self.facts),
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "ImportProblem":
        """Inverse of ``to_json``."""
        return cls(**values)


class ImportRefused(Exception):
    """A file cannot be imported; ``problems`` say why, errors first."""

    code = "import-refused"

    def __init__(self, problems: Iterable[ImportProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: p.severity != "error"))
        first = self.problems[0].message if self.problems else "no reason given"
        more = f" (and {len(self.problems) - 1} more)" if len(self.problems) > 1 else ""
        super().__init__(first + more)


class Problems:
    """
    Collects the problems of one file while it is read.

    Parameters
    ----------
    file
        Name shown for every problem added here.
    at_most
        Problems kept per code; the rest are counted in one ``and-more`` warning or error.
    """

    def __init__(self, file: str = "", *, at_most: int = 200) -> None:
        self.file = file
        self._at_most = at_most
        self._kept: list[ImportProblem] = []
        self._counts: dict[tuple[Severity, str], int] = {}

    def error(
        self,
        code: str,
        *,
        sheet: str = "",
        row: int | None = None,
        field: str = "",
        value: object = "",
        **facts: Fact,
    ) -> None:
        """Note what stops the import."""
        self._add("error", code, sheet, row, field, value, facts)

    def warning(
        self,
        code: str,
        *,
        sheet: str = "",
        row: int | None = None,
        field: str = "",
        value: object = "",
        **facts: Fact,
    ) -> None:
        """Note what a person should look at."""
        self._add("warning", code, sheet, row, field, value, facts)

    def extend(self, problems: Iterable[ImportProblem]) -> None:
        """Take over problems found elsewhere."""
        for problem in problems:
            self._keep(problem)

    def refuse_if_any(self) -> None:
        """Raise ``ImportRefused`` when an error was noted."""
        if self.has_errors:
            raise ImportRefused(self)

    @property
    def has_errors(self) -> bool:
        """Whether the import must stop."""
        return any(severity == "error" for severity, _ in self._counts)

    @property
    def errors(self) -> list[ImportProblem]:
        """Only what stops the import."""
        return [p for p in self if p.severity == "error"]

    @property
    def warnings(self) -> list[ImportProblem]:
        """Only what should be looked at."""
        return [p for p in self if p.severity == "warning"]

    def __iter__(self) -> Iterator[ImportProblem]:
        yield from self._kept
        for (severity, code), count in self._counts.items():
            if count > self._at_most:
                yield ImportProblem(
                    severity=severity,
                    code="and-more",
                    file=self.file,
                    facts={"of_code": code, "count": count - self._at_most},
                )

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _add(
        self,
        severity: Severity,
        code: str,
        sheet: str,
        row: int | None,
        field: str,
        value: object,
        facts: dict[str, Fact],
    ) -> None:
        self._keep(
            ImportProblem(
                severity=severity,
                code=code,
                file=self.file,
                sheet=sheet,
                row=row,
                field=field,
                value=str(value),
                facts=facts,
            )
        )

    def _keep(self, problem: ImportProblem) -> None:
        key = (problem.severity, problem.code)
        self._counts[key] = self._counts.get(key, 0) + 1
        if self._counts[key] <= self._at_most:
            self._kept.append(problem)
