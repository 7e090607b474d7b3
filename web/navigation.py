"""
The menu: each item once; an item shows when the role matrix lets the reader in.

A new subject adds its line. ``tab`` items also sit in the bar at the bottom of a phone,
at most five for a role.
"""

from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import lazy_gettext as _l

from web.roles import CADRE, may, role


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of the menu."""

    endpoint: str
    label: Any
    icon: str
    tab: bool = False
    covers: tuple[str, ...] = ()
    """Further blueprints whose pages belong to this item."""
    not_for: frozenset[str] = frozenset()

    @property
    def url(self) -> str:
        """Address of the page."""
        return url_for(self.endpoint)

    @property
    def active(self) -> bool:
        """Whether the page shown belongs to this item."""
        if self.endpoint == request.endpoint or request.blueprint in self.covers:
            return True
        siblings = [i for i in ITEMS if i.endpoint.split(".")[0] == self.endpoint.split(".")[0]]
        return len(siblings) == 1 and self.endpoint.split(".")[0] == request.blueprint


ITEMS: tuple[Item, ...] = (
    Item(
        endpoint="home.index", label=_l("Home"), icon="house", tab=True, not_for=frozenset({CADRE})
    ),
    Item(endpoint="my_day.show", label=_l("My day"), icon="calendar-check", tab=True),
    Item(endpoint="imports.index", label=_l("Import"), icon="upload", tab=True),
    Item(endpoint="map_check.show", label=_l("Map check"), icon="pin-map"),
    Item(endpoint="blackouts.index", label=_l("Calendar"), icon="calendar-x"),
    Item(endpoint="campaigns.index", label=_l("Campaigns"), icon="calendar-week", tab=True),
    Item(
        endpoint="plans.index",
        label=_l("Plans"),
        icon="calendar3",
        tab=True,
        covers=("board", "exports"),
    ),
    Item(endpoint="coverage.show", label=_l("Coverage"), icon="map", tab=True),
    Item(endpoint="admin.users", label=_l("Accounts"), icon="people", tab=True),
    Item(endpoint="admin.health", label=_l("System"), icon="activity", tab=True),
    Item(endpoint="admin.audit_list", label=_l("Audit"), icon="shield-check", tab=True),
    Item(endpoint="help.show", label=_l("Help"), icon="question-circle"),
)


def init_app(app: Flask) -> None:
    """Give templates the menu of who is reading."""
    app.context_processor(lambda: {"menu": menu})


def menu() -> list[Item]:
    """Return the entries this reader may open."""
    known = current_app.view_functions
    reader = role()
    return [i for i in ITEMS if i.endpoint in known and may(i.endpoint) and reader not in i.not_for]
