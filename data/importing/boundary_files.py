"""
Open the formats in which outlines come: GeoJSON, GeoPackage, zipped Shapefile, KML.

Each is read by its own named driver into one table with the columns as they are. A
Shapefile's text has no reliable encoding: what it declares is tried first, then UTF-8
and GB18030 on the raw bytes; nothing is detected by statistics.
"""

import struct
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
from pyogrio.errors import (
    CRSError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
)
from shapely.errors import ShapelyError

from data.importing.archives import DAMAGED, shapefile_parts
from data.importing.guard import MOST_ROWS, ending_of
from data.importing.problems import ImportRefused, Problems

GB18030_NAMES = {"gb18030", "gbk", "gb2312", "936", "cp936", "ansi 936", "euc-cn"}
GB18030_LANGUAGE_BYTES = {0x4D, 0x7A}
UNREADABLE = (
    *DAMAGED,
    CRSError,
    DataLayerError,
    DataSourceError,
    FeatureError,
    FieldError,
    GeometryError,
    ShapelyError,
)
SEVERAL = (".kml",)
"""Formats whose layers are folders of one drawing and are read together."""


def read_layers(
    path: Path, file: str, options: Mapping[str, Any], problems: Problems
) -> tuple[gpd.GeoDataFrame, str]:
    """
    Read the outlines of a file as they are.

    Parameters
    ----------
    path, file
        Stored upload, and its name as people know it.
    options
        ``layer``: name of the layer to read; ``encoding``: of a Shapefile's text.
    problems
        Takes the notes.

    Returns
    -------
    frame, encoding
        Columns of the file and ``geometry``; and how its text was read.

    Raises
    ------
    ImportRefused
        If nothing with outlines can be read.
    """
    ending = ending_of(file, "boundaries")
    encoding = "UTF-8"
    try:
        if ending == ".zip":
            frame, encoding = _read_shapefile(path, options, problems)
        else:
            source = f"GeoJSON:{path}" if ending in (".geojson", ".json") else str(path)
            frame = _read_named_layers(source, ending in SEVERAL, options, problems)
    except UNREADABLE as error:
        problems.error("file-unreadable", reason=type(error).__name__)
        raise ImportRefused(problems) from error
    if not len(frame):
        problems.error("no-rows")
        raise ImportRefused(problems)
    return frame, encoding


def _read_named_layers(
    source: str, together: bool, options: Mapping[str, Any], problems: Problems
) -> gpd.GeoDataFrame:
    """Read all layers as one table, or the largest, or the one that was chosen."""
    layers = _layers_with_shapes(source, options, problems)
    if not together and len(layers) > 1:
        chosen = max(layers, key=lambda name: pyogrio.read_info(source, layer=name)["features"])
        problems.warning("layer-chosen", value=chosen, count=len(layers))
        layers = [chosen]
    frames = [_read(source, layer=name) for name in layers]
    frame = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    return gpd.GeoDataFrame(frame, geometry="geometry", crs=frames[0].crs)


def _layers_with_shapes(source: str, options: Mapping[str, Any], problems: Problems) -> list[str]:
    """Names of the layers that may hold polygons; the chosen one only, if one was chosen."""
    kinds = pyogrio.list_layers(source)
    named = [str(name) for name, kind in kinds if kind is not None and "Point" not in kind]
    if options.get("layer"):
        named = [name for name in named if name == options["layer"]]
    if not named:
        problems.error("layer-missing")
        raise ImportRefused(problems)
    return named


def _read(source: str, **how: Any) -> gpd.GeoDataFrame:
    return pyogrio.read_dataframe(source, max_features=MOST_ROWS + 1, fid_as_index=False, **how)


def _read_shapefile(
    path: Path, options: Mapping[str, Any], problems: Problems
) -> tuple[gpd.GeoDataFrame, str]:
    with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
        parts = shapefile_parts(archive, problems)
        problems.refuse_if_any()
        for ending, entry in parts.items():
            if ending != ".cpg":  # its word is ours to interpret
                (Path(folder) / f"layer{ending}").write_bytes(archive.read(entry))
        said = archive.read(parts[".cpg"]).decode("ascii", "replace") if ".cpg" in parts else ""
        table = (Path(folder) / "layer.dbf").read_bytes()
        encoding = options.get("encoding") or _encoding(table, said.strip(), problems)
        problems.refuse_if_any()
        return _read(str(Path(folder) / "layer.shp"), encoding=encoding), encoding


def _encoding(table: bytes, said: str, problems: Problems) -> str:
    """Encoding of a .dbf table: declared and fitting, or the first that fits, with a notice."""
    text = _text_of(table)
    declared = _declared(said, table)
    for encoding in (declared, "UTF-8", "GB18030"):
        if encoding and _fits(text, encoding):
            if encoding != declared and not text.isascii():
                problems.warning("encoding-assumed", value=encoding)
            return encoding
    problems.error("encoding-unreadable")
    return ""


def _declared(said: str, table: bytes) -> str:
    if said.lower() in GB18030_NAMES:
        return "GB18030"
    if said.lower() in {"utf-8", "utf8", "65001"}:
        return "UTF-8"
    language = table[29] if len(table) > 29 else 0
    return "GB18030" if language in GB18030_LANGUAGE_BYTES else ""


def _fits(text: bytes, encoding: str) -> bool:
    try:
        text.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _text_of(table: bytes) -> bytes:
    """Names and text cells of a .dbf table, each closed by a line break."""
    if len(table) < 32:
        return b""
    count, head, width = struct.unpack("<IHH", table[4:12])
    cells: list[bytes] = []
    text_fields: list[tuple[int, int]] = []
    at = 1
    for start in range(32, head - 1, 32):
        described = table[start : start + 32]
        if len(described) < 32 or described[0] == 0x0D:
            break
        cells.append(described[:11].split(b"\0")[0])
        if described[11:12] == b"C":
            text_fields.append((at, described[16]))
        at += described[16]
    for row in range(min(count, MOST_ROWS)):
        record = table[head + row * width : head + (row + 1) * width]
        cells.extend(record[a : a + size].rstrip(b" \0") for a, size in text_fields)
    return b"\n".join(cells)
