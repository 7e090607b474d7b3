"""
What can go wrong when a plan is asked for, each with a code and its facts.

The English sentence is for logs; a page words the error from ``code`` and the attributes.
"""

from reprlib import Repr
from typing import Any

_SHORT = Repr()
_SHORT.maxlevel, _SHORT.maxlist, _SHORT.maxdict, _SHORT.maxstring = 2, 4, 3, 60
_SHORT.maxlong = _SHORT.maxother = 60


class PlanningError(ValueError):
    """A planning request that cannot be answered as it stands."""

    code = "planning-error"


class _Located(PlanningError):
    """An error at one field of a document: what was found there and what to do."""

    def __init__(self, code: str, field: str, value: Any, advice: str) -> None:
        try:
            shown = _SHORT.repr(value)
        except ValueError:  # Python writes no numbers of more than some thousand digits
            shown = "a number of very many digits"
        if len(shown) > 80:
            shown = shown[:77] + "..."
        super().__init__(f"{field}: found {shown}. {advice}")
        self.code = code
        self.field = field
        self.value = value
        self.advice = advice


class InvalidProblem(_Located):
    """
    A problem that contradicts itself or its format.

    Parameters
    ----------
    code
        Stable name of the mistake, such as ``unknown-village``.
    field
        Path inside the problem, such as ``households[12].village``.
    value
        What was found there.
    advice
        What to write instead, one English sentence.
    """


class InvalidPlan(_Located):
    """A plan document that is not in the form of ``zoufang-plan/1``."""


class UnknownEngine(PlanningError):
    """An engine asked for by a name that is not in the table."""

    code = "unknown-engine"

    def __init__(self, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"No engine is called {name!r}; known are {', '.join(known)}.")
        self.name = name
        self.known = known
