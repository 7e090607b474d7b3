"""
Links that open a stop in a map app, made at the moment somebody asks for one.

A link tells that company where somebody lives, so it holds a point and the village's name,
never a person's, and it is not in any page before the tap. The apps want GCJ-02.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask_babel import lazy_gettext as _l

from geo.datum import Datum, convert

APPS: dict[str, Any] = {
    "amap": _l("Amap"),
    "baidu": _l("Baidu Maps"),
    "tencent": _l("Tencent Maps"),
    "geo": _l("Another app on this phone"),
}
SOURCE = "zoufang"


@dataclass(frozen=True, slots=True, kw_only=True)
class NavigationLink:
    """One way to be led to a stop."""

    app: str
    label: str
    href: str


def navigation_links(
    lon: float, lat: float, place: str, *, apps: Iterable[str], tencent_key: str, region: str
) -> list[NavigationLink]:
    """
    Make the links to one stop.

    Parameters
    ----------
    lon, lat
        Degrees, WGS-84.
    place
        Name of the village; no name of a person.
    apps
        Of ``amap``, ``baidu``, ``tencent``, in the site's order.
    tencent_key
        The site's key; Tencent answers only to one.
    region
        City that Baidu looks in.
    """
    gcj_lon, gcj_lat = (
        round(float(x), 6) for x in convert([[lon, lat]], Datum.WGS84, Datum.GCJ02)[0]
    )
    href = {
        "amap": "https://uri.amap.com/navigation?"
        + urlencode(
            {
                "to": f"{gcj_lon},{gcj_lat},{place}",
                "mode": "car",
                "policy": 1,
                "coordinate": "gaode",
                "callnative": 1,
                "src": SOURCE,
            }
        ),
        "baidu": "https://api.map.baidu.com/marker?"
        + urlencode(
            {
                "location": f"{gcj_lat},{gcj_lon}",
                "title": place,
                "content": region or place,
                "coord_type": "gcj02",
                "output": "html",
                "src": SOURCE,
            }
        ),
        "tencent": "https://apis.map.qq.com/uri/v1/routeplan?"
        + urlencode(
            {
                "type": "drive",
                "to": place,
                "tocoord": f"{gcj_lat},{gcj_lon}",
                "policy": 1,
                "referer": tencent_key or SOURCE,
            }
        ),
        "geo": f"geo:{lat:.6f},{lon:.6f}?q={lat:.6f},{lon:.6f}({quote(place)})",
    }
    return [NavigationLink(app=app, label=str(APPS[app]), href=href[app]) for app in (*apps, "geo")]
