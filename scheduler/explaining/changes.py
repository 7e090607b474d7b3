"""
Single changes that could make room for a visit, each with its numbers and its size.

A change gives a new problem; whether it helps is found out by solving that (``relax``). Sizes
only rank: about one for what a village or cadre would hardly notice, five for a visit given up.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal, get_args

from scheduler.cadre import Cadre
from scheduler.calendar import Minutes
from scheduler.explaining.rules import Facts
from scheduler.household import Household
from scheduler.problem import Problem
from scheduler.sentences import clock, said
from scheduler.village import Village

ChangeKind = Literal[
    "wider-window",
    "shorter-household-gap",
    "wider-dates",
    "other-cadre",
    "other-unit",
    "unlock",
    "longer-shift",
    "extra-shift",
    "more-stops",
    "lift-blackout",
    "shorter-village-gap",
    "more-teams",
    "more-visits-a-week",
    "more-district-teams",
    "fewer-visits",
]
CHANGES: tuple[ChangeKind, ...] = get_args(ChangeKind)

SENTENCES: Mapping[ChangeKind, str] = {
    "wider-window": "Visit household {household} in {windows} (until now {before}).",
    "shorter-household-gap": "Let visits of household {household} be {gap} instead of "
    "{before:day|days} apart.",
    "wider-dates": "Let household {household} be visited from {first} to {last}.",
    "other-cadre": "Send cadre {cadre} to household {household} instead of {paired}.",
    "other-unit": "Send cadre {cadre} of unit {unit} to household {household}.",
    "unlock": "Release the locked visit to household {household} on {day}.",
    "longer-shift": "Let cadre {cadre} work {hours} on {day} (until now {before}).",
    "extra-shift": "Let cadre {cadre} go out on {day}, too ({hours}).",
    "more-stops": "Let cadre {cadre} make {cap} instead of {before:visit|visits} a day.",
    "lift-blackout": "Let village {village} be visited on {day}, one of its quiet days.",
    "shorter-village-gap": "Let visit days in village {village} be {gap} instead of "
    "{before:day|days} apart.",
    "more-teams": "Let {cap} instead of {before:team|teams} a day into village {village}.",
    "more-visits-a-week": "Let village {village} take {cap} instead of {before:visit|visits} "
    "a week.",
    "more-district-teams": "Let {cap} instead of {before:team|teams} a day out in the district.",
    "fewer-visits": "Count household {household} as due {visits} instead of {before:visit|visits}.",
}

DAYS_A_STEP = 7.0
MINUTES_A_STEP = 60.0

BASES: Mapping[str, float] = {"shorter-village-gap": 0.5, "longer-shift": 0.5}
"""What a change of this kind counts, however small it is."""

REPLACED = ("before", "paired")
"""Facts that tell how things were until now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """
    One change of a problem.

    Parameters
    ----------
    kind
        One of ``CHANGES``.
    size
        How much it changes; only for ranking.
    facts
        Ids and numbers of its sentence.
    apply
        Makes the changed problem.
    """

    kind: ChangeKind
    size: float
    facts: Facts
    apply: Callable[[Problem], Problem] = field(repr=False, compare=False)

    @property
    def of(self) -> tuple[str, ...]:
        """What is changed: the kind, and the ids of whom it concerns."""
        ids = ("household", "village", "cadre") if self.kind != "wider-window" else ("household",)
        return (self.kind, *(str(self.facts[key]) for key in ids if key in self.facts))

    @property
    def sentence(self) -> str:
        """The change in English."""
        return said(SENTENCES[self.kind], self.facts)


def joined(made: tuple[Change, ...], change: Change) -> tuple[Change, ...]:
    """Add a change to others; one that goes further than an earlier one takes its place."""
    key = (change.of, change.facts.get("day"))
    earlier = next((x for x in made if (x.of, x.facts.get("day")) == key), None)
    if earlier is None:
        return (*made, change)
    before = {k: v for k, v in earlier.facts.items() if k in REPLACED}
    size = earlier.size + change.size - BASES.get(change.kind, 0.0)
    further = replace(change, size=size, facts={**change.facts, **before})
    return (*(x for x in made if x is not earlier), further)


def wider_window(h: Household, minutes: int, *, later: bool) -> Change:
    """Begin the first window earlier, or end the last one later."""
    spans = sorted(h.windows)
    (a, b), at = (spans[-1], -1) if later else (spans[0], 0)
    spans[at] = (a, min(b + minutes, 1440.0)) if later else (max(0.0, a - minutes), b)
    windows = tuple(spans)
    return Change(
        kind="wider-window",
        size=minutes / MINUTES_A_STEP,
        facts={"household": h.id, "windows": _spans(windows), "before": _spans(h.windows)},
        apply=lambda p: _with_household(p, h.id, windows=windows),
    )


def shorter_household_gap(h: Household, gap: int) -> Change:
    """Let visits of one household lie closer together."""
    return Change(
        kind="shorter-household-gap",
        size=(h.gap_days - gap) / DAYS_A_STEP,
        facts={"household": h.id, "gap": gap, "before": h.gap_days},
        apply=lambda p: _with_household(p, h.id, min_gap_days=gap),
    )


def wider_dates(h: Household, first: date, last: date, days: int) -> Change:
    """Let a household be visited earlier or later, by so many days."""
    return Change(
        kind="wider-dates",
        size=days / DAYS_A_STEP,
        facts={"household": h.id, "first": first.isoformat(), "last": last.isoformat()},
        apply=lambda p: _with_household(p, h.id, not_before=first, not_after=last),
    )


def other_cadre(h: Household, c: Cadre, unit: str) -> Change:
    """Send one cadre, of the village's own unit or of another."""
    if c.unit == unit:
        return Change(
            kind="other-cadre",
            size=3.0,
            facts={"household": h.id, "cadre": c.id, "paired": h.cadre or ""},
            apply=lambda p: _with_household(p, h.id, cadre=c.id),
        )
    return Change(
        kind="other-unit",
        size=4.0,
        facts={"household": h.id, "cadre": c.id, "unit": c.unit},
        apply=lambda p: _with_household(p, h.id, cadre=c.id),
    )


def unlock(household: str, day: date) -> Change:
    """Release one locked visit."""

    def apply(p: Problem) -> Problem:
        kept = [x for x in p.locked if (x.household, x.date) != (household, day)]
        return replace(p, locked=tuple(kept))

    facts = {"household": household, "day": day.isoformat()}
    return Change(kind="unlock", size=2.0, facts=facts, apply=apply)


def shift_on(c: Cadre, day: date, shift: Minutes) -> Change:
    """Let a cadre go out on one more day, or longer on one day."""
    before = c.shifts.get(day)
    facts = {"cadre": c.id, "day": day.isoformat(), "hours": _spans((shift,))}

    def apply(p: Problem) -> Problem:
        return _with_cadre(p, c.id, shifts={**p.cadre(c.id).shifts, day: shift})

    if before is None:
        size = 1.5 + (shift[1] - shift[0]) / MINUTES_A_STEP / 8
        return Change(kind="extra-shift", size=size, facts=facts, apply=apply)
    longer = (shift[1] - shift[0]) - (before[1] - before[0])
    facts["before"] = _spans((before,))
    size = BASES["longer-shift"] + longer / MINUTES_A_STEP
    return Change(kind="longer-shift", size=size, facts=facts, apply=apply)


def more_stops(c: Cadre, more: int) -> Change:
    """Let a cadre make more visits a day."""
    cap = c.max_visits_per_day + more
    return Change(
        kind="more-stops",
        size=1.0 * more,
        facts={"cadre": c.id, "cap": cap, "before": c.max_visits_per_day},
        apply=lambda p: _with_cadre(p, c.id, max_visits_per_day=cap),
    )


def lift_blackout(v: Village, day: date) -> Change:
    """Let a village be visited on one of its quiet days."""
    return Change(
        kind="lift-blackout",
        size=2.0,
        facts={"village": v.id, "day": day.isoformat()},
        apply=lambda p: _with_village(p, v.id, blackout_days=p.village(v.id).blackout_days - {day}),
    )


def shorter_village_gap(v: Village, gap: int) -> Change:
    """Let visit days of a village lie closer together."""
    return Change(
        kind="shorter-village-gap",
        size=BASES["shorter-village-gap"] + (v.min_gap_days - gap) / DAYS_A_STEP,
        facts={"village": v.id, "gap": gap, "before": v.min_gap_days},
        apply=lambda p: _with_village(p, v.id, min_gap_days=gap),
    )


def more_teams(v: Village, more: int) -> Change:
    """Let more teams a day into a village."""
    cap = v.max_teams_per_day + more
    return Change(
        kind="more-teams",
        size=1.5 * more,
        facts={"village": v.id, "cap": cap, "before": v.max_teams_per_day},
        apply=lambda p: _with_village(p, v.id, max_teams_per_day=cap),
    )


def more_visits_a_week(v: Village, more: int) -> Change:
    """Let a village take more visits a week."""
    cap = v.max_visits_per_week + more
    return Change(
        kind="more-visits-a-week",
        size=0.75 * more,
        facts={"village": v.id, "cap": cap, "before": v.max_visits_per_week},
        apply=lambda p: _with_village(p, v.id, max_visits_per_week=cap),
    )


def more_district_teams(before: int, more: int) -> Change:
    """Let more teams a day out in the district."""
    return Change(
        kind="more-district-teams",
        size=1.0 * more,
        facts={"cap": before + more, "before": before},
        apply=lambda p: replace(p, district_max_teams_per_day=before + more),
    )


def fewer_visits(h: Household, visits: int) -> Change:
    """Ask for fewer visits to a household."""
    return Change(
        kind="fewer-visits",
        size=5.0 * (h.visits_due - visits),
        facts={"household": h.id, "visits": visits, "before": h.visits_due},
        apply=lambda p: _with_household(p, h.id, visits_due=visits),
    )


def _spans(spans: tuple[Minutes, ...]) -> str:
    return ", ".join(f"{clock(a)}-{clock(b)}" for a, b in sorted(spans))


def _with_household(p: Problem, key: str, **facts: object) -> Problem:
    changed = [replace(h, **facts) if h.id == key else h for h in p.households]  # type: ignore[arg-type]
    return replace(p, households=tuple(changed))


def _with_cadre(p: Problem, key: str, **facts: object) -> Problem:
    changed = [replace(c, **facts) if c.id == key else c for c in p.cadres]  # type: ignore[arg-type]
    return replace(p, cadres=tuple(changed))


def _with_village(p: Problem, key: str, **facts: object) -> Problem:
    changed = [replace(v, **facts) if v.id == key else v for v in p.villages]  # type: ignore[arg-type]
    return replace(p, villages=tuple(changed))
