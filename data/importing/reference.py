"""
What a register may refer to: villages, units, cadres and households already known.

Known means stored, or coming with an earlier file of the same import. Rows refer by code
or number; a name serves where only one bears it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import shapely
from sqlalchemy import select
from sqlalchemy.orm import Session

from data.importing.values import Fault, plain
from data.tables import Cadre, Household, Region, Unit, VillageLink

_SUFFIXES = ("村民委员会", "居民委员会", "社区居委会", "村委会", "居委会", "社区", "行政村", "村")
_TOWN_SUFFIXES = ("街道办事处", "街道", "镇", "乡")


@dataclass(frozen=True, slots=True, kw_only=True)
class Village:
    """A village: its 12-digit code, its names, its outline (degrees, WGS-84) if known."""

    code: str
    name: str
    town_code: str
    town_name: str
    geometry: shapely.Geometry | None = None
    is_synthetic: bool = False


@dataclass(slots=True)
class Reference:
    """Everything a row may name, by code or number."""

    villages: dict[str, Village] = field(default_factory=dict)
    areas: dict[str, str] = field(default_factory=dict)
    """Name of each town and district, by code."""
    units: dict[str, str] = field(default_factory=dict)
    unit_of_village: dict[str, str] = field(default_factory=dict)
    cadres: dict[str, str] = field(default_factory=dict)
    sites: dict[str, str] = field(default_factory=dict)
    """``household`` or ``enterprise``, by registry number."""
    _by_name: dict[str, list[str]] = field(default_factory=dict)
    _cadres_by_name: dict[str, list[str]] = field(default_factory=dict)

    def learn(self, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """
        Take over the rows of an earlier register of the same import.

        Rows with an error elsewhere count: they stop the import anyway, and each row that
        names them would only repeat it.
        """
        for row in rows:
            if kind == "villages":
                synthetic = bool(row.get("synthetic_shape", False))
                self.add_village(
                    Village(geometry=row.get("geometry"), is_synthetic=synthetic, **_named(row))
                )
            elif kind == "units":
                self.units[row["number"]] = row["name"]
                self.unit_of_village |= dict.fromkeys(row.get("villages", ()), row["number"])
            elif kind == "cadres":
                self.add_cadre(row["number"], row["name"])
            elif kind in ("households", "enterprises"):
                self.sites[row["number"]] = kind.removesuffix("s")

    def add_village(self, village: Village) -> None:
        """Know one more village, or know it better."""
        old = self.villages.get(village.code)
        if old is not None:
            self._by_name[_bare(old.name)].remove(old.code)
            shaped = village if village.geometry is not None else old
            village = replace(village, geometry=shaped.geometry, is_synthetic=shaped.is_synthetic)
        self.villages[village.code] = village
        district = village.code[:6] + "000000"
        self.areas.setdefault(district, district)
        if village.town_name or village.town_code not in self.areas:
            self.areas[village.town_code] = village.town_name
        self._by_name.setdefault(_bare(village.name), []).append(village.code)

    def add_cadre(self, number: str, name: str) -> None:
        """Know one more cadre."""
        self.cadres[number] = name
        numbers = self._cadres_by_name.setdefault(name, [])
        if number not in numbers:
            numbers.append(number)

    def village(self, code: str = "", name: str = "", town: str = "") -> Village:
        """The village of a code, else of a name that only one village (of the town) bears."""
        if code:
            if not (len(code) == 12 and code.isdigit() and code.isascii()):
                raise Fault("village-code-invalid")
            if code not in self.villages:
                raise Fault("village-unknown")
            return self.villages[code]
        if name in self.villages:
            return self.villages[name]
        found = [self.villages[code] for code in self._by_name.get(_bare(name), ())]
        if town:
            found = [v for v in found if town == v.town_code or _is_town(town, v.town_name)]
        if len(found) > 1:
            found = [v for v in found if plain(v.name) == plain(name)] or found
        if not found:
            raise Fault("village-unknown")
        if len(found) > 1:
            raise Fault(
                "village-ambiguous", options="、".join(f"{v.town_name} {v.code}" for v in found)
            )
        return found[0]

    def region(self, words: str) -> str:
        """Code of the village, town or district of a code or name."""
        if words in self.areas or words in self.villages:
            return words
        towns = [code for code, name in self.areas.items() if _is_town(words, name)]
        if len(towns) == 1:
            return towns[0]
        try:
            return self.village(name=words).code
        except Fault as fault:
            code = "region-unknown" if fault.code == "village-unknown" else fault.code
            raise Fault(code, **fault.facts) from None

    def unit(self, words: str) -> str:
        """Number of the unit of a number or name."""
        if words in self.units:
            return words
        found = [number for number, name in self.units.items() if name == words]
        if len(found) != 1:
            raise Fault("unit-unknown")
        return found[0]

    def cadre(self, words: str) -> str:
        """Number of the cadre of a number or name."""
        if words in self.cadres:
            return words
        found = self._cadres_by_name.get(words, [])
        if len(found) > 1:
            raise Fault("cadre-ambiguous")
        if not found:
            raise Fault("cadre-unknown")
        return found[0]


def load_reference(session: Session) -> Reference:
    """Know what is stored."""
    reference = Reference()
    rows = session.execute(select(Region)).scalars().all()
    by_id = {region.id: region for region in rows}
    for region in rows:
        if region.kind in ("district", "town"):
            reference.areas[region.code] = region.name
    for region in rows:
        if region.kind not in ("village", "community"):
            continue
        town = by_id.get(region.parent_id or 0)
        reference.add_village(
            Village(
                code=region.code,
                name=region.name,
                town_code=town.code if town else region.code[:9] + "000",
                town_name=town.name if town else "",
                geometry=None if region.geometry is None else shapely.from_wkb(region.geometry),
                is_synthetic=region.synthetic_shape,
            )
        )
    for number, name in session.execute(select(Unit.number, Unit.name)):
        reference.units[number] = name
    links = (
        select(Region.code, Unit.number)
        .join(VillageLink, VillageLink.village_id == Region.id)
        .join(Unit, Unit.id == VillageLink.unit_id)
    )
    reference.unit_of_village = dict(session.execute(links).all())
    for number, name in session.execute(select(Cadre.number, Cadre.name)):
        reference.add_cadre(number, name)
    sites = select(Household.number, Household.kind)
    reference.sites = dict(session.execute(sites).all())
    return reference


def _named(row: Mapping[str, Any]) -> dict[str, str]:
    return {key: row[key] for key in ("code", "name", "town_code", "town_name")}


def _bare(name: str) -> str:
    words = plain(name).replace(" ", "")
    for suffix in _SUFFIXES:
        if words.endswith(suffix) and len(words) > len(suffix):
            return words.removesuffix(suffix)
    return words


def _is_town(words: str, name: str) -> bool:
    return plain(words) == plain(name) or _town(words) == _town(name)


def _town(name: str) -> str:
    words = plain(name)
    for suffix in _TOWN_SUFFIXES:
        if words.endswith(suffix) and len(words) > len(suffix):
            return words.removesuffix(suffix)
    return words
