"""
The map's empty shell, drawn by Folium: base map and village outlines, nothing typed by people.

Folium renders a map to text and then reads *that text* as a template, so a name with braces
would be code in this process. Three walls: an outline's only property is its number in a
list; branca is made to take its own output as text; and every asset comes from a strict
table that raises for a stranger. Names, households and routes reach the page as JSON and
are written by ``textContent`` (``static/js/map.js``).
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import branca.element
import folium
from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from web import i18n
from web.maps.tiles import Tiles
from web.usecases import map_layers

VENDORED = {
    "leaflet": "vendor/leaflet/leaflet.js",
    "leaflet_css": "vendor/leaflet/leaflet.css",
}
MIDDLE_OF_CHINA = (35.0, 105.0)
MAX_ZOOM = 19


class LiteralTemplate:
    """What branca takes for a template of its own output, here plain text."""

    def __init__(self, source: object) -> None:
        self._source = str(source)

    def render(self, *_args: object, **_kwargs: object) -> str:
        """Return the text as it is."""
        return self._source


branca.element.Template = LiteralTemplate  # type: ignore[assignment,attr-defined]


@dataclass(frozen=True, slots=True)
class MapShell:
    """
    A map to put on a page with ``ui.map(shell, …)``.

    Parameters
    ----------
    html, script
        Folium's container, and its script without tags.
    config
        For ``openMap``: places (code, name, town) by number, bounds, notes, tiles.
    """

    html: Markup
    script: Markup
    config: dict[str, Any]

    @property
    def is_empty(self) -> bool:
        """Whether no village has a boundary."""
        return not self.config["places"]


def map_shell(session: Session, *, tiles: Tiles | None = None) -> MapShell:
    """Draw the shell for what is known of the district."""
    attribution = i18n.of_data(map_layers.road_attribution(session))
    return shell_of(map_layers.villages(session), attribution=attribution, tiles=tiles)


def shell_of(
    layers: dict[str, Any], *, attribution: str = "", tiles: Tiles | None = None
) -> MapShell:
    """Draw the shell for outlines that need not be stored yet, as ``map_layers`` gives them."""
    features = layers["features"]
    html, script = _drawn(json.dumps([feature["geometry"] for feature in features]))
    return MapShell(
        html=Markup(html),  # noqa: S704 - Folium's own markup; nothing typed reached it
        script=Markup(script),  # noqa: S704
        config={
            "places": [feature["properties"] for feature in features],
            "synthetic": layers["synthetic"],
            "attribution": attribution,
            "roads": url_for("api_map.roads"),
            "tiles": tiles.model_dump(mode="json") if tiles is not None else None,
            "maxZoom": MAX_ZOOM,
        },
    )


@lru_cache(maxsize=4)
def _drawn(geometries: str) -> tuple[str, str]:
    """Render container and script; the same outlines always give the same text."""
    outlines = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"i": i}, "geometry": geometry}
            for i, geometry in enumerate(json.loads(geometries))
        ],
    }
    drawn = folium.Map(MIDDLE_OF_CHINA, zoom_start=4, tiles=None, zoom_control=False)
    drawn._id = "base"
    drawn.options["maxZoom"] = MAX_ZOOM  # without tiles Folium drops it
    drawn.options["zoomSnap"] = 0.25  # a district fills its frame
    drawn.default_js = [pair for pair in drawn.default_js if pair[0] == "leaflet"]
    drawn.default_css = [pair for pair in drawn.default_css if pair[0] == "leaflet_css"]
    if outlines["features"]:
        layer = folium.GeoJson(outlines, name="villages")
        layer._id = "villages"
        layer.add_to(drawn)
    offline(drawn)
    figure: Any = drawn.get_root()
    figure.render()
    return figure.html.render(), figure.script.render()


def offline(element: Any) -> None:
    """Point every asset of an element and its children to ours; KeyError: it is not vendored."""
    for attribute in ("default_js", "default_css"):
        pairs = getattr(element, attribute, None)
        if pairs:
            setattr(element, attribute, [(name, VENDORED[name]) for name, _ in pairs])
    for child in element._children.values():
        offline(child)
