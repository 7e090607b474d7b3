"""
Passwords: hashed by argon2id, made for one use, refused when easily guessed.

Length protects, composition rules do not; so a password is long, and no known word with
some digits after it.
"""

import re
import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError

from web.usecases.account_errors import MAX_LENGTH, MIN_LENGTH, WeakPassword

WEAK_STEMS = (
    "password", "passw0rd", "qwertyuiop", "1qaz2wsx", "asdfghjkl", "iloveyou", "administrator",
    "admin", "welcome", "letmein", "zoufang", "走访", "干部", "organization", "woaini",
)  # fmt: skip

# 19 MiB, two passes: about 34 ms, so that a morning of a thousand logins fits two cores.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_few_at_once = threading.BoundedSemaphore(2)
NOBODY = _hasher.hash(secrets.token_hex(16))
"""A hash nobody's password has: an unknown name is checked against it and costs the same time."""


def one_time_password() -> str:
    """Return a random password that can be read out: four groups, no letters that look alike."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def check_password(password: str, *, name: str) -> None:
    """Refuse what is short, endless, a known word with decoration, or the account's name."""
    if len(password) < MIN_LENGTH:
        raise WeakPassword("short")
    if len(password) > MAX_LENGTH:
        raise WeakPassword("long")
    plain = password.lower()
    if len(set(plain)) < 5 or plain in "01234567890123456789" * 4:
        raise WeakPassword("repeating")
    rest = plain
    for word in (*WEAK_STEMS, name.lower()):
        rest = rest.replace(word, "")
    if len(re.sub(r"[\d\W_]", "", rest)) < 4 and rest != plain:
        raise WeakPassword("common")


def hash_password(password: str) -> str:
    """Return the argon2id hash of a password."""
    with _few_at_once:
        return _hasher.hash(password)


def matches(known_hash: str, password: str) -> bool:
    """Tell whether a password belongs to a hash."""
    with _few_at_once:
        try:
            return _hasher.verify(known_hash, password[: MAX_LENGTH + 1])
        except VerificationError:
            return False


def is_outdated(known_hash: str) -> bool:
    """Tell whether a hash was made with other costs than today's."""
    return _hasher.check_needs_rehash(known_hash)
