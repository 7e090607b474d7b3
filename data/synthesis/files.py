"""
The sample district as the files a district would hand in: same seed, same bytes.

Boundaries as GeoJSON, registers as Excel, past visits as CSV in GB18030 (as old systems write
it), roads as an OpenStreetMap extract. Headings are those of our templates.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import osmium
import pandas as pd
from osmium.osm import mutable

from data.calendar import marked_days
from data.exporting.excel import workbook
from data.exporting.sheets import Cell, Column, Sheet, clock
from data.synthesis.district import SampleDistrict
from data.synthesis.frames import records
from data.synthesis.places import sample_file
from geo.edges import RoadEdges
from geo.speeds import ROAD_CLASSES

MADE_AT = datetime(2026, 11, 1, tzinfo=UTC)
NOTE = "说明:示例数据,由种子生成,所有人名、电话、地址均为虚构。"
WEEKDAYS = "一二三四五六日"
ROLES = {"leader": "领导", "staff": "一般干部"}
CARE_GROUPS = {
    "": "",
    "minimum_living": "低保户",
    "monitored": "监测户",
    "out_of_poverty": "脱贫户",
    "special_hardship": "特困",
}
OUTCOMES = {"visited": "见面", "no_answer": "无人", "call": "电话", "form": "填表"}


def write_sample_files(folder: Path, district: SampleDistrict) -> list[Path]:
    """
    Write all files of the sample into a folder, in the order of an import.

    Returns
    -------
    list of Path
        Boundaries, roads, then registers; each can be imported once those before it are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    boundaries = folder / "01-村界.geojson"
    boundaries.write_bytes(sample_file("villages_sample.geojson"))
    roads = folder / "02-道路.osm.pbf"
    _write_roads(roads, district.roads)
    written = [boundaries, roads]
    people = district.people
    for name, sheet in (
        ("03-单位与包村.xlsx", _units(people.units)),
        ("04-干部.xlsx", _cadres(people.cadres, district.days.absences)),
        ("05-走访户.xlsx", _households(people.sites[people.sites["kind"] == "household"])),
        ("06-非公企业.xlsx", _enterprises(people.sites[people.sites["kind"] == "enterprise"])),
        ("07-结对帮扶.xlsx", _pairings(people.pairings)),
        ("08-免打扰日.xlsx", _blackouts(district.days.blackouts)),
        ("09-工作日历.xlsx", _calendar((2026, 2027))),
    ):
        written.append(folder / name)
        written[-1].write_bytes(workbook([sheet], made_at=MADE_AT))
    visits = folder / "10-走访记录.csv"
    visits.write_bytes(_visits(district.days.contacts))
    return [*written, visits]


def _sheet(title: str, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[Cell]]) -> Sheet:
    """Every cell as text, as registers arrive; a code never loses a leading zero."""
    return Sheet(
        title=title,
        note=NOTE,
        columns=[Column(heading=heading, width=width) for heading, width in columns],
        rows=[["" if cell is None else str(cell) for cell in row] for row in rows],
    )


def _units(units: pd.DataFrame) -> Sheet:
    return _sheet(
        "单位与包村",
        (("单位编号", 10), ("单位名称", 18), ("包村", 60)),
        [(u["number"], u["name"], "、".join(u["villages"])) for u in records(units)],
    )


def _cadres(cadres: pd.DataFrame, absences: pd.DataFrame) -> Sheet:
    away: dict[str, list[str]] = {}
    for absence in records(absences):
        span = f"{absence['first_day']}至{absence['last_day']}"
        away.setdefault(absence["cadre"], []).append(span)
    return _sheet(
        "干部",
        (
            ("干部编号", 10),
            ("姓名", 10),
            ("单位", 10),
            ("职务类别", 10),
            ("经度", 12),
            ("纬度", 12),
            ("走访任务户数", 12),
            ("每日上限", 10),
            ("可用时段", 60),
            ("不在日期", 40),
        ),
        [
            (
                cadre["number"],
                cadre["name"],
                cadre["unit"],
                ROLES[cadre["role"]],
                cadre["base_lon"],
                cadre["base_lat"],
                cadre["quota"],
                cadre["max_visits_per_day"],
                _availability(cadre["availability"]),
                "、".join(away.get(cadre["number"], [])),
            )
            for cadre in records(cadres)
        ],
    )


SITE_COLUMNS = (
    ("村代码", 15),
    ("住址", 16),
    ("联系电话", 14),
    ("经度", 12),
    ("纬度", 12),
    ("应访次数", 10),
    ("间隔天数", 10),
    ("入户分钟", 10),
    ("可访时段", 28),
    ("优先级", 8),
    ("不早于", 12),
    ("不晚于", 12),
)


def _site(site: dict[str, Any]) -> tuple[Cell, ...]:
    return (
        site["village"],
        site["address"],
        site["phone"],
        site["lon"],
        site["lat"],
        site["visits_due"],
        site["min_gap_days"],
        site["service_min"],
        _spans(site["windows"]),
        site["priority"],
        site["not_before"],
        site["not_after"],
    )


def _households(sites: pd.DataFrame) -> Sheet:
    return _sheet(
        "走访户",
        (("户号", 10), ("户主", 12), ("村民小组", 10), ("类别", 10), *SITE_COLUMNS),
        [
            (s["number"], s["name"], s["hamlet"], CARE_GROUPS[s["care_group"]], *_site(s))
            for s in records(sites)
        ],
    )


def _enterprises(sites: pd.DataFrame) -> Sheet:
    return _sheet(
        "非公企业",
        (("企业编号", 10), ("企业名称", 16), *SITE_COLUMNS),
        [(site["number"], site["name"], *_site(site)) for site in records(sites)],
    )


def _pairings(pairings: pd.DataFrame) -> Sheet:
    return _sheet(
        "结对帮扶",
        (("户号", 10), ("结对干部", 10), ("结对日期", 12)),
        [(p["household"], p["cadre"], p["since"]) for p in records(pairings)],
    )


def _blackouts(blackouts: pd.DataFrame) -> Sheet:
    return _sheet(
        "免打扰日",
        (("地区", 15), ("日期规则", 28), ("事由", 16)),
        [(b["region"], b["words"], b["name"]) for b in records(blackouts)],
    )


def _calendar(years: Sequence[int]) -> Sheet:
    words = {"holiday": "放假", "workday": "调休上班"}
    return _sheet(
        "工作日历",
        (("日期", 12), ("类型", 10), ("名称", 12)),
        [(mark.day, words[mark.kind], mark.name) for year in years for mark in marked_days(year)],
    )


def _visits(contacts: pd.DataFrame) -> bytes:
    lines = ["户号,走访日期,走访干部,走访单位,结果,时长"]
    for row in records(contacts):
        day: date = row["day"]
        cadre = row["cadre"] or ""
        outcome = OUTCOMES[row["outcome"]]
        lines.append(
            f"{row['household']},{day},{cadre},{row['unit_name']},{outcome},{row['minutes']}"
        )
    return ("\r\n".join(lines) + "\r\n").encode("gb18030")


def _spans(windows: Sequence[Sequence[int]]) -> str:
    return "、".join(f"{clock(start)}-{clock(end)}" for start, end in windows)


def _availability(pattern: dict[str, list[list[int]]]) -> str:
    return ";".join(f"周{WEEKDAYS[int(day) - 1]} {_spans(pattern[day])}" for day in pattern)


def _write_roads(path: Path, roads: RoadEdges) -> None:
    """Write edges as ways; bends get node ids of their own, after those of the junctions."""
    path.unlink(missing_ok=True)
    places = roads.junction_lonlat
    ways: list[tuple[list[int], str]] = []
    bends: list[tuple[int, Any]] = []
    for edge in range(len(roads)):
        middle = roads.points(edge)[1:-1]
        first = len(places) + len(bends) + 1
        bends += [(first + i, place) for i, place in enumerate(middle)]
        refs = [int(roads.tail[edge]) + 1, *range(first, first + len(middle))]
        refs.append(int(roads.head[edge]) + 1)
        ways.append((refs, ROAD_CLASSES[roads.road_class[edge]]))
    header = osmium.io.Header()
    header.set("generator", "zoufang sample (synthetic)")
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for number, (lon, lat) in enumerate(places, start=1):
            writer.add_node(mutable.Node(id=number, location=(float(lon), float(lat))))
        for number, (lon, lat) in bends:
            writer.add_node(mutable.Node(id=number, location=(float(lon), float(lat))))
        for number, (refs, road_class) in enumerate(ways, start=1):
            tags = {"highway": road_class, "note": "synthetic"}
            writer.add_way(mutable.Way(id=number, nodes=refs, tags=tags))
