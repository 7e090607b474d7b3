"""
Read the outlines of villages (村、社区) and say what is wrong with them.

Read, state the coordinate system, flatten, mend, name. Nothing is mended in silence:
every assumption is a warning, and outlines that contradict each other are named in
pairs with their common area. Towns are the dissolve of their villages and never a file.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.importing.boundary_crs import decide_reading
from data.importing.boundary_files import read_layers
from data.importing.parsed import Parsed
from data.importing.problems import Fact, Problems
from geo.areas import cleaned_coverage, gaps, overlaps, repaired
from geo.crs import WGS84, great_circle_km
from geo.datum import Datum, convert

COLUMNS = ["code", "name", "kind", "town_code", "town_name", "geometry", "synthetic_shape"]
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": (
        "村代码", "村级代码", "村编码", "行政村代码", "村社区代码", "社区代码", "行政区划代码",
        "行政区代码", "区划代码", "统计用区划代码", "统计代码", "代码", "编码", "code", "code12",
        "villagecode", "xzqdm", "zldwdm", "qsdwdm", "cundm", "cunbm", "adcode", "regioncode",
    ),
    "name": (
        "村名", "村名称", "行政村名称", "村社区名称", "村社区", "村居名称", "社区名称", "行政村",
        "行政区名称", "名称", "村", "name", "villagename", "village", "xzqmc", "zldwmc", "qsdwmc",
        "cunmc", "mc",
    ),
    "town_name": (
        "乡镇", "乡镇名称", "乡镇街道", "所属乡镇", "街道", "镇", "town", "townname", "township",
        "xzmc", "xiangzhen", "street",
    ),
    "kind": ("类型", "类别", "村居类型", "kind", "type"),
    "synthetic_shape": ("syntheticshape", "示意边界"),
}  # fmt: skip
COMMUNITY_ENDINGS = ("社区", "居委会", "居民委员会", "居")
CODE = re.compile(r"\d{12}")
LAND_SURVEY_CODE = re.compile(r"(\d{12})0{7}")  # 三调 appends the parcel's seven digits
CUT_AT = 3  # Shapefiles cut long headings; shorter stumps say nothing
NOTABLE_CHANGE = 0.001
SEVERE_OVERLAP = 0.01
FAR_KM = 300.0
MOST_POINTS = 200_000


def read_boundaries(path: Path, file: str, options: Mapping[str, Any]) -> Parsed:
    """
    Read villages with their outlines.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage, zipped Shapefile or KML, already past the upload guard.
    file
        Its name as people know it; the ending says the format.
    options
        ``crs``, ``near``: see ``decide_reading``; ``datum``: ``wgs84`` (default), ``gcj02``,
        ``bd09``; ``layer``, ``encoding``: see ``read_layers``; ``columns``: our name to the
        file's; ``repair`` (bool): close overlaps and gaps, which moves borders.

    Returns
    -------
    Parsed
        Frame ``villages``: ``code`` (12 digits, text), ``name``, ``kind`` (``village`` or
        ``community``), ``town_code`` (12 digits), ``town_name`` (may be empty), ``geometry``
        (valid polygons, degrees WGS-84) and ``synthetic_shape`` (bool); notes ``crs``,
        ``datum``, ``encoding`` and ``column.…``. With errors the frame holds the good rows.

    Raises
    ------
    ImportRefused
        If nothing can be read: no layer, no rows, no code or name column, no known system.
    """
    problems = Problems(file)
    table, encoding = read_layers(path, file, options, problems)
    notes: dict[str, Fact] = {"encoding": encoding}
    columns = _columns(table, options.get("columns") or {}, problems)
    notes |= {f"column.{ours}": theirs for ours, theirs in columns.items()}
    shapes = _shapes_in_degrees(table, options, problems, notes)
    problems.refuse_if_any()

    rows = _rows(table, columns, problems)
    rows["geometry"] = _mended(shapes, rows, problems)
    whole = _joined(rows[rows["geometry"].notna() & rows["code"].ne("")], problems)
    if len(whole):
        _refuse_strays(whole, problems)
        whole = _as_coverage(whole, bool(options.get("repair")), problems)
    villages = whole.sort_values("code", ignore_index=True)[COLUMNS]
    return Parsed(
        frames={"villages": gpd.GeoDataFrame(villages, geometry="geometry", crs=WGS84)},
        notes=notes,
        problems=tuple(problems),
    )


def _plain(heading: str) -> str:
    return re.sub(r"[\s_()()\-/、]", "", str(heading)).lower()


def _columns(table: pd.DataFrame, chosen: Mapping[str, str], problems: Problems) -> dict[str, str]:
    """Our column names to the file's: as chosen, by heading, by a cut heading, by content."""
    theirs = {_plain(name): str(name) for name in table.columns if name != "geometry"}
    found = {ours: name for ours, name in chosen.items() if name in table.columns}
    for ours, headings in HEADINGS.items():
        if ours in found:
            continue
        exact = [theirs[h] for h in headings if h in theirs]
        cut = [
            name
            for plain, name in theirs.items()
            if len(plain) >= CUT_AT and any(h.startswith(plain) for h in headings)
        ]
        if exact or cut:
            found[ours] = (exact or cut)[0]
    if "code" not in found or not _codes(table[found["code"]]).ne("").any():
        by_content = [n for n in theirs.values() if _codes(table[n]).ne("").mean() > 0.5]
        found |= {"code": by_content[0]} if by_content else {}
    for needed in ("code", "name"):
        if needed not in found:
            problems.error(
                f"{needed}-column-missing",
                found="、".join(theirs.values()),
                expected="、".join(HEADINGS[needed][:6]),
            )
    problems.refuse_if_any()
    return found


def _codes(column: pd.Series) -> pd.Series:
    """12-digit codes as text; what is none becomes empty."""
    text = column.map(_text)
    surveyed = text.str.extract(rf"^{LAND_SURVEY_CODE.pattern}$", expand=False)
    text = text.where(surveyed.isna(), surveyed)
    return text.where(text.str.fullmatch(CODE.pattern), "")


def _text(cell: Any) -> str:
    """A cell as its author meant it: 340811001001.0 is a code that lost its type."""
    if cell is None or cell is pd.NA or (isinstance(cell, float) and np.isnan(cell)):
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    return str(cell).strip()


def _rows(table: pd.DataFrame, columns: Mapping[str, str], problems: Problems) -> pd.DataFrame:
    """Code, name, kind and town of each outline, in the order of the file."""
    said = {ours: table[theirs].map(_text) for ours, theirs in columns.items()}
    empty = pd.Series("", index=table.index)
    rows = pd.DataFrame({"code": _codes(table[columns["code"]]), "name": said["name"]})
    rows["row"] = np.arange(1, len(rows) + 1)
    for row, raw, code, name in zip(
        rows["row"], said["code"], rows["code"], rows["name"], strict=True
    ):
        if not code:
            problems.error("code-invalid", row=int(row), field=columns["code"], value=raw)
        elif not name:
            problems.error("name-missing", row=int(row), field=columns["name"], value=code)
    kind = said.get("kind", empty)
    by_word = kind.isin(["community", "社区", "居委会"]) | rows["name"].str.endswith(
        COMMUNITY_ENDINGS
    )
    rows["kind"] = np.where(by_word & kind.ne("village"), "community", "village")
    rows["town_code"] = rows["code"].str[:9] + "000"
    rows["town_name"] = said.get("town_name", empty)
    flag = said.get("synthetic_shape", empty).str.lower()
    rows["synthetic_shape"] = flag.isin(["true", "1", "1.0", "是"])
    return rows


def _shapes_in_degrees(
    table: gpd.GeoDataFrame,
    options: Mapping[str, Any],
    problems: Problems,
    notes: dict[str, Fact],
) -> np.ndarray:
    """Shapes in degrees, WGS-84; empty array, with an error noted, when the system is unknown."""
    shapes = shapely.force_2d(table.geometry.to_numpy())
    points = shapely.get_coordinates(shapes)
    if not len(points) or not np.isfinite(points).all():
        problems.error("layer-missing" if not len(points) else "coordinate-not-a-number", row=1)
        return np.empty(0, dtype=object)
    middle = (float(np.median(points[:, 0])), float(np.median(points[:, 1])))
    reading = decide_reading(middle, table.crs, dict(options), problems)
    if reading is None:
        return np.empty(0, dtype=object)
    datum = Datum(options.get("datum", Datum.WGS84))
    notes["crs"] = reading.crs.to_string()
    notes["datum"] = str(datum)
    return np.asarray(
        shapely.transform(shapes, lambda xy: convert(reading.to_lonlat(xy), datum, Datum.WGS84)),
        dtype=object,
    )


def _mended(shapes: np.ndarray, rows: pd.DataFrame, problems: Problems) -> np.ndarray:
    """Valid polygons; None, with an error noted, where there is none."""
    result = np.full(len(shapes), None, dtype=object)
    for i, (shape, row, name) in enumerate(zip(shapes, rows["row"], rows["name"], strict=True)):
        where = {"row": int(row), "value": name}
        if shape is None or shapely.is_empty(shape):
            problems.error("geometry-missing", **where)
        elif shapely.get_num_coordinates(shape) > MOST_POINTS:
            count = int(shapely.get_num_coordinates(shape))
            problems.error("geometry-too-fine", **where, count=count, limit=MOST_POINTS)
        else:
            mended, change = repaired(shape)
            if shapely.is_empty(mended):
                problems.error("geometry-not-area", **where, found=shape.geom_type)
                continue
            if not shapely.is_valid(shape):
                problems.warning("geometry-repaired", **where, percent=round(change * 100, 2))
            result[i] = mended
    return result


def _joined(rows: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """One row for each code: parts of one village are joined, different villages refused."""
    for code, same in rows.groupby("code"):
        if len(same) == 1:
            continue
        first, second = same["row"].iloc[:2]
        if same["name"].nunique() == 1:
            problems.warning("parts-joined", value=code, count=len(same))
        else:
            problems.error("code-duplicate", row=int(first), value=code, other_row=int(second))
    joined = rows.groupby("code", sort=False, as_index=False).first()
    parts = rows.groupby("code", sort=False)["geometry"].agg(
        lambda shapes: shapes.iloc[0] if len(shapes) == 1 else shapely.union_all(shapes.to_numpy())
    )
    joined["geometry"] = joined["code"].map(parts)
    return joined


def _refuse_strays(rows: pd.DataFrame, problems: Problems) -> None:
    """An outline far from all others has swapped or broken coordinates of its own."""
    middles = shapely.get_coordinates(shapely.centroid(rows["geometry"].to_numpy()))
    away_km = great_circle_km(middles, np.median(middles, axis=0))
    for row, name, (lon, lat), km in zip(rows["row"], rows["name"], middles, away_km, strict=True):
        if not abs(lat) <= 90 or km > FAR_KM:
            problems.error(
                "outline-astray",
                row=int(row),
                value=name,
                lon=round(float(lon), 5),
                lat=round(float(lat), 5),
                km=round(float(km)),
            )


def _as_coverage(rows: pd.DataFrame, repair: bool, problems: Problems) -> pd.DataFrame:
    """Name overlaps and gaps; close them when a person has asked for it."""
    if problems.has_errors:
        return rows
    shapes = rows["geometry"].to_numpy()
    if repair:
        rows = rows.assign(geometry=cleaned_coverage(shapes))
        problems.warning("coverage-repaired")
        return rows
    names = rows["name"].to_numpy()
    for pair in sorted(overlaps(shapes), key=lambda pair: -pair.area_m2):
        note = problems.error if pair.share >= SEVERE_OVERLAP else problems.warning
        note(
            "outlines-overlap",
            value=names[pair.one],
            other=names[pair.other],
            area_m2=round(pair.area_m2),
        )
    holes = gaps(shapes)
    if holes:
        area_m2 = round(sum(area for _, area in holes))
        problems.warning("outlines-gap", count=len(holes), area_m2=area_m2)
    return rows
