"""Tell what records would add and change, without storing anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from data.importing.entities import ENTITIES, Entity, Record, identity_of

Identity = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A stored row that a record would change, what people call it, and its fields."""

    row_id: Any
    name: str
    before: Record
    after: Record


@dataclass(slots=True, kw_only=True)
class Difference:
    """What the records of one entity would do."""

    entity: Entity
    added: list[Record] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    unchanged: int = 0

    @property
    def counts(self) -> dict[str, int]:
        """``added``, ``changed``, ``unchanged``."""
        return {
            "added": len(self.added),
            "changed": len(self.changed),
            "unchanged": self.unchanged,
        }


class Stored:
    """
    Stored rows in natural terms, read once for each entity.

    Rows that an import adds become known by ``remember``.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._rows: dict[str, dict[Identity, tuple[Any, Record]]] = {}
        self._names: dict[str, dict[Any, str]] = {}

    def row(self, entity: Entity, record: Mapping[str, Any]) -> tuple[Any, Record] | None:
        """Id and stored values of the row a record means; None for a new one."""
        return self._load(entity).get(identity_of(entity, record))

    def row_id(self, entity_key: str, name: str) -> Any:
        """Id of the row that others call by this name."""
        return self._load(ENTITIES[entity_key])[(name,)][0]

    def remember(self, entity: Entity, record: Record, row_id: Any) -> None:
        """Know a row that was just added."""
        self._load(entity)[identity_of(entity, record)] = (row_id, record)
        self._names.get(entity.key, {})[row_id] = identity_of(entity, record)[0]

    def _load(self, entity: Entity) -> dict[Identity, tuple[Any, Record]]:
        if entity.key not in self._rows:
            self._rows[entity.key] = {
                identity_of(entity, record): (row_id, record)
                for row_id, record in self._read(entity)
            }
        return self._rows[entity.key]

    def _read(self, entity: Entity) -> list[tuple[Any, Record]]:
        key = entity.row_key
        columns = [column for column in entity.table.columns if column.name != "edges"]
        rows = []
        for row in self._session.execute(select(*columns)).mappings():
            record: Record = {column.name: row[column.name] for column in columns}
            for name, (target, column_name) in entity.refs.items():
                record[name] = self._name_of(target, record[column_name])
            rows.append((record[key.name], record))
        return rows

    def _name_of(self, entity_key: str, row_id: Any) -> str | None:
        if row_id is None:
            return None
        if entity_key not in self._names:
            target = ENTITIES[entity_key]
            table = target.table
            (column,) = target.identity
            query = select(table.c.id, table.c[column])
            self._names[entity_key] = dict(self._session.execute(query).all())
        return self._names[entity_key][row_id]


def difference(entity: Entity, records: Sequence[Record], stored: Stored) -> Difference:
    """Compare records with what is stored; a field a record leaves out stays as it is."""
    found = Difference(entity=entity)
    for record in records:
        known = stored.row(entity, record)
        if known is None:
            found.added.append(record)
            continue
        row_id, values = known
        moved = [
            key
            for key in record
            if record[key] != values[key] and key not in ("recorded_at", "recorded_by")
        ]
        if moved:
            name = " ".join(identity_of(entity, record))
            before = {key: values[key] for key in moved}
            after = {key: record[key] for key in moved}
            found.changed.append(Change(row_id=row_id, name=name, before=before, after=after))
        else:
            found.unchanged += 1
    return found
