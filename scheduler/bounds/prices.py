"""The dual prices of one piece's rows, by what they are about; and the bound they prove."""

from dataclasses import dataclass, fields

import numpy as np

from scheduler.bounds.terms import Terms, tangent
from scheduler.engines.search.arrays import Floats


@dataclass(frozen=True, slots=True)
class Prices:
    """
    Prices of the rows, all at least 0.

    Any prices prove a bound, good or bad: what is gained by the right-hand sides, plus the
    least that stops and cadre-days can make of it (Lagrange).
    """

    visit: Floats  # (N,) a visit of a stop
    gap: Floats  # (N, D) a visit of a stop on a day, by its household's gap
    entry: Floats  # (V, D) a team in a village on a day
    week: Floats  # (V, W) a visit in a village's week, by its cap
    crowd: Floats  # (V, W, m) share of each tangent, together at most 1
    minute: Floats  # (C,) a minute of service of a cadre
    certified: Floats  # (V,) missing priority of a village
    gain: Floats  # (1,) what the right-hand sides of the rows added later are worth

    def mixed(self, other: "Prices", share: float) -> "Prices":
        """Take a share of these prices and the rest of others."""
        return Prices(
            *(_mix(getattr(self, x.name), getattr(other, x.name), share) for x in fields(self))
        )

    def without_routes(self, terms: Terms) -> float:
        """Part of the bound that needs no route; the least value of each cadre-day is added."""
        f = terms.fixed
        rate = terms.missing - self.visit - terms.priority * self.certified[f.home]
        missing = np.where(rate > 0, terms.least_missing, terms.due)
        return float(
            terms.constant
            + self.gain[0]
            + self.visit @ terms.due
            + self.certified @ terms.certified
            + rate @ missing
        )

    def worth(self, terms: Terms, c: int, d: int) -> Floats:
        """Worth of a visit of each stop by a cadre on a day, shape (N,)."""
        f = terms.fixed
        return np.asarray(
            self.visit
            - self.gap[:, d]
            - f.service * self.minute[c]
            - self.week[f.home, f.week[d]]
        )

    def entries(self, terms: Terms, d: int, most: int) -> Floats:
        """Price of the first, second ... visit of a route in each village, (V, most)."""
        steps = np.array(
            [
                [tangent(k, m) - tangent(k - 1, m) for k in range(1, most + 1)]
                for m in range(self.crowd.shape[2])
            ],
            float,
        )
        entry = terms.crowding * (self.crowd[:, terms.fixed.week[d], :] @ steps)
        entry[:, 0] += self.entry[:, d]
        return np.asarray(entry)


def _mix(a: Floats, b: Floats, share: float) -> Floats:
    """Mix arrays; one may know more tangents than the other."""
    if a.shape != b.shape:
        wide = max(a.shape[-1], b.shape[-1])
        a, b = (np.pad(x, ((0, 0), (0, 0), (0, wide - x.shape[-1]))) for x in (a, b))
    return np.asarray(share * a + (1.0 - share) * b)
