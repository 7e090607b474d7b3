"""The plan a page is about, opened from the application's shelf."""

from datetime import date
from typing import cast

from flask import abort, current_app
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from data.tables import Plan
from web.errors import words
from web.usecases.read_plan import OpenPlan, PlanShelf, find_plan

words(
    {
        "plan-not-found": (404, _l("There is no such plan.")),
        "not-a-draft": (
            409,
            _l("Only a draft can be published; this plan is in force or replaced."),
        ),
        "not-in-plan": (404, _l("The plan knows nothing of %(key)s.")),
    }
)


def open_plan(session: Session, plan_id: int) -> tuple[Plan, OpenPlan]:
    """Return a plan's row and its opened documents; PlanNotFound becomes a 404 page."""
    row = find_plan(session, plan_id)
    shelf = current_app.extensions.setdefault("plan_shelf", PlanShelf())
    return row, cast(PlanShelf, shelf).open(session, row)


def asked_day(text: str) -> date:
    """Return the day an address names; 404 for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        abort(404)
