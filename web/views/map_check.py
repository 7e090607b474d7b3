"""Map check: sites outside their village or without a point, mended one by one."""

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from web import errors
from web.context import current_account, database, now, settings
from web.maps.shell import map_shell
from web.usecases import map_check

bp = Blueprint("map_check", __name__, url_prefix="/map-check")
SHOWN = 200

errors.words(
    {
        "unknown-site": (404, _l("There is no such household or enterprise.")),
        "place-refused": (422, _l("The %(field)s is missing or is no place of this district.")),
    }
)
GROUPS = {
    "nowhere": (
        _l("Without a point"),
        _l("They cannot be planned until they have a place on the map."),
    ),
    "outside": (
        _l("Outside every village"),
        _l("The point lies in no village: move it, or check the coordinate system."),
    ),
    "elsewhere": (
        _l("In another village"),
        _l("The point lies in another village than the register says. One of the two is wrong."),
    ),
    "twins": (
        _l("Perhaps registered twice"),
        _l("Same village, same name, less than 30 m apart. Look before visiting twice."),
    ),
}


@bp.get("/")
def show() -> str:
    """Show what is left to mend."""
    with database().read() as session:
        found = map_check.check_map(session)
        shell = map_shell(session, tiles=settings().tiles)
    return render_template(
        "map_check/show.html", found=found, shell=shell, groups=GROUPS, shown=SHOWN
    )


@bp.get("/points")
def points() -> ResponseReturnValue:
    """Give the findings for the map: ``[id, lon, lat, group]`` and where each is mended."""
    with database().read() as session:
        found = map_check.check_map(session)
    located = [one for one in found.findings if one.lon is not None]
    rows = [
        [index, one.lon, one.lat, list(GROUPS).index(one.group)]
        for index, one in enumerate(located)
    ]
    names = [
        [one.number, one.village.name, url_for("map_check.edit", site_id=one.site_id)]
        for one in located
    ]
    return jsonify(rows=rows, names=names)


@bp.get("/sites/<int:site_id>")
def edit(site_id: int) -> str:
    """Show where a site is, to be moved or given to another village."""
    return _edit_page(site_id)


@bp.post("/sites/<int:site_id>")
def save(site_id: int) -> ResponseReturnValue:
    """Store village and point of a site."""
    lon, lat = request.form.get("lon", "").strip(), request.form.get("lat", "").strip()
    try:
        numbers = [float(text) if text else None for text in (lon, lat)]
        with database().write.begin() as session:
            map_check.place_site(
                session,
                site_id,
                version=request.form.get("version", 0, type=int),
                village_code=request.form.get("village", ""),
                lon=numbers[0],
                lat=numbers[1],
                by=current_account().id,
                now=now(),
            )
    except ValueError:
        return _edit_page(site_id, error=_("Longitude and latitude are numbers in degrees.")), 422
    except map_check.PlaceRefused as refused:
        sentences = {
            "village": _("Choose a village of the district."),
            "point": _("Give both longitude and latitude, or neither."),
        }
        return _edit_page(site_id, error=sentences[refused.field]), 422
    flash(_("Saved."), "good")
    return redirect(url_for("map_check.show"), 303)


def _edit_page(site_id: int, *, error: str = "") -> str:
    with database().read() as session:
        site = map_check.read_site(session, site_id)
        villages = map_check.villages_of(session)
        shell = map_shell(session, tiles=settings().tiles)
    return render_template(
        "map_check/edit.html",
        site=site,
        choices=[(one.code, f"{one.town_name} · {one.name}") for one in villages],
        shell=shell,
        error=error,
    )
