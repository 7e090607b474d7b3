"""
What every answer carries: request id, policy headers, caching, compression.

Pages are personal: ``no-store``. Static files named by their content live for a year.
A page holds a secret token, and compressing a secret beside text that a stranger chose
tells the secret by its length; so a page is compressed only when its address has no query.
"""

import gzip
import hashlib
import logging
import secrets
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, g, request

COMPRESSED = (
    "application/json",
    "application/geo+json",
    "image/svg+xml",
    "text/css",
    "text/javascript",
)
COMPRESSED_BARE = (*COMPRESSED, "text/html")
COMPRESS_FROM_BYTES = 1024
YEAR_S = 365 * 24 * 3600

log = logging.getLogger("zoufang.web")


def init_app(app: Flask) -> None:
    """Register the hooks on ``app``."""
    app.before_request(_name_request)
    app.after_request(_secure)
    app.after_request(_cache)
    app.after_request(_compress)
    app.url_defaults(_version_static)
    app.context_processor(
        lambda: {"csp_nonce": csp_nonce, "request_id": request_id, "import_map": import_map}
    )


def request_id() -> str:
    """Return this request's id, as shown on error pages and kept in the log."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(5)
    return str(g.request_id)


def csp_nonce() -> str:
    """Return the nonce that lets an inline script of ours run in this answer."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _name_request() -> None:
    request_id()


def _secure(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("X-Request-Id", request_id())
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "same-origin")
    headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
    headers.setdefault(
        "Permissions-Policy", "geolocation=(self), camera=(), microphone=(), payment=()"
    )
    headers.setdefault("Content-Security-Policy", _policy())
    if current_app.extensions["settings"].https:
        headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_S}")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")  # browsers want TLS for it
    return response


def _policy() -> str:
    nonce = csp_nonce()
    tiles = current_app.extensions["settings"].tiles
    images = " ".join(["'self'", "data:", *(tiles.origins() if tiles else ())])
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "style-src-attr 'unsafe-inline'",  # Leaflet and Folium place things by style attribute
            f"img-src {images}",
            "font-src 'self'",
            "connect-src 'self'",
            "worker-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _cache(response: Response) -> Response:
    if "Cache-Control" in response.headers and request.endpoint != "static":
        return response
    if request.endpoint == "static" and response.status_code in (200, 304):
        current = request.args.get("v") == static_version(_static(), _filename())
        response.headers["Cache-Control"] = (
            f"public, max-age={YEAR_S}, immutable" if current else "no-cache"
        )
    else:
        response.headers["Cache-Control"] = "no-store"
    return response


def _compress(response: Response) -> Response:
    kinds = COMPRESSED if request.query_string or request.method != "GET" else COMPRESSED_BARE
    if (
        response.mimetype not in kinds
        or response.status_code != 200
        or (response.is_streamed and request.endpoint != "static")
        or "Content-Encoding" in response.headers
    ):
        return response
    response.headers.add("Vary", "Accept-Encoding")
    if request.accept_encodings.quality("gzip") <= 0 or request.range is not None:
        return response
    if request.endpoint == "static":
        file = _static() / _filename()
        body = _compressed_file(file, file.stat().st_mtime_ns)
        response.close()  # it was opened to be sent plain
    else:
        plain = response.get_data()
        body = gzip.compress(plain, 5, mtime=0) if len(plain) >= COMPRESS_FROM_BYTES else plain
        if body is plain:
            return response
    response.close()  # a streamed answer holds its file open
    response.direct_passthrough = False
    response.set_data(body)
    response.headers["Content-Encoding"] = "gzip"
    return response


def _version_static(endpoint: str, values: dict[str, Any]) -> None:
    """Name a static file by its content, so that browsers may keep it for ever."""
    if endpoint == "static" and "filename" in values:
        values.setdefault("v", static_version(_static(), values["filename"]))


def import_map() -> dict[str, dict[str, str]]:
    """Map each ES module of ours to its versioned address, also when one imports another."""
    root = _static()
    return {
        "imports": {
            f"/static/{name}": f"/static/{name}?v={static_version(root, name)}"
            for name in sorted(
                file.relative_to(root).as_posix() for file in root.glob("js/**/*.js")
            )
        }
    }


def static_version(root: Path, filename: str) -> str:
    """Return the first characters of a file's SHA-256; empty for a file that is not there."""
    file = root / filename
    try:
        return _hash_at(file, file.stat().st_mtime_ns)
    except OSError:
        return ""


@lru_cache(maxsize=512)
def _hash_at(file: Path, _mtime_ns: int) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=256)
def _compressed_file(file: Path, _mtime_ns: int) -> bytes:
    return gzip.compress(file.read_bytes(), 9, mtime=0)


def _static() -> Path:
    return Path(str(current_app.static_folder))


def _filename() -> str:
    return str((request.view_args or {}).get("filename", ""))
