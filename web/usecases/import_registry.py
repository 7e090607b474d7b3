"""
Import the registry: files, a look at what they would do, confirmation, undo.

One story for the wizard and for ``zoufang import``. Files are read in child processes;
registers are checked against what is stored and against earlier files of the same
import; nothing is stored before ``confirm``, and then all of it in one transaction.
"""

import hashlib
import threading
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.db import Database
from data.importing import apply, columns, handover, records
from data.importing.apply import Applied, Roads, Source
from data.importing.differences import Difference
from data.importing.drafts import Draft, Drafts, UnknownDraft, Upload
from data.importing.kinds import KINDS, ORDER, PLACES
from data.importing.parsed import Parsed
from data.importing.problems import ImportProblem, ImportRefused, Problems
from data.importing.reading import Reading
from data.importing.reference import Reference, load_reference
from data.importing.registers import Layout, check_register, rows_of
from data.importing.sandbox import run_import
from data.importing.staff import draw_staff
from data.importing.undo import undo_batch
from data.tables import Audit

OUTLINES = (".geojson", ".json", ".gpkg", ".zip", ".kml")
ROAD_FILES = (".osm.pbf", ".pbf")
PARSER_OF = {"boundaries": "boundaries", "roads": "roads", "district": "district"}
_one_reader = threading.Semaphore(1)  # one parser at a time: two would starve the pages


@dataclass(slots=True, kw_only=True)
class Part:
    """
    One file, looked at.

    Parameters
    ----------
    reading
        For a register: its rows and how its points were read.
    villages
        For outlines: rows with ``code``, ``name``, ``geometry``...
    households, units, cadres
        For a test district: rows of these registers, made or drawn.
    """

    upload: Upload
    problems: tuple[ImportProblem, ...] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)
    reading: Reading | None = None
    villages: list[dict[str, Any]] = field(default_factory=list)
    households: list[dict[str, Any]] = field(default_factory=list)
    units: list[dict[str, Any]] = field(default_factory=list)
    cadres: list[dict[str, Any]] = field(default_factory=list)
    roads: Roads | None = None

    @property
    def has_errors(self) -> bool:
        """Whether this file stops the import."""
        return any(problem.severity == "error" for problem in self.problems)


@dataclass(slots=True, kw_only=True)
class Examination:
    """
    What an import would do.

    Parameters
    ----------
    parts
        The files, in the order in which they build upon each other.
    differences
        By entity; complete only without errors.
    reference
        What is known once all files are in.
    """

    draft: Draft
    parts: list[Part]
    differences: Mapping[str, Difference]
    reference: Reference
    records: records.Records
    roads: Roads | None

    @property
    def problems(self) -> list[ImportProblem]:
        """All problems, errors first."""
        found = [problem for part in self.parts for problem in part.problems]
        return sorted(found, key=lambda problem: problem.severity != "error")

    @property
    def has_errors(self) -> bool:
        """Whether something must be mended before it can be confirmed."""
        return any(part.has_errors for part in self.parts)

    @property
    def changes(self) -> int:
        """Rows that would be added or changed."""
        counts = [difference.counts for difference in self.differences.values()]
        return sum(count["added"] + count["changed"] for count in counts)


def read_files(drafts: Drafts, draft_id: str) -> Draft:
    """
    Read every waiting file of a draft, each in its own process, and guess what it is.

    Slow: seconds a file. The wizard calls it in a thread and shows how far it is.
    """
    draft = drafts.load(draft_id)
    for upload in draft.uploads:
        if upload.state == "waiting":
            with _one_reader:
                parsed = _parse(drafts, draft, upload)
            _guess(upload, parsed)
            drafts.save(draft)
    return draft


def examine(session: Session, drafts: Drafts, draft: Draft, *, today: date) -> Examination:
    """
    Check all files against what is stored and against each other; nothing is written.

    Parameters
    ----------
    session
        A reading one will do.
    today
        A visit recorded later than this is refused.
    """
    reference = load_reference(session)
    order = {kind: position for position, kind in enumerate(ORDER)}
    uploads = sorted(draft.uploads, key=lambda one: order.get(one.kind, len(order)))
    parts = [_look(drafts, draft, upload, reference, today) for upload in uploads]
    found = [_records(part) for part in parts]
    merged = records.merged(found)
    roads = next((part.roads for part in parts if part.roads is not None), None)
    examination = Examination(
        draft=draft, parts=parts, differences={}, reference=reference, records=merged, roads=roads
    )
    if not examination.has_errors:
        examination.differences = apply.preview(session, merged, roads)
    return examination


def confirm(
    database: Database, drafts: Drafts, draft: Draft, *, today: date, now: datetime, by: int | None
) -> Applied:
    """
    Store a draft as one batch and discard its files.

    What it would change is worked out again inside the writing transaction; the files are
    checked again there only if somebody did anything since, so that others wait briefly.

    Raises
    ------
    ImportRefused
        If anything is wrong; the database is then as it was before.
    """
    with database.read() as session:
        looked_at = newest_deed(session)
        found = examine(session, drafts, draft, today=today)
    if found.has_errors:
        raise ImportRefused(found.problems)
    with database.write.begin() as session:
        if newest_deed(session) != looked_at:
            found = examine(session, drafts, draft, today=today)
        if found.has_errors:
            raise ImportRefused(found.problems)
        applied = apply.store(
            session,
            _dated(found.records, now=now, by=by),
            _source(draft),
            roads=found.roads,
            now=now,
            actor_id=by,
        )
    drafts.discard(draft.id)
    return applied


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOrder:
    """
    What ``zoufang import`` is told.

    Parameters
    ----------
    kind
        Register or place the files are; empty to let them be recognised.
    datum
        Of points and outlines: ``auto``, ``wgs84``, ``gcj02`` or ``bd09``.
    district_name
        Name of the district, where outlines do not say it.
    boundaries_level, households_from_buildings
        Make a test district of an OpenStreetMap extract: administrative level of its villages,
        and whether dwellings become households.
    units, cadres, seed
        Draw that many for the test district; none with ``cadres`` 0.
    """

    kind: str = ""
    datum: str = "auto"
    district_name: str = ""
    boundaries_level: int | None = None
    households_from_buildings: bool = False
    units: int = 0
    cadres: int = 0
    seed: int = 0

    def options(self) -> dict[str, Any]:
        """What parsers are told."""
        chosen: dict[str, Any] = {"district_name": self.district_name}
        if self.boundaries_level is not None:
            chosen["boundaries_level"] = self.boundaries_level
            chosen["households_from_buildings"] = self.households_from_buildings
            chosen |= {"units": self.units, "cadres": self.cadres, "seed": self.seed}
        return chosen


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """
    What an import did, or with ``dry_run`` would do.

    Parameters
    ----------
    batch_id
        Number to undo it by; None when nothing was stored.
    counts
        By entity: ``added``, ``changed``, ``unchanged``; empty with errors.
    problems
        Errors first.
    """

    batch_id: int | None
    counts: apply.Counts
    problems: tuple[ImportProblem, ...]

    @property
    def refused(self) -> bool:
        """Whether errors stopped it."""
        return any(problem.severity == "error" for problem in self.problems)


def import_files(
    database: Database,
    folder: Path,
    paths: Sequence[Path],
    order: ImportOrder,
    *,
    today: date,
    now: datetime,
    by: int | None = None,
    dry_run: bool = False,
) -> ImportReport:
    """
    Import files in one go: the command line's ``zoufang import FILE…``.

    Parameters
    ----------
    folder
        Where drafts lie (``folder_of(settings.instance)``); nothing stays there.
    paths
        Files of one import; they may build upon each other.
    """
    drafts = Drafts(folder)
    with ExitStack() as opened:
        files = [(path.name, opened.enter_context(path.open("rb"))) for path in paths]
        draft = drafts.start(files, by=by, now=now)
    try:
        for upload in draft.uploads:
            upload.kind, upload.datum, upload.options = order.kind, order.datum, order.options()
        drafts.save(draft)
        draft = read_files(drafts, draft.id)
        with database.read() as session:
            found = examine(session, drafts, draft, today=today)
        counts = {key: one.counts for key, one in found.differences.items()}
        batch_id = None
        if not dry_run and not found.has_errors:
            applied = confirm(database, drafts, draft, today=today, now=now, by=by)
            batch_id, counts = applied.batch_id, applied.counts
        return ImportReport(batch_id=batch_id, counts=counts, problems=tuple(found.problems))
    finally:
        with suppress(UnknownDraft):
            drafts.discard(draft.id)


def undo(database: Database, batch_id: int, *, now: datetime, by: int | None) -> int:
    """Take back a confirmed import as one; returns how many rows were removed or restored."""
    with database.write.begin() as session:
        return undo_batch(session, batch_id, now=now, actor_id=by)


def newest_deed(session: Session) -> int | None:
    """Number of the last audited deed: while it stays, what a draft was checked against stays."""
    return session.scalar(select(func.max(Audit.id)))


def _parse(drafts: Drafts, draft: Draft, upload: Upload) -> Parsed:
    """Run the parser and keep what it found beside the file."""
    if not upload.kind:
        upload.kind = _kind_of(upload)
    parser = PARSER_OF.get(upload.kind, "register")
    options: dict[str, Any] = dict(upload.options)
    if parser == "boundaries" and upload.datum != "auto":
        options["datum"] = upload.datum
    parsed = run_import(parser, drafts.file(draft, upload), options, file=upload.name)
    folder = drafts.parsed_folder(draft, upload)
    folder.mkdir(exist_ok=True, mode=0o700)
    handover.save_parsed(parsed, folder)
    return parsed


def _kind_of(upload: Upload) -> str:
    if upload.ending in OUTLINES:
        return "boundaries"
    if upload.ending in ROAD_FILES:
        return "district" if "boundaries_level" in upload.options else "roads"
    return ""


def _guess(upload: Upload, parsed: Parsed) -> None:
    """Take the most likely register and sheet; a refused file keeps its problems."""
    upload.state = "refused" if parsed.has_errors else "read"
    cells = parsed.frames.get("cells")
    if parsed.has_errors or cells is None:
        return
    guesses = []
    for sheet in cells["sheet"].unique():
        rows = rows_of(cells[cells["sheet"] == sheet].head(columns.ROWS_SEARCHED), sheet)
        if upload.kind in KINDS:
            guess = columns.guess_columns(rows, KINDS[upload.kind])
        else:
            guess = columns.guess_kind(rows, name=f"{upload.name} {sheet}")
        if guess is not None:
            guesses.append((guess.weight, str(sheet), guess))
    if not guesses:
        upload.sheet = str(cells["sheet"].iloc[0])
        return
    _, upload.sheet, best = max(guesses, key=lambda one: one[0])
    upload.kind, upload.header_row = best.kind, best.header_row
    upload.columns, upload.scores = dict(best.columns), dict(best.scores)


def load_parsed(drafts: Drafts, draft: Draft, upload: Upload) -> Parsed:
    """What was read of a file."""
    return handover.load_parsed(drafts.parsed_folder(draft, upload))


def _look(drafts: Drafts, draft: Draft, upload: Upload, reference: Reference, today: date) -> Part:
    """Check one file and let the reference learn from it."""
    parsed = load_parsed(drafts, draft, upload)
    part = Part(upload=upload, problems=parsed.problems, notes=parsed.notes)
    if upload.state == "refused":
        return part
    if upload.kind in PLACES:
        return _look_at_places(part, parsed, reference)
    problems = Problems(upload.name)
    problems.extend(parsed.problems)
    if upload.kind not in KINDS:
        problems.error("kind-unknown")
        part.problems = tuple(problems)
        return part
    if parsed.notes.get("merged"):
        problems.warning("merged-filled", count=int(parsed.notes["merged"]))
    others = [name for name in parsed.frames["cells"]["sheet"].unique() if name != upload.sheet]
    if others:
        problems.warning("sheets-unused", sheet=upload.sheet, value="、".join(map(str, others)))
    rows = rows_of(parsed.frames["cells"], upload.sheet)
    part.reading = check_register(rows, layout_of(upload), reference, today=today)
    part.problems = (*problems, *part.reading.problems)
    reference.learn(upload.kind, [row.values for row in part.reading.named()])
    return part


def layout_of(upload: Upload) -> Layout:
    """How a person wants the file to be read."""
    return Layout(
        file=upload.name,
        sheet=upload.sheet,
        kind=upload.kind,
        header_row=upload.header_row,
        columns=upload.columns,
        datum=upload.datum,
        edits={int(row): fields for row, fields in upload.edits.items()},
        left_out=frozenset(upload.left_out),
    )


def _look_at_places(part: Part, parsed: Parsed, reference: Reference) -> Part:
    if "villages" in parsed.frames:
        district = str(part.upload.options.get("district_name", ""))
        part.villages = [
            row | {"district_name": district}
            for row in records.village_rows(parsed.frames["villages"])
        ]
        reference.learn("villages", part.villages)
    if "households" in parsed.frames:
        part.households = records.household_rows(parsed.frames["households"])
        reference.learn("households", part.households)
    if part.upload.options.get("cadres") and part.villages:
        part.units, part.cadres = draw_staff(
            part.villages,
            part.households,
            units=int(part.upload.options.get("units") or len(part.villages)),
            cadres=int(part.upload.options["cadres"]),
            seed=int(part.upload.options.get("seed", 0)),
        )
        reference.learn("units", part.units)
        reference.learn("cadres", part.cadres)
    if parsed.roads is not None:
        attribution = "© OpenStreetMap contributors"  # the only road files we read are OSM's
        name = part.upload.name
        part.roads = Roads(edges=parsed.roads, name=name, attribution=attribution)
    return part


def _records(part: Part) -> records.Records:
    if part.upload.kind in PLACES:
        return records.merged(
            [
                records.village_records(part.villages, source=part.upload.name),
                records.records_of("units", part.units),
                records.records_of("cadres", part.cadres),
                records.records_of("households", part.households),
            ]
        )
    if part.reading is None:
        return {}
    rows = [row.values for row in part.reading.sound()]
    return records.records_of(part.upload.kind, rows)


def _dated(found: records.Records, *, now: datetime, by: int | None) -> records.Records:
    """Visits say when and by whom they were recorded."""
    contacts = [one | {"recorded_at": now, "recorded_by": by} for one in found.get("contact", [])]
    return found | ({"contact": contacts} if contacts else {})


def _source(draft: Draft) -> Source:
    kinds = {upload.kind for upload in draft.uploads}
    names = [upload.name for upload in draft.uploads]
    digests = "".join(upload.sha256 for upload in draft.uploads)
    shown = names[0] if len(names) == 1 else f"{names[0]} +{len(names) - 1}"
    return Source(
        kind=kinds.pop() if len(kinds) == 1 else "district",
        file_name=shown,
        sha256=(
            draft.uploads[0].sha256
            if len(names) == 1
            else hashlib.sha256(digests.encode()).hexdigest()
        ),
        options={
            "files": [
                {
                    "name": upload.name,
                    "kind": upload.kind,
                    "sha256": upload.sha256,
                    "sheet": upload.sheet,
                    "columns": upload.columns,
                    "datum": upload.datum,
                    "options": upload.options,
                }
                for upload in draft.uploads
            ]
        },
    )


def folder_of(instance: Path) -> Path:
    """Where the drafts of an instance lie."""
    return instance / "uploads"
