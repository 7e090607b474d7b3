"""The calendar: working days, holidays, and days on which a place is left in peace."""

from datetime import date
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from data.blackouts import InvalidBlackout
from web.context import current_account, database, now, today
from web.errors import words
from web.presenters import blackouts as presenter
from web.usecases.blackouts import (
    Calendar,
    delete_rule,
    read_calendar,
    save_rule,
    toggle_day,
)
from web.usecases.campaigns import CampaignRow, read_campaigns
from web.usecases.holidays import confirm_year, mark_day

bp = Blueprint("blackouts", __name__, url_prefix="/calendar")

words(
    {
        "unknown-blackout": (404, _l("There is no such rule or place.")),
        "closed-by-rule": (
            409,
            _l("This day is closed by a rule (%(names)s). Change that rule in the list below."),
        ),
        "invalid-blackout": (422, _l("The rule cannot be read. Check what was entered.")),
    }
)


@bp.get("/")
def index() -> str:
    """Show the calendar of a campaign or a year for one place, and all rules."""
    return _page()


@bp.post("/rules")
def save() -> ResponseReturnValue:
    """Add a rule or change one."""
    rule, params = presenter.typed_params(request.form)
    try:
        with database().write.begin() as session:
            save_rule(
                session,
                rule_id=request.form.get("rule_id", type=int),
                region_id=request.form.get("region_id", 0, type=int),
                rule=rule,
                params=params,
                name=request.form.get("name", "").strip(),
                active=request.form.get("active", "1") == "1",
                actor_id=current_account().id,
                now=now(),
            )
    except InvalidBlackout as invalid:
        return _page(errors={invalid.field: str(presenter.FIELDS[invalid.field])}), 422
    flash(_("The rule is saved. It holds from the next solve on."), "good")
    return redirect(_back(), 303)


@bp.post("/rules/<int:rule_id>/delete")
def delete(rule_id: int) -> ResponseReturnValue:
    """Take a rule away."""
    with database().write.begin() as session:
        delete_rule(session, rule_id, actor_id=current_account().id, now=now())
    flash(_("The rule is gone."), "good")
    return redirect(_back(), 303)


@bp.post("/days")
def toggle() -> ResponseReturnValue:
    """Close one day for a place, or open it again."""
    asked = request.get_json()
    try:
        region_id, day = int(asked["region"]), date.fromisoformat(asked["day"])
    except (KeyError, TypeError, ValueError):
        abort(400)
    with database().write.begin() as session:
        closed = toggle_day(
            session,
            region_id,
            day,
            actor_id=current_account().id,
            now=now(),
        )
    return jsonify(closed=closed)


@bp.post("/marks")
def mark() -> ResponseReturnValue:
    """Mark a day as holiday or as a weekend that is worked, or take the mark away."""
    kind = request.form.get("kind", "")
    day = request.form.get("day", type=date.fromisoformat)
    if kind not in ("holiday", "workday", "usual") or day is None:
        return _page(errors={"day": _("Choose a day and what it is.")}), 422
    with database().write.begin() as session:
        mark_day(
            session,
            day,
            kind,
            name=request.form.get("name", "").strip(),
            actor_id=current_account().id,
            now=now(),
        )
    flash(_("The calendar is saved."), "good")
    return redirect(_back(), 303)


@bp.post("/years/<int:assumed>/confirm")
def confirm(assumed: int) -> ResponseReturnValue:
    """Call the assumed holidays of a year official."""
    with database().write.begin() as session:
        confirm_year(session, assumed, actor_id=current_account().id, now=now())
    flash(_("The holidays of %(year)s are official now.", year=assumed), "good")
    return redirect(_back(), 303)


def _page(errors: dict[str, str] | None = None) -> str:
    with database().read() as session:
        campaigns = read_campaigns(session, today=today())
        campaign, first, last = _period(campaigns)
        calendar = read_calendar(
            session, first, last, region_id=request.args.get("place", type=int)
        )
    return render_template(
        "blackouts/index.html",
        calendar=calendar,
        campaigns=campaigns,
        campaign=campaign,
        year=None if campaign else first.year,
        years=_years(),
        months=presenter.months(calendar),
        places=presenter.places(calendar.regions),
        entered=presenter.typed_values(request.form)
        if errors
        else presenter.form_values(calendar, _edited(calendar)),
        errors=errors or {},
        words=presenter,
        here=_here(),
    )


def _period(campaigns: list[CampaignRow]) -> tuple[CampaignRow | None, date, date]:
    """Return the campaign asked for, the year asked for, else the newest campaign's period."""
    asked = request.args.get("campaign", type=int)
    year = request.args.get("year", type=int)
    if year is None or not 2004 <= year <= 2099:
        found = next((c for c in campaigns if c.id == asked), campaigns[0] if campaigns else None)
        if found is not None:
            return found, found.first_day, found.last_day
        year = today().year
    return None, date(year, 1, 1), date(year, 12, 31)


def _years() -> list[int]:
    return [today().year + n for n in (-1, 0, 1)]


def _edited(calendar: Calendar) -> Any:
    asked = request.args.get("rule", type=int)
    return next((rule for rule in calendar.rules if rule.id == asked), None)


def _here() -> dict[str, Any]:
    """What of the address must survive a form."""
    return {k: v for k, v in request.args.items() if k in ("campaign", "year", "place")}


def _back() -> str:
    return url_for("blackouts.index", **_here())
