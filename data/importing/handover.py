"""
A ``Parsed`` as files in a folder, written by the import process and read by the server.

JSON and plain arrays only, so that reading executes nothing, whoever wrote them. Cells
may be text, numbers, truths, None, dates, times, instants, shapes and lists of these.
"""

import json
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pandas as pd
import shapely

from data.importing.parsed import Parsed
from data.importing.problems import ImportProblem
from geo.crs import WGS84
from geo.edges import RoadEdges

RESULT = "result.json"
ROADS = "roads.npz"


def save_parsed(parsed: Parsed, folder: Path) -> None:
    """Write ``result.json`` and, with roads, ``roads.npz``."""
    document = {
        "frames": {name: _frame_to_json(frame) for name, frame in parsed.frames.items()},
        "notes": dict(parsed.notes),
        "problems": [problem.to_json() for problem in parsed.problems],
    }
    if parsed.roads is not None:
        (folder / ROADS).write_bytes(parsed.roads.to_bytes())
    (folder / RESULT).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def load_parsed(folder: Path) -> Parsed:
    """Inverse of ``save_parsed``."""
    document = json.loads((folder / RESULT).read_text(encoding="utf-8"))
    roads = folder / ROADS
    return Parsed(
        frames={name: _frame_from_json(stored) for name, stored in document["frames"].items()},
        roads=RoadEdges.from_bytes(roads.read_bytes()) if roads.exists() else None,
        notes=document["notes"],
        problems=tuple(ImportProblem.from_json(stored) for stored in document["problems"]),
    )


def _frame_to_json(frame: pd.DataFrame) -> dict[str, Any]:
    return {
        "types": {name: str(frame[name].dtype) for name in frame.columns},
        "columns": {name: [_cell_to_json(v) for v in frame[name]] for name in frame.columns},
    }


def _frame_from_json(stored: dict[str, Any]) -> pd.DataFrame:
    columns = {}
    for name, cells in stored["columns"].items():
        kind = stored["types"][name]
        values = [_cell_from_json(cell) for cell in cells]
        columns[name] = pd.Series(values, dtype="object" if kind == "geometry" else kind)
    if "geometry" in columns:
        import geopandas as gpd  # a second of start-up that only shapes need

        shapes: pd.DataFrame = gpd.GeoDataFrame(columns, geometry="geometry", crs=WGS84)
        return shapes
    return pd.DataFrame(columns)


def _cell_to_json(value: Any) -> Any:
    if isinstance(value, shapely.Geometry):
        return {"shape": shapely.to_wkb(value, hex=True)}
    if value is pd.NaT:
        return None
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, (list, tuple)):
        return [_cell_to_json(part) for part in value]
    if isinstance(value, dict):
        raise TypeError("A cell may not be a mapping; give each of its parts a column.")
    if hasattr(value, "item"):  # a numpy scalar
        return value.item()
    return value


def _cell_from_json(cell: Any) -> Any:
    if isinstance(cell, list):
        return [_cell_from_json(part) for part in cell]
    if not isinstance(cell, dict):
        return cell
    ((kind, text),) = cell.items()
    readers = {
        "shape": shapely.from_wkb,
        "instant": datetime.fromisoformat,
        "date": date.fromisoformat,
        "time": time.fromisoformat,
    }
    return readers[kind](text)
