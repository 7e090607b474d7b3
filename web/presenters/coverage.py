"""Coverage in words: marks, colours and patterns, rows of the table, lines of the download."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from data.exporting.coverage_sheets import CoverageLine, coverage_sheet
from data.exporting.plan_sheets import SYNTHETIC
from data.exporting.sheets import Sheet
from web.presenters.words import percent
from web.usecases.areas import Area
from web.usecases.coverage import CoverageReport

STEPS = (0.2, 0.4, 0.6, 0.8)
"""Upper ends of the classes of the map; the last class reaches to 1."""

ONLY = {
    "": _l("All villages"),
    "unvisited": _l("Nobody visited yet"),
    "never": _l("With households never visited"),
    "overdue": _l("With overdue households"),
    "crowded": _l("Crowded"),
}
LEVELS = {"village": _l("By village"), "town": _l("By town")}
SORTS = (
    "name",
    "town",
    "unit",
    "owed",
    "visited",
    "share",
    "never",
    "overdue",
    "sessions",
    "gap",
    "last",
    "next",
)
MARKS = {
    "unvisited": (_l("Nobody visited yet"), "warn", "circle"),
    "overdue": (_l("Overdue"), "bad", "clock-history"),
    "teams": (_l("Several teams on one day"), "bad", "people"),
    "gap": (_l("Visits too close together"), "bad", "arrow-repeat"),
    "week": (_l("Too many visits in one week"), "bad", "calendar-week"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A remark on a place: word, tone and icon, so that colour never stands alone."""

    key: str
    text: str
    tone: str
    icon: str


def marks(area: Area) -> list[Mark]:
    """Return what must be said of a place."""
    keys: list[str] = ["unvisited"] if area.is_unvisited else []
    if area.overdue:
        keys.append("overdue")
    keys += area.crowded
    found = []
    for key in keys:
        text, tone, icon = MARKS[key]
        words = f"{text} · {area.overdue}" if key == "overdue" else str(text)
        found.append(Mark(key=key, text=words, tone=tone, icon=icon))
    return found


def attention(areas: Sequence[Area]) -> list[Area]:
    """Return the places with a remark, the gravest first."""
    found = [area for area in areas if marks(area)]
    return sorted(
        found,
        key=lambda a: (-len(a.crowded), -a.overdue, a.coverage.share or 0, a.code),
    )


def shown(areas: Sequence[Area], *, only: str, sort: str, descending: bool) -> list[Area]:
    """Return the places a reader asked for, in the order asked for; no value comes last."""
    rows = [area for area in areas if _is_wanted(area, only)]
    values = [(_sort_value(area, sort), area) for area in rows]
    known = [(value, area) for value, area in values if value is not None]
    known.sort(key=lambda pair: (pair[0], pair[1].code), reverse=descending)
    return [area for _, area in known] + [area for value, area in values if value is None]


def _is_wanted(area: Area, only: str) -> bool:
    return {
        "": True,
        "unvisited": area.is_unvisited,
        "never": area.never > 0,
        "overdue": area.overdue > 0,
        "crowded": area.crowded_villages > 0,
    }[only]


def _sort_value(area: Area, sort: str) -> Any:
    return {
        "name": area.code,
        "town": area.town_code,
        "unit": area.unit_number,
        "owed": area.coverage.owed,
        "visited": area.coverage.visited,
        "share": area.coverage.share,
        "never": area.never,
        "overdue": area.overdue,
        "sessions": area.sessions,
        "gap": area.smallest_gap_days,
        "last": area.last_visit,
        "next": area.next_visit,
    }[sort]


def step_of(share: float | None) -> int | None:
    """Class of a share on the map, 0 to 4; None where nothing is owed."""
    if share is None:
        return None
    return sum(share >= end for end in STEPS)


def pattern_of(area: Area) -> str:
    """Pattern of a village on the map; the gravest remark counts."""
    if area.crowded:
        return "cross"
    if area.overdue:
        return "dots"
    return "lines" if area.is_unvisited else "plain"


def map_rows(areas: Sequence[Area], address: Any) -> list[dict[str, Any]]:
    """Return what the map needs of each village; ``address`` gives its page by code."""
    return [
        {
            "code": area.code,
            "name": area.name,
            "step": step_of(area.coverage.share),
            "pattern": pattern_of(area),
            "share": percent(area.coverage.share),
            "lines": [
                [_("Visited of owed"), f"{area.coverage.visited} / {area.coverage.owed}"],
                [_("Never visited"), str(area.never)],
                [_("Overdue"), str(area.overdue)],
                [_("Sessions"), str(area.sessions)],
            ],
            "marks": [mark.text for mark in marks(area)],
            "url": address(area.code),
        }
        for area in areas
    ]


def sheets(report: CoverageReport, *, title: str) -> list[Sheet]:
    """Lay out the report for a download: villages, towns, the district."""
    note = f"{title} · {report.first} 至 {report.last} · 截至 {report.today}"
    note += " · 覆盖率=已访应访户÷应访户"
    if report.is_synthetic:
        note += f" · {SYNTHETIC}"
    return [
        coverage_sheet("按村", note, map(_line, report.villages)),
        coverage_sheet("按乡镇", note, map(_line, report.towns)),
        coverage_sheet("全区", note, [_line(report.district)]),
    ]


def _line(area: Area) -> CoverageLine:
    return CoverageLine(
        code=area.code,
        place=area.name,
        town=area.town_name,
        unit=area.unit_name,
        owed=area.coverage.owed,
        visited=area.coverage.visited,
        share=area.coverage.share,
        never=area.never,
        overdue=area.overdue,
        visits=area.visits,
        sessions=area.sessions,
        smallest_gap_days=area.smallest_gap_days,
        marks=";".join(mark.text for mark in marks(area)),
        last_visit=area.last_visit,
        next_visit=area.next_visit,
    )


def period_is_backwards(first: date | None, last: date | None) -> bool:
    """Whether somebody asked for a period that ends before it begins."""
    return first is not None and last is not None and last < first
