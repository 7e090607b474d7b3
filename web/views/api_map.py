"""Base layers of every map as GeoJSON; cached by content, asked again each time."""

from typing import Any

from flask import Blueprint, Response, current_app, request

from web.context import database
from web.usecases import map_layers

bp = Blueprint("api_map", __name__, url_prefix="/api/map")


@bp.get("/villages.geojson")
def villages() -> Response:
    """Return village boundaries with names."""
    return geojson(map_layers.villages(database()))


def geojson(value: dict[str, Any]) -> Response:
    """Return a layer with its ETag; 304 when the browser has it."""
    response = current_app.response_class(
        current_app.json.dumps(value, separators=(",", ":")), mimetype="application/geo+json"
    )
    response.set_etag(map_layers.etag(value))
    response.headers["Cache-Control"] = "private, no-cache"
    return response.make_conditional(request)
