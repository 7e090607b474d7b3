"""Background tiles as a value: address, attribution and the datum they are drawn in."""

from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, field_validator


class Tiles(BaseModel):
    """
    A tile source chosen by the site; without one, boundaries and roads are the base map.

    Our data are WGS-84, so tiles in GCJ-02 (Amap, Tencent) or BD-09 (Baidu) would show
    every household 500 m off: they are refused.

    Parameters
    ----------
    url
        Template with ``{z} {x} {y}`` and optionally ``{s}``.
    attribution
        Shown on the map, with the reviewed map number (审图号) where one is required.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    attribution: str = Field(min_length=1)
    datum: Literal["wgs84", "cgcs2000"]
    subdomains: str = ""
    max_zoom: int = Field(default=18, ge=1, le=22)

    @field_validator("url")
    @classmethod
    def _is_a_template(cls, value: str) -> str:
        if not all(part in value for part in ("{z}", "{x}", "{y}")):
            raise ValueError("a tile address holds {z}, {x} and {y}")
        if value.startswith("//") or urlsplit(value).scheme not in ("", "http", "https"):
            raise ValueError("a tile address is https, http or a path on this server")
        return value

    def origins(self) -> tuple[str, ...]:
        """Hosts the browser must be allowed to load images from; none for own tiles."""
        parts = urlsplit(self.url.replace("{s}", "SUBDOMAIN"))
        if not parts.netloc:
            return ()
        hosts = [parts.netloc]
        if "SUBDOMAIN" in parts.netloc:
            hosts = [parts.netloc.replace("SUBDOMAIN", letter) for letter in self.subdomains]
        return tuple(f"{parts.scheme}://{host}" for host in hosts)
