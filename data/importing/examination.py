"""
Look at a draft: what its files would do to the district, and what is wrong with them.

Files are checked in the order in which they build upon each other; each may name what is
stored or comes with an earlier file. Nothing is written.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from data.importing import apply, records
from data.importing.apply import Roads
from data.importing.differences import Difference
from data.importing.drafts import Draft, Drafts, Upload
from data.importing.kinds import KINDS, ORDER, PLACES
from data.importing.parsed import Parsed
from data.importing.problems import ImportProblem, Problems
from data.importing.reading import Reading
from data.importing.reference import Reference, load_reference
from data.importing.registers import Layout, check_register, rows_of
from data.importing.staff import draw_staff
from data.importing.uploads import load_parsed
from data.tables import Audit


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
    deed
        The last audited deed before it: while none follows, the look holds.
    """

    draft: Draft
    deed: int | None
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
    _find_in_other_files(parts)
    found = [_records(part) for part in parts]
    merged = records.merged(found)
    roads = next((part.roads for part in parts if part.roads is not None), None)
    examination = Examination(
        draft=draft,
        deed=newest_deed(session),
        parts=parts,
        differences={},
        reference=reference,
        records=merged,
        roads=roads,
    )
    if not examination.has_errors:
        examination.differences = apply.preview(session, merged, roads)
    return examination


def _find_in_other_files(parts: Sequence[Part]) -> None:
    """Warn of rows that two files of one import tell: the later file is written over the first."""
    first: dict[tuple[str, ...], str] = {}
    for part in parts:
        reading = part.reading
        if reading is None:
            continue
        own: dict[tuple[str, ...], str] = {}
        problems = Problems(part.upload.name)
        for row in reading.sound():
            values = [str(row.values.get(key, "")) for key in reading.kind.identity]
            name = (reading.kind.key, *values)
            own[name] = part.upload.name
            if name in first:
                problems.warning(
                    "row-in-other-file",
                    sheet=reading.sheet,
                    row=row.number,
                    value=" ".join(values),
                    other=first[name],
                )
        first = own | first
        part.problems = (*part.problems, *problems)


def newest_deed(session: Session) -> int | None:
    """Number of the last audited deed: while it stays, what a draft was checked against stays."""
    return session.scalar(select(func.max(Audit.id)))


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
