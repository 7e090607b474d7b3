"""
Import the registry: files, a look at what they would do, confirmation, undo.

One story for the wizard and for ``zoufang import``. Files are read in child processes;
registers are checked against what is stored and against earlier files of the same
import; nothing is stored before ``confirm``, and then all of it in one transaction.
"""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from data.db import Database
from data.importing import apply, records
from data.importing.apply import Applied, Source
from data.importing.drafts import Draft, Drafts, UnknownDraft
from data.importing.examination import Examination, examine, newest_deed
from data.importing.problems import ImportProblem, ImportRefused
from data.importing.undo import undo_batch
from data.importing.uploads import read_files


def confirm(
    database: Database,
    drafts: Drafts,
    draft: Draft,
    *,
    today: date,
    now: datetime,
    by: int | None,
    seen: Examination | None = None,
) -> Applied:
    """
    Store a draft as one batch and discard its files.

    What it would change is worked out again inside the writing transaction; the files are
    checked again there only if somebody did anything since, so that others wait briefly.

    Parameters
    ----------
    seen
        A look at this version of the draft that was taken already.

    Raises
    ------
    ImportRefused
        If anything is wrong; the database is then as it was before.
    """
    found = seen
    if found is None or found.draft.version != draft.version:
        with database.read() as session:
            found = examine(session, drafts, draft, today=today)
    if found.has_errors:
        raise ImportRefused(found.problems)
    with database.write.begin() as session:
        if newest_deed(session) != found.deed:
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
            applied = confirm(database, drafts, draft, today=today, now=now, by=by, seen=found)
            batch_id, counts = applied.batch_id, applied.counts
        return ImportReport(batch_id=batch_id, counts=counts, problems=tuple(found.problems))
    finally:
        with suppress(UnknownDraft):
            drafts.discard(draft.id)


def undo(database: Database, batch_id: int, *, now: datetime, by: int | None) -> int:
    """Take back a confirmed import as one; returns how many rows were removed or restored."""
    with database.write.begin() as session:
        return undo_batch(session, batch_id, now=now, actor_id=by)


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
