"""Roads of an OpenStreetMap file become an edge frame that cars and feet understand."""

from pathlib import Path

import numpy as np
import pytest

from data.importing.problems import ImportRefused
from data.importing.roads import maxspeed_kmh, read_roads
from geo.edges import RoadEdges
from geo.roads import RoadTravel
from geo.speeds import ROAD_CLASSES, Mode

NODES = {
    1: (9.500, 47.1),
    2: (9.501, 47.1),
    3: (9.502, 47.1),
    4: (9.502, 47.101),
    5: (9.501, 47.101),
}


def an_extract(folder: Path, *ways: tuple[list[int], dict[str, str]]) -> Path:
    """Write an .osm file of ways over ``NODES``."""
    nodes = "".join(
        f'<node id="{i}" version="1" lon="{lon}" lat="{lat}"/>' for i, (lon, lat) in NODES.items()
    )
    lines = [
        f'<way id="{number}" version="1">'
        + "".join(f'<nd ref="{ref}"/>' for ref in refs)
        + "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        + "</way>"
        for number, (refs, tags) in enumerate(ways, start=1)
    ]
    path = folder / "extract.osm"
    path.write_text(f'<osm version="0.6">{nodes}{"".join(lines)}</osm>', encoding="utf-8")
    return path


def roads_of(path: Path) -> RoadEdges:
    roads = read_roads(path, path.name, {}).roads
    assert roads is not None
    return roads


def test_ways_are_cut_where_they_meet_and_keep_their_bends(tmp_path: Path) -> None:
    roads = roads_of(
        an_extract(
            tmp_path,
            ([1, 2, 3, 4], {"highway": "residential"}),
            ([3, 5], {"highway": "track"}),
        )
    )

    assert sorted(np.diff(roads.offsets).tolist()) == [2, 2, 3]
    assert roads.junctions == 4


@pytest.mark.parametrize(
    ("tags", "from_first", "from_last"),
    [
        ({}, True, True),
        ({"oneway": "yes"}, True, False),
        ({"oneway": "-1"}, False, True),
        ({"junction": "roundabout"}, True, False),
        ({"junction": "roundabout", "oneway": "no"}, True, True),
    ],
)
def test_one_way_streets_are_read_in_their_direction(
    tmp_path: Path, tags: dict[str, str], from_first: bool, from_last: bool
) -> None:
    roads = roads_of(an_extract(tmp_path, ([1, 2], {"highway": "residential"} | tags)))

    runs_with = bool(roads.points(0)[0, 0] == NODES[1][0])
    both = not roads.is_oneway(Mode.CAR)[0]
    assert (runs_with or both) == from_first
    assert (not runs_with or both) == from_last
    assert not roads.is_oneway(Mode.FOOT)[0]


@pytest.mark.parametrize(
    ("tags", "car", "foot"),
    [
        ({"access": "private"}, False, False),
        ({"motor_vehicle": "no"}, False, True),
        ({"access": "no", "foot": "yes"}, False, True),
        ({"access": "private", "motorcar": "yes"}, True, False),
    ],
)
def test_the_most_particular_access_tag_decides(
    tmp_path: Path, tags: dict[str, str], car: bool, foot: bool
) -> None:
    ways = [([1, 2], {"highway": "service"} | tags), ([2, 3], {"highway": "residential"})]
    roads = roads_of(an_extract(tmp_path, *ways))
    service = roads.road_class == ROAD_CLASSES.index("service")

    assert (service & roads.may_use(Mode.CAR)).any() == car
    assert (service & roads.may_use(Mode.FOOT)).any() == foot


def test_a_ring_without_a_junction_is_halved(tmp_path: Path) -> None:
    roads = roads_of(an_extract(tmp_path, ([1, 2, 3, 4, 5, 1], {"highway": "residential"})))

    assert len(roads) == 2
    assert (roads.tail != roads.head).all()


def test_a_way_that_leaves_the_extract_keeps_its_inner_part(tmp_path: Path) -> None:
    roads = roads_of(an_extract(tmp_path, ([1, 2, 99, 4, 5], {"highway": "residential"})))

    assert len(roads) == 2
    assert roads.length_m.max() < 120


@pytest.mark.parametrize(
    ("said", "kmh"),
    [("50", 50.0), ("30 mph", 48.28), ("80 km/h", 80.0), ("walk", 7.0)],
)
def test_limits_are_read_in_their_unit(said: str, kmh: float) -> None:
    assert maxspeed_kmh(said) == pytest.approx(kmh, abs=0.01)


@pytest.mark.parametrize("said", ["", "none", "CH:urban", "0", "signals"])
def test_a_limit_that_is_no_number_is_unknown(said: str) -> None:
    assert np.isnan(maxspeed_kmh(said))


def test_a_file_without_roads_is_refused_by_name(tmp_path: Path) -> None:
    path = an_extract(tmp_path, ([1, 2], {"waterway": "stream"}))

    with pytest.raises(ImportRefused) as caught:
        read_roads(path, "河流.osm", {})

    assert [p.code for p in caught.value.problems] == ["roads-none"]
    assert "河流.osm" in str(caught.value)


def test_liechtenstein_is_one_network_with_times_between_all_its_roads(shared_dir: Path) -> None:
    roads = roads_of(shared_dir / "data" / "osm" / "liechtenstein.osm.pbf")
    doors = roads.junction_lonlat[:: roads.junctions // 50]

    minutes = RoadTravel(roads).minutes(doors)

    assert 7_000 < len(roads) < 9_000
    assert 1_000 < roads.length_m.sum() / 1000 < 1_300
    assert np.nanmedian(minutes) < 60
    assert np.isnan(minutes).mean() < 0.2
