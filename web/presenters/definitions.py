"""
The definition of each figure, worded once: help page, figure cards and exports use it.

The computations are ``scheduler.measures`` and ``scheduler.ledger``; a figure without an
entry here has no place on a page.
"""

from dataclasses import dataclass

from flask_babel import gettext as _


@dataclass(frozen=True, slots=True)
class Definition:
    """A term and what exactly it counts."""

    key: str
    term: str
    text: str


def definitions() -> list[Definition]:
    """Return every definition in the reader's language, in the order of the help page."""
    return [
        Definition(
            "contact",
            _("Contact"),
            _(
                "Any time an office reaches a household or village: a visit, a knock without "
                "answer, a call, a form, a meeting, staff asked to accompany. One row of the "
                "ledger."
            ),
        ),
        Definition(
            "visit",
            _("Visit"),
            _(
                "A contact in which somebody of the household was spoken with. Same household, "
                "same day is one visit, however many records there are. No answer is a contact, "
                "not a visit."
            ),
        ),
        Definition(
            "session",
            _("Session"),
            _("One team in one village for one half-day, with the households chosen for it."),
        ),
        Definition(
            "team",
            _("Team"),
            _("The cadres who arrive together. They count once for the limits of a village."),
        ),
        Definition(
            "distinct_households",
            _("Households visited"),
            _(
                "Households with at least one visit in the period, each counted once. Quotas of "
                "cadres count these."
            ),
        ),
        Definition(
            "gap",
            _("Gap"),
            _(
                "Day of the later visit minus day of the earlier one, in calendar days, all units "
                "together. Gap 10 means: day 0, then day 10 at the earliest."
            ),
        ),
        Definition(
            "due",
            _("Due"),
            _(
                "Today lies within the period in which the next visit should happen: from the last "
                "visit plus the earliest interval to the last visit plus the latest interval. On "
                "a no-visit day it stays due and says so."
            ),
        ),
        Definition(
            "overdue",
            _("Overdue"),
            _("Today lies after the last day on which the visit was due. Nothing else."),
        ),
        Definition(
            "owed",
            _("Owed"),
            _("Households with at least one visit due in the period, not moved, not refused."),
        ),
        Definition(
            "coverage",
            _("Coverage"),
            _(
                "Owed households with at least one visit, divided by owed households, for an area "
                "and a period. Where nothing is owed it is shown as a dash."
            ),
        ),
        Definition(
            "burden",
            _("Burden"),
            _(
                "Kind factor × minutes × party size, in weighted person-minutes. Factors: visit, "
                "meeting and accompaniment 1; form 0.5; call and no answer 0.2."
            ),
        ),
        Definition(
            "cap",
            _("Cap"),
            _(
                "A limit on the contacts of a village or household in the trailing 7, 28 or 90 "
                "days ending today. No day of a plan goes beyond it."
            ),
        ),
        Definition(
            "crowding",
            _("Crowding"),
            _("Sessions per village, town or district and day: the peak, and how they spread."),
        ),
        Definition(
            "unplanned",
            _("Unplanned"),
            _("Visits due that the plan does not hold. Each carries at least one reason."),
        ),
        Definition(
            "objective",
            _("Objective J"),
            _(
                "What the planner makes small: missing visits, missed quotas, travel minutes, "
                "uneven workloads, crowded weeks and uneven gaps, each with its weight. Less is "
                "better."
            ),
        ),
        Definition(
            "bound",
            _("Bound"),
            _(
                "A proven limit: no plan of this problem can have a smaller objective. The "
                "distance to it says how much better a plan could be at most."
            ),
        ),
    ]


def definition(key: str) -> str:
    """Return the text of one definition."""
    return next(each.text for each in definitions() if each.key == key)
