"""
Undo an import as one: added rows go, changed rows become what they were.

It is refused, with a list of what stands in the way, when a row has moved on since, when
other rows hang on an added one, or when a later import touched the same rows: that one
is undone first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Table, delete, null, select, update
from sqlalchemy.orm import Session

from data import audit
from data.importing.frozen import frozen, thawed
from data.tables import Base, ImportBatch, ImportChange

CHUNK = 500
SHOWN = 50
"""Obstacles named in a refusal; the rest are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """
    One row in the way of an undo.

    Parameters
    ----------
    why
        ``changed`` since, ``gone`` meanwhile, ``used`` by rows of ``by``, or ``later`` import
        ``by`` touched it.
    table, name
        The row: its table and how people call it.
    """

    why: str
    table: str
    name: str
    by: str = ""


class UndoRefused(Exception):
    """The district has moved on since the import."""

    code = "undo-refused"

    def __init__(self, batch_id: int, obstacles: list[Obstacle]) -> None:
        super().__init__(
            f"Import {batch_id} cannot be undone: {len(obstacles)} rows have moved on or are in "
            "use. Undo the later imports first, or correct the rows by hand."
        )
        self.batch_id = batch_id
        self.count = len(obstacles)
        self.obstacles = obstacles[:SHOWN]


class UnknownBatch(Exception):
    """There is no such import, or it was undone already."""

    code = "unknown-batch"

    def __init__(self, batch_id: int) -> None:
        super().__init__(f"There is no import {batch_id} that could be undone.")
        self.batch_id = batch_id


def undo_batch(session: Session, batch_id: int, *, now: datetime, actor_id: int | None) -> int:
    """
    Take back one import in the caller's write transaction.

    Returns
    -------
    int
        Rows removed or restored.

    Raises
    ------
    UnknownBatch, UndoRefused
    """
    batch = session.get(ImportBatch, batch_id)
    if batch is None or batch.undone_at is not None:
        raise UnknownBatch(batch_id)
    query = select(ImportChange).where(ImportChange.batch_id == batch_id)
    changes = list(session.scalars(query.order_by(ImportChange.id.desc())))
    obstacles = [*_moved_on(session, changes), *_in_use(session, changes)]
    obstacles = [*_later_imports(session, batch_id, changes), *obstacles]
    if obstacles:
        raise UndoRefused(batch_id, obstacles)
    _restore(session, changes)
    batch.undone_at, batch.undone_by = now, actor_id
    audit.record(
        session,
        at=now,
        actor_id=actor_id,
        action="import.undo",
        entity="import_batch",
        entity_id=batch_id,
        facts={"rows": len(changes)},
    )
    session.flush()
    return len(changes)


def _restore(session: Session, changes: Iterable[ImportChange]) -> None:
    """Walk back, newest change first, so that children go before their parents."""
    runs = groupby(changes, key=lambda change: (change.table_name, change.before is None))
    for (name, was_added), run in runs:
        table = Base.metadata.tables[name]
        if was_added:
            _remove(session, table, [_row_id(table, change.row_id) for change in run])
            continue
        for change in run:
            values = {
                column: null() if value is None else value
                for column, value in thawed(change.before or {}, table).items()
            }
            if "version" in table.c:
                values["version"] = table.c.version + 1  # an open form must notice
            row_id = _row_id(table, change.row_id)
            session.execute(update(table).where(_key(table) == row_id).values(values))


def _remove(session: Session, table: Table, ids: list[Any]) -> None:
    for start in range(0, len(ids), CHUNK):
        session.execute(delete(table).where(_key(table).in_(ids[start : start + CHUNK])))


def _moved_on(session: Session, changes: list[ImportChange]) -> list[Obstacle]:
    """Rows that are no longer as the import left them."""
    latest: dict[tuple[str, str], ImportChange] = {}
    for change in changes:
        latest.setdefault((change.table_name, change.row_id), change)
    found = []
    for table, row_ids in _by_table(latest).items():
        rows = _rows(session, table, row_ids)
        for row_id in row_ids:
            after = latest[table.name, str(row_id)].after or {}
            row = rows.get(row_id)
            if row is None:
                found.append(Obstacle(why="gone", table=table.name, name=_called(after, row_id)))
                continue
            compared = {name: row[name] for name in after if name != "version"}
            if frozen(compared) != {name: after[name] for name in compared}:
                found.append(Obstacle(why="changed", table=table.name, name=_called(row, row_id)))
    return found


def _in_use(session: Session, changes: list[ImportChange]) -> list[Obstacle]:
    """Rows of other origin that hang on a row this import added."""
    added: dict[str, set[Any]] = {}
    for change in changes:
        if change.before is None:
            table = Base.metadata.tables[change.table_name]
            added.setdefault(table.name, set()).add(_row_id(table, change.row_id))
    found = []
    for child in Base.metadata.sorted_tables:
        for foreign in child.foreign_keys:
            parent = foreign.column.table
            if parent.name not in added:
                continue
            query = select(foreign.parent, *child.primary_key.columns)
            for parent_id, *own in session.execute(query.where(foreign.parent.is_not(None))):
                if parent_id in added[parent.name] and own[0] not in added.get(child.name, ()):
                    found.append((parent, parent_id, child.name))
    return [
        Obstacle(why="used", table=parent.name, name=_name(session, parent, row_id), by=by)
        for parent, row_id, by in dict.fromkeys(found)
    ]


def _later_imports(session: Session, batch_id: int, changes: list[ImportChange]) -> list[Obstacle]:
    """Later imports, not undone, that touched the same rows."""
    mine = {(change.table_name, change.row_id) for change in changes}
    query = (
        select(ImportChange.batch_id, ImportChange.table_name, ImportChange.row_id)
        .join(ImportBatch, ImportBatch.id == ImportChange.batch_id)
        .where(ImportChange.batch_id > batch_id, ImportBatch.undone_at.is_(None))
        .order_by(ImportChange.batch_id.desc())
    )
    later = {b: table for b, table, row in session.execute(query) if (table, row) in mine}
    return [Obstacle(why="later", table=later[b], name="", by=str(b)) for b in later]


def _by_table(names: Iterable[tuple[str, str]]) -> dict[Table, list[Any]]:
    tables: dict[Table, list[Any]] = {}
    for name, row_id in names:
        table = Base.metadata.tables[name]
        tables.setdefault(table, []).append(_row_id(table, row_id))
    return tables


def _rows(session: Session, table: Table, ids: list[Any]) -> dict[Any, Mapping[str, Any]]:
    columns = [column for column in table.c if column.name != "edges"]
    found: dict[Any, Mapping[str, Any]] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(*columns).where(_key(table).in_(ids[start : start + CHUNK]))
        for row in session.execute(query).mappings():
            found[row[_key(table).name]] = dict(row)
    return found


def _name(session: Session, table: Table, row_id: Any) -> str:
    rows = _rows(session, table, [row_id])
    return _called(rows.get(row_id, {}), row_id)


def _called(row: Mapping[str, Any], row_id: Any) -> str:
    """How people call a row: its number or code, never a person's name."""
    return str(row.get("number") or row.get("code") or row.get("day") or f"#{row_id}")


def _key(table: Table) -> Any:
    (column,) = table.primary_key.columns
    return column


def _row_id(table: Table, words: str) -> Any:
    key = _key(table)
    if issubclass(key.type.python_type, int):
        return int(words)
    return thawed({key.name: words}, table)[key.name]
