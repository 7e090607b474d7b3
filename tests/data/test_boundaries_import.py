"""Village outlines of every format and coordinate system arrive, or are refused in words."""

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import pytest
import shapely

from data.importing.boundaries import read_boundaries
from data.importing.parsed import Parsed
from data.importing.problems import ImportRefused

LON, LAT, DEG = 117.0, 30.6, 0.02
CODES = ["340811001001", "340811001002", "340811100201"]
NAMES = ["肖坑社区", "芭茅社区", "杨亭村"]
TOWNS = ["大桥街道", "大桥街道", "大龙山镇"]


def squares(count: int = 3) -> list[shapely.Polygon]:
    return [shapely.box(LON + i * DEG, LAT, LON + (i + 1) * DEG, LAT + DEG) for i in range(count)]


def a_frame(**columns: Any) -> gpd.GeoDataFrame:
    """Three neighbouring villages; columns may be replaced, or dropped by None."""
    told = {"code": CODES, "name": NAMES, "town": TOWNS, "geometry": squares()} | columns
    told = {name: cells for name, cells in told.items() if cells is not None}
    return gpd.GeoDataFrame(told, geometry="geometry", crs=4326)


def written(frame: gpd.GeoDataFrame, folder: Path, name: str = "村界.geojson", **how: Any) -> Path:
    path = folder / name
    pyogrio.write_dataframe(frame, path, **how)
    return path


def zipped_shapefile(
    frame: gpd.GeoDataFrame, folder: Path, *, encoding: str = "UTF-8", keep: str = "shp shx dbf prj"
) -> Path:
    pyogrio.write_dataframe(frame, folder / "cun.shp", encoding=encoding)
    path = folder / "村界.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for ending in keep.split():
            archive.write(folder / f"cun.{ending}", f"村界/cun.{ending}")
    return path


def read(path: Path, **options: Any) -> Parsed:
    return read_boundaries(path, path.name, options)


def codes_of(parsed: Parsed) -> list[str]:
    return [problem.code for problem in parsed.problems]


def refused(path: Path, **options: Any) -> list[str]:
    with pytest.raises(ImportRefused) as caught:
        read(path, **options)
    return [problem.code for problem in caught.value.problems]


def is_the_sample(parsed: Parsed) -> bool:
    villages = parsed.frames["villages"]
    fits = all(
        shapely.hausdorff_distance(a, b) < 1e-6
        for a, b in zip(villages["geometry"], squares(), strict=True)
    )
    return fits and villages["code"].tolist() == CODES and villages["name"].tolist() == NAMES


@pytest.mark.parametrize("name", ["村界.geojson", "村界.json", "村界.gpkg", "村界.kml"])
def test_each_format_gives_the_same_villages(tmp_path: Path, name: str) -> None:
    drivers = {"geojson": "GeoJSON", "json": "GeoJSON", "gpkg": "GPKG", "kml": "LIBKML"}
    frame = a_frame().rename(columns={"name": "Name"}) if name.endswith("kml") else a_frame()

    parsed = read(written(frame, tmp_path, name, driver=drivers[name.split(".")[1]]))

    assert is_the_sample(parsed)
    assert codes_of(parsed) == []
    villages = parsed.frames["villages"]
    assert villages["kind"].tolist() == ["community", "community", "village"]
    assert villages["town_code"].tolist() == ["340811001000"] * 2 + ["340811100000"]
    assert villages["town_name"].tolist() == TOWNS


@pytest.mark.parametrize(
    ("written_in", "keep", "warned"),
    [
        ("UTF-8", "shp shx dbf prj cpg", []),
        ("GBK", "shp shx dbf prj cpg", []),
        ("UTF-8", "shp shx dbf prj", ["encoding-assumed"]),
    ],
)
def test_shapefiles_are_read_in_the_encoding_they_have(
    tmp_path: Path, written_in: str, keep: str, warned: list[str]
) -> None:
    parsed = read(zipped_shapefile(a_frame(), tmp_path, encoding=written_in, keep=keep))

    assert is_the_sample(parsed)
    assert codes_of(parsed) == warned


@pytest.mark.parametrize(("language_byte", "warned"), [(0x4D, []), (0, ["encoding-assumed"])])
def test_a_gbk_table_without_declaration_is_still_read_in_chinese(
    tmp_path: Path, language_byte: int, warned: list[str]
) -> None:
    path = zipped_shapefile(a_frame(), tmp_path, encoding="GBK", keep="shp shx prj")
    table = bytearray((tmp_path / "cun.dbf").read_bytes())
    table[29] = language_byte
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("村界/cun.dbf", bytes(table))

    parsed = read(path)

    assert is_the_sample(parsed)
    assert codes_of(parsed) == warned
    assert parsed.notes["encoding"] == "GB18030"


@pytest.mark.parametrize("epsg", [4548, 4527, 4498, 4490, 3857])
def test_what_declares_its_system_is_believed(tmp_path: Path, epsg: int) -> None:
    parsed = read(written(a_frame().to_crs(epsg), tmp_path, "村界.gpkg"))

    assert is_the_sample(parsed)
    assert codes_of(parsed) == (["web-mercator"] if epsg == 3857 else [])


@pytest.mark.parametrize(
    ("epsg", "taken", "warned"),
    [
        (4326, "EPSG:4326", ["crs-assumed"]),
        (4527, "EPSG:4527", ["crs-assumed"]),
        (4498, "EPSG:4498", ["crs-assumed"]),
        (3857, "EPSG:3857", ["crs-assumed", "web-mercator"]),
    ],
)
def test_without_a_declaration_the_numbers_decide_and_it_is_said(
    tmp_path: Path, epsg: int, taken: str, warned: list[str]
) -> None:
    path = zipped_shapefile(a_frame().to_crs(epsg), tmp_path, keep="shp shx dbf cpg")

    parsed = read(path)

    assert is_the_sample(parsed)
    assert codes_of(parsed) == warned
    assert parsed.notes["crs"] == taken


def test_without_zone_the_districts_own_meridian_is_needed(tmp_path: Path) -> None:
    path = zipped_shapefile(a_frame().to_crs(4548), tmp_path, keep="shp shx dbf cpg")

    assert refused(path) == ["crs-missing"]
    assert is_the_sample(read(path, near=[117.1, 30.7]))
    assert is_the_sample(read(path, crs="EPSG:4548"))


def test_a_system_that_nobody_knows_is_refused_by_its_name(tmp_path: Path) -> None:
    assert refused(written(a_frame(), tmp_path), crs="EPSG:99999999") == ["crs-unknown"]


def test_metres_in_a_file_that_claims_degrees_are_noticed(tmp_path: Path) -> None:
    frame = a_frame().to_crs(4527).set_crs(4326, allow_override=True)

    parsed = read(written(frame, tmp_path))

    assert is_the_sample(parsed)
    assert codes_of(parsed) == ["crs-contradicts"]


def test_swapped_latitude_and_longitude_are_put_right_and_said(tmp_path: Path) -> None:
    swapped = [shapely.transform(shape, lambda xy: xy[:, ::-1]) for shape in squares()]

    parsed = read(written(a_frame(geometry=swapped), tmp_path))

    assert is_the_sample(parsed)
    assert codes_of(parsed) == ["coordinates-swapped"]


def test_one_swapped_village_among_others_is_named(tmp_path: Path) -> None:
    shapes = squares()
    shapes[1] = shapely.transform(shapes[1], lambda xy: xy[:, ::-1])

    parsed = read(written(a_frame(geometry=shapes), tmp_path))

    (problem,) = [p for p in parsed.problems if p.severity == "error"]
    assert (problem.code, problem.row, problem.value) == ("outline-astray", 2, "芭茅社区")


def test_outlines_drawn_over_a_commercial_map_are_moved_back(tmp_path: Path) -> None:
    parsed = read(written(a_frame(), tmp_path), datum="gcj02")

    moved = parsed.frames["villages"]["geometry"].iloc[0].centroid
    assert moved.x == pytest.approx(LON + DEG / 2 - 0.0052, abs=0.0005)
    assert parsed.notes["datum"] == "gcj02"


@pytest.mark.parametrize(
    ("code", "name", "town"),
    [
        ("行政区划代码", "村(社区)名称", "所属乡镇"),
        ("ZLDWDM", "ZLDWMC", "XZMC"),
        ("XZQDM", "XZQMC", None),
        ("村代码", "村名", "镇"),
        ("Village_Code", "Village Name", "Town"),
        ("随便什么", "名称", None),  # a code is known by its twelve digits
    ],
)
def test_headings_are_guessed(tmp_path: Path, code: str, name: str, town: str | None) -> None:
    frame = a_frame().rename(columns={"code": code, "name": name, "town": town or "x"})

    parsed = read(written(frame, tmp_path))

    assert is_the_sample(parsed)
    assert parsed.notes["column.code"] == code


def test_headings_cut_by_a_shapefile_are_recognised(tmp_path: Path) -> None:
    # Ten bytes hold five characters: 行政区划代码 loses its last.
    names = {"code": "行政区划代", "name": "行政村名称", "town": "所属乡镇"}
    path = zipped_shapefile(
        a_frame().rename(columns=names), tmp_path, encoding="GBK", keep="shp shx dbf prj cpg"
    )

    parsed = read(path)

    assert is_the_sample(parsed)
    assert parsed.notes["column.code"] == "行政区划代"


def test_a_person_may_choose_the_columns(tmp_path: Path) -> None:
    frame = a_frame(旧名=["甲", "乙", "丙"])

    parsed = read(written(frame, tmp_path), columns={"name": "旧名"})

    assert parsed.frames["villages"]["name"].tolist() == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    "told",
    [
        [int(code) for code in CODES],
        [float(code) for code in CODES],
        [code + "0000000" for code in CODES],  # 三调: village and parcel
        [f" {code} " for code in CODES],
    ],
)
def test_codes_are_text_of_twelve_digits_however_they_were_kept(
    tmp_path: Path, told: list[Any]
) -> None:
    assert is_the_sample(read(written(a_frame(code=told), tmp_path, "村界.gpkg")))


def test_missing_columns_are_named_with_what_was_found(tmp_path: Path) -> None:
    frame = a_frame(code=None, name=None).rename(columns={"town": "备注"})

    with pytest.raises(ImportRefused, match=r"village codes\. Found: 备注") as caught:
        read(written(frame, tmp_path))

    assert [p.facts["found"] for p in caught.value.problems] == ["备注", "备注"]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"code": ["34081100100", *CODES[1:]]}, ("code-invalid", 1)),
        ({"code": [CODES[0], CODES[0], CODES[2]]}, ("code-duplicate", 1)),
        ({"name": ["肖坑社区", None, "杨亭村"]}, ("name-missing", 2)),
        ({"geometry": [*squares()[:2], None]}, ("geometry-missing", 3)),
        (
            {"geometry": [shapely.LineString([(LON, LAT), (LON, LAT + 1)]), *squares()[1:]]},
            ("geometry-not-area", 1),
        ),
    ],
)
def test_a_bad_row_is_named_and_the_good_ones_are_still_shown(
    tmp_path: Path, columns: dict[str, Any], expected: tuple[str, int]
) -> None:
    parsed = read(written(a_frame(**columns), tmp_path, "村界.gpkg"))

    assert [(p.code, p.row) for p in parsed.problems] == [expected]
    assert parsed.has_errors
    assert len(parsed.frames["villages"]) >= 1


def test_parts_of_one_village_are_joined_and_said(tmp_path: Path) -> None:
    frame = a_frame(code=[CODES[0], CODES[0], CODES[2]], name=[NAMES[0], NAMES[0], NAMES[2]])

    parsed = read(written(frame, tmp_path))

    assert codes_of(parsed) == ["parts-joined"]
    areas = shapely.area(parsed.frames["villages"]["geometry"].to_numpy())
    assert areas.tolist() == pytest.approx([2 * DEG**2, DEG**2])


def test_an_outline_that_crosses_itself_is_mended_and_the_change_told(tmp_path: Path) -> None:
    shapes: list[Any] = squares()
    shapes[2] = shapely.Polygon(
        [
            (LON + 2 * DEG, LAT),
            (LON + 3 * DEG, LAT + DEG),
            (LON + 3 * DEG, LAT),
            (LON + 2 * DEG, LAT + DEG),
        ]
    )

    parsed = read(written(a_frame(geometry=shapes), tmp_path))

    assert codes_of(parsed)[0] == "geometry-repaired"
    assert shapely.is_valid(parsed.frames["villages"]["geometry"]).all()


def test_villages_on_top_of_each_other_are_named_in_pairs(tmp_path: Path) -> None:
    shapes = squares()
    shapes[0] = shapely.box(LON, LAT, LON + 1.2 * DEG, LAT + DEG)

    parsed = read(written(a_frame(geometry=shapes), tmp_path))

    (problem,) = parsed.problems
    assert (problem.severity, problem.code) == ("error", "outlines-overlap")
    assert {problem.value, problem.facts["other"]} == set(NAMES[:2])
    assert problem.facts["area_m2"] == pytest.approx(0.2 * 1915 * 2217, rel=0.02)


def test_a_sliver_of_overlap_warns_and_is_closed_when_asked(tmp_path: Path) -> None:
    shapes = squares()
    shapes[0] = shapely.box(LON, LAT, LON + 1.001 * DEG, LAT + DEG)
    path = written(a_frame(geometry=shapes), tmp_path)

    assert [(p.severity, p.code) for p in read(path).problems] == [("warning", "outlines-overlap")]
    assert codes_of(read(path, repair=True)) == ["coverage-repaired"]


def test_height_is_dropped(tmp_path: Path) -> None:
    frame = a_frame(geometry=[shapely.force_3d(shape, 12.0) for shape in squares()])

    parsed = read(written(frame, tmp_path, "村界.gpkg"))

    assert is_the_sample(parsed)
    assert not shapely.has_z(parsed.frames["villages"]["geometry"]).any()


def test_a_file_of_points_only_has_no_outlines(tmp_path: Path) -> None:
    frame = a_frame(geometry=[shape.centroid for shape in squares()])

    assert refused(written(frame, tmp_path)) == ["layer-missing"]


def test_a_collection_without_features_is_said_to_be_empty(tmp_path: Path) -> None:
    path = tmp_path / "村界.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": []}))

    assert refused(path) in (["no-rows"], ["layer-missing"])


def test_the_folders_of_a_drawing_are_read_together(tmp_path: Path) -> None:
    path = tmp_path / "村界.kml"
    frame = a_frame().rename(columns={"name": "Name"})
    pyogrio.write_dataframe(frame.iloc[:2], path, driver="LIBKML", layer="大桥街道")
    pyogrio.write_dataframe(frame.iloc[2:], path, driver="LIBKML", layer="大龙山镇", append=True)

    assert is_the_sample(read(path))


def test_of_several_layers_the_largest_is_read_and_named(tmp_path: Path) -> None:
    path = tmp_path / "村界.gpkg"
    pyogrio.write_dataframe(a_frame().iloc[:1], path, layer="旧")
    pyogrio.write_dataframe(a_frame(), path, layer="村界", append=True)

    parsed = read(path)

    assert is_the_sample(parsed)
    assert [p.value for p in parsed.problems] == ["村界"]
    assert len(read(path, layer="旧").frames["villages"]) == 1


def test_the_flag_of_invented_shapes_is_kept(tmp_path: Path) -> None:
    parsed = read(written(a_frame(synthetic_shape=[True, True, False]), tmp_path))

    assert parsed.frames["villages"]["synthetic_shape"].tolist() == [True, True, False]


def test_the_sample_district_arrives_whole_and_flagged(shared_dir: Path) -> None:
    parsed = read(shared_dir / "data" / "yixiu" / "villages_sample.geojson")

    villages = parsed.frames["villages"]
    assert len(villages) == 60
    assert villages["town_code"].nunique() == 6
    assert villages["synthetic_shape"].all()
    assert (villages["kind"] == "community").sum() == 37
    assert codes_of(parsed) == []
