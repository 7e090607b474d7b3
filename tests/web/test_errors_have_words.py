"""Whatever can go wrong has a sentence: in web/errors.py and its teachers, or named here."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator

from flask import Flask

from web import errors

SAID_ELSEWHERE = {
    "account": "root of the errors of accounts, never raised itself",
    "planning-error": "root of the planner's errors; views say which one",
    "bad-account": "beside the field of the form (views/admin.py)",
    "weak-password": "beside the field of the form (views/account.py)",
    "invalid-campaign": "beside the field of the form (views/campaigns.py)",
    "already-planning": "leads to the solve that runs (views/jobs.py)",
    "broken-plan": "reason of a failed solve (presenters/jobs.py)",
    "registry-moved-on": "reason of a failed solve (presenters/jobs.py)",
    "claim-lost": "between keepers of jobs; nobody sees it",
    "invalid-contact": "a ledger row that the database cannot hold",
    "invalid-rules": "beside the field of the form (views/rules.py)",
    "migration-broken": "at the shell (zoufang init)",
    "not-empty": "at the shell (zoufang demo)",
    "invalid-instance": "at the shell (zoufang solve-pvrp, solve-vrp)",
    "unknown-engine": "at the shell (zoufang solve)",
}


def coded() -> Iterator[tuple[str, str]]:
    """Code and place of every error of the rooms."""
    for room in ("scheduler", "geo", "data", "web"):
        for module in pkgutil.walk_packages(importlib.import_module(room).__path__, f"{room}."):
            if "migrations" in module.name or module.name.endswith("__main__"):
                continue
            loaded = importlib.import_module(module.name)
            for name, each in vars(loaded).items():
                if not inspect.isclass(each) or not issubclass(each, Exception):
                    continue
                code = getattr(each, "code", None)
                if each.__module__ == module.name and isinstance(code, str):
                    yield code, f"{module.name}.{name}"


def test_every_error_has_a_sentence_or_a_place_that_says_it(app: Flask) -> None:
    speechless = {
        place: code
        for code, place in coded()
        if code not in errors._DOMAIN_WORDS and code not in SAID_ELSEWHERE
    }

    assert not speechless


def test_the_list_of_exceptions_names_no_ghost(app: Flask) -> None:
    assert set(SAID_ELSEWHERE) <= {code for code, _ in coded()}
