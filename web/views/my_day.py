"""A cadre's own day: stops in order, the map, what happened at the door."""

from datetime import date
from typing import TypeVar

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from web.context import current_account, database, now, settings, today
from web.errors import words as teach
from web.maps.shell import map_shell
from web.presenters import my_day as words
from web.presenters.navigation import navigation_links
from web.usecases import draw_routes, my_day, record_visit

bp = Blueprint("my_day", __name__)

Sent = TypeVar("Sent", bound=BaseModel)

teach(
    {
        "no-such-visit": (404, _l("This visit is not one of yours.")),
        "unknown-outcome": (422, _l("This result cannot be recorded.")),
        "day-to-come": (422, _l("A day still to come cannot be recorded.")),
    }
)


class Result(BaseModel):
    """What a phone sends from the door."""

    model_config = ConfigDict(extra="forbid")

    op_id: str = Field(pattern=r"^[0-9a-zA-Z-]{16,40}$")
    outcome: str = Field(pattern="^(visited|no_answer|moved|refused)$")
    note: str = Field(default="", max_length=words.NOTE_LENGTH)


class Undo(BaseModel):
    """What a phone sends to take a result back."""

    model_config = ConfigDict(extra="forbid")

    op_id: str = Field(pattern=r"^[0-9a-zA-Z-]{16,40}$")
    contact: int


@bp.get("/my-day")
def show() -> ResponseReturnValue:
    """Show one day of the signed-in cadre."""
    cadre_id = _cadre_id()
    chosen = _day(request.args.get("day", "")) or today()
    with database().read() as session:
        day = my_day.load_my_day(session, cadre_id, chosen)
        shell = map_shell(session, tiles=settings().tiles) if day.stops else None
    return render_template(
        "my_day/show.html",
        day=day,
        shell=shell,
        words=words,
        stops=words.stops_json(day),
        navigation=bool(settings().navigation_apps),
    )


@bp.get("/api/my-day/route")
def route() -> ResponseReturnValue:
    """Give the way through one day: base, stops, base."""
    chosen = _day(request.args.get("day", ""))
    if chosen is None:
        abort(404)
    with database().read() as session:
        day = my_day.load_my_day(session, _cadre_id(), chosen)
        way = draw_routes.own_route(session, day)
    return jsonify(base=day.base, legs=way.legs, by_road=way.by_road)


@bp.post("/api/my-day/visits/<int:visit_id>/result")
def record(visit_id: int) -> ResponseReturnValue:
    """Keep what happened; the answer is sent after the commit, so that saved means saved."""
    sent = _sent(Result)
    with database().write.begin() as session:
        stop = my_day.own_visit(session, _cadre_id(), visit_id)
        record_visit.record_visit(
            session,
            planned_visit_id=visit_id,
            cadre_id=_cadre_id(),
            op_id=sent.op_id,
            outcome=sent.outcome,
            note=sent.note.strip(),
            day=min(stop.day, today()),  # late entries keep the day that was planned
            now=now(),
            recorded_by=current_account().id,
        )
    return _standing(visit_id)


@bp.post("/api/my-day/visits/<int:visit_id>/undo")
def undo(visit_id: int) -> ResponseReturnValue:
    """Take a result back; the row stays in the ledger, withdrawn."""
    sent = _sent(Undo)
    with database().write.begin() as session:
        my_day.own_visit(session, _cadre_id(), visit_id)
        my_day.require_contact_of(session, visit_id, sent.contact)
        record_visit.undo_visit(
            session,
            contact_id=sent.contact,
            op_id=sent.op_id,
            now=now(),
            recorded_by=current_account().id,
        )
    return _standing(visit_id)


@bp.get("/api/my-day/visits/<int:visit_id>/navigation")
def navigation(visit_id: int) -> ResponseReturnValue:
    """Give the links to one stop, only now that somebody wants them."""
    with database().read() as session:
        stop = my_day.own_visit(session, _cadre_id(), visit_id)
        region = my_day.region_of(session)
    if stop.lon is None or stop.lat is None:
        abort(404)
    links = navigation_links(
        stop.lon,
        stop.lat,
        stop.village_name,
        apps=settings().navigation_apps,
        tencent_key=settings().tencent_key,
        region=region,
    )
    return jsonify([{"app": x.app, "label": x.label, "href": x.href} for x in links])


@bp.post("/api/my-day/visits/<int:visit_id>/phone")
def phone(visit_id: int) -> ResponseReturnValue:
    """Give the whole phone number of one stop; the asking is on record."""
    account = current_account()
    with database().write.begin() as session:
        number = my_day.reveal_phone(session, _cadre_id(), visit_id, actor_id=account.id, now=now())
    return jsonify(phone=number)


def _sent(model: type[Sent]) -> Sent:
    try:
        return model.model_validate(request.get_json())
    except ValidationError:
        abort(422)


def _standing(visit_id: int) -> ResponseReturnValue:
    with database().read() as session:
        stop = my_day.own_visit(session, _cadre_id(), visit_id)
    return jsonify(recorded=words.recorded_json(stop.recorded))


def _cadre_id() -> int:
    cadre_id = current_account().cadre_id
    if cadre_id is None:
        abort(404)
    return cadre_id


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
