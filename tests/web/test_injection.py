"""Markup planted in every text column stays text, on every page of every role."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String, Text, update

from data.db import Database
from data.tables import Base
from tests.support.planned import plan_the_district
from tests.web.conftest import SignIn

PLANTED = "<img src=x>A{{7*7}}B${7*7}A{%print(7*7)%}B"
MACHINE_WORDS = frozenset(  # written by the program only, never typed
    {"password_hash", "token_hash", "sha256", "row_hash", "before_hash", "input_hash", "owner"}
)
SAME_KIND = 3  # pages of one kind that are read: a list has many
NOT_PAGES = re.compile(r"/static/|/logout|/events|\.(xlsx|ics|zip|csv)($|\?)")


def typed_columns() -> Iterator[tuple[str, str]]:
    """Table and column of everything a person may have typed."""
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            kind = column.type
            is_long = isinstance(kind, Text) or (isinstance(kind, String) and kind.length == 120)
            if is_long and column.name not in MACHINE_WORDS:
                yield table.name, column.name


@pytest.fixture
def planted(opened: Database) -> None:
    """A planned district in which everything that could be typed is hostile."""
    with opened.write.begin() as session:
        plan_the_district(session)
        for table_name, column_name in typed_columns():
            table = Base.metadata.tables[table_name]
            if table.columns[column_name].unique:
                continue
            session.execute(update(table).values({column_name: PLANTED}))


def crawl(client: FlaskClient, *, most: int = 150) -> Iterator[tuple[str, str, str]]:
    """Every page that can be reached by links: address, kind, text."""
    waiting, seen, shapes = ["/"], set(), Counter[str]()
    while waiting and len(seen) < most:
        address = waiting.pop(0)
        shape = re.sub(r"\d{4}-\d\d-\d\d|\d+", "0", address.partition("?")[0])
        if address in seen or shapes[shape] == SAME_KIND:
            continue
        seen.add(address)
        shapes[shape] += 1
        answer = client.get(address)
        kind = answer.mimetype or ""
        text = answer.text if "text" in kind or "json" in kind else ""
        answer.close()
        yield address, kind, text
        if answer.location:
            waiting.append(urljoin(address, answer.location))
        if kind != "text/html":
            continue
        found = re.findall(r'(?:href|data-[\w-]*url|data-src)="([^"#]+)', text)
        found += re.findall(r'"(/api/[^"\\{]+)"', html.unescape(text))
        for link in found:
            target = urljoin(address, html.unescape(link))
            parts = urlsplit(target)
            if not parts.netloc and target not in seen and not NOT_PAGES.search(target):
                waiting.append(target)


def test_there_is_something_to_plant_into() -> None:
    columns = set(typed_columns())

    assert {("household", "name"), ("region", "name"), ("contact", "note")} <= columns


@pytest.mark.parametrize("name", ["planner", "coordinator", "admin", "c1"])
def test_no_page_turns_text_into_code(
    app: Flask, planted: None, sign_in: SignIn, name: str
) -> None:
    pages = {}
    for address, kind, text in crawl(sign_in(name)):
        pages[address] = kind
        assert "A49B" not in text, address
        if kind == "text/html":
            assert "<img src=x>" not in text, address

    assert len(pages) >= 4, pages
