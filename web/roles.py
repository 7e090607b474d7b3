"""
The role matrix: which endpoint is for whom. What is not listed here is refused.

A new view adds its endpoint to :data:`ROLES`; ``tests/web/test_roles.py`` walks every
route as every identity, and ``docs/roles.md`` is made from this file
(``python -m web.roles > docs/roles.md``). The matrix says *which function*; *whose data*
is the business of the use case, which gets the account.
"""

from typing import Any

from flask import Flask, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

ADMIN, PLANNER, COORDINATOR, CADRE, VISITOR = (
    "admin",
    "planner",
    "coordinator",
    "cadre",
    "anonymous",
)
IDENTITIES = (ADMIN, PLANNER, COORDINATOR, CADRE, VISITOR)

ANYBODY = frozenset(IDENTITIES)
SIGNED_IN = ANYBODY - {VISITOR}
OFFICE = frozenset({PLANNER, COORDINATOR})
FIELD = frozenset({PLANNER, COORDINATOR, CADRE})

ROLES: dict[str, frozenset[str]] = {
    # shell
    "static": ANYBODY,
    "i18n.catalogue": ANYBODY,
    "home.index": SIGNED_IN,
    "home.health": ANYBODY,
    "home.favicon": ANYBODY,
    "home.language": ANYBODY,
    # account
    "account.login": ANYBODY,
    "account.logout": ANYBODY,
    "account.show": SIGNED_IN,
    "account.password": SIGNED_IN,
    # help
    "help.show": SIGNED_IN,
    # administration
    "admin.users": frozenset({ADMIN}),
    "admin.create_user": frozenset({ADMIN}),
    "admin.reset_password": frozenset({ADMIN}),
    "admin.switch": frozenset({ADMIN}),
    "admin.health": frozenset({ADMIN}),
    "admin.audit_list": frozenset({ADMIN, COORDINATOR}),
    # map
    "api_map.villages": FIELD,
    "api_map.roads": FIELD,
    # imports and what they leave to mend
    "imports.index": frozenset({PLANNER}),
    "imports.upload": frozenset({PLANNER}),
    "imports.template": frozenset({PLANNER}),
    "imports.show": frozenset({PLANNER}),
    "imports.state": frozenset({PLANNER}),
    "imports.columns": frozenset({PLANNER}),
    "imports.save_layout": frozenset({PLANNER}),
    "imports.save_columns": frozenset({PLANNER}),
    "imports.save_outlines": frozenset({PLANNER}),
    "imports.edit_row": frozenset({PLANNER}),
    "imports.save_row": frozenset({PLANNER}),
    "imports.leave_out": frozenset({PLANNER}),
    "imports.take_in": frozenset({PLANNER}),
    "imports.remove": frozenset({PLANNER}),
    "imports.faulty": frozenset({PLANNER}),
    "imports.points": frozenset({PLANNER}),
    "imports.confirm": frozenset({PLANNER}),
    "imports.discard": frozenset({PLANNER}),
    "imports.batch": frozenset({PLANNER}),
    "imports.undo": frozenset({PLANNER}),
    "map_check.show": frozenset({PLANNER}),
    "map_check.points": frozenset({PLANNER}),
    "map_check.edit": frozenset({PLANNER}),
    "map_check.save": frozenset({PLANNER}),
    # campaigns, rules, calendar
    "campaigns.index": OFFICE,
    "campaigns.show": OFFICE,
    "campaigns.new": frozenset({PLANNER}),
    "campaigns.create": frozenset({PLANNER}),
    "campaigns.edit": frozenset({PLANNER}),
    "campaigns.change": frozenset({PLANNER}),
    "campaigns.choose": frozenset({PLANNER}),
    "rules.edit": OFFICE,
    "rules.check": OFFICE,
    "rules.save": frozenset({PLANNER}),
    "blackouts.index": OFFICE,
    "blackouts.save": frozenset({PLANNER}),
    "blackouts.delete": frozenset({PLANNER}),
    "blackouts.toggle": frozenset({PLANNER}),
    "blackouts.mark": frozenset({PLANNER}),
    "blackouts.confirm": frozenset({PLANNER}),
    # coverage
    "coverage.show": OFFICE,
    "coverage.village": OFFICE,
    "coverage.download": OFFICE,
    # solves
    "jobs.index": OFFICE,
    "jobs.new": OFFICE,
    "jobs.create": frozenset({PLANNER}),
    "jobs.show": OFFICE,
    "jobs.plan": OFFICE,
    "jobs.stop": frozenset({PLANNER}),
    "jobs.state": OFFICE,
    "jobs.incumbent": frozenset({PLANNER}),
    "jobs.events": OFFICE,
    # plans
    "plans.index": OFFICE,
    "plans.show": OFFICE,
    "plans.map_page": frozenset({PLANNER}),
    "plans.unplanned": OFFICE,
    "plans.missing": OFFICE,
    "plans.together": OFFICE,
    "plans.visit": OFFICE,
    "plans.compare": OFFICE,
    "plans.review": OFFICE,
    "plans.publish": OFFICE,
    "board.show": OFFICE,
    "api_plans.map_columns": frozenset({PLANNER}),
    "api_plans.routes": frozenset({PLANNER}),
    "api_plans.household": frozenset({PLANNER}),
    "api_plans.village_day": OFFICE,
    "api_plans.cadre_day": OFFICE,
    "exports.show": OFFICE,
    "exports.workbook": frozenset({PLANNER}),
    "exports.layer": frozenset({PLANNER}),
    "exports.calendar": OFFICE,
    # a cadre's own day
    "my_day.show": frozenset({CADRE}),
    "my_day.route": frozenset({CADRE}),
    "my_day.record": frozenset({CADRE}),
    "my_day.undo": frozenset({CADRE}),
    "my_day.navigation": frozenset({CADRE}),
    "my_day.phone": frozenset({CADRE}),
    "exports.my_calendar": frozenset({CADRE}),
}

# Pages somebody with a one-time password may reach before choosing their own.
BEFORE_CHANGE = frozenset(
    {"static", "i18n.catalogue", "home.language", "home.favicon", "account.password",
     "account.logout", "account.login", "home.health"}
)  # fmt: skip


class RoleRefused(Exception):
    """The signed-in account's role may not use this function."""

    code = "role-refused"

    def __init__(self, endpoint: str, role: str) -> None:
        super().__init__(f"{endpoint} is not for {role}.")
        self.endpoint = endpoint
        self.role = role
        self.allowed = [r for r in IDENTITIES if r in ROLES.get(endpoint, frozenset())]


def init_app(app: Flask) -> None:
    """Refuse, before any view runs, what the matrix does not allow."""
    app.before_request(_refuse_others)
    app.context_processor(lambda: {"may": may})


def role() -> str:
    """Return the role of who is asking; ``anonymous`` for a visitor."""
    account = g.get("account")
    return str(account.role) if account is not None else VISITOR


def may(endpoint: str) -> bool:
    """Tell whether who is asking may use an endpoint; templates hide what they may not."""
    return role() in ROLES.get(endpoint, frozenset())


def wants_json() -> bool:
    """Tell whether the asker is a script: an ``/api/`` address, or JSON preferred to HTML."""
    if request.path.startswith("/api/") or request.is_json:
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def _refuse_others() -> Any:
    endpoint = request.endpoint
    if endpoint is None:  # no such page; say so rather than asking to sign in
        return None
    if not may(endpoint):
        if g.get("account") is None and ROLES.get(endpoint):
            return _ask_to_sign_in()
        raise RoleRefused(endpoint, role())
    account = g.get("account")
    if account is not None and account.must_change and endpoint not in BEFORE_CHANGE:
        if wants_json():
            abort(403)
        return redirect(url_for("account.password"), 303)
    return None


def _ask_to_sign_in() -> Response:
    if wants_json() or request.method not in ("GET", "HEAD"):
        abort(401)
    target = request.full_path.rstrip("?")
    return redirect(url_for("account.login", next=None if target == "/" else target), 303)


def as_markdown() -> str:
    """Return the matrix as the page ``docs/roles.md``."""
    lines = [
        "# Who may use what",
        "",
        "Made from `web/roles.py` by `python -m web.roles > docs/roles.md`; do not edit.",
        "What is not listed is refused. Within an allowed page, each role sees its own part only.",
        "",
        "| endpoint | " + " | ".join(IDENTITIES) + " |",
        "|---|" + "---|" * len(IDENTITIES),
    ]
    for endpoint, allowed in ROLES.items():
        cells = ("yes" if identity in allowed else "–" for identity in IDENTITIES)
        lines.append(f"| `{endpoint}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(as_markdown(), end="")
