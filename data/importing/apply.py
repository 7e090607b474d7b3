"""
Store an import: one batch, in the caller's transaction, each change written down.

Rows are inserted in bulk; beside each stands what it was before and is after, so that
the batch can be undone as one (``data.importing.undo``). Storing the same file again
changes nothing and makes no batch.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from data import audit
from data.importing.differences import Change, Difference, Stored, difference
from data.importing.entities import ENTITIES, Entity, Record
from data.importing.frozen import frozen
from data.importing.records import Records, draw_number
from data.store.roads import save_roads
from data.tables import ImportBatch, ImportChange, RoadGraph
from geo.edges import RoadEdges

Counts = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """
    Where an import comes from, as its batch keeps it.

    Parameters
    ----------
    kind
        Key of the register, or ``district`` when several kinds come at once.
    file_name
        Shown in the list of imports.
    sha256
        Of the files.
    options
        Columns, sheets and systems as confirmed.
    """

    kind: str
    file_name: str
    sha256: str
    options: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Roads:
    """A road network to store with an import, and whom its maps must name."""

    edges: RoadEdges
    name: str
    attribution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was stored; ``batch_id`` is None when there was nothing to change."""

    batch_id: int | None
    counts: Counts


def preview(
    session: Session, records: Records, roads: Roads | None = None
) -> dict[str, Difference]:
    """Tell, by entity, what storing would add and change; roads count as one row."""
    stored = Stored(session)
    found = {
        key: difference(ENTITIES[key], records[key], stored) for key in ENTITIES if key in records
    }
    if roads is not None:
        record = {"content_hash": roads.edges.content_hash, "name": roads.name}
        is_new = not _is_current(session, roads)
        found["road_graph"] = Difference(
            entity=ENTITIES["road_graph"],
            added=[record] if is_new else [],
            unchanged=0 if is_new else 1,
        )
    return found


def store(
    session: Session,
    records: Records,
    source: Source,
    *,
    roads: Roads | None = None,
    now: datetime,
    actor_id: int | None,
) -> Applied:
    """
    Write records as one batch.

    Parameters
    ----------
    session
        In a write transaction, which the caller commits.
    records
        By entity (``data.importing.records.merged``).
    """
    batch = ImportBatch(
        kind=source.kind,
        file_name=source.file_name[:120],
        sha256=source.sha256,
        options=dict(source.options),
        counts={},
        created_at=now,
        created_by=actor_id,
    )
    session.add(batch)
    session.flush()
    log = ChangeLog(session, batch.id)
    stored = Stored(session)
    counts: Counts = {}
    for key, entity in ENTITIES.items():
        if key not in records:
            continue
        found = difference(entity, records[key], stored)
        counts[key] = found.counts
        _insert(session, found, stored, log, batch.id)
        _update(session, found, stored, log)
    if roads is not None:
        counts["road_graph"] = _store_roads(session, roads, log, batch.id, now)
    if not log.entries:
        session.delete(batch)
        session.flush()
        return Applied(batch_id=None, counts=counts)
    log.write()
    batch.counts = counts
    audit.record(
        session,
        at=now,
        actor_id=actor_id,
        action="import.confirm",
        entity="import_batch",
        entity_id=batch.id,
        facts={"kind": source.kind, "counts": counts},
    )
    session.flush()
    return Applied(batch_id=batch.id, counts=counts)


class ChangeLog:
    """Collects the changes of a batch and writes them in one go."""

    def __init__(self, session: Session, batch_id: int) -> None:
        self._session = session
        self._batch_id = batch_id
        self.entries: list[dict[str, Any]] = []

    def note(
        self, table: str, row_id: Any, before: Mapping[str, Any] | None, after: Mapping[str, Any]
    ) -> None:
        """Note one row: its columns before (None for a new row) and after."""
        entry = {"batch_id": self._batch_id, "table_name": table, "row_id": str(row_id)}
        if before is not None:
            entry["before"] = frozen(before, whole=True)
        self.entries.append(entry | {"after": frozen(after)})

    def write(self) -> None:
        """Store all entries, in the order noted."""
        for _, entries in groupby(self.entries, key=lambda entry: "before" in entry):
            self._session.execute(insert(ImportChange), list(entries))


def _insert(
    session: Session, found: Difference, stored: Stored, log: ChangeLog, batch_id: int
) -> None:
    entity = found.entity
    key = entity.row_key
    for records in _waves(entity, found.added):
        rows = [_new_row(entity, record, stored, batch_id) for record in records]
        for group in _alike(rows):
            query = insert(entity.model).returning(key, sort_by_parameter_order=True)
            ids = session.scalars(query, [rows[index] for index in group]).all()
            for row_id, index in zip(ids, group, strict=True):
                stored.remember(entity, records[index], row_id)
                log.note(entity.table.name, row_id, None, rows[index])


def _update(session: Session, found: Difference, stored: Stored, log: ChangeLog) -> None:
    entity = found.entity
    table, key = entity.table, entity.row_key
    is_versioned = "version" in table.columns
    changes: list[tuple[Change, dict[str, Any], dict[str, Any]]] = [
        (change, _columns(entity, change.before, stored), _columns(entity, change.after, stored))
        for change in found.changed
    ]
    for group in _alike([after for _, _, after in changes]):
        query = update(table).where(key == bindparam("changed_row"))
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in changes[group[0]][2]}
        if is_versioned:
            values["version"] = table.c.version + 1  # an open form must notice
        query = query.values(values)
        parameters = []
        for index in group:
            change, before, after = changes[index]
            log.note(table.name, change.row_id, before, after)
            parameters.append(
                {f"new_{name}": value for name, value in after.items()}
                | {"changed_row": change.row_id}
            )
        session.connection().execute(query, parameters)


def _waves(entity: Entity, records: list[Record]) -> list[list[Record]]:
    """Rows that may be inserted together: parents come before their children."""
    if entity.key != "region":
        return [records] if records else []
    waves = [[r for r in records if r["kind"] == kind] for kind in ("district", "town")]
    waves.append([r for r in records if r["kind"] not in ("district", "town")])
    return [wave for wave in waves if wave]


def _alike(rows: list[dict[str, Any]]) -> list[list[int]]:
    """Indices of rows with the same columns: one statement serves each group."""
    groups: dict[frozenset[str], list[int]] = {}
    for index, row in enumerate(rows):
        groups.setdefault(frozenset(row), []).append(index)
    return list(groups.values())


def _new_row(entity: Entity, record: Record, stored: Stored, batch_id: int) -> dict[str, Any]:
    row = dict(entity.defaults) | _columns(entity, record, stored) | {"batch_id": batch_id}
    if entity.key == "household":
        row["draw_number"] = draw_number(record["number"])
    if entity.key == "region" and "name" not in row:
        row["name"] = record["code"]  # an area nobody has named yet
    return row


def _columns(entity: Entity, record: Record, stored: Stored) -> dict[str, Any]:
    """Columns of a record: names of other rows become their ids."""
    columns = dict(record)
    for name, (target, column) in entity.refs.items():
        if name in columns:
            value = columns.pop(name)
            columns[column] = None if value is None else stored.row_id(target, value)
    return columns


def _store_roads(
    session: Session, roads: Roads, log: ChangeLog, batch_id: int, now: datetime
) -> dict[str, int]:
    """Put a road graph in force; the one before stays for an undo."""
    if _is_current(session, roads):
        return {"added": 0, "changed": 0, "unchanged": 1}
    for row_id in session.scalars(select(RoadGraph.id).where(RoadGraph.current)).all():
        log.note("road_graph", row_id, {"current": True}, {"current": False})
    graph = save_roads(
        session,
        roads.edges,
        name=roads.name,
        attribution=roads.attribution,
        at=now,
        batch_id=batch_id,
    )
    log.note("road_graph", graph.id, None, {"content_hash": graph.content_hash, "current": True})
    return {"added": 1, "changed": 0, "unchanged": 0}


def _is_current(session: Session, roads: Roads) -> bool:
    query = select(RoadGraph.content_hash).where(RoadGraph.current).order_by(RoadGraph.id.desc())
    return session.scalars(query.limit(1)).first() == roads.edges.content_hash
