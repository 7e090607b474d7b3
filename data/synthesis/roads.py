"""
Invented roads of the sample: connected, planar, with classes; never shown as a map of record.

Village seats and hamlets are joined by their Gabriel graph (an edge where no third place lies
between two), which looks like a country network; the ways that towns use towards the district
seat are wider. Every hamlet has lanes on which its households live.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import Delaunay

from data.synthesis.places import Places
from data.synthesis.streams import stream
from geo.edges import ACCESS_BIT, RoadEdges
from geo.speeds import ROAD_CLASSES

# Both are said in the reader's language.
NAME = "invented roads of the sample (synthetic)"
ATTRIBUTION = "Invented roads of the sample, not real ones"
EVERYBODY = sum(ACCESS_BIT.values())


def draw_roads(places: Places, seed: int) -> RoadEdges:
    """Draw the network; junctions are seats, then hamlets, then ends of lanes."""
    rng = stream(seed, "roads")
    seats = places.villages[["seat_x", "seat_y"]].to_numpy()
    middles = np.array([hamlet.centre_m for hamlet in places.hamlets])
    nodes = np.concatenate([seats, middles])
    pairs = _gabriel(nodes)
    classes = _classes(places, nodes, pairs)
    lines = [_bent(nodes[a], nodes[b], rng) for a, b in pairs]
    lane_ends: list[NDArray[np.float64]] = []
    lanes: list[tuple[int, int]] = []
    for number, hamlet in enumerate(places.hamlets, start=len(seats)):
        for lane in hamlet.lanes_m:
            lanes.append((number, len(nodes) + len(lane_ends)))
            lane_ends.append(lane[1])
            lines.append(lane)
    ends = np.concatenate([pairs, np.array(lanes)])
    road_class = np.array([*classes, *["residential"] * len(lanes)])
    return _edges(places, ends, lines, road_class)


def _edges(
    places: Places,
    ends: NDArray[np.int64],
    lines: list[NDArray[np.float64]],
    road_class: NDArray[np.str_],
) -> RoadEdges:
    number = {name: i for i, name in enumerate(ROAD_CLASSES)}
    m = len(lines)
    return RoadEdges(
        tail=ends[:, 0].astype(np.int32),
        head=ends[:, 1].astype(np.int32),
        offsets=np.concatenate([[0], np.cumsum([len(line) for line in lines])]).astype(np.int64),
        lonlat=places.lonlat(np.concatenate(lines)),
        road_class=np.array([number[name] for name in road_class], dtype=np.uint8),
        access=np.full(m, EVERYBODY, dtype=np.uint8),
        oneway=np.zeros(m, dtype=np.uint8),
        maxspeed_kmh=np.full(m, np.nan, dtype=np.float32),
    )


def _gabriel(nodes: NDArray[np.float64]) -> NDArray[np.int64]:
    """Pairs of nodes whose circle in between holds no third; connected, shape (m, 2)."""
    triangles = Delaunay(nodes).simplices
    sides = np.concatenate([triangles[:, [0, 1]], triangles[:, [1, 2]], triangles[:, [2, 0]]])
    pairs = np.unique(np.sort(sides, axis=1), axis=0)
    middle = nodes[pairs].mean(axis=1)
    radius = np.linalg.norm(nodes[pairs[:, 0]] - nodes[pairs[:, 1]], axis=1) / 2
    distance = np.linalg.norm(middle[:, None] - nodes[None], axis=2)
    distance[np.arange(len(pairs))[:, None], pairs] = np.inf
    kept: NDArray[np.int64] = pairs[distance.min(axis=1) >= radius].astype(np.int64)
    return kept


def _classes(
    places: Places, nodes: NDArray[np.float64], pairs: NDArray[np.int64]
) -> NDArray[np.str_]:
    """Secondary from town to town, tertiary from village to town, else unclassified."""
    villages = places.villages
    length = np.linalg.norm(nodes[pairs[:, 0]] - nodes[pairs[:, 1]], axis=1)
    n = len(nodes)
    graph = csr_matrix((length, (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    _, before = dijkstra(graph, directed=False, return_predecessors=True)
    town_seat = villages.groupby("town_code").head(1).index.to_numpy()
    seat_of = dict(zip(villages["town_code"].iloc[town_seat], town_seat, strict=True))
    used: dict[str, set[tuple[int, int]]] = {"tertiary": set(), "secondary": set()}
    for village, town in enumerate(villages["town_code"]):
        used["tertiary"].update(_way(before, seat_of[town], village))
    for town in town_seat:
        used["secondary"].update(_way(before, int(town_seat[0]), int(town)))
    classes = np.full(len(pairs), "unclassified", dtype="<U20")
    for name, ways in used.items():
        classes[[(int(a), int(b)) in ways for a, b in pairs]] = name
    return classes


def _way(before: NDArray[np.int32], start: int, end: int) -> Iterator[tuple[int, int]]:
    while end != start:
        step = int(before[start, end])
        yield min(step, end), max(step, end)
        end = step


def _bent(
    a: NDArray[np.float64], b: NDArray[np.float64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """A line that swings a little to both sides, as roads do, shape (k, 2), metres."""
    length = float(np.linalg.norm(b - a))
    t = np.linspace(0, 1, max(2, int(length / 250) + 1))[:, None]
    across = np.array([a[1] - b[1], b[0] - a[0]]) / max(length, 1e-9)
    swing = rng.normal(0, 0.05) * np.sin(np.pi * t) + rng.normal(0, 0.025) * np.sin(2 * np.pi * t)
    return a + t * (b - a) + length * swing * across
