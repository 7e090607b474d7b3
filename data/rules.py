"""
The rules of a campaign, each a value with its unit, bounds, default and reason.

A page says each rule as a sentence (每村每 10 天最多 1 组) with the value in a field; ``FIELDS``
tells it what may be typed. The stored form is the model's JSON; an unknown key is refused, so
that a rule that was meant is never dropped in silence.

A cadre's day is one span in the planner's problem, from the first to the last visiting hour;
the noon break is kept by the households' windows, which are cut to ``visiting_hours``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

Span = tuple[int, int]
"""From and to, minutes after midnight."""

Level = Literal["loose", "medium", "strict"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleField:
    """
    What a page must know to let somebody edit one rule.

    Parameters
    ----------
    name
        Attribute of ``CampaignRules``.
    kind
        ``int``, ``float``, ``choice`` or ``spans``.
    unit
        ``day``, ``team``, ``visit``, ``household``, ``minute``, ``multiple``, ``price`` or empty.
    default, least, most
        Value when nobody chose, and the bounds, both included.
    optional
        Whether it may be left empty; empty means no such limit or worked out from the campaign.
    choices
        Values of a ``choice``.
    group
        ``village``, ``district``, ``household``, ``cadre``, ``time``, ``travel`` or ``weights``.
    reason
        Why the default is what it is; one English sentence, a key for translation.
    """

    name: str
    kind: Literal["int", "float", "choice", "spans"]
    group: str
    unit: str
    default: Any
    least: float | None
    most: float | None
    optional: bool
    choices: tuple[str, ...]
    reason: str


class InvalidRules(Exception):
    """
    Rules that cannot be kept; ``problems`` says for each field what was found.

    Parameters
    ----------
    problems
        ``(field, code, facts)`` with code ``out-of-bounds``, ``not-a-number``, ``not-a-choice``,
        ``bad-spans``, ``unknown`` or ``missing``.
    """

    code = "invalid-rules"

    def __init__(self, problems: Iterable[tuple[str, str, dict[str, Any]]]) -> None:
        self.problems = tuple(problems)
        words = "; ".join(f"{name}: {code} {facts}" for name, code, facts in self.problems)
        super().__init__(f"These rules cannot be kept: {words}.")


def _rule(default: Any, group: str, unit: str, least: float, most: float, reason: str) -> Any:
    words = _words(group, unit, reason)
    return Field(default, ge=least, le=most, json_schema_extra=words)


def _choice(default: Any, group: str, reason: str, unit: str = "") -> Any:
    return Field(default, json_schema_extra=_words(group, unit, reason))


def _words(group: str, unit: str, reason: str) -> Any:
    return {"group": group, "unit": unit, "reason": reason}


class CampaignRules(BaseModel):
    """Rules of one campaign; every field has a default, its bounds and a reason."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    village_min_gap_days: int = _rule(
        10, "village", "day", 0, 90, "A village needs quiet between visits, whoever comes."
    )
    village_max_teams_per_day: int = _rule(
        1, "village", "team", 1, 10, "Two teams in one village on one day are a crowd."
    )
    village_max_visits_per_week: int = _rule(
        12, "village", "visit", 1, 200, "Village staff can accompany about this many visits a week."
    )
    district_max_teams_per_day: int | None = _rule(
        None, "district", "team", 1, 1000, "Left empty, it follows from the even share."
    )
    district_share: float = _rule(
        2.0, "district", "multiple", 1, 20, "Twice the even share leaves room without a rush."
    )
    household_min_gap_days: int = _rule(
        28, "household", "day", 1, 365, "Nobody should be visited more than about once a month."
    )
    service_floor_min: int = _rule(
        15, "household", "minute", 5, 240, "Below a quarter of an hour a visit is a formality."
    )
    max_visits_per_day: int = _rule(
        6, "cadre", "visit", 1, 20, "More than this in a day leaves no time to listen."
    )
    quota_by: Literal["role", "register"] = _choice(
        "role", "cadre", "By role as agreed, or each cadre's own number from the register."
    )
    quota_leader: int = _rule(
        40, "cadre", "household", 0, 500, "The campaign asks 40 households of each leader."
    )
    quota_staff: int = _rule(
        15, "cadre", "household", 0, 500, "The campaign asks 15 households of everybody else."
    )
    visiting_hours: Annotated[tuple[Span, ...], Field(min_length=1, max_length=4)] = _choice(
        ((510, 690), (870, 1050)),
        "time",
        "Mornings and afternoons; nobody is disturbed at noon or in the evening.",
        unit="minute",
    )
    travel_by: Literal["road", "line"] = _choice(
        "road", "travel", "By road where roads are known, else along a lengthened straight line."
    )
    travel_mode: Literal["car", "ebike", "foot"] = _choice(
        "car", "travel", "Cadres of a district office mostly share a car."
    )
    weight_unplanned: float = _rule(
        1000, "weights", "price", 1, 1e6, "Reaching everybody comes before everything else."
    )
    weight_quota: float = _rule(
        30, "weights", "price", 0, 1e5, "A household short of a quota is worth half an hour."
    )
    weight_travel: float = _rule(
        1, "weights", "price", 0, 1e4, "One minute on the road; the measure of all other prices."
    )
    weight_fairness: float = _rule(
        0.2, "weights", "price", 0, 1e4, "Shares the work within a unit."
    )
    weight_crowding: float = _rule(
        0.5, "weights", "price", 0, 1e4, "Many visits to one village in one week cost more each."
    )
    weight_spacing: float = _rule(
        0.5, "weights", "price", 0, 1e4, "Pulls repeated visits towards even gaps."
    )

    @model_validator(mode="after")
    def _hours_are_spans_of_one_day(self) -> Self:
        before = 0
        for start, end in self.visiting_hours:
            if not before <= start < end <= 24 * 60:
                raise ValueError("bad-spans")
            before = end
        return self

    @property
    def day_span(self) -> Span:
        """From the first to the last visiting hour, minutes after midnight."""
        return self.visiting_hours[0][0], self.visiting_hours[-1][1]

    def quota(self, role: str, own: int) -> int:
        """Distinct households asked of a cadre of this role with this number in the register."""
        if self.quota_by == "register":
            return own
        return self.quota_leader if role == "leader" else self.quota_staff

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Self:
        """
        Read stored or typed rules; what is absent takes its default.

        Raises
        ------
        InvalidRules
            Naming each field that cannot be kept.
        """
        try:
            return cls.model_validate(stored)
        except ValidationError as refused:
            raise InvalidRules(_problem(error) for error in refused.errors()) from None

    def stored(self) -> dict[str, Any]:
        """Return the JSON form that ``read`` takes back."""
        return self.model_dump(mode="json")


def _problem(error: Any) -> tuple[str, str, dict[str, Any]]:
    name = str(error["loc"][0]) if error["loc"] else "visiting_hours"
    kind, context = error["type"], error.get("ctx", {})
    if kind in ("greater_than_equal", "less_than_equal"):
        field = BY_NAME[name]
        return name, "out-of-bounds", {"least": field.least, "most": field.most}
    if kind == "literal_error":
        return name, "not-a-choice", {"choices": ", ".join(BY_NAME[name].choices)}
    if kind == "extra_forbidden":
        return name, "unknown", {}
    if name == "visiting_hours" or "error" in context:
        return "visiting_hours", "bad-spans", {}
    return name, "not-a-number", {}


def _read_field(name: str) -> RuleField:
    info = CampaignRules.model_fields[name]
    extra: Any = info.json_schema_extra
    bounds = {type(m).__name__: m for m in info.metadata}
    annotation = str(info.annotation)
    if name == "visiting_hours":
        kind: Literal["int", "float", "choice", "spans"] = "spans"
    elif "Literal" in annotation:
        kind = "choice"
    else:
        kind = "float" if info.annotation is float else "int"
    return RuleField(
        name=name,
        kind=kind,
        group=extra["group"],
        unit=extra["unit"],
        default=info.default,
        least=bounds["Ge"].ge if "Ge" in bounds else None,
        most=bounds["Le"].le if "Le" in bounds else None,
        optional="None" in annotation,
        choices=tuple(info.annotation.__args__) if kind == "choice" else (),  # type: ignore[union-attr]
        reason=extra["reason"],
    )


FIELDS: tuple[RuleField, ...] = tuple(_read_field(name) for name in CampaignRules.model_fields)
"""One entry a rule, in the order in which a page shows them."""

BY_NAME = MappingProxyType({field.name: field for field in FIELDS})

PRESETS: MappingProxyType[Level, CampaignRules] = MappingProxyType(
    {
        "loose": CampaignRules(
            village_min_gap_days=5,
            village_max_teams_per_day=2,
            village_max_visits_per_week=20,
            district_share=3,
            household_min_gap_days=21,
            max_visits_per_day=8,
        ),
        "medium": CampaignRules(),
        "strict": CampaignRules(
            village_min_gap_days=14,
            village_max_visits_per_week=8,
            district_share=1.5,
            household_min_gap_days=35,
            service_floor_min=20,
            max_visits_per_day=5,
        ),
    }
)
"""宽, 中, 严."""
