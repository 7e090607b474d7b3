"""Every sentence is said in Chinese, once, with the same facts in it."""

import re
from collections import defaultdict
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from flask.testing import FlaskClient

from data.importing.kinds import REGISTERS
from data.importing.sentences import SENTENCES
from data.synthesis.roads import ATTRIBUTION, NAME
from tests.web.conftest import SignIn, csrf_token
from web import i18n

WEB = Path(i18n.__file__).parent
KEYWORDS = {
    "_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2),
    "lazy_ngettext": (1, 2), "_n": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip
FACT = re.compile(r"%\((\w+)\)[sd]|(?<![$\w])\{(\w+)\}")
COUNTED = re.compile(
    r"(?<!of )%\(\w+\)s (?:more |other |missing |planned |working )?"
    r"(visits|teams|households|days|cadres|villages|rows|units|minutes|points|problems)\b"
)
WORDED_BY_FACTS = {"reasons.py", "rule_words.py", "looks.py"}
"""Sentences that take the scheduler's facts as they are; they have no plural of their own."""
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def said() -> Iterator[tuple[str, str]]:
    """Every sentence of code and templates, with its place."""
    for file in sorted([*WEB.glob("**/*.py"), *WEB.glob("templates/**/*.html")]):
        method = "jinja2.ext:babel_extract" if file.suffix == ".html" else "python"
        options = {"trimmed": "false", "silent": "false"}
        with file.open("rb") as opened:
            for line, message, _, _ in extract(method, opened, keywords=KEYWORDS, options=options):
                first = message if isinstance(message, str) else message[0]
                yield first, f"{file.relative_to(WEB)}:{line}"
    for sentence, name in i18n.script_sentences().items():
        yield sentence, f"static/js/{name}"
    yield from said_of_files()
    for text in (ATTRIBUTION, NAME):
        yield text, "data/synthesis/roads"


def english() -> Iterator[tuple[str, bool]]:
    """Every sentence of code, templates and scripts, and whether it has a plural."""
    for file in sorted([*WEB.glob("**/*.py"), *WEB.glob("templates/**/*.html")]):
        if file.name not in WORDED_BY_FACTS:
            method = "jinja2.ext:babel_extract" if file.suffix == ".html" else "python"
            with file.open("rb") as opened:
                for _, message, _, _ in extract(method, opened, keywords=KEYWORDS):
                    yield (message, False) if isinstance(message, str) else (message[0], True)
    for sentence in i18n.script_sentences():
        yield re.sub(r"\{(\w+)\}", r"%(\1)s", sentence), False


def said_of_files() -> Iterator[tuple[str, str]]:
    """Sentences about imported files; the page translates them by the same words."""
    for code, sentence in SENTENCES.items():
        yield sentence, f"data/importing/sentences:{code}"
    for kind in REGISTERS:
        fields = [words for field in kind.fields for words in (field.label, field.note) if words]
        for words in (kind.label, *fields):
            yield words, f"data/importing/kinds:{kind.key}"


@pytest.fixture(scope="module")
def chinese() -> Catalog:
    return i18n.merged(i18n.fragments())[0]


def test_every_sentence_has_its_chinese(chinese: Catalog) -> None:
    missing = defaultdict(list)
    for sentence, place in said():
        known = chinese.get(sentence)
        if known is None or not all(known.string if known.pluralizable else [known.string]):
            missing[place.split(":")[0]].append(sentence)

    assert not missing, "\n".join(f"{place}: {texts}" for place, texts in missing.items())


def test_a_translation_names_the_same_facts(chinese: Catalog) -> None:
    odd = []
    for message in chinese:
        if not message.id:
            continue
        sources = [message.id] if isinstance(message.id, str) else list(message.id)
        targets = [message.string] if isinstance(message.string, str) else list(message.string)
        wanted = {a or b for source in sources for a, b in FACT.findall(source)}
        for target in targets:
            found = {a or b for a, b in FACT.findall(target)}
            if found - wanted or (wanted - found and isinstance(message.id, str)):
                odd.append((sources[0], target))

    assert not odd


def test_fragments_do_not_contradict_each_other() -> None:
    assert i18n.merged(i18n.fragments())[1] == []


def test_no_fragment_says_what_nobody_asks_for() -> None:
    asked = {sentence for sentence, _ in said()}
    idle = {
        f"{file.name}: {message.id}"
        for file in i18n.fragments()
        for message in read_po(BytesIO(file.read_bytes()), locale="zh")
        if message.id
        and (message.id if isinstance(message.id, str) else message.id[0]) not in asked
    }

    assert not idle


def test_templates_hold_no_words_of_their_own() -> None:
    wordy = {
        str(file.relative_to(WEB)): found
        for file in WEB.glob("templates/**/*.html")
        if (found := CHINESE.findall(re.sub(r"\{#.*?#\}", "", file.read_text("utf-8"), flags=re.S)))
    }

    assert not wordy


def test_no_english_sentence_counts_one_as_many() -> None:
    """A noun after a number is given by ngettext; elsewhere the number follows the noun."""
    wrong = {text for text, has_plural in english() if not has_plural and COUNTED.search(text)}

    assert not wrong


def test_chinese_is_the_first_language_and_the_page_says_so(client: FlaskClient) -> None:
    page = client.get("/account/login").text

    assert '<html lang="zh-CN"' in page
    assert "登录" in page


def test_a_visitor_switches_to_english_and_stays_there(client: FlaskClient) -> None:
    token = csrf_token(client, "/account/login")

    answer = client.post(
        "/language", data={"locale": "en", "next": "/account/login", "csrf_token": token}
    )

    assert answer.location == "/account/login"
    page = client.get("/account/login").text
    assert '<html lang="en"' in page
    assert "Sign in" in page


def test_the_language_belongs_to_the_account(people: dict[str, int], sign_in: SignIn) -> None:
    sign_in("planner").post("/language", data={"locale": "en", "next": "/"})

    assert '<html lang="en"' in sign_in("planner").get("/account/").text
    assert '<html lang="zh-CN"' in sign_in("coordinator").get("/account/").text


def test_scripts_get_their_sentences_under_an_address_that_may_be_kept(
    client: FlaskClient,
) -> None:
    address = re.search(r'data-catalogue="([^"]+)"', client.get("/account/login").text)
    assert address

    answer = client.get(address.group(1))

    assert answer.json["Close"] == "关闭"
    assert "immutable" in answer.headers["Cache-Control"]
    assert client.get("/i18n/en.json").json == {}
    assert client.get("/i18n/xx.json").status_code == 404


def test_compiling_again_does_nothing() -> None:
    i18n.compile_if_stale()

    assert not i18n.compile_if_stale()
