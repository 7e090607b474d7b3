"""The dual prices of one piece's rows, by what they are about; and the bound they prove."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import NamedTuple

import numpy as np

from scheduler.bounds.classes import DayClass
from scheduler.bounds.terms import Terms, tangent
from scheduler.engines.search.arrays import Floats


class Tables(NamedTuple):
    """Prices as routes of Z classes see them."""

    worth: Floats  # (Z, N) of a visit
    entry: Floats  # (Z, V, S) of the first, second ... visit in a village


@dataclass(frozen=True, slots=True)
class Prices:
    """
    Prices of the rows, all at least 0; N stops, Z classes, V villages, B buckets.

    Any prices prove a bound, good or bad: what is gained by the right-hand sides, plus the
    least that stops and cadre-days can make of it (Lagrange).
    """

    visit: Floats  # (N,) a visit of a stop
    certified: Floats  # (V,) missing priority of a village
    gap: Floats  # (N, Z) a visit of a stop, by its household's gap
    entry: Floats  # (V, Z) a team in a village
    week: Floats  # (V, B) a visit in a village, by its cap
    crowd: Floats  # (V, B, m) share of each tangent, together at most 1
    load: Floats  # (C,) a minute of service by a cadre, besides the common price; any sign
    gain: Floats  # (1,) what the right-hand sides of the last five are worth

    def mixed(self, other: "Prices", share: float) -> "Prices":
        """Take a share of these prices and the rest of others."""
        return Prices(
            *(_mix(getattr(self, x.name), getattr(other, x.name), share) for x in fields(self))
        )

    def without_routes(self, terms: Terms) -> float:
        """Part of the bound that needs no route; the least value of each cadre-day is added."""
        return without_routes(terms, self.visit, self.certified, float(self.gain[0]))

    def tables(self, terms: Terms, classes: Sequence[DayClass], most: int) -> Tables:
        """Prices for routes of at most so many stops."""
        kinds = list(enumerate(classes))
        return Tables(
            worth=np.array([self.worth(terms, z, k) for z, k in kinds]),
            entry=np.array([self.entries(terms, z, k.bucket, most) for z, k in kinds]),
        )

    def worth(self, terms: Terms, z: int, kind: DayClass) -> Floats:
        """Worth of a visit of each stop by a route of a class, shape (N,)."""
        f = terms.fixed
        minute = terms.minute + (self.load[kind.cadre] if kind.cadre >= 0 else 0.0)
        return np.asarray(
            self.visit - self.gap[:, z] - f.service * minute - self.week[f.home, kind.bucket]
        )

    def entries(self, terms: Terms, z: int, bucket: int, most: int) -> Floats:
        """Price of the first, second ... visit of a route in each village, (V, most)."""
        steps = np.array(
            [
                [tangent(k, m) - tangent(k - 1, m) for k in range(1, most + 1)]
                for m in range(self.crowd.shape[2])
            ],
            float,
        )
        entry = terms.crowding * (self.crowd[:, bucket, :] @ steps)
        entry[:, 0] += self.entry[:, z]
        return np.asarray(entry)


def without_routes(terms: Terms, visit: Floats, certified: Floats, gain: float) -> float:
    """
    Part of the bound that needs no route.

    Parameters
    ----------
    terms
        The piece, priced.
    visit, certified
        Prices of a visit of each stop, and of what is certified missing in each village.
    gain
        What the right-hand sides of all other rows are worth.
    """
    rate = terms.missing - visit - terms.priority * certified[terms.fixed.home]
    missing = np.where(rate > 0, terms.least_missing, terms.due)
    return float(
        terms.constant + gain + visit @ terms.due + certified @ terms.certified + rate @ missing
    )


def _mix(a: Floats, b: Floats, share: float) -> Floats:
    """Mix arrays; one may know more tangents than the other."""
    if a.shape != b.shape:
        wide = max(a.shape[-1], b.shape[-1])
        a, b = (np.pad(x, ((0, 0), (0, 0), (0, wide - x.shape[-1]))) for x in (a, b))
    return np.asarray(share * a + (1.0 - share) * b)
