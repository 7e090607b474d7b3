"""What the import process found arrives unchanged, and reading it executes nothing."""

import json
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from data.importing.handover import RESULT, load_parsed, save_parsed
from data.importing.parsed import Parsed
from data.importing.problems import ImportProblem
from geo.edges import RoadEdges


def there_and_back(parsed: Parsed, folder: Path) -> Parsed:
    save_parsed(parsed, folder)
    return load_parsed(folder)


def test_cells_of_every_kind_arrive_as_they_were(tmp_path: Path) -> None:
    cells = {
        "text": ["甲", "", "𬭎"],
        "whole": [1, 2, 3],
        "number": [1.5, np.nan, -0.25],
        "truth": [True, False, True],
        "day": [date(2027, 2, 28), None, date(2028, 2, 29)],
        "hour": [time(8, 30), time(14, 0), None],
        "instant": [datetime(2027, 1, 1, 0, 0, tzinfo=UTC)] * 3,
        "windows": [[["08:00", "12:00"]], [], None],
        "mixed": ["340811001001", 7, None],
    }
    frame = pd.DataFrame(cells)

    back = there_and_back(Parsed(frames={"rows": frame}), tmp_path).frames["rows"]

    pd.testing.assert_frame_equal(back, frame)


def test_a_frame_without_rows_keeps_its_columns_and_types(tmp_path: Path) -> None:
    frame = pd.DataFrame({"code": pd.Series(dtype="object"), "n": pd.Series(dtype="int64")})

    back = there_and_back(Parsed(frames={"rows": frame}), tmp_path).frames["rows"]

    pd.testing.assert_frame_equal(back, frame)


def test_shapes_arrive_with_their_system(tmp_path: Path) -> None:
    square = shapely.box(117, 30, 117.1, 30.1)
    frame = gpd.GeoDataFrame({"code": ["1"]}, geometry=[square], crs=4326)

    back = there_and_back(Parsed(frames={"villages": frame}), tmp_path).frames["villages"]

    assert isinstance(back, gpd.GeoDataFrame)
    assert back.crs == frame.crs
    assert shapely.equals(back["geometry"].iloc[0], square)


def test_roads_notes_and_problems_arrive(tmp_path: Path) -> None:
    roads = RoadEdges(
        tail=np.array([0], dtype=np.int32),
        head=np.array([1], dtype=np.int32),
        offsets=np.array([0, 2]),
        lonlat=np.array([[9.5, 47.1], [9.51, 47.1]]),
        road_class=np.array([3], dtype=np.uint8),
        access=np.array([7], dtype=np.uint8),
        oneway=np.array([0], dtype=np.uint8),
        maxspeed_kmh=np.array([np.nan], dtype=np.float32),
    )
    problem = ImportProblem(severity="warning", code="parts-joined", value="1", facts={"count": 2})

    back = there_and_back(
        Parsed(roads=roads, notes={"crs": "EPSG:4548"}, problems=(problem,)), tmp_path
    )

    assert back.roads is not None
    assert back.roads.content_hash == roads.content_hash
    assert back.notes == {"crs": "EPSG:4548"}
    assert back.problems == (problem,)
    assert not back.has_errors


def test_a_cell_that_is_a_mapping_is_refused_at_the_sender(tmp_path: Path) -> None:
    frame = pd.DataFrame({"odd": [{"a": 1}]})

    with pytest.raises(TypeError, match="give each of its parts a column"):
        save_parsed(Parsed(frames={"rows": frame}), tmp_path)


@pytest.mark.parametrize(
    "cell", [{"call": "os.system"}, {"shape": "nicht"}, {"date": "2027-02-30"}]
)
def test_a_forged_result_is_an_error_and_nothing_else(cell: dict[str, Any], tmp_path: Path) -> None:
    rows = {"types": {"x": "object"}, "columns": {"x": [cell]}}
    document = {"frames": {"rows": rows}, "notes": {}, "problems": []}
    (tmp_path / RESULT).write_text(json.dumps(document))

    with pytest.raises((KeyError, ValueError, shapely.errors.ShapelyError)):
        load_parsed(tmp_path)
