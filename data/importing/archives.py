"""
What may be inside an uploaded archive: a workbook's parts, or one shapefile's.

Nothing is unpacked here. The table of the archive is checked first (number, sizes,
names, places, overlaps), then the markup of a workbook is read as a stream of bounded
pieces: no macros, no links to other files, no declarations, no table without end.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import IO

from data.importing.problems import Problems

MB = 1 << 20
MOST_ENTRIES = 200
MOST_UNPACKED_MB = 300
MOST_RATIO = 100
RATIO_COUNTS_FROM = MB
MOST_ROWS = 200_000
MOST_COLUMNS = 200
PIECE = 1 << 18
LONGEST_TAG = 16 * PIECE
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\sr\s*=\s*[\"']([A-Za-z]{1,4})(\d{1,9})[\"']")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^>]*?\sr\s*=\s*[\"'](\d{1,9})[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\b")
_CELL_START = re.compile(rb"<(?:\w+:)?c\b")
_LINK = re.compile(rb"<(?:\w+:)?Relationship\b[^>]*>", re.IGNORECASE)
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,  # zipfile: packed by a method, or for a version, that it does not know
    RuntimeError,
    OSError,
    EOFError,
    ValueError,
)
"""What reading a damaged archive may raise."""
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")


def inspect_workbook(path: Path, problems: Problems) -> None:
    """Note what is wrong with an .xlsx workbook."""
    try:
        with zipfile.ZipFile(path) as archive:
            if not _inspect_table(archive, problems):
                return
            for entry in archive.infolist():
                name = entry.filename.lower()
                if "vbaproject" in name or "/macrosheets/" in name:
                    problems.error("workbook-macros")
                elif "/externallinks/" in name:
                    problems.error("workbook-links")
                elif name.endswith((".xml", ".rels", ".vml")):
                    _inspect_part(archive, entry, problems)
                if problems.has_errors:
                    return
    except DAMAGED as error:
        problems.error("file-unreadable", reason=type(error).__name__)


def inspect_shapefile_zip(path: Path, problems: Problems) -> None:
    """Note what is wrong with a zipped shapefile."""
    try:
        with zipfile.ZipFile(path) as archive:
            if _inspect_table(archive, problems):
                shapefile_parts(archive, problems)
    except DAMAGED as error:
        problems.error("file-unreadable", reason=type(error).__name__)


def shapefile_parts(archive: zipfile.ZipFile, problems: Problems) -> dict[str, zipfile.ZipInfo]:
    """
    Return the parts of the one shapefile of an archive, by ending.

    A missing or a second shapefile is noted as an error; other files are ignored.
    """
    entries = [e for e in archive.infolist() if not e.is_dir() and _is_content(e.filename)]
    shapes = [e for e in entries if e.filename.lower().endswith(".shp")]
    if len(shapes) != 1:
        names = ", ".join(PurePosixPath(e.filename).name for e in shapes)
        problems.error("shapefile-not-one", count=len(shapes), value=names)
        return {}
    stem = shapes[0].filename[:-4].lower()
    parts = {
        ending: entry
        for entry in entries
        for ending in SHAPEFILE_PARTS
        if entry.filename.lower() == stem + ending
    }
    for needed in (".shx", ".dbf"):
        if needed not in parts:
            problems.error("shapefile-part-missing", value=needed)
    return parts


def _is_content(name: str) -> bool:
    """Whether an entry is more than what a Mac adds beside each file."""
    path = PurePosixPath(name)
    return "__MACOSX" not in path.parts and not path.name.startswith("._")


def _inspect_table(archive: zipfile.ZipFile, problems: Problems) -> bool:
    """Check the table of an archive; whether its content may be looked at."""
    entries = archive.infolist()
    unpacked_mb = sum(entry.file_size for entry in entries) // MB
    if len(entries) > MOST_ENTRIES:
        problems.error("archive-too-many", count=len(entries), limit=MOST_ENTRIES)
    elif unpacked_mb > MOST_UNPACKED_MB:
        problems.error("archive-too-large", size_mb=unpacked_mb, limit_mb=MOST_UNPACKED_MB)
    elif len({entry.filename.lower() for entry in entries}) < len(entries):
        problems.error("archive-unsafe", reason="DOUBLE")
    elif any(_overlap(one, two) for one, two in pairwise(_by_place(entries))):
        problems.error("archive-unsafe", reason="OVERLAP")
    for entry in entries:
        reason = _entry_is_unsafe(entry)
        if reason and not problems.has_errors:
            problems.error("archive-unsafe", reason=reason)
    return not problems.has_errors


def _by_place(entries: list[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
    return sorted(entries, key=lambda entry: entry.header_offset)


def _overlap(one: zipfile.ZipInfo, two: zipfile.ZipInfo) -> bool:
    return one.header_offset + 30 + one.compress_size > two.header_offset


def _entry_is_unsafe(entry: zipfile.ZipInfo) -> str:
    """Return a word for what is unsafe, in every language, or an empty text."""
    name = entry.filename
    if ".." in PurePosixPath(name).parts or name.startswith("/") or "\\" in name or ":" in name:
        return "PATH"
    if entry.flag_bits & 0x1:
        return "PASSWORD"
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "COMPRESSION"
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "LINK"
    big = entry.file_size > RATIO_COUNTS_FROM
    return "BOMB" if big and entry.file_size > MOST_RATIO * max(1, entry.compress_size) else ""


def _inspect_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, problems: Problems) -> None:
    """Look through one part of a workbook's markup."""
    name = entry.filename.lower()
    extent = _Extent() if name.startswith("xl/worksheets/") and name.endswith(".xml") else None
    with archive.open(entry) as stream:
        for piece in _pieces(stream):
            if b"\0" in piece:
                problems.error("file-type-mismatch", promised="XLSX", found="UTF-16")
            elif _DECLARATION.search(piece):
                problems.error("xml-declaration")
            elif name.endswith(".rels") and _leads_elsewhere(piece):
                problems.error("workbook-links")
            elif name == "[content_types].xml" and b"macroEnabled" in piece:
                problems.error("workbook-macros")
            elif extent is not None and (beyond := extent.grow(piece)):
                problems.error(
                    "workbook-too-large",
                    sheet=PurePosixPath(entry.filename).stem,
                    value=beyond,
                    rows=MOST_ROWS,
                    columns=MOST_COLUMNS,
                )
            if problems.has_errors:
                return


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Bounded pieces of a stream of markup, cut before a ``<`` so that no tag is halved."""
    rest = b""
    while data := stream.read(PIECE):
        rest += data
        at = rest.rfind(b"<")
        if at > 0 or len(rest) > LONGEST_TAG:
            cut = at if at > 0 else len(rest)
            yield rest[:cut]
            rest = rest[cut:]
    yield rest


def _leads_elsewhere(relations: bytes) -> bool:
    """Whether a part refers to another file; a hyperlink on a cell is harmless."""
    return any(
        re.search(rb"TargetMode\s*=\s*[\"']External", link) and b"/hyperlink" not in link
        for link in _LINK.findall(relations)
    )


class _Extent:
    """How far a sheet reaches, by the places its cells name and by counting the others."""

    def __init__(self) -> None:
        self._rows = 0
        self._cells_in_row = 0

    def grow(self, piece: bytes) -> str:
        """Take in one more piece; return the first place outside the limits, if any."""
        for column, row in _CELL.findall(piece):
            if int(row) > MOST_ROWS or _column_number(column) > MOST_COLUMNS:
                return f"{column.decode().upper()}{int(row)}"
        furthest = max((int(row) for row in _ROW_NUMBER.findall(piece)), default=0)
        # Rows and cells may leave out their places and then follow one another.
        begun, *rows = _ROW.split(piece)
        self._rows += len(rows)
        widest = self._cells_in_row + len(_CELL_START.findall(begun))
        self._cells_in_row = widest
        for row in rows:
            self._cells_in_row = len(_CELL_START.findall(row))
            widest = max(widest, self._cells_in_row)
        if max(furthest, self._rows) > MOST_ROWS:
            return f"A{max(furthest, self._rows)}"
        return f"{self._rows}:{widest}" if widest > MOST_COLUMNS else ""


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
