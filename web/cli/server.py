"""``zoufang init``, ``serve`` and ``worker``: make the tables, open the door, mind the jobs."""

import ctypes
import logging
import signal
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from web.cli.instance import instance_option, load_settings, open_database

if TYPE_CHECKING:
    from web.config import Settings

LOG_FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
CONNECTIONS = 400
MALLOC_ARENA_MAX = -8  # number of the option in glibc's malloc.h


@click.command()
@instance_option
def init(instance: Path | None) -> None:
    """
    Make or migrate the database; make the first administrator.

    A SQLite file that holds something is copied before it is migrated.
    """
    from data.migrate import upgrade
    from web.cli.users import make_user
    from web.usecases.accounts import list_users

    settings = load_settings(instance)
    settings.instance.mkdir(parents=True, exist_ok=True)
    copy = upgrade(settings.database)
    if copy is not None:
        click.echo(f"Copied the database as it was to {copy}", err=True)
    click.echo(f"The database of {settings.instance} is current", err=True)
    with open_database(settings) as database:
        if not any(row.account.role == "admin" for row in list_users(database)):
            make_user(database, settings, name="admin", role="admin")


@click.command()
@instance_option
@click.option("--host", help="Address to listen on; 127.0.0.1 is this computer only.")
@click.option("--port", type=click.IntRange(0, 65535), help="0 takes a free port.")
def serve(instance: Path | None, host: str | None, port: int | None) -> None:
    """Migrate, then serve the pages and mind the jobs until stopped."""
    from data.migrate import upgrade
    from web.config import UnsafeSettings

    settings = load_settings(instance, host=host, port=port)
    try:
        settings.refuse_unsafe()
    except UnsafeSettings as error:
        raise click.ClickException(str(error)) from error
    upgrade(settings.database)
    run_server(settings)


@click.command()
@instance_option
def worker(instance: Path | None) -> None:
    """Mind the jobs without serving pages, beside servers that share a PostgreSQL database."""
    from web.jobs.process import ProcessLauncher
    from web.jobs.supervisor import Supervisor

    settings = load_settings(instance)
    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    with open_database(settings) as database:
        supervisor = Supervisor(database, ProcessLauncher(settings), settings)
        supervisor.start()
        stopped = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stopped.set())
        stopped.wait()
        supervisor.stop()


def run_server(settings: "Settings") -> None:
    """Serve until SIGTERM or Ctrl+C; running solves go on and are found again."""
    from waitress.server import create_server

    from web.app import create_app
    from web.jobs.process import ProcessLauncher
    from web.jobs.supervisor import Supervisor

    logging.basicConfig(level=logging.INFO, format=LOG_FORMAT)
    share_memory_pools()
    app = create_app(settings)
    try:
        server = create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            connection_limit=CONNECTIONS,
            asyncore_use_poll=True,
            max_request_body_size=(settings.upload_max_mb + 1) << 20,
            ident=None,
        )
    except OSError as error:
        raise click.ClickException(
            f"Cannot listen on {settings.host}:{settings.port} ({error.strerror}). "
            "Another server may be running; choose another --port."
        ) from error
    database = app.extensions["database"]
    supervisor = Supervisor(database, ProcessLauncher(settings), settings)
    app.extensions["supervisor"] = supervisor
    signal.signal(signal.SIGTERM, _leave)
    supervisor.start()
    click.echo(f"Serving http://{settings.host}:{server.effective_port} – Ctrl+C stops", err=True)
    try:
        server.run()
    finally:
        supervisor.stop()
        database.dispose()


def share_memory_pools() -> None:
    """
    Let all threads share two pools of memory, where the C library is glibc.

    Otherwise each of many threads keeps a pool of its own, and what big answers once needed in
    each of them is never given back.
    """
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).mallopt(MALLOC_ARENA_MAX, 2)


def _leave(_number: int, _frame: object) -> NoReturn:
    raise SystemExit(0)
