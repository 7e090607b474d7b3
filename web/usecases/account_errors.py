"""What can be wrong with an account, a password or a sign-in; pages word these by code."""

MIN_LENGTH, MAX_LENGTH = 12, 256


class AccountError(Exception):
    """Root of what can be wrong with an account."""

    code = "account"


class SignInRefused(AccountError):
    """Name and password do not belong together, or the account is switched off."""

    code = "sign-in-refused"


class TooManyAttempts(AccountError):
    """Sign-in is paused for this account or address."""

    code = "too-many-attempts"

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(f"Too many failed sign-ins; wait {retry_after_s} s.")
        self.retry_after_s = retry_after_s
        self.minutes = -(-retry_after_s // 60)


class WeakPassword(AccountError):
    """The password is too short, too long or too well known."""

    code = "weak-password"

    def __init__(self, reason: str) -> None:
        super().__init__(f"Password refused: {reason}.")
        self.reason = reason
        self.min_length = MIN_LENGTH
        self.max_length = MAX_LENGTH


class WrongPassword(AccountError):
    """The present password was not given correctly."""

    code = "wrong-password"


class BadAccount(AccountError):
    """An account cannot be made like this; ``field`` says where, ``reason`` why."""

    code = "bad-account"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"Account refused: {field} is {reason}.")
        self.field = field
        self.reason = reason


class UnknownAccount(AccountError):
    """No account has this id."""

    code = "unknown-account"


class LastAdministrator(AccountError):
    """The only administrator cannot be switched off."""

    code = "last-administrator"
