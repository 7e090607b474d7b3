"""Base layers of every map as GeoJSON; cached by content, asked again each time."""

from typing import Any

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue

from web.context import database
from web.usecases import map_layers

bp = Blueprint("api_map", __name__, url_prefix="/api/map")


@bp.get("/villages.geojson")
def villages() -> ResponseReturnValue:
    """Return village boundaries with names."""
    with database().read() as session:
        return geojson(map_layers.villages(session))


@bp.get("/roads.geojson")
def roads() -> ResponseReturnValue:
    """Return roads: the large ones, or with ``?detail=1`` the small ones."""
    with database().read() as session:
        return geojson(map_layers.roads(session, detail=request.args.get("detail") == "1"))


def geojson(value: dict[str, Any]) -> ResponseReturnValue:
    """Return a layer with its ETag; 304 when the browser has it."""
    response = current_app.response_class(
        current_app.json.dumps(value, separators=(",", ":")), mimetype="application/geo+json"
    )
    response.set_etag(map_layers.etag(value))
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)
