"""A plan as sheets: every visit, totals by cadre and by village, what is not planned and why."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from data.exporting.plan_rows import PlanRows, VisitRow
from data.exporting.sheets import Cell, Column, Sheet, clock, weekday
from scheduler.measures.spacing import smallest_gap_days

SYNTHETIC = "示意边界,非真实界线"
ROLES = {"leader": "领导", "staff": "一般干部"}
KINDS = {"household": "户", "enterprise": "企业"}

SayReason = Callable[[dict[str, Any]], str]


def plan_sheets(rows: PlanRows, *, say_reason: SayReason) -> list[Sheet]:
    """
    Lay out a plan.

    Parameters
    ----------
    say_reason
        Words a stored reason, in the reader's language.
    """
    note = f"{rows.title} · {rows.first_day} 至 {rows.last_day} · 一户一天多次记录算一次走访"
    if rows.is_synthetic:
        note += f" · {SYNTHETIC}"
    return [
        _visits(rows, note),
        _by_cadre(rows, note),
        _by_village(rows, note),
        _missing(rows, note, say_reason),
    ]


def _visits(rows: PlanRows, note: str) -> Sheet:
    return Sheet(
        title="走访安排",
        note=note,
        columns=(
            Column(heading="日期", form="day"),
            Column(heading="星期", width=6),
            Column(heading="干部编号"),
            Column(heading="干部"),
            Column(heading="单位", width=18),
            Column(heading="顺序", width=6, form="whole"),
            Column(heading="开始", width=8),
            Column(heading="结束", width=8),
            Column(heading="户号"),
            Column(heading="类型", width=6),
            Column(heading="户主/企业", width=14),
            Column(heading="乡镇(街道)", width=14),
            Column(heading="村(社区)", width=14),
            Column(heading="村代码", width=15),
            Column(heading="村民小组"),
            Column(heading="住址", width=24),
        ),
        rows=[
            (
                visit.day,
                weekday(visit.day),
                visit.cadre_number,
                visit.cadre_name,
                visit.unit_name,
                visit.position,
                clock(visit.start_min),
                clock(visit.end_min),
                visit.household,
                KINDS[visit.kind],
                visit.name,
                visit.town,
                visit.village,
                visit.village_code,
                visit.hamlet,
                visit.address,
            )
            for visit in rows.visits
        ],
    )


def _by_cadre(rows: PlanRows, note: str) -> Sheet:
    of_cadre: dict[str, list[VisitRow]] = defaultdict(list)
    for visit in rows.visits:
        of_cadre[visit.cadre_number].append(visit)
    lines: list[Sequence[Cell]] = []
    for cadre in rows.cadres:
        mine = of_cadre[cadre.number]
        days = {visit.day for visit in mine}
        lines.append(
            (
                cadre.number,
                cadre.name,
                ROLES.get(cadre.role, cadre.role),
                cadre.unit_name,
                len({visit.household for visit in mine}),
                len(mine),
                len(days),
                round(sum(visit.end_min - visit.start_min for visit in mine) / 60, 1),
                min(days, default=None),
                max(days, default=None),
            )
        )
    return Sheet(
        title="按干部",
        note=note,
        columns=(
            Column(heading="干部编号"),
            Column(heading="干部"),
            Column(heading="职务类别"),
            Column(heading="单位", width=18),
            Column(heading="走访户数", form="whole"),
            Column(heading="走访次数", form="whole"),
            Column(heading="走访天数", form="whole"),
            Column(heading="入户小时", form="decimal"),
            Column(heading="首次", form="day"),
            Column(heading="末次", form="day"),
        ),
        rows=lines,
    )


def _by_village(rows: PlanRows, note: str) -> Sheet:
    of_village: dict[str, list[VisitRow]] = defaultdict(list)
    for visit in rows.visits:
        of_village[visit.village_code].append(visit)
    lines: list[Sequence[Cell]] = []
    for village in rows.villages:
        mine = of_village[village.code]
        days = {visit.day for visit in mine}
        lines.append(
            (
                village.code,
                village.name,
                village.town,
                village.unit_name or "",
                len({visit.household for visit in mine}),
                len(mine),
                len({(visit.cadre_number, visit.day) for visit in mine}),
                smallest_gap_days(days),
                min(days, default=None),
                max(days, default=None),
            )
        )
    return Sheet(
        title="按村",
        note=note,
        columns=(
            Column(heading="村代码", width=15),
            Column(heading="村(社区)", width=14),
            Column(heading="乡镇(街道)", width=14),
            Column(heading="包村单位", width=18),
            Column(heading="走访户数", form="whole"),
            Column(heading="走访次数", form="whole"),
            Column(heading="场次", form="whole"),
            Column(heading="最短间隔(天)", form="whole"),
            Column(heading="首次", form="day"),
            Column(heading="末次", form="day"),
        ),
        rows=lines,
    )


def _missing(rows: PlanRows, note: str, say_reason: SayReason) -> Sheet:
    return Sheet(
        title="未排",
        note=note,
        columns=(
            Column(heading="户号"),
            Column(heading="户主/企业", width=14),
            Column(heading="乡镇(街道)", width=14),
            Column(heading="村(社区)", width=14),
            Column(heading="缺几次", width=8, form="whole"),
            Column(heading="原因", width=90),
        ),
        rows=[
            (
                missing.household,
                missing.name,
                missing.town,
                missing.village,
                missing.missing,
                ";".join(say_reason(reason) for reason in missing.reasons),
            )
            for missing in rows.missing
        ],
    )
