"""
Look at an uploaded file before any parser does, and refuse what could harm or mislead.

The guard reads bytes, archive tables and markup with the standard library only. It asks:
is it small enough, is it what its name says, does it hide macros, links to elsewhere,
entity bombs or a table without end? It runs inside the import process, under its limits.
"""

import json
import math
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from data.importing.archives import inspect_shapefile_zip, inspect_workbook
from data.importing.problems import ImportRefused, Problems

MB = 1 << 20
MOST_MB: Final = {".pbf": 300}
MOST_MB_ELSE = 50
MOST_POINTS = 200_000
MOST_ROWS = 200_000
ENDINGS: Final = {
    "boundaries": (".geojson", ".json", ".gpkg", ".zip", ".kml"),
    "district": (".osm.pbf",),
    "register": (".xlsx", ".csv"),
    "roads": (".osm.pbf",),
}
_KML_LINK = re.compile(rb"<\s*(?:\w+:)?NetworkLink\b", re.IGNORECASE)
DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def inspect_upload(path: Path, file: str, kind: str) -> None:
    """
    Refuse a file that no parser should see.

    Parameters
    ----------
    path
        The stored upload; its own name says nothing.
    file
        Name given by the person; its ending says the format.
    kind
        A key of ``ENDINGS``.

    Raises
    ------
    ImportRefused
        With one problem that says what to do.
    """
    problems = Problems(file)
    ending = ending_of(file, kind)
    if ending is None:
        problems.error("file-type-unknown", expected=" ".join(ENDINGS[kind]))
        raise ImportRefused(problems)
    if not path.is_file():
        problems.error("file-missing")
        raise ImportRefused(problems)
    size, most_mb = path.stat().st_size, MOST_MB.get(Path(ending).suffix, MOST_MB_ELSE)
    if size == 0:
        problems.error("file-empty")
    elif size > most_mb * MB:
        problems.error("file-too-large", size_mb=math.ceil(size / MB), limit_mb=most_mb)
    problems.refuse_if_any()
    found = content_of(path)
    if found != _PROMISES[ending]:
        problems.error("file-type-mismatch", promised=_PROMISES[ending], found=found)
        raise ImportRefused(problems)
    look = _LOOKS.get(ending)
    if look is not None:
        look(path, problems)
    problems.refuse_if_any()


def ending_of(file: str, kind: str) -> str | None:
    """Return the ending of a name that the kind accepts, lower case, or None."""
    return next((end for end in ENDINGS[kind] if file.lower().endswith(end)), None)


def content_of(path: Path) -> str:
    """
    Name what a file holds, by its first bytes.

    Returns
    -------
    str
        A word that needs no translation: ``ZIP``, ``XLSX``, ``XLS``, ``SQLite``, ``OSM PBF``,
        ``JSON``, ``KML``, ``XML``, ``PDF``, ``PNG``, ``JPEG``, ``GIF``, ``EXE``, ``ELF``,
        ``UTF-16``, ``TXT`` or ``BIN``.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
    if start.startswith(b"PK\x03\x04"):
        return "XLSX" if _has_workbook(path) else "ZIP"
    for at, signature, name in _SIGNATURES:
        if start[at:].startswith(signature):
            return name
    if b"\0" in start:
        return "BIN"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        return "KML" if re.search(rb"<\s*(?:\w+:)?kml\b", text) else "XML"
    return "JSON" if text.startswith((b"{", b"[")) else "TXT"


_SIGNATURES: Final = (
    (0, b"SQLite format 3\0", "SQLite"),
    (0, b"\xd0\xcf\x11\xe0", "XLS"),
    (0, b"%PDF", "PDF"),
    (0, b"\x89PNG", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"GIF8", "GIF"),
    (0, b"MZ\x90", "EXE"),
    (0, b"\x7fELF", "ELF"),
    (0, b"\xff\xfe", "UTF-16"),
    (0, b"\xfe\xff", "UTF-16"),
    (4, b"\x0a\x09OSMHeader", "OSM PBF"),
)
_PROMISES: Final = {
    ".csv": "TXT",
    ".geojson": "JSON",
    ".gpkg": "SQLite",
    ".json": "JSON",
    ".kml": "KML",
    ".osm.pbf": "OSM PBF",
    ".xlsx": "XLSX",
    ".zip": "ZIP",
}


def _has_workbook(path: Path) -> bool:
    """Whether an archive calls itself an Office workbook (its parts are looked at later)."""
    data = path.read_bytes()
    return b"xl/workbook" in data and b"[Content_Types].xml" in data


def _inspect_kml(path: Path, problems: Problems) -> None:
    data = path.read_bytes()
    if b"\0" in data or re.match(rb"\s*<\?xml[^>]*utf-?(?:16|32|7)", data, re.IGNORECASE):
        problems.error("file-type-mismatch", promised="KML", found="UTF-16")
    if DECLARATION.search(data):
        problems.error("xml-declaration")
    if _KML_LINK.search(data):
        problems.error("kml-network-link")


def _inspect_geojson(path: Path, problems: Problems) -> None:
    try:
        document = json.loads(path.read_bytes(), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        problems.error("json-invalid", row=error.lineno, column=error.colno)
        return
    except UnicodeDecodeError:
        problems.error("json-not-utf8")
        return
    except RecursionError:
        problems.error("json-too-deep")
        return
    except ValueError as error:
        problems.error("json-constant", value=error)
        return
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or document.get("type") != "FeatureCollection":
        problems.error("json-no-collection")
        return
    if not all(isinstance(feature, dict) for feature in features):
        problems.error("json-no-collection")
        return
    if len(features) > MOST_ROWS:
        problems.error("rows-too-many", count=len(features), limit=MOST_ROWS)
        return
    for row, feature in enumerate(features, start=1):
        _inspect_geometry(row, feature.get("geometry"), problems)


def _refuse_constant(name: str) -> float:
    raise ValueError(name)


def _inspect_geometry(row: int, geometry: Any, problems: Problems) -> None:
    count = 0
    for number in _numbers(geometry):
        count += 1
        if not isinstance(number, (int, float)) or not math.isfinite(number):
            problems.error("coordinate-not-a-number", row=row, value=number)
            return
    if count > 2 * MOST_POINTS:
        problems.error("geometry-too-fine", row=row, count=count // 2, limit=MOST_POINTS)


def _numbers(geometry: Any) -> Iterator[Any]:
    """Every number of a geometry, or of a collection of them, whatever its depth."""
    if isinstance(geometry, dict):
        for key in ("coordinates", "geometries"):
            if key in geometry:
                yield from _numbers(geometry[key])
    elif isinstance(geometry, list):
        for part in geometry:
            if isinstance(part, (list, dict)):
                yield from _numbers(part)
            else:
                yield part


def _inspect_geopackage(path: Path, problems: Problems) -> None:
    """Only tables and spatial indexes: a view may read elsewhere or never end."""
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as connection:
            connection.execute("PRAGMA trusted_schema=OFF")
            made = connection.execute(
                "SELECT type, name, coalesce(sql, '') FROM sqlite_master"
            ).fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:
        problems.error("file-unreadable", reason=type(error).__name__)
        return
    if not {"gpkg_contents", "gpkg_geometry_columns"} <= {name for _, name, _ in made}:
        problems.error("file-type-mismatch", promised="GeoPackage", found="SQLite")
    for kind, name, sql in made:
        is_virtual = re.match(r"\s*CREATE\s+VIRTUAL\s+TABLE", sql, re.IGNORECASE)
        is_index = re.search(r"USING\s+rtree\b", sql, re.IGNORECASE)
        if kind == "view" or (is_virtual and not is_index):
            problems.error("geopackage-unsafe", value=name)


_LOOKS: Final[dict[str, Callable[[Path, Problems], None]]] = {
    ".geojson": _inspect_geojson,
    ".gpkg": _inspect_geopackage,
    ".json": _inspect_geojson,
    ".kml": _inspect_kml,
    ".xlsx": inspect_workbook,
    ".zip": inspect_shapefile_zip,
}
