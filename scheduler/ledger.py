"""
The burden ledger (民扰账本): every contact is a debit, balances are what a place has borne.

A contact is any time an office reaches a household or a village. A visit is a contact in
which somebody of the household was spoken with; the same household and day is one visit,
however many records there are. No answer is a contact, not a visit.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from scheduler.errors import PlanningError

ContactKind = Literal["visit", "meeting", "accompaniment", "form", "call", "no-answer"]

KIND_FACTOR: Mapping[str, float] = {
    "visit": 1.0,
    "meeting": 1.0,
    "accompaniment": 1.0,
    "form": 0.5,
    "call": 0.2,
    "no-answer": 0.2,
}
"""How heavily a minute of each kind weighs; a default, changed by a setting."""


class InvalidContact(PlanningError):
    """A contact with a value that cannot be."""

    code = "invalid-contact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """
    One row of the ledger.

    Parameters
    ----------
    date
        Day of the contact.
    kind
        One of ``KIND_FACTOR``.
    minutes
        How long it took. At least 0.
    party_size
        People who came. At least 1.
    village
        Village that bore it.
    household
        Household that bore it, or None for a meeting of the village.
    cadre
        Who came, as far as known.
    """

    date: date
    kind: ContactKind
    village: str
    household: str | None = None
    cadre: str | None = None
    minutes: float = 0.0
    party_size: int = 1

    def __post_init__(self) -> None:
        if self.kind not in KIND_FACTOR:
            raise InvalidContact(f"kind is {self.kind!r}; known are {', '.join(KIND_FACTOR)}.")
        if not self.minutes >= 0:
            raise InvalidContact(f"minutes is {self.minutes}, must be 0 or more.")
        if self.party_size < 1:
            raise InvalidContact(f"party_size is {self.party_size}, must be 1 or more.")

    def burden_min(self, factor: Mapping[str, float] = KIND_FACTOR) -> float:
        """Weighted person-minutes: kind factor x minutes x party size."""
        return factor[self.kind] * self.minutes * self.party_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """Contacts and burden of one place over some trailing days."""

    contacts: int
    burden_min: float


def balance(
    contacts: Iterable[Contact],
    today: date,
    *,
    trailing_days: int,
    factor: Mapping[str, float] = KIND_FACTOR,
) -> Balance:
    """
    Sum contacts and burden over the trailing days that end today, today included.

    Parameters
    ----------
    contacts
        Those of one household, village or district.
    today
        Last day that counts.
    trailing_days
        7, 28 or 90.
    factor
        Kind factors.
    """
    first = today - timedelta(days=trailing_days - 1)
    mine = [c for c in contacts if first <= c.date <= today]
    return Balance(contacts=len(mine), burden_min=sum(c.burden_min(factor) for c in mine))


def balances(
    contacts: Iterable[Contact],
    today: date,
    *,
    by: Literal["household", "village"],
    trailing_days: int,
    factor: Mapping[str, float] = KIND_FACTOR,
) -> dict[str, Balance]:
    """Balance of each household, or of each village, that bore a contact in the trailing days."""
    grouped: dict[str, list[Contact]] = defaultdict(list)
    for c in contacts:
        key = c.household if by == "household" else c.village
        if key is not None:
            grouped[key].append(c)
    found = {
        key: balance(mine, today, trailing_days=trailing_days, factor=factor)
        for key, mine in grouped.items()
    }
    return {key: b for key, b in found.items() if b.contacts}


def days_over_cap(
    contacts: Iterable[Contact],
    days: Iterable[date],
    *,
    trailing_days: int,
    max_contacts: int | None = None,
    max_burden_min: float | None = None,
) -> list[date]:
    """Days on which the trailing balance of one place is above a cap."""
    mine = list(contacts)
    over = []
    for day in days:
        b = balance(mine, day, trailing_days=trailing_days)
        if (max_contacts is not None and b.contacts > max_contacts) or (
            max_burden_min is not None and b.burden_min > max_burden_min
        ):
            over.append(day)
    return over


def visit_dates(contacts: Iterable[Contact]) -> dict[str, list[date]]:
    """Distinct dates on which each household was visited, ascending."""
    found: dict[str, set[date]] = defaultdict(set)
    for c in contacts:
        if c.kind == "visit" and c.household is not None:
            found[c.household].add(c.date)
    return {household: sorted(dates) for household, dates in found.items()}


def last_visits(contacts: Iterable[Contact]) -> dict[str, date]:
    """Date of the last visit of each household; a contact without answer is no visit."""
    return {household: dates[-1] for household, dates in visit_dates(contacts).items()}


def distinct_households(contacts: Iterable[Contact]) -> dict[str, int]:
    """Households visited by each cadre, each counted once; a joint visit counts for everyone."""
    found: dict[str, set[str]] = defaultdict(set)
    for c in contacts:
        if c.kind == "visit" and c.household is not None and c.cadre is not None:
            found[c.cadre].add(c.household)
    return {cadre: len(households) for cadre, households in found.items()}
