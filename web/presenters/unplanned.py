"""Missing visits in words: what, where, why, and a way out."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from data.store.plan_reading import Missing
from web.presenters.reasons import SaidReason, say_reasons
from web.usecases.read_plan import Names


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingRow:
    """One line of the list of missing visits."""

    household: str
    village: str
    village_name: str
    town: str
    missing: int
    reasons: list[SaidReason]


def missing_rows(lacks: Iterable[Missing], names: Names) -> list[MissingRow]:
    """Word the missing visits, in their order."""
    return [
        MissingRow(
            household=x.household,
            village=x.village,
            village_name=names.village(x.village),
            town=names.town(x.village),
            missing=x.missing,
            reasons=say_reasons(x.reasons, names),
        )
        for x in lacks
    ]


def missing_by_village(lacks: Iterable[Missing]) -> Counter[str]:
    """Count the missing visits of each village."""
    counts: Counter[str] = Counter()
    for x in lacks:
        counts[x.village] += x.missing
    return counts


def rule_counts(lacks: Iterable[Missing]) -> list[tuple[str, int]]:
    """Count the missing visits each rule stands in the way of, most first."""
    counts: Counter[str] = Counter()
    for x in lacks:
        for rule in {r["rule"] for r in x.reasons}:
            counts[rule] += x.missing
    return counts.most_common()
