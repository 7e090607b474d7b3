"""
``create_app``: one Flask application from one settings object.

Order matters: name the request, know the language, find the account, ask the role
matrix, then check the form's token. Tables are made by migrations, never here.
"""

from flask import Flask
from flask_wtf import CSRFProtect
from sqlalchemy.engine import make_url

from data.db import Database, connect
from web import auth, context, errors, i18n, navigation, roles, security
from web.config import Clock, Settings, system_clock
from web.presenters import words
from web.views import (
    account,
    admin,
    api_map,
    api_plans,
    blackouts,
    board,
    campaigns,
    coverage,
    exports,
    help,
    home,
    imports,
    jobs,
    map_check,
    my_day,
    plans,
    rules,
)

# A new subject adds its module's ``bp`` here and its endpoints to ``web/roles.py``.
BLUEPRINTS = (
    home.bp,
    account.bp,
    help.bp,
    admin.bp,
    api_map.bp,
    imports.bp,
    map_check.bp,
    campaigns.bp,
    rules.bp,
    blackouts.bp,
    jobs.bp,
    plans.bp,
    api_plans.bp,
    board.bp,
    exports.bp,
    my_day.bp,
    coverage.bp,
)


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock = system_clock,
    database: Database | None = None,
) -> Flask:
    """
    Build the application.

    Parameters
    ----------
    settings
        What the site chose; read from the instance and the environment by default.
    clock
        Returns the present instant, aware, in UTC.
    database
        An open database; by default the one the settings name is opened.
    """
    settings = settings or Settings.load()
    app = Flask(__name__, instance_path=str(settings.instance.resolve()))
    app.config.update(
        SECRET_KEY=settings.key(),
        DEBUG=settings.debug,
        MAX_CONTENT_LENGTH=settings.upload_max_mb << 20,
        MAX_FORM_MEMORY_SIZE=4 << 20,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as its login
        WTF_CSRF_SSL_STRICT=settings.https,
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    if make_url(settings.database).get_backend_name() == "sqlite":
        settings.instance.mkdir(parents=True, exist_ok=True)
    app.extensions["settings"] = settings
    app.extensions["clock"] = clock
    app.extensions["database"] = database or connect(settings.database)
    security.init_app(app)
    i18n.init_app(app)
    auth.init_app(app)
    roles.init_app(app)
    CSRFProtect(app)
    errors.init_app(app)
    navigation.init_app(app)
    app.jinja_env.filters.update(words.FILTERS)
    app.context_processor(lambda: {"today": context.today, "office": settings.office})
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    return app
