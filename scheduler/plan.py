"""What is answered: the visits, what is missing and why, and how good it is."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Self

from scheduler.errors import InvalidPlan
from scheduler.metrics import Metrics
from scheduler.reading import Reader

FORMAT = "zoufang-plan/1"

RULES = frozenset(
    {
        "window",
        "shift",
        "capacity",
        "village-gap",
        "village-teams",
        "village-week",
        "blackout",
        "household-gap",
        "pairing",
        "unit",
        "dates",
        "district",
        "unreachable",
        "time-limit",
    }
)
"""Names that a reason may give."""

Status = Literal["optimal", "feasible", "stopped"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisit:
    """
    One visit of the plan.

    Parameters
    ----------
    household, cadre
        Ids.
    date
        Day of the visit.
    start, end
        Minutes after midnight.
    order
        Place in the cadre's day, from 1.
    """

    household: str
    cadre: str
    date: date
    start: float
    end: float
    order: int

    def to_json(self) -> dict[str, Any]:
        """Write one entry of ``visits``."""
        return {
            "household": self.household,
            "cadre": self.cadre,
            "date": self.date.isoformat(),
            "start": self.start,
            "end": self.end,
            "order": self.order,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """
    Why a visit is not planned, or may not be.

    Parameters
    ----------
    rule
        One of ``RULES``.
    code
        Which sentence; a page words it in the reader's language from the facts. None for a
        reason that came without one, from another planner. Never empty.
    facts
        The numbers and ids of the sentence.
    detail
        The sentence in English.
    """

    rule: str
    code: str | None
    facts: Mapping[str, int | str | float] = field(default_factory=dict)
    detail: str

    def __post_init__(self) -> None:
        for name in ("rule", "code", "detail"):
            if getattr(self, name) == "":
                raise InvalidPlan("empty-text", f"reason.{name}", "", "Write at least a word.")

    def to_json(self) -> dict[str, Any]:
        """Write one entry of ``reasons``."""
        code = {} if self.code is None else {"code": self.code}
        return {"rule": self.rule, "detail": self.detail, **code, "facts": dict(self.facts)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplanned:
    """Visits due to a household that the plan lacks, with at least one reason."""

    household: str
    missing: int
    reasons: tuple[Reason, ...]

    def to_json(self) -> dict[str, Any]:
        """Write one entry of ``unplanned``."""
        return {
            "household": self.household,
            "missing": self.missing,
            "reasons": [r.to_json() for r in self.reasons],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """
    What no plan of this problem can beat.

    Parameters
    ----------
    J
        Proven lower bound of the objective.
    travel
        Proven lower bound of the travel part of every plan that lacks no more than is certified,
        or than the plan that it was proved for.
    proof
        How it was proved, one line.
    """

    J: float
    travel: float
    proof: str

    def to_json(self) -> dict[str, Any]:
        """Write the ``bound`` object."""
        return {"J": self.J, "travel": self.travel, "proof": self.proof}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """
    A plan.

    Parameters
    ----------
    visits
        By date, cadre and order.
    unplanned
        Each household that lacks visits, once.
    metrics
        The objective and its parts.
    bound
        A proven lower bound, or None.
    status
        ``optimal`` only when proven; ``stopped`` when cancelled.
    seed
        Seed of the search.
    seconds
        Wall-clock seconds it took.
    """

    visits: tuple[PlannedVisit, ...]
    unplanned: tuple[Unplanned, ...]
    metrics: Metrics
    bound: Bound | None = None
    status: Status = "feasible"
    seed: int = 0
    seconds: float = 0.0

    @property
    def missing_visits(self) -> int:
        """Visits due that are not in the plan."""
        return sum(u.missing for u in self.unplanned)

    def to_json(self) -> dict[str, Any]:
        """Write ``zoufang-plan/1``: plain dicts, lists, texts and numbers."""
        return {
            "format": FORMAT,
            "status": self.status,
            "seed": self.seed,
            "seconds": self.seconds,
            "metrics": self.metrics.to_json(),
            "bound": self.bound.to_json() if self.bound else None,
            "visits": [x.to_json() for x in self.visits],
            "unplanned": [u.to_json() for u in self.unplanned],
        }

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """
        Read ``zoufang-plan/1``.

        Raises
        ------
        InvalidPlan
            With the path of the field that is not in the form of a plan.
        """
        r = Reader(document, "", InvalidPlan)
        if r.value("format") != FORMAT:
            raise r.fail("unknown-format", "format", r.value("format"), f"Write {FORMAT!r}.")
        status = r.text("status") if "status" in r else "feasible"
        if status not in ("optimal", "feasible", "stopped"):
            raise r.fail("unknown-status", "status", status, "Write optimal, feasible or stopped.")
        return cls(
            visits=tuple(_read_visit(x) for x in r.objects("visits")),
            unplanned=tuple(_read_unplanned(u) for u in r.objects("unplanned", optional=True)),
            metrics=Metrics.read(r.object("metrics")),
            bound=_read_bound(r.object("bound")) if "bound" in r else None,
            status=status,  # type: ignore[arg-type]
            seed=r.integer("seed", 0),
            seconds=r.number("seconds", 0.0),
        )


def in_order(visits: Iterable[PlannedVisit]) -> tuple[PlannedVisit, ...]:
    """Sort visits by date, cadre and order."""
    return tuple(sorted(visits, key=lambda x: (x.date, x.cadre, x.order)))


def _read_visit(r: Reader) -> PlannedVisit:
    return PlannedVisit(
        household=r.text("household"),
        cadre=r.text("cadre"),
        date=r.day("date"),
        start=r.number("start"),
        end=r.number("end"),
        order=r.integer("order", 0),
    )


def _read_unplanned(r: Reader) -> Unplanned:
    return Unplanned(
        household=r.text("household"),
        missing=r.integer("missing"),
        reasons=tuple(_read_reason(x) for x in r.objects("reasons")),
    )


def _read_reason(r: Reader) -> Reason:
    facts = r.object("facts")
    return Reason(
        rule=r.text("rule"),
        detail=r.text("detail"),
        code=r.text("code") if "code" in r else None,
        facts={key: _fact(facts, key) for key in facts.keys()},  # noqa: SIM118
    )


def _fact(r: Reader, key: str) -> int | str | float:
    found = r.value(key)
    if isinstance(found, bool) or not isinstance(found, int | float | str):
        raise r.fail("not-a-fact", key, found, "Write a number or a text.")
    return found


def _read_bound(r: Reader) -> Bound:
    bound = Bound(
        J=r.number("J", -math.inf),
        travel=r.number("travel", 0.0),
        proof=r.text("proof") if "proof" in r else "",
    )
    return bound
