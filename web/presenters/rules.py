"""The rules of a campaign as sentences with fields in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from data.rules import BY_NAME, CampaignRules, InvalidRules, RuleField
from web.presenters.words import clock_time

PLACE = re.compile(r"\{(\w+)\}")
MARKS = frozenset(".,;\uff0c\u3002\uff1b")

LABELS: dict[str, Any] = {
    "village_min_gap_days": _l("Village gap in days"),
    "village_max_teams_per_day": _l("Teams in a village a day"),
    "village_max_visits_per_week": _l("Visits in a village a week"),
    "district_max_teams_per_day": _l("Teams in the district a day"),
    "district_share": _l("Multiple of the even share"),
    "household_min_gap_days": _l("Household gap in days"),
    "service_floor_min": _l("Fewest minutes of a visit"),
    "max_visits_per_day": _l("Visits of a cadre a day"),
    "quota_by": _l("Where quotas come from"),
    "quota_leader": _l("Quota of a leader"),
    "quota_staff": _l("Quota of other cadres"),
    "visiting_hours": _l("Visiting hours"),
    "travel_by": _l("How the way is measured"),
    "travel_mode": _l("Means of travel"),
    "weight_unplanned": _l("Price of a missing visit"),
    "weight_quota": _l("Price of a household short of a quota"),
    "weight_travel": _l("Price of a minute on the road"),
    "weight_fairness": _l("Price of unfair shares"),
    "weight_crowding": _l("Price of crowding"),
    "weight_spacing": _l("Price of uneven gaps"),
}

GROUPS: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
    (
        "village",
        _l("Not too much at once, not too often"),
        (
            _l(
                "Each village is visited on at most one day in {village_min_gap_days} days, by at "
                "most {village_max_teams_per_day} teams on that day."
            ),
            _l("In one week a village receives at most {village_max_visits_per_week} visits."),
            _l("In the whole district at most {district_max_teams_per_day} teams go out a day."),
            _l(
                "Where that is left empty: at most {district_share} times as many teams a day as "
                "an even spread needs."
            ),
        ),
    ),
    (
        "household",
        _l("Households"),
        (
            _l("Between two visits to a household lie at least {household_min_gap_days} days."),
            _l("A visit lasts at least {service_floor_min} minutes."),
        ),
    ),
    (
        "time",
        _l("Times of day"),
        (_l("Visits take place from {visiting_hours}; noon and evenings are left in peace."),),
    ),
    (
        "cadre",
        _l("Cadres"),
        (
            _l("A cadre makes at most {max_visits_per_day} visits a day."),
            _l("Quotas come from {quota_by}."),
            _l(
                "By role, a leader visits at least {quota_leader} different households, every "
                "other cadre {quota_staff}."
            ),
        ),
    ),
    (
        "travel",
        _l("On the way"),
        (_l("The way is measured {travel_by}, going by {travel_mode}."),),
    ),
    (
        "weights",
        _l("What matters how much"),
        (
            _l("A missing visit costs {weight_unplanned}."),
            _l("A household short of a quota costs {weight_quota}."),
            _l("A minute on the road costs {weight_travel}."),
            _l("Unfair shares of the work cost {weight_fairness}."),
            _l("Many visits to one village in one week cost {weight_crowding}."),
            _l("Uneven gaps between visits cost {weight_spacing} a day."),
        ),
    ),
)

CHOICES: dict[str, Any] = {
    "role": _l("the role: leader or not"),
    "register": _l("the register, each cadre's own"),
    "road": _l("by road"),
    "line": _l("along a lengthened straight line"),
    "car": _l("car"),
    "ebike": _l("e-bike"),
    "foot": _l("foot"),
}

LEVELS: dict[str, tuple[Any, Any]] = {
    "loose": (_l("Loose"), _l("Every 5 days, up to 2 teams: many visits in little time.")),
    "medium": (_l("Medium"), _l("Every 10 days, 1 team: the usual.")),
    "strict": (_l("Strict"), _l("Every 14 days, 1 team, longer visits: as quiet as can be.")),
}

REASONS: dict[str, Any] = {
    "village_min_gap_days": _l("A village needs quiet between visits, whoever comes."),
    "village_max_teams_per_day": _l("Two teams in one village on one day are a crowd."),
    "village_max_visits_per_week": _l("Village staff can accompany about this many visits a week."),
    "district_max_teams_per_day": _l("Left empty, it follows from the even share."),
    "district_share": _l("Twice the even share leaves room without a rush."),
    "household_min_gap_days": _l("Nobody should be visited more than about once a month."),
    "service_floor_min": _l("Below a quarter of an hour a visit is a formality."),
    "max_visits_per_day": _l("More than this in a day leaves no time to listen."),
    "quota_by": _l("By role as agreed, or each cadre's own number from the register."),
    "quota_leader": _l("The campaign asks 40 households of each leader."),
    "quota_staff": _l("The campaign asks 15 households of everybody else."),
    "visiting_hours": _l("Mornings and afternoons; nobody is disturbed at noon or in the evening."),
    "travel_by": _l("By road where roads are known, else along a lengthened straight line."),
    "travel_mode": _l("Cadres of a district office mostly share a car."),
    "weight_unplanned": _l("Reaching everybody comes before everything else."),
    "weight_quota": _l("A household short of a quota is worth half an hour."),
    "weight_travel": _l("One minute on the road; the measure of all other prices."),
    "weight_fairness": _l("Shares the work within a unit."),
    "weight_crowding": _l("Many visits to one village in one week cost more each."),
    "weight_spacing": _l("Pulls repeated visits towards even gaps."),
}

PROBLEMS: dict[str, Any] = {
    "out-of-bounds": _l("Write a number from %(least)s to %(most)s."),
    "not-a-number": _l("Write a number."),
    "not-a-choice": _l("Choose one of the list."),
    "bad-spans": _l("Write times in order: each from before its to, none overlapping."),
    "unknown": _l("There is no such rule."),
    "missing": _l("This is needed."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of text, then a field, then the mark that must not begin a line without it."""

    text: str
    field: RuleField | None = None
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """
    A rule to read and to edit.

    Parameters
    ----------
    pieces
        In order.
    reasons
        Why the defaults of its fields are what they are.
    """

    pieces: tuple[Piece, ...]
    reasons: tuple[str, ...]

    @property
    def fields(self) -> list[RuleField]:
        """The fields in it."""
        return [piece.field for piece in self.pieces if piece.field]


def groups() -> list[tuple[str, str, list[Sentence]]]:
    """Return key, heading and sentences of each group, in the reader's language."""
    return [
        (key, str(heading), [sentence(str(text)) for text in sentences])
        for key, heading, sentences in GROUPS
    ]


def sentence(text: str) -> Sentence:
    """Cut a sentence at its fields."""
    texts = PLACE.split(text)[::2]
    fields: list[RuleField | None] = [BY_NAME[name] for name in PLACE.findall(text)]
    marks = ["", *(following[:1] if following[:1] in MARKS else "" for following in texts[1:])]
    pieces = tuple(
        Piece(text=own.removeprefix(before), field=field, mark=after)
        for own, before, field, after in zip(
            texts, marks, [*fields, None], [*marks[1:], ""], strict=True
        )
    )
    reasons = tuple(_reason(field) for field in fields if field)
    return Sentence(pieces=pieces, reasons=reasons)


def _reason(field: RuleField) -> str:
    default = shown(field.name, field.default)
    return f"{default} – {REASONS[field.name]}"


def shown(name: str, value: Any) -> str:
    """Write a rule's value for people."""
    if value is None:
        return str(_("empty"))
    if name == "visiting_hours":
        return " · ".join(f"{clock_time(a)}–{clock_time(b)}" for a, b in value)
    if isinstance(value, str):
        return str(CHOICES[value])
    return f"{value:g}"


def problems_of(invalid: InvalidRules) -> dict[str, str]:
    """Return field -> what is wrong with it, in words."""
    return {name: str(PROBLEMS[code]) % _rounded(facts) for name, code, facts in invalid.problems}


def _rounded(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {k: f"{v:g}" if isinstance(v, int | float) else v for k, v in facts.items()}


def typed(form: Any) -> dict[str, Any]:
    """
    Read what was typed into the fields, for ``CampaignRules.read`` to judge.

    Parameters
    ----------
    form
        A multi-dict: one value a field; ``hours_from`` and ``hours_to`` once for each span.
    """
    found: dict[str, Any] = {}
    for name, field in BY_NAME.items():
        if field.kind == "spans":
            continue
        value = form.get(name, "").strip()
        found[name] = None if field.optional and not value else value
    hours = zip(form.getlist("hours_from"), form.getlist("hours_to"), strict=False)
    found["visiting_hours"] = [[_minutes(a), _minutes(b)] for a, b in hours if a or b]
    return found


def _minutes(text: str) -> int:
    hour, _colon, minute = text.partition(":")
    return int(hour) * 60 + int(minute) if hour.isdigit() and minute.isdigit() else -1


def values(rules: CampaignRules) -> dict[str, Any]:
    """Return what stands in each field; hours as ``HH:MM``."""
    stored = rules.stored()
    stored["visiting_hours"] = [[clock_time(a), clock_time(b)] for a, b in rules.visiting_hours]
    return {
        name: f"{value:g}" if isinstance(value, float) else "" if value is None else value
        for name, value in stored.items()
    }
