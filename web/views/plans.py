"""Plans: list, overview, map, missing visits, one visit, comparison, publishing."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from web.context import current_account, database, now, settings, today
from web.maps.shell import map_shell
from web.presenters import plan as words
from web.presenters.group_looks import say_together
from web.presenters.looks import say_beside, say_look
from web.presenters.plan_map import start_day
from web.presenters.reasons import RULES
from web.presenters.unplanned import missing_by_village, missing_rows, rule_counts
from web.presenters.visit_places import cadre_choices, say_cell, say_visit
from web.usecases import plan_figures, publish_plan, read_plan
from web.usecases.ask_visit import ask_place, ask_visit
from web.usecases.look_into_missing import (
    TOGETHER_S,
    look_into_missing,
    look_into_unit,
    look_into_village,
)
from web.views.open_plans import asked_day, open_plan

bp = Blueprint("plans", __name__, url_prefix="/plans")

PAGE_ROWS = 50


@bp.get("/")
def index() -> ResponseReturnValue:
    """List the plans of every campaign, newest first."""
    with database().read() as session:
        plans = read_plan.all_plans(session)
    return render_template("plans/index.html", plans=plans, words=words)


@bp.get("/<int:plan_id>")
def show(plan_id: int) -> ResponseReturnValue:
    """Show what a plan reaches, what it costs and how it compares."""
    with database().read() as session:
        row, opened = open_plan(session, plan_id)
        versions = read_plan.versions(session, row.campaign_id)
        figures = plan_figures.plan_figures(opened)
    return render_template(
        "plans/show.html",
        plan=row,
        figures=figures,
        missing=sum(x.missing for x in opened.missing),
        missing_households=len(opened.missing),
        versions=versions,
        words=words,
        objective=words.objective_lines(figures.metrics),
        disturbance=words.disturbance_lines(figures.own, figures.baseline),
    )


@bp.get("/<int:plan_id>/map")
def map_page(plan_id: int) -> ResponseReturnValue:
    """Show the plan on the map; the data follow by fetch."""
    with database().read() as session:
        row, opened = open_plan(session, plan_id)
        shell = map_shell(session, tiles=settings().tiles)
    days = opened.problem.days
    return render_template(
        "plans/map.html",
        plan=row,
        words=words,
        shell=shell,
        settings={
            "base": f"/api/plans/{plan_id}",
            "visits": f"/plans/{plan_id}/visits",
            "first": start_day(days, today()).isoformat(),
        },
    )


@bp.get("/<int:plan_id>/unplanned")
def unplanned(plan_id: int) -> ResponseReturnValue:
    """List the visits the plan lacks, each with its reasons."""
    chosen = request.args.get("rule", "")
    village = request.args.get("village", "")
    page = max(1, request.args.get("page", 1, int))
    with database().read() as session:
        row, opened = open_plan(session, plan_id)
        names = read_plan.load_names(session)
    lacks = opened.missing
    shown = [
        x
        for x in lacks
        if (not chosen or any(r["rule"] == chosen for r in x.reasons))
        and (not village or x.village == village)
    ]
    pages = max(1, -(-len(shown) // PAGE_ROWS))
    page = min(page, pages)
    return render_template(
        "plans/unplanned.html",
        plan=row,
        words=words,
        rows=missing_rows(shown[(page - 1) * PAGE_ROWS : page * PAGE_ROWS], names),
        total=sum(x.missing for x in lacks),
        shown=sum(x.missing for x in shown),
        counts=rule_counts(lacks),
        by_village=missing_by_village(lacks),
        together_s=round(TOGETHER_S),
        rule_names=RULES,
        villages=sorted({(x.village, names.village(x.village)) for x in lacks}),
        chosen=chosen,
        village=village,
        page=page,
        pages=pages,
    )


@bp.get("/<int:plan_id>/unplanned/<number>")
def missing(plan_id: int, number: str) -> ResponseReturnValue:
    """Show what forbids the missing visits of one household, and what would help."""
    with database().read() as session:
        row, opened = open_plan(session, plan_id)
        found = look_into_missing(session, opened, number)
        names = read_plan.load_names(session)
    household = missing_rows([found.missing], names)[0]
    look = None if found.look is None else say_look(found.look, names, found.missing.reasons)
    return render_template(
        "plans/missing.html",
        plan=row,
        words=words,
        household=household,
        missing_in_village=missing_by_village(opened.missing)[found.missing.village],
        look=look,
        reasons=say_beside(household.reasons, look),
    )


@bp.get("/<int:plan_id>/unplanned/village/<village>")
@bp.get("/<int:plan_id>/unplanned/unit/<unit>")
def together(
    plan_id: int, village: str | None = None, unit: str | None = None
) -> ResponseReturnValue:
    """Show what would place all missing visits of a village or of a unit's villages."""
    with database().read() as session:
        row, opened = open_plan(session, plan_id)
        names = read_plan.load_names(session)
    if village is not None:
        found = look_into_village(opened, village)
        title = f"{names.town(village)} {names.village(village)}".strip()
    else:
        found = look_into_unit(opened, unit or "")
        title = names.unit(found.unit)
    return render_template(
        "plans/together.html",
        plan=row,
        words=words,
        title=title,
        village=village,
        found=found,
        unit_name=names.unit(found.unit),
        said=say_together(found, names),
    )


@bp.get("/<int:plan_id>/visits/<number>/<day>")
def visit(plan_id: int, number: str, day: str) -> ResponseReturnValue:
    """Show why a visit stands where it does, where else it could, and why not elsewhere."""
    at = asked_day(day)
    cadre, other = request.args.get("cadre", ""), request.args.get("on", "")
    with database().read() as session:
        row, opened = open_plan(session, plan_id)
        answer = ask_visit(opened, number, at, today=today())
        cell = ask_place(opened, number, cadre, asked_day(other)) if cadre and other else None
        names = read_plan.load_names(session)
    problem = opened.problem
    village = opened.village_of(number)
    return render_template(
        "plans/visit.html",
        plan=row,
        words=words,
        number=number,
        place=f"{names.town(village)} {names.village(village)}",
        answer=answer,
        said=say_visit(answer, problem, names),
        cell=None if cell is None else say_cell(cell, problem, names),
        choices=cadre_choices(problem, names, first=answer.unit),
        days=[d for d in problem.days if d >= today()],
        cadre=cadre or answer.visit.cadre,
        other=other or day,
    )


@bp.get("/compare")
def compare() -> ResponseReturnValue:
    """Put two plans of one campaign side by side; by default the newest and the one before."""
    with database().read() as session:
        a, b = request.args.get("a", type=int), request.args.get("b", type=int)
        pair = (a, b) if a is not None and b is not None else read_plan.newest_two(session)
        if pair is None:
            return render_template("plans/compare.html", first=None)
        first, opened_a = open_plan(session, pair[0])
        second, opened_b = open_plan(session, pair[1])
        if first.campaign_id != second.campaign_id:
            abort(404)
        versions = read_plan.versions(session, first.campaign_id)
    return render_template(
        "plans/compare.html",
        first=first,
        second=second,
        versions=versions,
        lines=words.comparison_lines(
            plan_figures.plan_figures(opened_a), plan_figures.plan_figures(opened_b)
        ),
        changed=len(read_plan.changed_visits(opened_a, opened_b)),
        words=words,
    )


@bp.get("/<int:plan_id>/publish")
def review(plan_id: int) -> ResponseReturnValue:
    """Show who will be told what, before anybody is."""
    with database().read() as session:
        row, opened = open_plan(session, plan_id)
        names = read_plan.load_names(session)
        before = read_plan.published_version(session, row.campaign_id)
        changed = {}
        if before is not None and before.id != plan_id:
            changed = read_plan.changed_visits(open_plan(session, before.id)[1], opened)
        cadres = words.told_cadres(opened, names, changed)
        villages = words.told_villages(opened, names, changed)
    return render_template(
        "plans/publish.html",
        plan=row,
        before=before,
        changed=len(changed),
        cadres=cadres,
        villages=villages,
        words=words,
    )


@bp.post("/<int:plan_id>/publish")
def publish(plan_id: int) -> ResponseReturnValue:
    """Put the plan in force."""
    with database().write.begin() as session:
        publish_plan.publish(
            session,
            plan_id,
            version=request.form.get("version", type=int),
            actor_id=current_account().id,
            on=today(),
            now=now(),
        )
    flash(_("The plan is published. Cadres see their days now."), "good")
    return redirect(url_for(".show", plan_id=plan_id), 303)
