"""What every command about a district shares: its instance folder, its settings, its database."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from data.db import Database
    from web.config import Settings

Command = TypeVar("Command", bound=Callable[..., Any])


def instance_option(command: Command) -> Command:
    """Add ``--instance DIR`` to a command."""
    return click.option(
        "--instance",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder of running state; else ZOUFANG_INSTANCE, else ./instance.",
    )(command)


def load_settings(instance: Path | None, **overrides: Any) -> "Settings":
    """Read the settings of an instance; what is wrong in them is said in words."""
    from pydantic import ValidationError

    from web.config import Settings

    try:
        return Settings.load(instance=instance, **overrides)
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(map(str, each['loc']))}: {each['msg']} (found {each['input']!r})"
            for each in error.errors()
        )
        raise click.ClickException(f"The settings are not valid. {wrong}") from error


@contextmanager
def open_database(settings: "Settings") -> Iterator["Database"]:
    """Open the database of an instance, which ``zoufang init`` must have made."""
    from sqlalchemy.exc import OperationalError

    from data.db import connect
    from data.migrate import current, head

    settings.instance.mkdir(parents=True, exist_ok=True)
    try:
        revision = current(settings.database)
    except OperationalError as error:
        raise click.ClickException(f"The database cannot be reached: {error.orig}") from error
    if revision != head():
        state = "has no tables yet" if revision is None else "is from an older version"
        raise click.ClickException(f"The database {state}. Run: zoufang init")
    database = connect(settings.database)
    try:
        yield database
    finally:
        database.dispose()
