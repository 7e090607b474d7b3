"""
Column values as JSON, for the record of what an import changed, and back.

Dates and instants become ISO text, bytes become hexadecimal. Where a value only has to
be recognised again, long bytes are kept as their SHA-256.
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, LargeBinary, Table

from data.tables.base import UtcDateTime

LONGEST_BYTES = 64


def frozen(values: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any]:
    """
    Columns as JSON values.

    Parameters
    ----------
    whole
        Keep all bytes, so that ``thawed`` can bring them back.
    """
    return {name: _frozen(value, whole=whole) for name, value in values.items()}


def thawed(values: Mapping[str, Any], table: Table) -> dict[str, Any]:
    """Inverse of ``frozen(..., whole=True)``, by the types of a table's columns."""
    return {name: _thawed(value, table.c[name].type) for name, value in values.items()}


def _frozen(value: Any, *, whole: bool) -> Any:
    if isinstance(value, bytes):
        if whole or len(value) <= LONGEST_BYTES:
            return value.hex()
        return f"sha256:{hashlib.sha256(value).hexdigest()}"
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value


def _thawed(value: Any, column_type: Any) -> Any:
    if not isinstance(value, str):
        return value
    if isinstance(column_type, LargeBinary):
        return bytes.fromhex(value)
    if isinstance(column_type, UtcDateTime):
        return datetime.fromisoformat(value)
    if isinstance(column_type, Date):
        return date.fromisoformat(value)
    return value
