"""Owed households that no planner can be asked about, each with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.rules import Span
from data.store.households import Site
from scheduler.household import Household
from scheduler.plan import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An owed household that no planner can be asked about, and why."""

    household: str
    missing: int
    reason: Reason

    def to_json(self) -> dict[str, Any]:
        """Write like an entry of a plan's ``unplanned``."""
        return {
            "household": self.household,
            "missing": self.missing,
            "reasons": [self.reason.to_json()],
        }


def why_left_out(
    site: Site,
    *,
    village: str,
    has_unit: bool,
    windows: Sequence[Span],
    service_min: int,
) -> Reason | None:
    """Return why a site cannot be asked about, ``None`` when it can; times in minutes."""
    if site.lon is None or site.lat is None:
        return Reason(
            rule="unreachable",
            code="not-located",
            detail=f"{site.number} has no point on the map yet.",
            facts={"household": site.number},
        )
    if not has_unit:
        return Reason(
            rule="unit",
            code="village-without-unit",
            detail=f"No unit answers for village {village}.",
            facts={"household": site.number, "village": village},
        )
    longest = max((b - a for a, b in windows), default=0)
    if longest < service_min:
        return Reason(
            rule="window",
            code="outside-visiting-hours",
            detail=f"Within the visiting hours {site.number} can be met for {longest} minutes at "
            f"most, but a visit takes {service_min}.",
            facts={"household": site.number, "longest": longest, "service_min": service_min},
        )
    return None


def cut_off(site: Household, mode: str) -> LeftOut:
    """Return a site that no road leads to."""
    reason = Reason(
        rule="unreachable",
        code="no-road",
        detail=f"No road leads from any base to {site.id}.",
        facts={"household": site.id, "mode": mode},
    )
    return LeftOut(household=site.id, missing=site.visits_due, reason=reason)
