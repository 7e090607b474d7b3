"""
What a plan document claims, read as far as it can be read.

The judge must say something useful about any document, so reading never fails as a whole:
each entry that cannot be read becomes a sentence in ``malformed`` and the rest goes on.
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from scheduler.errors import InvalidPlan
from scheduler.plan import FORMAT
from scheduler.reading import Reader

T = TypeVar("T")


class VisitClaim(NamedTuple):
    """A visit as the document states it; ids may be unknown."""

    household: str
    cadre: str
    date: date
    start: float
    end: float
    order: int


class UnplannedClaim(NamedTuple):
    """Missing visits as the document states them; reasons are (rule, detail)."""

    household: str
    missing: float
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """
    Everything the judge looks at.

    Parameters
    ----------
    visits, unplanned
        The entries that could be read.
    objective
        J as stated; NaN where none is.
    bound
        Bound of J as stated, or None.
    malformed
        One sentence for everything that could not be read.
    """

    visits: tuple[VisitClaim, ...]
    unplanned: tuple[UnplannedClaim, ...]
    objective: float
    bound: float | None
    malformed: tuple[str, ...]


def read_claims(document: Any) -> Claims:
    """Read a plan document; never fails."""
    malformed: list[str] = []
    if not isinstance(document, Mapping):
        malformed.append("The plan is not an object.")
        document = {}
    elif document.get("format") != FORMAT:
        malformed.append(f"The plan's format is {document.get('format')!r}, not {FORMAT!r}.")
    if "visits" not in document and not malformed:
        malformed.append("The plan has no visits array.")
    return Claims(
        visits=tuple(_each(document, "visits", _visit, malformed)),
        unplanned=tuple(_each(document, "unplanned", _unplanned, malformed)),
        objective=_number(_inside(document, "metrics", malformed), math.nan),
        bound=_maybe_number(_inside(document, "bound", malformed)),
        malformed=tuple(malformed),
    )


def _each(
    document: Mapping[str, Any], key: str, read: Callable[[Reader], T], malformed: list[str]
) -> Iterable[T]:
    entries = document.get(key) or ()
    if not isinstance(entries, list | tuple):
        malformed.append(f"{key} is not an array.")
        return
    for i, entry in enumerate(entries):
        try:
            yield read(Reader(entry, f"{key}[{i}]", InvalidPlan))
        except InvalidPlan as error:
            malformed.append(str(error))


def _visit(r: Reader) -> VisitClaim:
    return VisitClaim(
        r.text("household"),
        r.text("cadre"),
        r.day("date"),
        r.number("start"),
        r.number("end"),
        r.integer("order", 0),
    )


def _unplanned(r: Reader) -> UnplannedClaim:
    reasons = tuple((_text(x, "rule"), _text(x, "detail")) for x in r.objects("reasons"))
    return UnplannedClaim(r.text("household"), r.number("missing"), reasons)


def _text(r: Reader, key: str) -> str:
    found = r.value(key) if key in r else ""
    return found if isinstance(found, str) else ""


def _inside(document: Mapping[str, Any], key: str, malformed: list[str]) -> Any:
    found = document.get(key)
    if found is None:
        return None
    if not isinstance(found, Mapping):
        malformed.append(f"{key} is not an object.")
        return None
    return found.get("J")


def _number(found: Any, otherwise: float) -> float:
    if isinstance(found, bool) or not isinstance(found, int | float):
        return otherwise
    return float(found)


def _maybe_number(found: Any) -> float | None:
    return None if found is None else _number(found, math.nan)
