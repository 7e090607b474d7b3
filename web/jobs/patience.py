"""Writes that must not fail because the database was busy, or away, for a moment."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from data.db import Database

TRIES = 6
FIRST_PAUSE_S = 0.5

T = TypeVar("T")


def patiently(db: Database, write: Callable[[Session], T]) -> T:
    """
    Run a write in a transaction of its own, again with longer pauses while the database refuses.

    Raises
    ------
    OperationalError
        If it still refuses after about fifteen seconds of pauses.
    """
    for tried in range(TRIES - 1):
        try:
            with db.write.begin() as session:
                return write(session)
        except OperationalError:  # locked for long, or PostgreSQL went away
            time.sleep(FIRST_PAUSE_S * 2**tried)
    with db.write.begin() as session:
        return write(session)
