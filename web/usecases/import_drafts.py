"""
Decide about an import under way: how a file is read, which cells are mended, what stays out.

Each decision is saved in the draft; what follows from it is worked out anew by
``data.importing.examination``.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.db import Database
from data.importing import columns
from data.importing.drafts import Draft, DraftMoved, Drafts, UnknownDraft, Upload
from data.importing.examination import Examination, examine, newest_deed
from data.importing.kinds import KINDS
from data.importing.registers import rows_of
from data.importing.undo import UnknownBatch
from data.importing.uploads import load_parsed, read_files
from data.tables import ImportBatch

KEPT_EXAMINATIONS = 4
LISTED_BATCHES = 50


class Desk:
    """
    The imports under way on one server: their folder, readers at work, the last looks taken.

    Parameters
    ----------
    drafts
        Where the drafts lie.
    """

    def __init__(self, drafts: Drafts) -> None:
        self.drafts = drafts
        self._readers: dict[str, threading.Thread] = {}
        self._seen: OrderedDict[tuple[Any, ...], Examination] = OrderedDict()
        self._lock = threading.Lock()

    def keep_reading(self, draft: Draft) -> None:
        """See to it that somebody reads the waiting files, also after a restart."""
        if draft.is_read:
            return
        with self._lock:
            reader = self._readers.get(draft.id)
            if reader is None or not reader.is_alive():
                reader = threading.Thread(target=self._read, args=(draft.id,), daemon=True)
                self._readers[draft.id] = reader
                reader.start()

    def examine(self, database: Database, draft: Draft, *, today: date) -> Examination:
        """Look at a draft; the last looks are kept until the draft or the district changes."""
        with database.read() as session:
            key = (draft.id, draft.version, newest_deed(session), today)
            with self._lock:
                if key in self._seen:
                    self._seen.move_to_end(key)
                    return self._seen[key]
            found = examine(session, self.drafts, draft, today=today)
        with self._lock:
            self._seen[key] = found
            while len(self._seen) > KEPT_EXAMINATIONS:
                self._seen.popitem(last=False)
        return found

    def _read(self, draft_id: str) -> None:
        with suppress(UnknownDraft, DraftMoved, FileNotFoundError):  # discarded meanwhile
            read_files(self.drafts, draft_id)


def reread(drafts: Drafts, draft: Draft, key: str, *, kind: str, options: dict[str, Any]) -> None:
    """Mark a file to be read again, as another kind or with other options."""
    upload = draft.upload(key)
    upload.kind, upload.options, upload.state = kind, options, "waiting"
    upload.columns, upload.scores, upload.edits, upload.left_out = {}, {}, {}, []
    drafts.save(draft)


def choose_layout(
    drafts: Drafts, draft: Draft, key: str, *, kind: str, sheet: str, header_row: int | None
) -> None:
    """Read a register as another kind, from another sheet or heading row; columns are guessed."""
    upload = draft.upload(key)
    parsed = load_parsed(drafts, draft, upload)
    rows = rows_of(parsed.frames["cells"], sheet)
    if header_row is not None:
        rows = [row for row in rows if row[0] >= header_row][:1]
    guess = columns.guess_columns(rows, KINDS[kind])
    upload.kind, upload.sheet = kind, sheet
    if guess is not None:
        upload.header_row = guess.header_row
        upload.columns, upload.scores = dict(guess.columns), dict(guess.scores)
    else:
        upload.header_row = header_row or (rows[0][0] if rows else 1)
        upload.columns, upload.scores = {}, {}
    drafts.save(draft)


def sheet_rows(drafts: Drafts, draft: Draft, upload: Upload) -> list[tuple[int, list[Any]]]:
    """Rows of the sheet that is read, as they are in the file."""
    return rows_of(load_parsed(drafts, draft, upload).frames["cells"], upload.sheet)


def sheet_names(drafts: Drafts, draft: Draft, upload: Upload) -> list[str]:
    """Sheets of a workbook that hold anything."""
    frame = load_parsed(drafts, draft, upload).frames.get("cells")
    return [] if frame is None else [str(name) for name in frame["sheet"].unique()]


def set_columns(
    drafts: Drafts, draft: Draft, key: str, *, chosen: Mapping[str, int], datum: str
) -> None:
    """Take the columns and the datum a person chose; what was guessed no longer counts."""
    upload = draft.upload(key)
    kept = {name: upload.scores[name] for name in chosen if name in upload.scores}
    unchanged = {name for name in chosen if upload.columns.get(name) == chosen[name]}
    upload.scores = {name: kept.get(name, 1.0) if name in unchanged else 1.0 for name in chosen}
    upload.columns, upload.datum = dict(chosen), datum
    drafts.save(draft)


def mend_row(drafts: Drafts, draft: Draft, key: str, row: int, values: Mapping[str, str]) -> None:
    """Replace cells of one row by what a person typed; an empty text clears the cell."""
    upload = draft.upload(key)
    known = {field.key for field in KINDS[upload.kind].fields}
    edits = upload.edits.setdefault(str(row), {})
    edits.update({name: value for name, value in values.items() if name in known})
    drafts.save(draft)


def leave_out(drafts: Drafts, draft: Draft, rows: Mapping[str, set[int]]) -> int:
    """Leave rows out of the import, by file key; returns how many were still in."""
    count = 0
    for key, numbers in rows.items():
        upload = draft.upload(key)
        fresh = numbers - set(upload.left_out)
        upload.left_out = sorted({*upload.left_out, *fresh})
        count += len(fresh)
    drafts.save(draft)
    return count


def take_back_in(drafts: Drafts, draft: Draft, key: str) -> None:
    """Import again the rows of a file that were left out."""
    draft.upload(key).left_out = []
    drafts.save(draft)


def faulty_rows(examination: Examination) -> dict[str, set[int]]:
    """Rows with an error, by file key."""
    found: dict[str, set[int]] = {}
    for part in examination.parts:
        if part.reading is None:
            continue
        for problem in part.problems:
            if problem.severity == "error" and problem.row is not None:
                found.setdefault(part.upload.key, set()).add(problem.row)
    return found


def newest_batches(session: Session) -> list[ImportBatch]:
    """The last imports, newest first."""
    query = select(ImportBatch).order_by(ImportBatch.id.desc()).limit(LISTED_BATCHES)
    return list(session.scalars(query))


def read_batch(session: Session, batch_id: int) -> ImportBatch:
    """One import."""
    batch = session.get(ImportBatch, batch_id)
    if batch is None:
        raise UnknownBatch(batch_id)
    return batch
