"""The rules of a campaign: read as sentences, edited in place, weighed while one types."""

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from data.rules import PRESETS, CampaignRules, InvalidRules
from web.context import current_account, database, now, today
from web.presenters import rules as presenter
from web.presenters.capacity import capacity_problems, meter_name
from web.usecases.campaigns import change_rules, read_campaign, read_rule_changes
from web.usecases.capacity import capacity_of

bp = Blueprint("rules", __name__, url_prefix="/campaigns/<int:campaign_id>/rules")


@bp.get("/")
def edit(campaign_id: int) -> str:
    """Show the rules; ``?preset=`` fills in one of the three levels without saving."""
    preset = PRESETS.get(request.args.get("preset", ""))  # type: ignore[call-overload]
    return _page(campaign_id, rules=preset)


@bp.post("/")
def save(campaign_id: int) -> ResponseReturnValue:
    """Put the rules in force for the next solve."""
    typed = presenter.typed(request.form)
    try:
        rules = CampaignRules.read(typed)
    except InvalidRules as invalid:
        return _page(campaign_id, typed=typed, errors=presenter.problems_of(invalid)), 422
    with database().write.begin() as session:
        changed = change_rules(
            session,
            campaign_id,
            rules,
            version=request.form.get("version", 0, type=int),
            actor_id=current_account().id,
            now=now(),
        )
    if changed:
        count = len(changed)
        said = ngettext("%(num)s rule was changed.", "%(num)s rules were changed.", count)
        flash(said + " " + _("It holds from the next solve on."), "good")
    else:
        flash(_("Nothing was changed."), "info")
    return redirect(url_for("rules.edit", campaign_id=campaign_id), 303)


@bp.get("/check")
def check(campaign_id: int) -> ResponseReturnValue:
    """Weigh rules that are being typed: what is wrong in the fields, and what cannot be done."""
    try:
        rules = CampaignRules.read(presenter.typed(request.args))
    except InvalidRules as invalid:
        return jsonify(errors=presenter.problems_of(invalid), problems=None)
    with database().read() as session:
        load = capacity_of(session, campaign_id, today=today(), rules=rules)
    return jsonify(errors={}, problems=capacity_problems(load))


def _page(
    campaign_id: int,
    *,
    rules: CampaignRules | None = None,
    typed: dict[str, Any] | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    with database().read() as session:
        row = read_campaign(session, campaign_id, today=today())
        load = capacity_of(session, campaign_id, today=today(), rules=rules)
        changes = read_rule_changes(session, campaign_id)
    values = presenter.values(rules or row.rules)
    if typed is not None:
        hours = list(zip(request.form.getlist("hours_from"), request.form.getlist("hours_to")))  # noqa: B905
        values = typed | {"visiting_hours": hours}
    return render_template(
        "rules/edit.html",
        row=row,
        load=load,
        changes=changes,
        groups=presenter.groups(),
        values=values,
        errors=errors or {},
        unsaved=rules is not None or typed is not None,
        labels=presenter.LABELS,
        choices=presenter.CHOICES,
        levels=presenter.LEVELS,
        presets={level: presenter.values(preset) for level, preset in PRESETS.items()},
        shown=presenter.shown,
        capacity_problems=capacity_problems,
        meter_name=meter_name,
    )
