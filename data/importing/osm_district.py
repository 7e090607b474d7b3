"""
A whole test district from an OpenStreetMap extract: real shapes and roads, invented people.

Boundaries of one administrative level become villages, those of the next coarser level
their towns, and dwellings become households. Shapes, names of places and roads are real;
codes, registry numbers and householders are invented and flagged. No address is read.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import osmium
import pandas as pd
import shapely

from data.importing.parsed import Parsed
from data.importing.problems import ImportRefused, Problems
from data.importing.roads import read_roads
from geo.crs import WGS84

DISTRICT_CODE = "990001"
"""No province has 99: nobody can take an invented code for a real one."""

DWELLINGS = {
    "apartments",
    "bungalow",
    "cabin",
    "detached",
    "dormitory",
    "farm",
    "house",
    "residential",
    "semidetached_house",
    "terrace",
    "yes",
}
COARSEST_LEVEL = 2


@dataclass(frozen=True, slots=True)
class _Area:
    """A closed outline of the extract."""

    level: int | None  # administrative level, or None for a dwelling
    name: str
    osm_id: int
    geometry: shapely.Geometry


def read_osm_district(path: Path, file: str, options: Mapping[str, Any]) -> Parsed:
    """
    Make a district of a file.

    Parameters
    ----------
    path
        An .osm.pbf extract, already past the upload guard.
    file
        Its name as people know it.
    options
        ``boundaries_level`` (int): administrative level that becomes the villages.
        ``households_from_buildings`` (bool, default False).

    Returns
    -------
    Parsed
        ``roads`` as in ``read_roads``, and the frames

        - ``villages``: ``code``, ``name``, ``kind``, ``town_code``, ``town_name``, ``geometry``
          (degrees, WGS-84), ``synthetic_shape`` (False: these outlines are real);
        - ``households``, if asked for: ``number``, ``householder``, ``village_code``, ``lon``,
          ``lat``, ``synthetic`` (True).

    Raises
    ------
    ImportRefused
        If the level has no complete boundary, or households were asked for and there is no
        dwelling.
    """
    problems = Problems(file)
    level = int(options["boundaries_level"])
    try:
        areas, incomplete, levels = _areas(path, level)
    except RuntimeError as error:
        problems.error("file-unreadable", reason=str(error))
        raise ImportRefused(problems) from error
    villages = _villages([area for area in areas if area.level is not None], level, path.stem)
    if not len(villages):
        found = ", ".join(str(number) for number in sorted(levels)) or "–"
        problems.error("level-none", value=level, found=found)
        raise ImportRefused(problems)
    if incomplete:
        names = "、".join(sorted(incomplete))
        problems.warning("level-incomplete", value=names, count=len(incomplete))
    problems.warning("codes-invented", value=DISTRICT_CODE, count=len(villages))
    frames: dict[str, pd.DataFrame] = {"villages": villages}
    if options.get("households_from_buildings"):
        households = _households([area for area in areas if area.level is None], villages)
        if not len(households):
            problems.error("buildings-none")
            raise ImportRefused(problems)
        problems.warning("households-invented", count=len(households))
        frames["households"] = households
    roads = read_roads(path, file, {})
    return Parsed(
        frames=frames, roads=roads.roads, notes=roads.notes, problems=(*problems, *roads.problems)
    )


def _areas(path: Path, level: int) -> tuple[list[_Area], set[str], set[int]]:
    """Closed boundaries and dwellings; names of level's open boundaries; levels of closed ones."""
    reader = osmium.FileProcessor(str(path)).with_areas(
        osmium.filter.KeyFilter("boundary", "building")
    )
    wkb = osmium.geom.WKBFactory()
    areas: list[_Area] = []
    named: set[str] = set()
    for thing in reader:
        if isinstance(thing, osmium.osm.Area):
            areas.extend(_area(thing, wkb))
        elif isinstance(thing, osmium.osm.Relation) and _level(thing.tags) == level:
            named.add(thing.tags.get("name") or str(thing.id))
    closed = {area.name for area in areas if area.level == level}
    return areas, named - closed, {area.level for area in areas if area.level is not None}


def _area(area: osmium.osm.Area, wkb: osmium.geom.WKBFactory) -> Iterator[_Area]:
    level = _level(area.tags)
    name = area.tags.get("name") or ""
    # A nameless outline is a piece of a boundary, such as an exclave's ring.
    is_boundary = level is not None and name
    if not is_boundary and area.tags.get("building") not in DWELLINGS:
        return
    try:
        geometry = shapely.from_wkb(wkb.create_multipolygon(area))
    except RuntimeError:  # its ring could not be closed
        return
    yield _Area(level if is_boundary else None, name, area.orig_id(), geometry)


def _level(tags: Any) -> int | None:
    said = tags.get("admin_level", "")
    is_boundary = tags.get("boundary") == "administrative"
    return int(said) if is_boundary and said.isdigit() else None


def _villages(boundaries: list[_Area], level: int, district: str) -> gpd.GeoDataFrame:
    """One row for each boundary of the level, coded by town and name."""
    chosen = sorted(
        (area for area in boundaries if area.level == level), key=lambda area: area.name
    )
    town_level = _next_coarser(boundaries, chosen, level)
    towns = sorted(
        (area for area in boundaries if area.level == town_level), key=lambda area: area.name
    )
    rows = []
    count_in: dict[int, int] = {}
    for area in chosen:
        inside = area.geometry.representative_point()
        town = next((i for i, t in enumerate(towns) if t.geometry.covers(inside)), len(towns))
        count_in[town] = count_in.get(town, 0) + 1
        town_code = f"{DISTRICT_CODE}{town + 1:03d}"
        rows.append(
            {
                "code": f"{town_code}{count_in[town]:03d}",
                "name": area.name,
                "kind": "village",
                "town_code": f"{town_code}000",
                "town_name": towns[town].name if town < len(towns) else district,
                "geometry": shapely.make_valid(shapely.force_2d(area.geometry)),
                "synthetic_shape": False,
            }
        )
    rows.sort(key=lambda row: row["code"])
    columns = ["code", "name", "kind", "town_code", "town_name", "geometry", "synthetic_shape"]
    return gpd.GeoDataFrame(rows, columns=columns, geometry="geometry", crs=WGS84)


def _next_coarser(boundaries: list[_Area], chosen: list[_Area], level: int) -> int | None:
    """Closest coarser level that divides the chosen boundaries into at least two towns."""
    for coarser in range(level - 1, COARSEST_LEVEL, -1):
        towns = [area for area in boundaries if area.level == coarser]
        held = {
            i
            for area in chosen
            for i, town in enumerate(towns)
            if town.geometry.covers(area.geometry.representative_point())
        }
        if len(held) > 1:
            return coarser
    return None


def _households(dwellings: list[_Area], villages: gpd.GeoDataFrame) -> pd.DataFrame:
    """One household for each dwelling inside a village, numbered village by village."""
    doors = shapely.centroid(np.array([area.geometry for area in dwellings], dtype=object))
    tree = shapely.STRtree(villages.geometry.to_numpy())
    door, village = tree.query(doors, predicate="within")
    door, first = np.unique(door, return_index=True)
    coordinates = shapely.get_coordinates(doors[door])
    frame = pd.DataFrame(
        {
            "village_code": villages["code"].to_numpy()[village[first]],
            "lon": coordinates[:, 0].round(7),
            "lat": coordinates[:, 1].round(7),
            "osm_id": [dwellings[i].osm_id for i in door],
        }
    ).sort_values(["village_code", "osm_id"], ignore_index=True)
    within = frame.groupby("village_code").cumcount() + 1
    frame["number"] = frame["village_code"] + within.map("{:05d}".format)
    frame["householder"] = [f"住户{number:05d}" for number in range(1, len(frame) + 1)]
    frame["synthetic"] = True
    return frame[["number", "householder", "village_code", "lon", "lat", "synthetic"]]
