"""
Imports under way: uploaded files and what a person decided about them, in a folder.

Nothing of a draft is in the database before it is confirmed. Files get names of our own;
what people called them is only shown. A draft is forgotten after 30 days.
"""

import hashlib
import json
import re
import secrets
import shutil
import threading
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from data.importing.points import AUTO

KEPT = timedelta(days=30)
ENDINGS = (".xlsx", ".csv", ".geojson", ".json", ".gpkg", ".zip", ".kml", ".osm.pbf", ".pbf")
CHUNK = 1 << 20
_ID = re.compile(r"[0-9a-f]{16}")


class UnknownDraft(Exception):
    """There is no such import under way; it may have been discarded or confirmed."""

    code = "unknown-draft"


class DraftMoved(Exception):
    """Somebody changed the draft in the meantime."""

    code = "draft-moved"


@dataclass(slots=True, kw_only=True)
class Upload:
    """
    One file of a draft.

    Parameters
    ----------
    key
        Names its files in the folder.
    name
        As its owner calls it.
    state
        ``waiting``, ``read``, or ``refused``: then ``problems`` of the reading say why.
    kind
        Register or place it is taken for; empty while nobody knows.
    sheet, header_row, columns, scores
        How a register is read: guessed, then as decided.
    options
        Of other parsers: ``datum``, ``boundaries_level``, ...
    edits
        Row to field to text: cells corrected in the browser.
    left_out
        Rows that are not imported.
    """

    key: str
    name: str
    size: int
    sha256: str
    state: str = "waiting"
    kind: str = ""
    sheet: str = ""
    header_row: int = 1
    columns: dict[str, int] = field(default_factory=dict)
    scores: dict[str, float] = field(default_factory=dict)
    datum: str = AUTO
    options: dict[str, Any] = field(default_factory=dict)
    edits: dict[str, dict[str, str]] = field(default_factory=dict)
    left_out: list[int] = field(default_factory=list)

    @property
    def ending(self) -> str:
        """Ending of the name that says the format, such as ``.xlsx``; empty if unknown."""
        lowered = self.name.lower()
        return next((ending for ending in ENDINGS if lowered.endswith(ending)), "")


@dataclass(slots=True, kw_only=True)
class Draft:
    """An import under way; ``version`` grows with every change."""

    id: str
    created_at: datetime
    created_by: int | None
    version: int = 1
    uploads: list[Upload] = field(default_factory=list)

    @property
    def is_read(self) -> bool:
        """Whether every file has been looked at."""
        return all(upload.state != "waiting" for upload in self.uploads)

    def upload(self, key: str) -> Upload:
        """One of its files."""
        for upload in self.uploads:
            if upload.key == key:
                return upload
        raise UnknownDraft


class Drafts:
    """
    The drafts of one instance.

    Parameters
    ----------
    folder
        Where their folders are; made when the first file arrives.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.Lock()

    def start(
        self, files: Iterable[tuple[str, IO[bytes]]], *, by: int | None, now: datetime
    ) -> Draft:
        """Keep uploaded files under names of our own."""
        self.forget_old(now)
        draft = Draft(id=secrets.token_hex(8), created_at=now, created_by=by)
        folder = self._folder / draft.id
        folder.mkdir(parents=True, mode=0o700)
        for number, (name, stream) in enumerate(files, start=1):
            draft.uploads.append(_keep(folder, f"{number}", name, stream))
        self._write(draft)
        return draft

    def load(self, draft_id: str) -> Draft:
        """Return a draft as last saved."""
        if not _ID.fullmatch(draft_id):
            raise UnknownDraft
        try:
            stored = json.loads((self._folder / draft_id / "draft.json").read_text("utf-8"))
        except FileNotFoundError:
            raise UnknownDraft from None
        uploads = [Upload(**upload) for upload in stored.pop("uploads")]
        created_at = datetime.fromisoformat(stored.pop("created_at"))
        return Draft(uploads=uploads, created_at=created_at, **stored)

    def save(self, draft: Draft) -> None:
        """Store a changed draft, unless somebody else did since it was loaded."""
        with self._lock:
            if self.load(draft.id).version != draft.version:
                raise DraftMoved
            draft.version += 1
            self._write(draft)

    def file(self, draft: Draft, upload: Upload) -> Path:
        """Where the uploaded file lies."""
        return self._folder / draft.id / f"{upload.key}{upload.ending}"

    def parsed_folder(self, draft: Draft, upload: Upload) -> Path:
        """Where what was read of it lies."""
        return self._folder / draft.id / f"{upload.key}.read"

    def remove(self, draft: Draft, key: str) -> None:
        """Take one file out of a draft and delete it."""
        upload = draft.upload(key)
        draft.uploads.remove(upload)
        self.save(draft)
        self.file(draft, upload).unlink(missing_ok=True)
        shutil.rmtree(self.parsed_folder(draft, upload), ignore_errors=True)

    def discard(self, draft_id: str) -> None:
        """Delete a draft with its files."""
        draft = self.load(draft_id)
        shutil.rmtree(self._folder / draft.id)

    def newest(self) -> Iterator[Draft]:
        """Drafts under way, newest first."""
        found = []
        for folder in self._folder.iterdir() if self._folder.is_dir() else ():
            try:
                found.append(self.load(folder.name))
            except UnknownDraft:
                continue
        yield from sorted(found, key=lambda draft: draft.created_at, reverse=True)

    def forget_old(self, now: datetime) -> None:
        """Delete drafts nobody confirmed within 30 days: they hold personal data."""
        for draft in list(self.newest()):
            if now - draft.created_at > KEPT:
                self.discard(draft.id)

    def _write(self, draft: Draft) -> None:
        folder = self._folder / draft.id
        document = asdict(draft) | {"created_at": draft.created_at.isoformat()}
        fresh = folder / f"draft.{secrets.token_hex(4)}.tmp"
        fresh.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        fresh.replace(folder / "draft.json")


def _keep(folder: Path, key: str, name: str, stream: IO[bytes]) -> Upload:
    """Write one file, counting and hashing as it comes."""
    shown = name.replace("\\", "/").rsplit("/", 1)[-1][-100:] or "file"
    upload = Upload(key=key, name=shown, size=0, sha256="")
    digest = hashlib.sha256()
    with (folder / f"{key}{upload.ending}").open("wb") as out:
        while chunk := stream.read(CHUNK):
            out.write(chunk)
            digest.update(chunk)
            upload.size += len(chunk)
    upload.sha256 = digest.hexdigest()
    return upload
