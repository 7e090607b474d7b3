"""Coverage as sheets; the figures come ready counted from the one report."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from data.exporting.sheets import Column, Sheet


class CoverageLine(NamedTuple):
    """One place; ``marks`` is worded already."""

    code: str
    place: str
    town: str
    unit: str
    owed: int
    visited: int
    share: float | None
    never: int
    overdue: int
    visits: int
    sessions: int
    smallest_gap_days: int | None
    marks: str
    last_visit: date | None
    next_visit: date | None


COLUMNS = (
    Column(heading="代码", width=15),
    Column(heading="村(社区)", width=14),
    Column(heading="乡镇(街道)", width=14),
    Column(heading="包村单位", width=18),
    Column(heading="应访户数", form="whole"),
    Column(heading="已访户数", form="whole"),
    Column(heading="覆盖率", width=8, form="percent"),
    Column(heading="从未走访户数", form="whole"),
    Column(heading="逾期户数", form="whole"),
    Column(heading="走访次数", form="whole"),
    Column(heading="场次", form="whole"),
    Column(heading="最短间隔(天)", form="whole"),
    Column(heading="提示", width=30),
    Column(heading="最近走访", form="day"),
    Column(heading="下次计划", form="day"),
)


def coverage_sheet(title: str, note: str, lines: Iterable[CoverageLine]) -> Sheet:
    """Lay out places of one level."""
    return Sheet(title=title, note=note, columns=COLUMNS, rows=list(lines))
