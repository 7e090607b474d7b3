"""
From an error to an answer: the one place that knows the status and the words.

A domain error carries a ``code`` and its facts as attributes; here each code has an HTTP
status and a sentence that names those facts. A room's view adds its own with
:func:`words`. Pages show the sentence, what to do and the request id; ``/api/`` answers
``{"error": {"code", "message", "request_id"}}``. Nobody ever sees a stack trace.
"""

import logging
import traceback
from typing import Any

from flask import Flask, current_app, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from web.roles import wants_json
from web.security import request_id

log = logging.getLogger("zoufang.web")

LOCKED_RETRY_S = 5

HTTP_WORDS: dict[int, tuple[Any, Any]] = {
    400: (_l("This request could not be read"), _l("Go back, check the entries and try again.")),
    401: (_l("Please sign in"), _l("Your sign-in has ended. Sign in again to go on.")),
    403: (_l("Not for this account"), _l("Ask the administrator if you need this page.")),
    404: (
        _l("Nothing is here"),
        _l("The address is wrong, or what was here is gone or belongs to somebody else."),
    ),
    405: (_l("Not in this way"), _l("Open the page again from the menu.")),
    409: (_l("Somebody was faster"), _l("Load the page again to see the newest state.")),
    413: (_l("The file is too large"), _l("Split it, or ask the administrator for the limit.")),
    415: (_l("This kind of file is not read"), _l("See the help page for the formats.")),
    422: (_l("This cannot be done as entered"), _l("Change the entries named below.")),
    429: (_l("Too many attempts"), _l("Wait a little, then try again.")),
    500: (
        _l("Something went wrong here"),
        _l("Nothing you saved is lost. Try again; if it happens again, report the number below."),
    ),
    503: (_l("The system is busy"), _l("Wait a few seconds and try again.")),
}

_DOMAIN_WORDS: dict[str, tuple[int, Any]] = {}


def words(more: dict[str, tuple[int, Any]]) -> None:
    """
    Teach sentences: error code -> HTTP status and a lazily translated sentence.

    The sentence may name attributes of the error: ``_l("Row %(row)s has no number.")``.
    """
    _DOMAIN_WORDS.update(more)


words(
    {
        "role-refused": (403, _l("This page is for other roles.")),
        "sign-in-refused": (401, _l("Name and password do not belong together.")),
        "too-many-attempts": (
            429,
            _l("Too many failed sign-ins. Wait %(minutes)s min, or ask the administrator."),
        ),
        "wrong-password": (422, _l("The present password is not right.")),
        "unknown-account": (404, _l("There is no such account.")),
        "last-administrator": (409, _l("The only administrator cannot be switched off.")),
        "unsafe-settings": (500, _l("The server is not set up safely.")),
    }
)


class _Facts:
    """Lets ``sentence % facts`` read the attributes of an error."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getitem__(self, name: str) -> Any:
        return getattr(self._error, name)


def sentence_of(error: Exception) -> str | None:
    """Return a domain error in the reader's language; ``None`` if its code has no words."""
    code = getattr(error, "code", None)
    if not isinstance(code, str) or code not in _DOMAIN_WORDS:
        return None
    return str(_DOMAIN_WORDS[code][1]) % _Facts(error)


def init_app(app: Flask) -> None:
    """Register the handlers on ``app``."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(Exception, _any)


def answer(
    status: int, *, code: str = "", sentence: str = "", headers: dict[str, str] | None = None,
    **facts: Any,
) -> ResponseReturnValue:  # fmt: skip
    """Return an error as page or JSON; ``facts`` reach the template."""
    title, hint = HTTP_WORDS.get(status, HTTP_WORDS[500 if status >= 500 else 400])
    code = code or f"http-{status}"
    if wants_json():
        body = jsonify(
            error={
                "code": code,
                "message": sentence or f"{title}{gettext('. ')}{hint}",
                "request_id": request_id(),
            }
        )
        return body, status, headers or {}
    page = render_template(
        "errors/error.html",
        status=status, title=title, hint=hint, sentence=sentence, code=code, **facts,
    )  # fmt: skip
    return page, status, headers or {}


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error
    headers = {}
    if error.code == 405:
        headers["Allow"] = ", ".join(getattr(error, "valid_methods", None) or ())
    if error.code in (429, 503):
        headers["Retry-After"] = str(getattr(error, "retry_after", None) or LOCKED_RETRY_S)
    return answer(error.code, headers=headers)


def _csrf(error: CSRFError) -> ResponseReturnValue:
    return answer(
        400,
        code="csrf",
        sentence=gettext("This form was open for too long or in an old window. Load it again."),
    )


def _stale(error: StaleDataError) -> ResponseReturnValue:
    return answer(
        409,
        code="stale",
        sentence=gettext("Somebody changed this while you were editing; nothing was overwritten."),
    )


def _any(error: Exception) -> ResponseReturnValue:
    sentence = sentence_of(error)
    if sentence is not None:
        code = str(getattr(error, "code", ""))
        status = _DOMAIN_WORDS[code][0]
        headers = {}
        if hasattr(error, "retry_after_s"):
            headers["Retry-After"] = str(error.retry_after_s)
        allowed = getattr(error, "allowed", [])
        return answer(status, code=code, sentence=sentence, headers=headers, allowed=allowed)
    if isinstance(error, PoolTimeout) or _is_locked(error):
        log.warning("busy request_id=%s endpoint=%s", request_id(), request.endpoint)
        return answer(503, code="busy", headers={"Retry-After": str(LOCKED_RETRY_S)})
    # The message of an error may hold what a person typed; the type and the place suffice.
    log.error(
        "failed request_id=%s endpoint=%s type=%s\n%s",
        request_id(), request.endpoint, type(error).__name__,
        "".join(traceback.format_tb(error.__traceback__)),
    )  # fmt: skip
    if current_app.testing and not current_app.config.get("SHOW_ERRORS"):
        raise error
    return answer(500, code="internal")


def _is_locked(error: Exception) -> bool:
    if not isinstance(error, OperationalError):
        return False
    text = str(error.orig).lower()
    return "locked" in text or "busy" in text or "canceling statement" in text
