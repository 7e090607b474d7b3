"""A real extract becomes a district: real shapes and roads, invented and flagged people."""

from pathlib import Path

import pytest
import shapely

from data.importing.osm_district import DISTRICT_CODE, read_osm_district
from data.importing.parsed import Parsed
from data.importing.problems import ImportRefused


@pytest.fixture(scope="module")
def liechtenstein(shared_dir: Path) -> Parsed:
    return read_osm_district(
        shared_dir / "data" / "osm" / "liechtenstein.osm.pbf",
        "liechtenstein.osm.pbf",
        {"boundaries_level": 8, "households_from_buildings": True},
    )


def test_liechtenstein_has_its_eleven_municipalities_in_two_towns(liechtenstein: Parsed) -> None:
    villages = liechtenstein.frames["villages"]

    assert sorted(villages["name"]) == [
        "Balzers", "Eschen", "Gamprin", "Mauren", "Planken", "Ruggell",
        "Schaan", "Schellenberg", "Triesen", "Triesenberg", "Vaduz",
    ]  # fmt: skip
    assert villages["town_name"].nunique() == 2
    assert shapely.is_valid(villages["geometry"].to_numpy()).all()
    assert not villages["synthetic_shape"].any()


def test_codes_are_twelve_digits_of_a_province_that_does_not_exist(liechtenstein: Parsed) -> None:
    villages = liechtenstein.frames["villages"]

    assert villages["code"].is_unique
    assert villages["code"].str.fullmatch(DISTRICT_CODE + r"\d{6}").all()
    assert (villages["code"].str[:9] + "000" == villages["town_code"]).all()


def test_every_dwelling_is_a_household_in_its_village(liechtenstein: Parsed) -> None:
    households = liechtenstein.frames["households"]
    shapes = liechtenstein.frames["villages"].set_index("code")["geometry"]

    assert 8_000 < len(households) < 9_500
    assert households["number"].is_unique
    points = shapely.points(households["lon"], households["lat"])
    assert shapely.covers(shapes[households["village_code"]].to_numpy(), points).all()


def test_no_real_person_is_in_it_and_the_warnings_say_so(liechtenstein: Parsed) -> None:
    households = liechtenstein.frames["households"]

    assert households["synthetic"].all()
    assert households["householder"].str.fullmatch(r"住户\d{5}").all()
    codes = [problem.code for problem in liechtenstein.problems]
    assert codes == ["level-incomplete", "codes-invented", "households-invented"]


def test_the_roads_come_along(liechtenstein: Parsed) -> None:
    assert liechtenstein.roads is not None
    assert len(liechtenstein.roads) > 7_000


def test_a_level_that_the_file_lacks_is_refused_with_the_levels_it_has(shared_dir: Path) -> None:
    with pytest.raises(ImportRefused, match=r"level 9. Levels found: .*8") as caught:
        read_osm_district(
            shared_dir / "data" / "osm" / "liechtenstein.osm.pbf", "x", {"boundaries_level": 9}
        )

    assert caught.value.problems[0].code == "level-none"


def test_a_square_of_houses_becomes_a_village(tmp_path: Path) -> None:
    corners = {1: (0, 0), 2: (10, 0), 3: (10, 10), 4: (0, 10), 5: (4, 4), 6: (5, 4), 7: (5, 5)}
    nodes = "".join(
        f'<node id="{i}" version="1" lon="{117 + x / 1000}" lat="{30 + y / 1000}"/>'
        for i, (x, y) in corners.items()
    )
    ring = "".join(f'<nd ref="{i}"/>' for i in (1, 2, 3, 4, 1))
    house = "".join(f'<nd ref="{i}"/>' for i in (5, 6, 7, 5))
    path = tmp_path / "小区.osm"
    path.write_text(
        f'<osm version="0.6">{nodes}<way id="1" version="1">{ring}'
        '<tag k="boundary" v="administrative"/><tag k="admin_level" v="10"/>'
        f'<tag k="name" v="方村"/></way><way id="2" version="1">{house}'
        '<tag k="building" v="house"/></way><way id="3" version="1"><nd ref="1"/><nd ref="2"/>'
        '<tag k="highway" v="residential"/></way></osm>',
        encoding="utf-8",
    )

    parsed = read_osm_district(
        path, path.name, {"boundaries_level": 10, "households_from_buildings": True}
    )

    assert parsed.frames["villages"]["name"].tolist() == ["方村"]
    assert parsed.frames["villages"]["town_name"].tolist() == ["小区"]
    assert parsed.frames["households"]["village_code"].tolist() == ["990001001001"]
