"""Campaigns: the list, one campaign, its period, who takes part."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from web.context import current_account, database, now, today
from web.errors import words
from web.presenters.capacity import capacity_problems, meter_name
from web.usecases.campaigns import (
    CampaignRow,
    InvalidCampaign,
    create_campaign,
    draw_households,
    edit_campaign,
    let_all_take_part,
    read_campaign,
    read_campaigns,
)
from web.usecases.capacity import capacity_of

bp = Blueprint("campaigns", __name__, url_prefix="/campaigns")

words({"campaign-not-found": (404, _l("There is no such campaign."))})

PHASES = {
    "upcoming": (_l("Not begun"), "info", "clock"),
    "running": (_l("Running"), "accent", "activity"),
    "over": (_l("Over"), "", "check2"),
}
PROBLEMS = {
    "missing": _l("This is needed."),
    "too-long": _l("At most 120 characters."),
    "backwards": _l("The last day lies before the first."),
    "too-many-days": _l("A campaign lasts at most 400 days."),
    "out-of-bounds": _l("Write a whole number that is not too small."),
}


@bp.get("/")
def index() -> str:
    """List the campaigns."""
    with database().read() as session:
        rows = read_campaigns(session, today=today())
    return render_template("campaigns/index.html", rows=rows, phases=PHASES)


@bp.get("/new")
def new() -> str:
    """Offer a form for a new campaign."""
    return _form(None, {}, {})


@bp.post("/new")
def create() -> ResponseReturnValue:
    """Begin a campaign and go to it."""
    try:
        with database().write.begin() as session:
            campaign_id = create_campaign(
                session, **_typed(), actor_id=current_account().id, now=now()
            )
    except InvalidCampaign as invalid:
        return _form(None, request.form, invalid.problems), 422
    flash(_("The campaign is there. Look at its rules next."), "good")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)


@bp.get("/<int:campaign_id>")
def show(campaign_id: int) -> str:
    """Show a campaign and what to do next."""
    return _page(campaign_id, {})


@bp.get("/<int:campaign_id>/edit")
def edit(campaign_id: int) -> str:
    """Offer a form to change name and period."""
    with database().read() as session:
        row = read_campaign(session, campaign_id, today=today())
    return _form(row, {}, {})


@bp.post("/<int:campaign_id>/edit")
def change(campaign_id: int) -> ResponseReturnValue:
    """Change name and period."""
    try:
        with database().write.begin() as session:
            edit_campaign(
                session,
                campaign_id,
                **_typed(),
                version=request.form.get("version", 0, type=int),
                actor_id=current_account().id,
                now=now(),
            )
    except InvalidCampaign as invalid:
        with database().read() as session:
            row = read_campaign(session, campaign_id, today=today())
        return _form(row, request.form, invalid.problems), 422
    flash(_("Saved. Plans that exist stay as they are; solve again to use the new period."), "good")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)


@bp.post("/<int:campaign_id>/households")
def choose(campaign_id: int) -> ResponseReturnValue:
    """Say who takes part: everybody who is owed a visit, or a fair draw."""
    who: dict[str, Any] = {
        "version": request.form.get("version", 0, type=int),
        "actor_id": current_account().id,
        "now": now(),
    }
    asked = request.form.get("count", 0, type=int)
    try:
        with database().write.begin() as session:
            if request.form.get("who") != "drawn":
                let_all_take_part(session, campaign_id, **who)
                drawn = None
            else:
                seed = request.form.get("seed", -1, type=int)
                drawn = draw_households(
                    session, campaign_id, count=asked, seed=seed, day=today(), **who
                )
    except InvalidCampaign as invalid:
        return _page(campaign_id, invalid.problems), 422
    if drawn is None:
        flash(_("Everybody who is owed a visit takes part."), "good")
    elif drawn < asked:
        flash(
            ngettext(
                "%(num)s household was drawn; no more could be, since the others were visited a "
                "short time ago.",
                "%(num)s households were drawn; no more could be, since the others were visited a "
                "short time ago.",
                drawn,
            ),
            "warn",
        )
    else:
        said = ngettext("%(num)s household was drawn.", "%(num)s households were drawn.", drawn)
        flash(said, "good")
    return redirect(url_for("campaigns.show", campaign_id=campaign_id), 303)


def _page(campaign_id: int, problems: Mapping[str, str]) -> str:
    with database().read() as session:
        row = read_campaign(session, campaign_id, today=today())
        load = capacity_of(session, campaign_id, today=today())
    return render_template(
        "campaigns/show.html",
        row=row,
        load=load,
        phases=PHASES,
        problems={field: PROBLEMS[code] for field, code in problems.items()},
        typed=request.form,
        capacity_problems=capacity_problems,
        meter_name=meter_name,
    )


def _form(row: CampaignRow | None, typed: Mapping[str, Any], problems: Mapping[str, str]) -> str:
    return render_template(
        "campaigns/form.html",
        row=row,
        typed=typed,
        problems={field: PROBLEMS[code] for field, code in problems.items()},
    )


def _typed() -> dict[str, Any]:
    return {
        "name": request.form.get("name", ""),
        "first_day": request.form.get("first_day", type=date.fromisoformat),
        "last_day": request.form.get("last_day", type=date.fromisoformat),
    }
