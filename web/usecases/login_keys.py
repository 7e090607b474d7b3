"""Under which keys logins and failures are kept: hashes, so that the table betrays nobody."""

import hashlib
from datetime import timedelta

FAILURE_WINDOW = timedelta(minutes=15)
"""How long a failed sign-in counts."""


def token_hash(token: str) -> str:
    """Return what the table keeps of a cookie's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def failure_key(name: str) -> str:
    """Return under what failures of a name are counted: people type passwords into that field."""
    return hashlib.sha256(name.strip().lower().encode()).hexdigest()
