"""
Files that must not pass, and files that must, made at test time from the smallest parts.

Each hostile file carries the code of the problem it must meet. None does harm: what an
attack would fetch or fill is only hinted at.
"""

import io
import json
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely
import xlsxwriter

SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it arrives: its name, kind and content; and the code it must meet, if any."""

    name: str
    kind: str
    content: bytes
    code: str = ""


def a_workbook(**parts: bytes | None) -> bytes:
    """An .xlsx of one cell; parts may be replaced or added by ``folder__name_xml=...``."""
    rows = parts.pop("rows", None) or b'<row r="1"><c r="A1"><v>1</v></c></row>'
    book = {
        "[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats'
        b'.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd'
        b'.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType='
        b'"application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}'
        '/officeDocument" Target="xl/workbook.xml"/></Relationships>'.encode(),
        "xl/workbook.xml": f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets><sheet '
        'name="户" sheetId="1" r:id="r1"/></sheets></workbook>'.encode(),
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" '
        f'Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'.encode(),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{SPREADSHEET}"><sheetData>'.encode()
        + rows
        + b"</sheetData></worksheet>",
    }
    for name, content in parts.items():
        if content is not None:
            book[name] = content
    return a_zip(book)


def a_zip(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def villages() -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(
        {"code": ["340811001001"], "name": ["肖坑社区"]},
        geometry=[shapely.box(117, 30.6, 117.1, 30.7)],
        crs=4326,
    )


def written_by_gdal(ending: str, driver: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"x{ending}"
        pyogrio.write_dataframe(villages(), path, driver=driver)
        return path.read_bytes()


def a_shapefile_zip(**changed: bytes | None) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        pyogrio.write_dataframe(villages(), Path(folder) / "cun.shp", encoding="UTF-8")
        entries: dict[str, bytes | None] = {
            path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())
        }
    entries |= changed
    return a_zip({name: content for name, content in entries.items() if content is not None})


def geojson(coordinates: Any = None, **changed: Any) -> bytes:
    ring = [[117, 30], [117.1, 30], [117.1, 30.1], [117, 30]]
    shape = {"type": "Polygon", "coordinates": coordinates or [ring]}
    properties = {"code": "340811001001", "name": "肖坑社区"}
    feature = {"type": "Feature", "properties": properties, "geometry": shape}
    return json.dumps({"type": "FeatureCollection", "features": [feature]} | changed).encode()


def kml(inside: str = "", before: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}'
        '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark><name>肖坑社区</name>'
        "<ExtendedData><Data name='code'><value>340811001001</value></Data></ExtendedData>"
        "<Polygon><outerBoundaryIs><LinearRing><coordinates>117,30 117.1,30 117.1,30.1 117,30"
        f"</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark>{inside}"
        "</Document></kml>"
    ).encode()


def a_geopackage(*statements: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.gpkg"
        pyogrio.write_dataframe(villages(), path)
        with sqlite3.connect(path) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
        return path.read_bytes()


def a_database(statement: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.sqlite"
        with sqlite3.connect(path) as connection:
            connection.execute(statement)
        connection.close()
        return path.read_bytes()


def patched(archive: bytes, change: Callable[[bytearray, int], None], entry: int = 0) -> bytes:
    """An archive whose table (central directory) was changed at one entry."""
    data = bytearray(archive)
    at = -1
    for _ in range(entry + 1):
        at = data.index(b"PK\x01\x02", at + 1)
    change(data, at)
    return bytes(data)


def with_password(data: bytearray, at: int) -> None:
    data[at + 8] |= 1


def with_odd_compression(data: bytearray, at: int) -> None:
    data[at + 10 : at + 12] = struct.pack("<H", 12)


def with_link(data: bytearray, at: int) -> None:
    data[at + 5] = 3  # made on Unix
    data[at + 38 : at + 42] = struct.pack("<I", 0o120777 << 16)


def with_claimed_size(data: bytearray, at: int) -> None:
    data[at + 24 : at + 28] = struct.pack("<I", 290 << 20)


def with_moved_start(data: bytearray, at: int) -> None:
    data[at + 42 : at + 46] = struct.pack("<I", 0)


def a_large_workbook(rows: int, columns: int) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet("户")
    for row in range(rows):
        sheet.write_row(row, 0, [f"{row}-{column}" for column in range(columns)])
    book.close()
    return out.getvalue()


def hostile() -> list[Upload]:
    """Every file that must be refused."""
    return [*_wrong_types(), *_bad_archives(), *_bad_workbooks(), *_bad_outlines(), *_bad_sizes()]


def _wrong_types() -> list[Upload]:
    mismatch, unknown = "file-type-mismatch", "file-type-unknown"
    book, plain = a_workbook(), "户号,户主\n1,甲\n".encode()
    return [
        Upload("文本.xlsx", "register", plain, mismatch),
        Upload("图片.xlsx", "register", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, mismatch),
        Upload("旧.xlsx", "register", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 64, mismatch),
        Upload("压缩.xlsx", "register", a_zip({"a.txt": b"a"}), mismatch),
        Upload("网页.xlsx", "register", b"<html><table></table></html>", mismatch),
        Upload("文档.csv", "register", b"%PDF-1.7\n", mismatch),
        Upload("工作簿.csv", "register", book, mismatch),
        Upload("程序.csv", "register", b"\x7fELF\x02\x01\x01", mismatch),
        Upload("宽字符.csv", "register", "户号".encode("utf-16"), mismatch),
        Upload("零字节.csv", "register", b"a,b\n\0,1\n", mismatch),
        Upload("网页.csv", "register", b"<!DOCTYPE html><html></html>", mismatch),
        Upload("旧.xls", "register", b"\xd0\xcf\x11\xe0", unknown),
        Upload("宏.xlsm", "register", book, unknown),
        Upload("无后缀", "register", plain, unknown),
        Upload("脚本.py", "boundaries", b"print()", unknown),
        Upload("村界.shp", "boundaries", b"\0\0\x27\x0a", unknown),
        Upload("村界.vrt", "boundaries", b"<OGRVRTDataSource/>", unknown),
        Upload("虚拟.geojson", "boundaries", b"<OGRVRTDataSource></OGRVRTDataSource>", mismatch),
        Upload("虚拟.gpkg", "boundaries", b"<OGRVRTDataSource></OGRVRTDataSource>", mismatch),
        Upload("虚拟.kml", "boundaries", b"<OGRVRTDataSource></OGRVRTDataSource>", mismatch),
        Upload("地图.kml", "boundaries", b"<?xml version='1.0'?><gpx></gpx>", mismatch),
        Upload("村界.zip", "boundaries", b"Rar!\x1a\x07\x00", mismatch),
        Upload("数据库.gpkg", "boundaries", a_database("CREATE TABLE a (b)"), mismatch),
        Upload("路.osm.pbf", "roads", b"\x00\x00\x00\x0d\x0a\x07Unknown", mismatch),
        Upload("路.osm", "roads", b"<osm version='0.6'/>", unknown),
        Upload("空.xlsx", "register", b"", "file-empty"),
        Upload("空.csv", "register", b"", "file-empty"),
        Upload("空.geojson", "boundaries", b"", "file-empty"),
        Upload("空.osm.pbf", "roads", b"", "file-empty"),
    ]


def _bad_archives() -> list[Upload]:
    shapes, unsafe = a_shapefile_zip(), "archive-unsafe"
    many = {f"{number}.txt": b"" for number in range(201)}
    bomb = a_shapefile_zip(**{"cun.dbf": b"\0" * (40 << 20)})

    def zipped(content: bytes, code: str = unsafe) -> Upload:
        return Upload("村界.zip", "boundaries", content, code)

    return [
        zipped(a_shapefile_zip(**{"../../etc/cron.d/x": b"x"})),
        zipped(a_shapefile_zip(**{"/etc/x": b"x"})),
        zipped(a_shapefile_zip(**{"..\\x": b"x"})),
        zipped(a_shapefile_zip(**{"C:x": b"x"})),
        zipped(a_shapefile_zip(**{"CUN.DBF": b"x"})),
        zipped(patched(shapes, with_password)),
        zipped(patched(shapes, with_odd_compression)),
        zipped(patched(shapes, with_link)),
        zipped(patched(shapes, with_claimed_size)),
        zipped(patched(shapes, with_moved_start, entry=2)),
        zipped(bomb),
        zipped(a_zip(many), "archive-too-many"),
        zipped(a_zip({"a.txt": b"a"}), "shapefile-not-one"),
        zipped(a_shapefile_zip(**{"zwei.shp": b"x"}), "shapefile-not-one"),
        zipped(a_shapefile_zip(**{"cun.dbf": None}), "shapefile-part-missing"),
        zipped(a_shapefile_zip(**{"cun.shx": None}), "shapefile-part-missing"),
        zipped(shapes[: len(shapes) // 2], "file-unreadable"),
        Upload("册.xlsx", "register", patched(a_workbook(), with_password), unsafe),
        Upload("册.xlsx", "register", patched(a_workbook(), with_claimed_size), unsafe),
    ]


def _bad_workbooks() -> list[Upload]:
    entity = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "a">]><worksheet/>'
    elsewhere = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/image" '
        'Target="http://192.0.2.1/x.png" TargetMode="External"/></Relationships>'
    ).encode()
    macro = b'<Types><Override ContentType="application/vnd.ms-excel.sheet.macroEnabled.main+xml"/>'
    wide = b'<row r="1">' + b"<c><v>1</v></c>" * 201 + b"</row>"
    tall = b"".join(b'<row ht="%d"/>' % (row * 7919 % 9973) for row in range(200_001))
    beyond = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="%d"><c r="%s"><v>1</v></c></row>'
    large, linked = "workbook-too-large", "workbook-links"
    declared, macros = "xml-declaration", "workbook-macros"
    sheet = "xl/worksheets/sheet1.xml"

    def book(code: str, **parts: bytes) -> Upload:
        return Upload("册.xlsx", "register", a_workbook(**parts), code)

    return [
        book(large, rows=beyond % (1048576, b"XFD1048576")),
        book(large, rows=beyond % (1048576, b"A1048576")),
        book(large, rows=beyond % (2, b"XFD2")),
        book(large, rows=b'<x:row xmlns:x="u" r="2"><x:c r=\'XFD2\'/></x:row>'),
        book(large, rows=b'<row r="999999999"/>'),
        book(large, rows=wide),
        book(large, rows=tall),
        book(declared, **{sheet: entity}),
        book(declared, **{"xl/sharedStrings.xml": b"<!DOCTYPE sst SYSTEM 'file:///x'><sst/>"}),
        book(declared, **{"docProps/core.xml": b"<!doctype a><a/>"}),
        book("file-type-mismatch", **{sheet: entity.decode().encode("utf-16")}),
        book(macros, **{"xl/vbaProject.bin": b"x"}),
        book(macros, **{"xl/macrosheets/sheet1.xml": b"<a/>"}),
        book(macros, **{"[Content_Types].xml": macro}),
        book(linked, **{"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        book(linked, **{"xl/drawings/_rels/drawing1.xml.rels": elsewhere}),
    ]


def _bad_outlines() -> list[Upload]:
    nan = geojson().replace(b"117.1", b"NaN", 1)
    far = geojson().replace(b"117.1", b"1e999", 1)
    deep = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
    nested: Any = 1
    for _ in range(900):
        nested = [nested]
    fine = [[[117 + i * 1e-7, 30] for i in range(200_001)]]
    drawing = "<NetworkLink><Link><href>http://192.0.2.1/x.kml</href></Link></NetworkLink>"
    entity = '<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    view = "CREATE VIEW aussen AS SELECT * FROM x"
    module = "CREATE VIRTUAL TABLE wort USING fts5(a)"

    def shape(name: str, content: bytes, code: str) -> Upload:
        return Upload(name, "boundaries", content, code)

    return [
        shape("a.geojson", nan, "json-constant"),
        shape("a.geojson", far, "coordinate-not-a-number"),
        shape("a.geojson", geojson([[["117", "30"]]]), "coordinate-not-a-number"),
        shape("a.geojson", geojson([[[None, 30]]]), "coordinate-not-a-number"),
        shape("a.geojson", deep, "json-too-deep"),
        shape("a.geojson", geojson()[:-3], "json-invalid"),
        shape("a.geojson", b"[]", "json-no-collection"),
        shape("a.geojson", b'{"type": "Feature"}', "json-no-collection"),
        shape("a.geojson", geojson(features=[1]), "json-no-collection"),
        shape("a.geojson", geojson(features={}), "json-no-collection"),
        shape("a.geojson", geojson(type="Topology"), "json-no-collection"),
        shape("a.geojson", '{"名":"肖坑"}'.encode("gb18030"), "json-not-utf8"),
        shape("a.geojson", geojson(fine), "geometry-too-fine"),
        shape("a.kml", kml(before=entity), "xml-declaration"),
        shape("a.kml", kml(inside=drawing), "kml-network-link"),
        shape("a.kml", kml(before="<?x?>") + b"\0", "file-type-mismatch"),
        shape("a.gpkg", a_geopackage(view), "geopackage-unsafe"),
        shape("a.gpkg", a_geopackage(module), "geopackage-unsafe"),
        shape("a.gpkg", a_geopackage()[:4096] + b"\0" * 4096, "file-unreadable"),
    ]


def _bad_sizes() -> list[Upload]:
    return [
        Upload("大.csv", "register", b"1,2\n" * (51 << 18), "file-too-large"),
        Upload("大.geojson", "boundaries", b"{" + b" " * (51 << 20), "file-too-large"),
    ]


def harmless() -> list[Upload]:
    """Every file that must pass the guard."""
    link = (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="r1" Type="{OFFICE}/hyperlink" '
        'Target="http://192.0.2.1/" TargetMode="External"/></Relationships>'
    ).encode()
    mac = {"__MACOSX/._cun.shp": b"x", "._cun.dbf": b"x"}
    return [
        Upload("册.xlsx", "register", a_workbook()),
        Upload("大册.xlsx", "register", a_large_workbook(10_000, 12)),
        Upload(
            "链接.xlsx", "register", a_workbook(**{"xl/worksheets/_rels/sheet1.xml.rels": link})
        ),
        Upload("户.csv", "register", "户号,户主\n1,甲\n".encode()),
        Upload("户.csv", "register", "\ufeff户号,户主\n1,甲\n".encode()),
        Upload("户.csv", "register", "户号,户主\n1,甲\n".encode("gb18030")),
        Upload("村界.GEOJSON", "boundaries", geojson()),
        Upload("村界.geojson", "boundaries", b"\xef\xbb\xbf \n" + geojson()),
        Upload("村界.kml", "boundaries", kml()),
        Upload("村界.gpkg", "boundaries", a_geopackage()),
        Upload("村界.zip", "boundaries", a_shapefile_zip()),
        Upload("村界.zip", "boundaries", a_shapefile_zip(**mac)),
        Upload("村界.zip", "boundaries", a_shapefile_zip(**{"说明.txt": b"x"})),
        Upload("村界.geojson", "boundaries", written_by_gdal(".geojson", "GeoJSON")),
    ]
