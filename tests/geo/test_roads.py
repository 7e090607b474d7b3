"""Travel over roads: two engines agree, one-way streets count, cut-off doors are said."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.crs import great_circle_km
from geo.edges import ACCESS_BIT, RoadEdges
from geo.roads import RoadTravel, edge_times_ds
from geo.shortest import NO_WAY, Arcs, ContractionTimes, DijkstraTimes
from geo.speeds import ROAD_CLASSES, Mode
from geo.travel import TravelMatrix

ALL = sum(ACCESS_BIT.values())
DEG = 1e-3  # about 111 m northwards


def a_network(
    *streets: tuple[int, int],
    oneway: int = 0,
    road_class: str = "residential",
    maxspeed_kmh: float = np.nan,
    places: np.ndarray | None = None,
) -> RoadEdges:
    """Straight streets between junctions on a line of latitude, or at ``places`` (n, 2)."""
    pairs = np.array(streets)
    if places is None:
        at = np.arange(pairs.max() + 1)
        places = np.column_stack([9.5 + at * DEG, np.full(len(at), 47.1)])
    m = len(pairs)
    return RoadEdges(
        tail=pairs[:, 0].astype(np.int32),
        head=pairs[:, 1].astype(np.int32),
        offsets=np.arange(m + 1, dtype=np.int64) * 2,
        lonlat=places[pairs].reshape(-1, 2),
        road_class=np.full(m, ROAD_CLASSES.index(road_class), dtype=np.uint8),
        access=np.full(m, ALL, dtype=np.uint8),
        oneway=np.full(m, oneway, dtype=np.uint8),
        maxspeed_kmh=np.full(m, maxspeed_kmh, dtype=np.float32),
    )


@st.composite
def graphs(draw: st.DrawFn) -> Arcs:
    """Any small directed graph: loops, parallel arcs, islands and all."""
    nodes = draw(st.integers(1, 12))
    arc = st.tuples(st.integers(0, nodes - 1), st.integers(0, nodes - 1), st.integers(1, 500))
    arcs = np.array(draw(st.lists(arc, min_size=1, max_size=40)), dtype=np.int64)
    place = st.tuples(st.floats(9, 10), st.floats(47, 48))
    lonlat = draw(st.lists(place, min_size=nodes, max_size=nodes))
    return Arcs(
        tail=arcs[:, 0], head=arcs[:, 1], weight_ds=arcs[:, 2], node_lonlat=np.array(lonlat)
    )


@given(graphs())
@settings(max_examples=100, deadline=None)
def test_contraction_and_dijkstra_answer_the_same(arcs: Arcs) -> None:
    nodes = np.arange(arcs.nodes)

    fast, plain = ContractionTimes(arcs), DijkstraTimes(arcs)

    times = plain.between(nodes, nodes)
    assert (fast.between(nodes, nodes) == times).all()
    for engine in (fast, plain):
        for a in nodes:
            for b in nodes:
                way = engine.arcs_between(int(a), int(b))
                if times[a, b] == NO_WAY or a == b:
                    assert len(way) == 0
                    continue
                assert arcs.tail[way[0]] == a
                assert arcs.head[way[-1]] == b
                assert (arcs.head[way[:-1]] == arcs.tail[way[1:]]).all()
                assert arcs.weight_ds[way].sum() == times[a, b]


@st.composite
def towns(draw: st.DrawFn) -> tuple[RoadEdges, np.ndarray]:
    """A random town of streets, some one-way, and doors around it."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    junctions = int(rng.integers(3, 15))
    places = np.column_stack([9.5 + rng.random(junctions) / 50, 47.1 + rng.random(junctions) / 50])
    streets = [(i, i + 1) for i in range(junctions - 1)]
    more = rng.integers(0, junctions, (junctions, 2))
    streets += [(int(a), int(b)) for a, b in more if a != b]
    edges = a_network(*streets, places=places)
    oneway = np.where(rng.random(len(edges)) < 0.3, ALL, 0).astype(np.uint8)
    edges = RoadEdges(**{**vars_of(edges), "oneway": oneway})
    doors = places[rng.integers(0, junctions, 8)] + rng.normal(0, DEG / 2, (8, 2))
    doors[1] = doors[0]
    return edges, doors


def vars_of(edges: RoadEdges) -> dict[str, np.ndarray]:
    """Fields of an edge frame, to change some of them."""
    return {name: getattr(edges, name) for name in RoadEdges.__dataclass_fields__}


@given(towns())
@settings(max_examples=60, deadline=None)
def test_zero_stands_between_identical_doors_only(town: tuple[RoadEdges, np.ndarray]) -> None:
    edges, doors = town

    minutes = RoadTravel(edges).minutes(doors)

    identical = (doors[:, None, :] == doors[None, :, :]).all(axis=2)
    assert ((minutes == 0) == identical).all()


@given(towns())
@settings(max_examples=60, deadline=None)
def test_both_engines_give_one_matrix_and_no_detour_by_way_of_a_third(
    town: tuple[RoadEdges, np.ndarray],
) -> None:
    edges, doors = town

    minutes = RoadTravel(edges).minutes(doors)

    assert np.array_equal(
        minutes, RoadTravel(edges, engine=DijkstraTimes).minutes(doors), equal_nan=True
    )
    via_third = (minutes[:, :, None] + minutes[None, :, :]).min(axis=1)
    assert (minutes <= via_third + 0.03).all()


@given(towns())
@settings(max_examples=40, deadline=None)
def test_a_path_leads_from_door_to_door_and_takes_the_time_of_the_matrix(
    town: tuple[RoadEdges, np.ndarray],
) -> None:
    edges, doors = town
    travel = RoadTravel(edges)
    minutes = travel.minutes(doors)
    at = travel.snap(doors)

    way = travel.path(doors[0], doors[2])

    assert (way[0] == doors[0]).all()
    assert (way[-1] == doors[2]).all()
    driven_km = great_circle_km(way[:-1], way[1:]).sum() - at.walk_m[[0, 2]].sum() / 1000
    walked_min = at.walk_m[[0, 2]].sum() / 1000 / 3.5 * 60
    # Plane and sphere differ by a tenth of a percent.
    assert minutes[0, 2] == pytest.approx(walked_min + driven_km / 25 * 60, rel=0.01, abs=0.1)


def test_a_oneway_street_is_long_on_the_way_back() -> None:
    ring = a_network(
        (0, 1),
        (1, 2),
        (2, 0),
        oneway=ALL,
        places=np.array([[9.5, 47.1], [9.51, 47.1], [9.505, 47.11]]),
    )

    minutes = RoadTravel(ring).minutes([[9.503, 47.1], [9.507, 47.1]])

    assert minutes[1, 0] > 3 * minutes[0, 1]


def test_feet_ignore_oneway_streets_for_cars() -> None:
    street = a_network((0, 1), oneway=ACCESS_BIT[Mode.CAR])
    along, against = edge_times_ds(street, Mode.FOOT)

    assert against[0] == along[0]
    assert np.isinf(edge_times_ds(street, Mode.CAR)[1][0])


def test_a_door_too_far_from_any_road_is_said_to_have_none() -> None:
    travel = RoadTravel(a_network((0, 1), (1, 2)))
    doors = np.array([[9.5, 47.1], [9.502, 47.1], [9.5, 47.2]])

    minutes = travel.minutes(doors)

    assert travel.snap(doors).connected.tolist() == [True, True, False]
    assert np.isnan(minutes[2, :2]).all()
    assert np.isnan(minutes[:2, 2]).all()
    assert minutes[2, 2] == 0
    assert len(travel.path(doors[0], doors[2])) == 0


def test_a_door_beside_a_fragment_is_led_to_the_connected_network() -> None:
    # Streets 0-1-2-3 hang together; 5-6 is a fragment that leads nowhere.
    travel = RoadTravel(a_network((0, 1), (1, 2), (2, 3), (5, 6)))

    at = travel.snap([[9.5055, 47.1]])

    assert at.edge.tolist() == [2]
    assert at.walk_m[0] == pytest.approx(190, abs=5)


def test_the_walk_to_the_door_counts() -> None:
    travel = RoadTravel(a_network((0, 1)))

    minutes = travel.minutes([[9.5, 47.1], [9.5, 47.1 + DEG]])

    # 111 m on foot at 3.5 km/h.
    assert minutes[0, 1] == pytest.approx(0.1112 / 3.5 * 60, rel=0.01)


def test_the_posted_limit_caps_the_car_and_not_the_walker() -> None:
    slow = a_network((0, 1), road_class="primary", maxspeed_kmh=30.0)
    free = a_network((0, 1), road_class="primary")

    assert edge_times_ds(slow, Mode.CAR)[0][0] == pytest.approx(
        2 * edge_times_ds(free, Mode.CAR)[0][0], abs=1
    )
    assert edge_times_ds(slow, Mode.FOOT)[0][0] == edge_times_ds(free, Mode.FOOT)[0][0]


def test_edges_survive_storage_and_their_hash_follows_their_content() -> None:
    edges = a_network((0, 1), (1, 2))

    back = RoadEdges.from_bytes(edges.to_bytes())

    assert back.content_hash == edges.content_hash
    assert back.content_hash != a_network((0, 1), (1, 2), oneway=1).content_hash


def test_the_key_of_a_matrix_follows_network_mode_and_doors() -> None:
    doors = [[9.5, 47.1], [9.501, 47.1]]
    travel: TravelMatrix = RoadTravel(a_network((0, 1), (1, 2)))
    other: TravelMatrix = RoadTravel(a_network((0, 1), (1, 2), oneway=1))

    keys = {
        travel.cache_key(doors),
        travel.cache_key(doors, Mode.FOOT),
        travel.cache_key(doors[::-1]),
        other.cache_key(doors),
    }

    assert len(keys) == 4


def test_a_network_without_edges_is_refused() -> None:
    edges = RoadEdges(
        **{
            name: part[:0] for name, part in vars_of(a_network((0, 1))).items() if name != "offsets"
        },
        offsets=np.zeros(1, dtype=np.int64),
    )

    with pytest.raises(ValueError, match="LineTravel"):
        RoadTravel(edges)
