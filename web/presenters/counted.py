"""Sentences whose words follow the numbers in them: 1 visit, 2 visits; Chinese has one form."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import get_translations, ngettext

NOUNS: Mapping[str, Callable[[int], str]] = {
    "cadre": lambda n: str(ngettext("%(num)s cadre", "%(num)s cadres", n)),
    "day": lambda n: str(ngettext("%(num)s day", "%(num)s days", n)),
    "household": lambda n: str(ngettext("%(num)s household", "%(num)s households", n)),
    "session": lambda n: str(ngettext("%(num)s session", "%(num)s sessions", n)),
    "team": lambda n: str(ngettext("%(num)s team", "%(num)s teams", n)),
    "visit": lambda n: str(ngettext("%(num)s visit", "%(num)s visits", n)),
    "week": lambda n: str(ngettext("%(num)s week", "%(num)s weeks", n)),
    "working day": lambda n: str(ngettext("%(num)s working day", "%(num)s working days", n)),
}
"""Noun -> a number of them, in the reader's language."""


@dataclass(frozen=True, slots=True)
class ByNumber:
    """A sentence with one form for one and another for many; ``by`` names the fact that counts."""

    one: str
    many: str
    by: str

    def __mod__(self, facts: Mapping[str, Any]) -> str:
        return str(ngettext(self.one, self.many, int(facts[self.by]), **facts))

    def __str__(self) -> str:
        return str(get_translations().ngettext(self.one, self.many, 2))


@dataclass(frozen=True, slots=True)
class WithNouns:
    """A sentence in which several numbers bring their nouns along."""

    sentence: Any
    nouns: Mapping[str, str]

    def __mod__(self, facts: Mapping[str, Any]) -> str:
        counted = {key: NOUNS[noun](int(facts[key])) for key, noun in self.nouns.items()}
        return str(self.sentence) % {**facts, **counted}

    def __str__(self) -> str:
        return str(self.sentence)


def by_number(one: str, many: str, by: str) -> ByNumber:
    """Make one; whoever imports this as ``_n`` has its sentences found for translation."""
    return ByNumber(one, many, by)
