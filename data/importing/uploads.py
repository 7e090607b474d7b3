"""
Read the files of a draft: each in its own process, one at a time, and guess what it is.

What was read lies beside the file, so that a look at the draft need not read it again.
"""

import threading
from typing import Any

from data.importing import columns, handover
from data.importing.drafts import Draft, Drafts, Upload
from data.importing.kinds import KINDS, PLACES
from data.importing.parsed import Parsed
from data.importing.registers import rows_of
from data.importing.sandbox import run_import

OUTLINES = (".geojson", ".json", ".gpkg", ".zip", ".kml")
ROAD_FILES = (".osm.pbf", ".pbf")
_one_reader = threading.Semaphore(1)  # one parser at a time: two would starve the pages


def read_files(drafts: Drafts, draft_id: str) -> Draft:
    """
    Read every waiting file of a draft, each in its own process, and guess what it is.

    Slow, a second or more a file: the wizard calls it in a thread and shows how far it is.
    """
    draft = drafts.load(draft_id)
    for upload in draft.uploads:
        if upload.state == "waiting":
            with _one_reader:
                parsed = _parse(drafts, draft, upload)
            _guess(upload, parsed)
            drafts.save(draft)
    return draft


def _parse(drafts: Drafts, draft: Draft, upload: Upload) -> Parsed:
    """Run the parser and keep what it found beside the file."""
    if not upload.kind:
        upload.kind = _kind_of(upload)
    parser = upload.kind if upload.kind in PLACES else "register"
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
