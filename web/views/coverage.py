"""Coverage: where we are thin and where we are a nuisance, as map, table and download."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from data import audit
from data.exporting.csv_file import csv_bytes
from data.exporting.excel import workbook
from data.store.campaigns import list_campaigns
from data.store.units import load_units
from data.tables import Campaign
from web.context import current_account, database, now, settings, today
from web.errors import words as teach
from web.maps.shell import map_shell
from web.presenters import coverage as words
from web.presenters.definitions import definition
from web.usecases.coverage import CoverageReport, campaign_to_report, coverage_report
from web.usecases.village_page import read_village

bp = Blueprint("coverage", __name__, url_prefix="/coverage")

teach({"village-not-found": (404, _l("There is no such village."))})

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for; it travels in the address, so a page can be sent on."""

    campaign: int | None
    first: date | None
    last: date | None
    unit: str
    town: str
    only: str
    level: str
    sort: str
    descending: bool

    def query(self, **changed: Any) -> dict[str, Any]:
        """Return the address's parameters with some changed; empty ones are left out."""
        found = {
            "campaign": self.campaign,
            "from": self.first and self.first.isoformat(),
            "to": self.last and self.last.isoformat(),
            "unit": self.unit,
            "town": self.town,
            "only": self.only,
            "level": self.level if self.level != "village" else "",
            "sort": self.sort if self.sort != "name" else "",
            "desc": "1" if self.descending else "",
        } | changed
        return {name: value for name, value in found.items() if value}


@bp.get("/")
def show() -> ResponseReturnValue:
    """Show map and table of a campaign."""
    asked = _asked()
    with database().read() as session:
        campaign = campaign_to_report(session, asked.campaign, today=today())
        if campaign is None:
            return render_template("coverage/empty.html")
        report = _report(session, campaign, asked)
        units = load_units(session)
        shell = map_shell(session, tiles=settings().tiles)
        campaigns = [(row.id, row.name) for row in list_campaigns(session)]
        every = coverage_report(session, campaign, today=today()) if asked.town else report
    areas = report.villages if asked.level == "village" else report.towns
    rows = words.shown(areas, only=asked.only, sort=asked.sort, descending=asked.descending)
    return render_template(
        "coverage/show.html",
        asked=asked,
        campaign=campaign,
        campaigns=campaigns,
        report=report,
        rows=rows,
        units=[(unit.number, unit.name) for unit in units.values()],
        towns=[(town.code, town.name) for town in every.towns],
        shell=shell,
        map_rows=words.map_rows(report.villages, _village_url(campaign.id)),
        backwards=words.period_is_backwards(asked.first, asked.last),
        words=words,
        definition=definition,
        seen_at=now(),
    )


@bp.get("/villages/<code>")
def village(code: str) -> ResponseReturnValue:
    """Show who came to one village, who will, and when it wants peace."""
    asked = _asked()
    with database().read() as session:
        campaign = campaign_to_report(session, asked.campaign, today=today())
        if campaign is None:
            abort(404)
        page = read_village(session, campaign, code, today=today())
    return render_template(
        "coverage/village.html", page=page, campaign=campaign, words=words, definition=definition
    )


@bp.get("/download.<kind>")
def download(kind: str) -> ResponseReturnValue:
    """Hand out the same figures as a workbook or CSV; noted in the audit."""
    if kind not in ("xlsx", "csv"):
        abort(404)
    asked = _asked()
    with database().write.begin() as session:
        campaign = campaign_to_report(session, asked.campaign, today=today())
        if campaign is None:
            abort(404)
        report = _report(session, campaign, asked)
        audit.record(
            session,
            at=now(),
            actor_id=current_account().id,
            action="coverage.export",
            entity="campaign",
            entity_id=campaign.id,
            facts={"kind": kind, "villages": len(report.villages)},
        )
    made = words.sheets(report, title=campaign.name)
    body = workbook(made, made_at=now()) if kind == "xlsx" else csv_bytes(made[0])
    name = f"coverage-{report.first}-{report.today}.{kind}"
    return Response(
        body,
        mimetype=XLSX if kind == "xlsx" else "text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _report(session: Session, campaign: Campaign, asked: Asked) -> CoverageReport:
    backwards = words.period_is_backwards(asked.first, asked.last)
    return coverage_report(
        session,
        campaign,
        today=today(),
        first=None if backwards else asked.first,
        last=None if backwards else asked.last,
        unit=asked.unit,
        town=asked.town,
    )


def _asked() -> Asked:
    given = request.args
    sort, only, level = given.get("sort", ""), given.get("only", ""), given.get("level", "")
    return Asked(
        campaign=given.get("campaign", type=int),
        first=given.get("from", type=_day),
        last=given.get("to", type=_day),
        unit=given.get("unit", ""),
        town=given.get("town", ""),
        only=only if only in words.ONLY else "",
        level=level if level in words.LEVELS else "village",
        sort=sort if sort in words.SORTS else "name",
        descending=given.get("desc") == "1",
    )


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _village_url(campaign_id: int) -> Any:
    return lambda code: url_for("coverage.village", code=code, campaign=campaign_id)
