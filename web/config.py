"""
One settings object: defaults, then ``settings.toml`` in the instance folder, then ``ZOUFANG_*``.

The instance folder holds running state (database, uploads, secret key) and is never
in the repository. Today's date can be set here, so that a demonstration, a screenshot
or a test lives inside its planning horizon.
"""

import os
import secrets
import tomllib
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from web.maps.tiles import Tiles

SHANGHAI = ZoneInfo("Asia/Shanghai")
PREFIX = "ZOUFANG_"
WEAK_KEYS = frozenset({"dev", "secret", "changeme", "default", "zoufang"})

Clock = Callable[[], datetime]


class UnsafeSettings(Exception):
    """The server refuses to start like this."""

    code = "unsafe-settings"


class Settings(BaseModel):
    """
    Everything a site may choose.

    Parameters
    ----------
    instance
        Folder of running state.
    database_url
        SQLAlchemy address; empty means SQLite in the instance folder.
    secret_key
        Signs cookies; empty means a random one kept in the instance folder, mode 0600.
    https
        True behind TLS: cookies get ``Secure`` and the ``__Host-`` prefix.
    today
        The day the site lives in, instead of the clock's day in Asia/Shanghai.
    navigation_apps
        Map apps offered on the cadre's page. A link tells that company where a household lives.
    job_lease_s, job_beat_s
        How long a job's keeper may be silent before the job is given to another, and how often
        it speaks, seconds.
    jobs_at_once
        Solves that run at the same time; one per two cores.
    job_standby
        Hold a keeper and its solver ready, so that a first plan comes within seconds.
    solver_memory_mb, solver_grace_s, solver_workers
        Limits of one solver: address space (MiB), seconds beyond its time limit, processes.
    solve_max_s
        Longest time limit a planner may ask for, seconds.
    login_idle_min, login_max_min
        Minutes without a request, and in all, until one signs in again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    instance: Path = Path("instance")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    threads: int = Field(default=64, ge=4)
    secret_key: str = ""
    https: bool = False
    debug: bool = False
    locale: Literal["zh", "en"] = "zh"
    today: date | None = None
    tiles: Tiles | None = None
    navigation_apps: tuple[Literal["amap", "baidu", "tencent"], ...] = ("amap", "baidu", "tencent")
    tencent_key: str = ""
    login_idle_min: int = Field(default=120, ge=5)
    login_max_min: int = Field(default=720, ge=5)
    upload_max_mb: int = Field(default=50, ge=1)
    job_lease_s: float = Field(default=15, gt=0)
    job_beat_s: float = Field(default=5, gt=0)
    jobs_at_once: int = Field(default=1, ge=1)
    job_standby: bool = True
    solver_memory_mb: int = Field(default=3072, ge=512)
    solver_grace_s: float = Field(default=30, ge=1)
    solver_workers: int = Field(default=1, ge=1)
    solve_max_s: int = Field(default=1800, ge=1)
    office: str = Field(default="", description="who to ask for an account, shown on error pages")

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None, **overrides: Any) -> "Settings":
        """Read the instance's file and the environment; named arguments win over both."""
        environ = os.environ if environ is None else environ
        from_environ: dict[str, Any] = {
            name: environ[PREFIX + name.upper()]
            for name in cls.model_fields
            if PREFIX + name.upper() in environ
        }
        if isinstance(from_environ.get("navigation_apps"), str):
            apps = from_environ["navigation_apps"]
            from_environ["navigation_apps"] = [app for app in apps.split(",") if app]
        given = from_environ | {k: v for k, v in overrides.items() if v is not None}
        instance = Path(given.get("instance", cls.model_fields["instance"].default)).resolve()
        file = instance / "settings.toml"
        from_file = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
        return cls.model_validate(from_file | given | {"instance": instance})

    @property
    def database(self) -> str:
        """Address of the database, never empty."""
        return self.database_url or f"sqlite:///{self.instance / 'zoufang.sqlite'}"

    def key(self) -> str:
        """Return the secret key; the first call on an instance makes it."""
        return self.secret_key or _kept_key(self.instance)

    def refuse_unsafe(self) -> None:
        """Raise :class:`UnsafeSettings` unless people may be let in."""
        if self.debug:
            raise UnsafeSettings("debug is on: it shows source code to visitors. Turn it off.")
        key = self.key()
        if key.lower() in WEAK_KEYS or len(key) < 32:
            raise UnsafeSettings(
                "secret_key is a known or short word. Remove it from the settings: a random one "
                "is then made and kept in the instance folder."
            )


def system_clock() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC)


def day_of(settings: Settings, clock: Clock) -> date:
    """Return today: the day the settings name, else the clock's day in Asia/Shanghai."""
    return settings.today or clock().astimezone(SHANGHAI).date()


def instant_of(settings: Settings, clock: Clock) -> datetime:
    """Return the present instant, moved to the day the settings name."""
    now = clock()
    if settings.today is None:
        return now
    return now + timedelta(days=(settings.today - now.astimezone(SHANGHAI).date()).days)


def _kept_key(instance: Path) -> str:
    """Read the instance's key, or make it with mode 0600; the first of two starters wins."""
    file = instance / "secret_key"
    instance.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text("ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as opened:
        opened.write(key := secrets.token_hex(32))
    return key
