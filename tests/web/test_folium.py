"""What a person typed never becomes code in Folium, on the server or in the page."""

import re
from pathlib import Path

import branca.element
import folium
import pytest
from flask import Flask
from shapely.geometry import box

from data.db import Database
from data.tables import Region
from web.maps.shell import MapShell, map_shell, offline

WEB = Path(__file__).resolve().parents[2] / "web"
MARKUP = "<b>A{{7*7}}B</b>${7*7}A{%print(7*7)%}B`</script><script>"


def shell_of(app: Flask, database: Database) -> MapShell:
    with app.test_request_context(), database.read() as session:
        return map_shell(session)


@pytest.fixture
def village(opened: Database) -> None:
    with opened.write.begin() as session:
        session.add(
            Region(
                code="A{{7*7}}B",
                name=MARKUP,
                kind="village",
                geometry=box(117.0, 30.5, 117.1, 30.6).wkb,
                synthetic_shape=True,
            )
        )


def test_the_shell_holds_outlines_and_nothing_that_was_typed(
    app: Flask, opened: Database, village: None
) -> None:
    shell = shell_of(app, opened)

    assert "117.1" in shell.script
    for text in (shell.html, shell.script):
        assert "7*7" not in text
        assert "A49B" not in text


def test_names_travel_beside_the_shell_as_data(app: Flask, opened: Database, village: None) -> None:
    config = shell_of(app, opened).config

    assert config["places"] == [{"code": "A{{7*7}}B", "name": MARKUP, "town": ""}]
    assert config["synthetic"] is True


def test_the_same_outlines_give_the_same_text(app: Flask, opened: Database, village: None) -> None:
    assert shell_of(app, opened).script == shell_of(app, opened).script


def test_a_district_without_boundaries_still_has_a_map(app: Flask, opened: Database) -> None:
    shell = shell_of(app, opened)

    assert shell.is_empty
    assert "L.map(" in shell.script


def test_the_shell_loads_nothing(app: Flask, opened: Database, village: None) -> None:
    shell = shell_of(app, opened)

    assert not re.search(r"https?://", shell.html + shell.script)
    assert "<script" not in shell.html


@pytest.mark.parametrize("draw", ["Marker", "popup", "tooltip", "geojson"])
def test_folium_takes_its_own_output_as_text(draw: str) -> None:
    assert branca.element.Template.__module__ == "web.maps.shell"
    drawn = folium.Map([30, 117], tiles=None)
    if draw == "geojson":
        geometry = {"type": "Point", "coordinates": [117, 30]}
        feature = {"type": "Feature", "properties": {"name": MARKUP}, "geometry": geometry}
        folium.GeoJson({"type": "FeatureCollection", "features": [feature]}).add_to(drawn)
    else:
        folium.Marker([30, 117], popup=MARKUP, tooltip=MARKUP).add_to(drawn)

    assert "A49B" not in drawn.get_root().render()


def test_an_asset_that_is_not_vendored_stops_the_map() -> None:
    with pytest.raises(KeyError):
        offline(folium.Map([30, 117], tiles=None))


def test_no_code_of_ours_lets_geopandas_draw() -> None:
    drawing = [f for f in WEB.parent.glob("*/**/*.py") if ".explore(" in f.read_text("utf-8")]

    assert [f.name for f in drawing if ".venv" not in f.parts and f.name != "test_folium.py"] == []
