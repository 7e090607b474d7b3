"""
Roads of an OpenStreetMap extract (.osm.pbf) as an edge frame.

Ways are cut at junctions, keep their bends, and know for each mode whether it may use
them and in which direction. What has no speed in any mode (proposed roads, areas, rest
places) is left out. One pass over the file; only roads are held in memory.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import osmium
from numpy.typing import NDArray

from data.importing.parsed import Parsed
from data.importing.problems import ImportRefused, Problems
from geo.edges import ACCESS_BIT, RoadEdges
from geo.speeds import ROAD_CLASSES, Mode

CLOSED = frozenset({"no", "private", "agricultural", "forestry", "emergency", "military"})
ACCESS_TAGS = {
    Mode.CAR: ("motorcar", "motor_vehicle", "vehicle", "access"),
    Mode.EBIKE: ("bicycle", "vehicle", "access"),
    Mode.FOOT: ("foot", "access"),
}
CLASS_NUMBER = {name: number for number, name in enumerate(ROAD_CLASSES)}
KMH_PER_MPH = 1.609344


@dataclass(frozen=True, slots=True)
class _Way:
    """One way: where it leads and who may use it. ``ref`` (k,), ``lonlat`` (k, 2)."""

    ref: NDArray[np.int64]
    lonlat: NDArray[np.float64]
    road_class: int
    access: int
    oneway: int
    maxspeed_kmh: float


def read_roads(path: Path, file: str, options: Mapping[str, Any]) -> Parsed:
    """
    Read all usable roads.

    Parameters
    ----------
    path
        An .osm.pbf extract, already past the upload guard.
    file
        Its name as people know it.
    options
        None are known; the parameter is that of every parser.

    Returns
    -------
    Parsed
        With ``roads``; notes ``ways``, ``edges``, ``junctions``.

    Raises
    ------
    ImportRefused
        If the file is unreadable or holds no usable road.
    """
    problems = Problems(file)
    try:
        ways = list(_ways(path))
    except RuntimeError as error:
        problems.error("file-unreadable", reason=str(error))
        raise ImportRefused(problems) from error
    if not ways:
        problems.error("roads-none")
        raise ImportRefused(problems)
    roads = _cut_at_junctions(ways)
    return Parsed(
        roads=roads,
        notes={"ways": len(ways), "edges": len(roads), "junctions": roads.junctions},
        problems=tuple(problems),
    )


def _ways(path: Path) -> Iterator[_Way]:
    reader = (
        osmium.FileProcessor(str(path), osmium.osm.NODE | osmium.osm.WAY)
        .with_locations()
        .with_filter(osmium.filter.KeyFilter("highway"))
    )
    for way in reader:
        if not isinstance(way, osmium.osm.Way):
            continue
        tags = dict(way.tags)
        road_class = CLASS_NUMBER.get(tags["highway"])
        if road_class is None or tags.get("area") == "yes":
            continue
        access = _access(tags)
        if not access:
            continue
        oneway, is_reversed = _oneway(tags)
        for ref, lonlat in _located(way.nodes):
            yield _Way(
                ref[::-1] if is_reversed else ref,
                lonlat[::-1] if is_reversed else lonlat,
                road_class,
                access,
                oneway,
                maxspeed_kmh(tags.get("maxspeed", "")),
            )


def _located(nodes: Any) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Parts of a way whose places are in the extract; a clipped way falls into several."""
    ref: list[int] = []
    lonlat: list[tuple[float, float]] = []
    for node in nodes:
        if node.location.valid():
            ref.append(node.ref)
            lonlat.append((node.location.lon, node.location.lat))
            continue
        if len(ref) > 1:
            yield np.array(ref, dtype=np.int64), np.array(lonlat)
        ref, lonlat = [], []
    if len(ref) > 1:
        yield np.array(ref, dtype=np.int64), np.array(lonlat)


def _access(tags: Mapping[str, str]) -> int:
    """Bits of the modes that may use a way; the most particular tag decides."""
    bits = 0
    for mode, names in ACCESS_TAGS.items():
        said = next((tags[name] for name in names if name in tags), "yes")
        if said not in CLOSED:
            bits |= ACCESS_BIT[mode]
    return bits


def _oneway(tags: Mapping[str, str]) -> tuple[int, bool]:
    """Bits of the modes bound to one direction, and whether that is against the way's own."""
    said = tags.get("oneway", "")
    if said in ("no", "false", "0"):
        return 0, False
    implied = tags.get("junction") in ("roundabout", "circular") or tags["highway"] == "motorway"
    if said not in ("yes", "true", "1", "-1", "reverse") and not implied:
        return 0, False
    bits = ACCESS_BIT[Mode.CAR]
    free = tags.get("oneway:bicycle") == "no" or tags.get("cycleway", "").startswith("opposite")
    if not free:
        bits |= ACCESS_BIT[Mode.EBIKE]
    return bits, said in ("-1", "reverse")


def maxspeed_kmh(said: str) -> float:
    """Posted limit in km/h of an OpenStreetMap value; NaN when it is no number."""
    if said == "walk":
        return 7.0
    number = re.match(r"\s*(\d{1,3})\b", said)
    if not number or int(number[1]) == 0:
        return float("nan")
    return int(number[1]) * (KMH_PER_MPH if "mph" in said else 1.0)


def _cut_at_junctions(ways: list[_Way]) -> RoadEdges:
    sizes = np.array([len(way.ref) for way in ways])
    way_of = np.repeat(np.arange(len(ways)), sizes)
    lonlat = np.concatenate([way.lonlat for way in ways])
    _, node, count = np.unique(
        np.concatenate([way.ref for way in ways]), return_inverse=True, return_counts=True
    )
    ends = np.zeros(len(way_of), dtype=bool)
    ends[np.cumsum(sizes) - 1] = True
    ends[np.cumsum(sizes) - sizes] = True
    is_cut = ends | (count[node] > 1)
    first, last = _pieces(is_cut, way_of)
    # A loop without a junction on it is halved, as a graph knows no edge from a node to itself.
    loop = node[first] == node[last]
    is_cut[(first[loop] + last[loop]) // 2] = True
    first, last = _pieces(is_cut, way_of)
    proper = node[first] != node[last]
    first, last = first[proper], last[proper]

    points = last - first + 1
    offsets = np.concatenate([[0], np.cumsum(points)]).astype(np.int64)
    taken = np.repeat(first - offsets[:-1], points) + np.arange(offsets[-1])
    _, junction = np.unique(np.concatenate([node[first], node[last]]), return_inverse=True)
    owner = way_of[first]
    return RoadEdges(
        tail=junction[: len(first)].astype(np.int32),
        head=junction[len(first) :].astype(np.int32),
        offsets=offsets,
        lonlat=lonlat[taken],
        road_class=np.array([way.road_class for way in ways], dtype=np.uint8)[owner],
        access=np.array([way.access for way in ways], dtype=np.uint8)[owner],
        oneway=np.array([way.oneway for way in ways], dtype=np.uint8)[owner],
        maxspeed_kmh=np.array([way.maxspeed_kmh for way in ways], dtype=np.float32)[owner],
    )


def _pieces(
    is_cut: NDArray[np.bool_], way_of: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last position of every stretch from cut to cut within one way."""
    cut = np.flatnonzero(is_cut)
    same_way = way_of[cut[:-1]] == way_of[cut[1:]]
    return cut[:-1][same_way], cut[1:][same_way]
