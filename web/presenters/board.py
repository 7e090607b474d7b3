"""
The board: cadres or villages down, working days across, and what stands in each cell.

A cell says its visits as a number; the shade repeats it. Days on which nobody comes are told
apart: quiet day of the village, cadre not available, or free.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext

from scheduler.calendar import iso_week
from web.presenters.words import short_date
from web.usecases.read_plan import Names, OpenPlan, Visits

VIEWS = ("cadres", "villages")
SHADES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """
    One row on one day.

    Parameters
    ----------
    kind
        ``visits``, ``closed`` (quiet day), ``away`` (not available) or ``free``.
    shade
        0 for none, to ``SHADES`` for the fullest.
    text
        The number shown, or nothing.
    words
        What the cell says when it is read out, without row and day.
    """

    kind: str
    shade: int
    text: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One cadre or village with its cells, in the order of the days."""

    key: str
    name: str
    place: str
    visits: int
    days: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """
    What is drawn.

    Parameters
    ----------
    weeks
        Monday's or first date of each week, and its dates.
    sessions
        Sessions of all rows of the district on each day.
    """

    view: str
    weeks: tuple[tuple[date, tuple[date, ...]], ...]
    rows: tuple[Row, ...]
    sessions: tuple[int, ...]

    @property
    def peak(self) -> int:
        """Sessions on the fullest day."""
        return max(self.sessions, default=0)


def cadre_board(opened: OpenPlan, names: Names, unit: str = "") -> Board:
    """Lay out cadres by unit and name."""
    days = opened.problem.days
    most = max((c.max_visits_per_day for c in opened.problem.cadres), default=1)
    away, free = _empty("away", _("not available")), _empty("free", _("no visit"))
    rows = []
    for cadre in opened.problem.cadres:
        if unit and cadre.unit != unit:
            continue
        cells = []
        for day in days:
            visits = opened.by_cadre_day.get((cadre.id, day), ())
            if visits:
                where = _(", ").join(_villages(opened, names, visits))
                cells.append(_full(visits, most, where))
            elif day not in cadre.shifts:
                cells.append(away)
            else:
                cells.append(free)
        rows.append(_row(cadre.id, names.cadre(cadre.id), names.unit(cadre.unit), cells))
    rows.sort(key=lambda row: (row.place, row.name))
    return _board("cadres", opened, rows)


def village_board(opened: OpenPlan, names: Names, unit: str = "") -> Board:
    """Lay out villages by town and name."""
    days = opened.problem.days
    most = max((len(x) for x in opened.by_village_day.values()), default=1)
    closed, free = _empty("closed", _("quiet day")), _empty("free", _("no visit"))
    rows = []
    for village in opened.problem.villages:
        if unit and village.unit != unit:
            continue
        cells = []
        for day in days:
            visits = opened.by_village_day.get((village.id, day), ())
            if visits:
                who = _(", ").join(sorted({names.cadre(x.cadre) for x in visits}))
                cells.append(_full(visits, most, who))
            else:
                cells.append(closed if day in village.blackout_days else free)
        rows.append(_row(village.id, names.village(village.id), names.town(village.id), cells))
    rows.sort(key=lambda row: (row.place, row.name))
    return _board("villages", opened, rows)


def _full(visits: Visits, most: int, where: str) -> Cell:
    return Cell(
        kind="visits",
        shade=max(1, min(SHADES, -(-len(visits) * SHADES // max(1, most)))),
        text=str(len(visits)),
        words=ngettext(
            "%(num)s visit: %(where)s", "%(num)s visits: %(where)s", len(visits), where=where
        ),
    )


def _empty(kind: str, words: str) -> Cell:
    return Cell(kind=kind, shade=0, text="", words=words)


def _row(key: str, name: str, place: str, cells: Sequence[Cell]) -> Row:
    return Row(
        key=key,
        name=name,
        place=place,
        visits=sum(int(c.text) for c in cells if c.text),
        days=sum(c.kind == "visits" for c in cells),
        cells=tuple(cells),
    )


def _villages(opened: OpenPlan, names: Names, visits: Visits) -> list[str]:
    codes = dict.fromkeys(opened.village_of(x.household) for x in visits)
    return [names.village(code) for code in codes]


def _board(view: str, opened: OpenPlan, rows: list[Row]) -> Board:
    days = opened.problem.days
    weeks = tuple((w[0], tuple(w)) for w in (list(g) for _key, g in groupby(days, iso_week)))
    sessions = tuple(
        len({(x.cadre, opened.village_of(x.household)) for x in opened.by_day.get(day, ())})
        for day in days
    )
    return Board(view=view, weeks=weeks, rows=tuple(rows), sessions=sessions)


def week_name(monday: date) -> str:
    """Name a week by its first working day."""
    return str(_("Week of %(day)s", day=short_date(monday)))
