"""Villages of the sample, their hamlets, and the contiguous neighbourhoods units answer for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from data.synthesis.streams import stream
from geo.crs import MetricPlane

DISTRICT_CODE, DISTRICT_NAME = "340811000000", "宜秀区"
HAMLET_NUMERALS = "一二三四五六七八"

UNIT_NAMES = (
    "示例组织部",
    "示例办公室",
    "示例民政局",
    "示例教育局",
    "示例财政局",
    "示例司法局",
    "示例水利局",
    "示例卫健委",
    "示例农业农村局",
    "示例住建局",
    "示例人社局",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hamlet:
    """A hamlet; ``lanes_m`` are its lanes, each (2, 2) metres, from the middle outwards."""

    village: str
    name: str
    centre_m: NDArray[np.float64]
    lanes_m: tuple[NDArray[np.float64], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Places:
    """
    Where everything is.

    Parameters
    ----------
    towns
        Columns ``code`` (12 digits), ``name``.
    villages
        Columns ``code, name, kind, town_code, town_name, unit, seat_x, seat_y, geometry``; seats
        in metres of ``plane``, geometry in degrees, ``unit`` a position in ``UNIT_NAMES``.
    hamlets
        By village, in order.
    plane
        Where metres are measured.
    """

    towns: pd.DataFrame
    villages: pd.DataFrame
    hamlets: tuple[Hamlet, ...]
    plane: MetricPlane

    def hamlets_of(self, village: str) -> list[Hamlet]:
        """Return the hamlets of a village."""
        return [hamlet for hamlet in self.hamlets if hamlet.village == village]

    def lonlat(self, xy_m: NDArray[np.float64]) -> NDArray[np.float64]:
        """Degrees ``lon, lat`` rounded to a tenth of a metre, shape (n, 2), of metres."""
        return np.round(self.plane.to_lonlat(xy_m), 6)


def draw_places(seed: int) -> Places:
    """Read the villages and draw who answers for them and where their hamlets lie."""
    towns, villages = _read()
    plane = MetricPlane.around(villages[["seat_lon", "seat_lat"]].to_numpy())
    villages[["seat_x", "seat_y"]] = plane.to_m(villages[["seat_lon", "seat_lat"]].to_numpy())
    shapes = plane.shapes_to_m(villages["geometry"].to_numpy())
    villages["unit"] = _neighbourhoods(villages, len(UNIT_NAMES))
    rng = stream(seed, "hamlets")
    hamlets = tuple(
        hamlet
        for code, shape in zip(villages["code"], shapes, strict=True)
        for hamlet in _hamlets(code, shape, rng)
    )
    return Places(
        towns=towns,
        villages=villages.drop(columns=["seat_lon", "seat_lat"]),
        hamlets=hamlets,
        plane=plane,
    )


def sample_file(name: str) -> bytes:
    """Return one of the committed files of the sample district."""
    return (files("data") / "samples" / "yixiu" / name).read_bytes()


def _read() -> tuple[pd.DataFrame, pd.DataFrame]:
    features = json.loads(sample_file("villages_sample.geojson"))["features"]
    rows = []
    for feature in features:
        said = feature["properties"]
        if not said["synthetic_shape"]:
            raise ValueError(f"Village {said['code']} of the sample is not flagged as synthetic.")
        rows.append(
            {
                "code": said["code"],
                "name": said["name"],
                "kind": said["kind"],
                "town_code": f"{said['town_code']}000",
                "town_name": said["town"],
                "seat_lon": said["seat_lon"],
                "seat_lat": said["seat_lat"],
                "geometry": shapely.from_geojson(json.dumps(feature["geometry"])),
            }
        )
    villages = pd.DataFrame(rows).sort_values("code", ignore_index=True)
    towns = villages[["town_code", "town_name"]].drop_duplicates(ignore_index=True)
    return towns.set_axis(["code", "name"], axis=1), villages


def _neighbourhoods(villages: pd.DataFrame, parts: int) -> NDArray[np.int64]:
    """Contiguous parts, as even as growing from any first village makes them."""
    seats = villages[["seat_x", "seat_y"]].to_numpy()
    touching = _touching(villages["geometry"].to_numpy())
    grown = [_grow(seats, touching, _far_apart(seats, parts, i)) for i in range(len(seats))]
    part = min(grown, key=lambda found: float(np.bincount(found).std()))
    # Leaders sit in the units with most villages: the first ones.
    rank = np.argsort(-np.bincount(part), kind="stable").argsort(kind="stable")
    return rank[part]


def _grow(
    seats: NDArray[np.float64], touching: NDArray[np.bool_], starts: list[int]
) -> NDArray[np.int64]:
    """Let the smallest part that can grow take its nearest free neighbour, again and again."""
    parts = len(starts)
    part = np.full(len(seats), -1)
    part[starts] = range(parts)
    while (part < 0).any():
        for smallest in np.argsort(np.bincount(part[part >= 0], minlength=parts), kind="stable"):
            reachable = (part < 0) & touching[part == smallest].any(axis=0)
            if reachable.any():
                middle = seats[part == smallest].mean(axis=0)
                distance = np.hypot(*(seats - middle).T)
                part[np.where(reachable, distance, np.inf).argmin()] = smallest
                break
    return part


def _touching(shapes: NDArray[np.object_]) -> NDArray[np.bool_]:
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    shared = shapely.length(shapely.intersection(shapes[pairs[0]], shapes[pairs[1]]))
    touching = np.zeros((len(shapes), len(shapes)), dtype=bool)
    touching[pairs[0], pairs[1]] = shared > 0
    return touching


def _far_apart(points: NDArray[np.float64], count: int, first: int) -> list[int]:
    chosen = [first]
    while len(chosen) < count:
        gaps = np.linalg.norm(points[:, None] - points[chosen][None], axis=2).min(axis=1)
        chosen.append(int(gaps.argmax()))
    return chosen


def _hamlets(village: str, shape: shapely.Geometry, rng: np.random.Generator) -> list[Hamlet]:
    room = shape.buffer(-0.12 * np.sqrt(shape.area))
    count = int(rng.integers(3, 6))
    candidates = _inside(room, 60, rng)
    centres = candidates[_far_apart(candidates, count, 0)]
    return [
        Hamlet(
            village=village,
            name=f"{HAMLET_NUMERALS[i]}组",
            centre_m=centre,
            lanes_m=_lanes(centre, shape, rng),
        )
        for i, centre in enumerate(centres)
    ]


def _lanes(
    centre: NDArray[np.float64], shape: shapely.Geometry, rng: np.random.Generator
) -> tuple[NDArray[np.float64], ...]:
    lanes: list[NDArray[np.float64]] = []
    while len(lanes) < 3:
        angle, length = rng.uniform(0, 2 * np.pi), rng.uniform(150, 380)
        end = centre + length * np.array([np.cos(angle), np.sin(angle)])
        if shapely.contains_xy(shape, *end):
            lanes.append(np.stack([centre, end]))
    return tuple(lanes)


def _inside(shape: shapely.Geometry, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    low_x, low_y, high_x, high_y = shape.bounds
    found: Sequence[NDArray[np.float64]] = []
    while len(found) < count:
        points = rng.uniform((low_x, low_y), (high_x, high_y), size=(count, 2))
        found = [*found, *points[shapely.contains_xy(shape, points[:, 0], points[:, 1])]]
    return np.array(found[:count])
