"""
Two languages: English sentences in the code, their Chinese in ``translations/fragments``.

A fragment holds plain .po entries without a header, one file a subject. They are merged
into ``zh/LC_MESSAGES/messages.mo`` when they changed (``python -m web.i18n``, and every
start). The folder is ``zh``: a folder ``zh_Hans_CN`` does not answer ``zh``.

Scripts say ``t("Save")`` (``static/js/core.js``). The sentences of all scripts are found
here by that spelling, so the argument of ``t`` is a literal in double quotes; the page
fetches them once from ``/i18n/<locale>.json``, whose address carries their hash.
"""

import hashlib
import json
import re
import sys
import tempfile
from functools import lru_cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask, abort, current_app, g, has_request_context, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale, gettext

FOLDER = Path(__file__).parent / "translations"
SCRIPTS = Path(__file__).parent / "static" / "js"
LOCALES = {"zh": "中文", "en": "English"}
HTML_LANG = {"zh": "zh-CN", "en": "en"}
COOKIE = "zoufang_lang"
SAID_IN_JS = re.compile(r"""\bt\(\s*("(?:[^"\\\n]|\\.)+")""")


def init_app(app: Flask) -> None:
    """Compile what is stale, choose the locale of each request, serve the scripts' catalogue."""
    compile_if_stale()
    app.config["BABEL_DEFAULT_LOCALE"] = "en"  # the language of the msgids
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    Babel(app, locale_selector=_chosen_locale, default_timezone="Asia/Shanghai")
    app.add_url_rule("/i18n/<locale>.json", "i18n.catalogue", _catalogue)
    app.context_processor(
        lambda: {
            "locale": locale(),
            "html_lang": HTML_LANG[locale()],
            "locales": LOCALES,
            "catalogue_url": catalogue_url,
        }
    )


def locale() -> str:
    """Return ``zh`` or ``en``: the language of this answer."""
    return str(get_locale() or "zh").partition("_")[0]


def of_data(text: str) -> str:
    """Say a text that came with data in the reader's language, if the catalogue has it."""
    return gettext(text) if text else ""  # gettext("") would be the catalogue's header


def _chosen_locale() -> str:
    """Take the account's choice, else the cookie's, else the site's."""
    if not has_request_context():
        return str(current_app.extensions["settings"].locale)
    account = getattr(g, "account", None)
    for choice in (getattr(account, "locale", None), request.cookies.get(COOKIE)):
        if choice in LOCALES:
            return str(choice)
    return str(current_app.extensions["settings"].locale)


def catalogue_url() -> str:
    """Return the address of the scripts' sentences in this language, with their hash."""
    chosen = locale()
    version = hashlib.sha256(json.dumps(script_catalogue(chosen)).encode()).hexdigest()[:12]
    return url_for("i18n.catalogue", locale=chosen, v=version)


def _catalogue(locale: str) -> ResponseReturnValue:
    if locale not in LOCALES:
        abort(404)
    response = current_app.json.response(script_catalogue(locale))
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def script_catalogue(locale: str) -> dict[str, str]:
    """Return English sentence -> sentence for everything scripts say; empty for English."""
    if locale != "zh":
        return {}
    newest = max((f.stat().st_mtime_ns for f in SCRIPTS.glob("**/*.js")), default=0)
    return _script_catalogue(newest, _mo().stat().st_mtime_ns)


@lru_cache(maxsize=2)
def _script_catalogue(_scripts: int, _compiled: int) -> dict[str, str]:
    with _mo().open("rb") as opened:
        chinese = GNUTranslations(opened)
    return {said: chinese.gettext(said) for said in sorted(script_sentences())}


def script_sentences() -> dict[str, str]:
    """Return every sentence a script says, with the file that says it."""
    return {
        json.loads(literal): file.name
        for file in sorted(SCRIPTS.glob("**/*.js"))
        for literal in SAID_IN_JS.findall(file.read_text("utf-8"))
    }


def merged(files: list[Path]) -> tuple[Catalog, list[str]]:
    """
    Merge fragments into one catalogue.

    The same sentence may be in several files if its Chinese is the same. Where two files
    disagree the first stands and the clash is returned: a test refuses it, a page does not.
    """
    catalog = Catalog(locale="zh", charset="utf-8", fuzzy=False)
    source: dict[Any, str] = {}
    clashes = []
    for file in files:
        for message in read_po(BytesIO(file.read_bytes()), locale="zh", charset="utf-8"):
            if not message.id:
                continue
            key = (message.context, message.id if isinstance(message.id, str) else message.id[0])
            known = catalog.get(message.id, message.context)
            if known is None:
                source[key] = file.name
                catalog.add(
                    message.id, message.string, context=message.context, flags=message.flags
                )
            elif known.string != message.string:
                clashes.append(
                    f"{key[1]!r}: {source[key]} says {known.string!r}, "
                    f"{file.name} says {message.string!r}"
                )
    return catalog, clashes


def fragments() -> list[Path]:
    """Return the files of translations, in order of name."""
    return sorted((FOLDER / "fragments").glob("*.po"))


def compile_if_stale() -> bool:
    """Compile the merged fragments unless it was done from exactly these; tell if it was."""
    digest = hashlib.sha256(b"\0".join(f.read_bytes() for f in fragments())).hexdigest()
    target = _mo()
    if target.is_file():
        with target.open("rb") as opened:
            if GNUTranslations(opened).info().get("project-id-version") == f"zoufang {digest}":
                return False
    catalog, _clashes = merged(fragments())
    catalog.project, catalog.version = "zoufang", digest
    target.parent.mkdir(parents=True, exist_ok=True)
    # Two processes may start at once: each writes its own file, the last rename wins whole.
    with tempfile.NamedTemporaryFile(dir=target.parent, suffix=".tmp", delete=False) as written:
        write_mo(written, catalog)
    Path(written.name).chmod(0o644)
    Path(written.name).replace(target)
    return True


def _mo() -> Path:
    return FOLDER / "zh" / "LC_MESSAGES" / "messages.mo"


if __name__ == "__main__":
    done = compile_if_stale()
    print(f"{_mo().name}: {'compiled' if done else 'already current'}", file=sys.stderr)
