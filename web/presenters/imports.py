"""
An import in the reader's words: kinds, fields, what was decided, what would change.

Fields and kinds carry English message ids. In Chinese a field is called by its heading,
which is also what stands in the file.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from data.importing.differences import Difference
from data.importing.entities import ENTITIES
from data.importing.examination import Examination, Part
from data.importing.fields import Field, Kind
from data.importing.kinds import KINDS, REGISTERS
from data.importing.points import Decision
from data.importing.sheets import write_template
from web.i18n import locale

PLACE_NAMES = {
    "boundaries": _l("Village boundaries"),
    "roads": _l("Roads"),
    "district": _l("Several registers"),
}
SYSTEMS = {
    "auto": _l("Let the points decide"),
    "wgs84": _l("WGS-84 (GPS, CGCS2000, Tianditu)"),
    "gcj02": _l("GCJ-02 (Amap, Tencent)"),
    "bd09": _l("BD-09 (Baidu)"),
}
SYSTEM_NAMES = {"wgs84": "WGS-84", "gcj02": "GCJ-02", "bd09": "BD-09"}
DECIDED = {
    "declared": _l("as declared"),
    "voted": _l("as the points and the villages they name agree"),
    "assumed": _l("assumed, to be checked on the map"),
}
TABLES = {
    "region": _l("Regions"),
    "unit": _l("Units"),
    "village_link": _l("Village links"),
    "cadre": _l("Cadres"),
    "cadre_absence": _l("Absences"),
    "household": _l("Households and enterprises"),
    "pairing": _l("Pairings"),
    "blackout": _l("Blackout rules"),
    "calendar_day": _l("Calendar days"),
    "contact": _l("Contacts made"),
    "road_graph": _l("Road graphs"),
    "campaign_household": _l("households drawn for a campaign"),
    "planned_visit": _l("planned visits"),
    "unplanned_visit": _l("unplanned visits"),
    "user": _l("Accounts"),
}
LEVELS = {"error": _l("Error"), "warning": _l("Warning")}


def kind_name(key: str) -> str:
    """Name of a register or a kind of place; a dash for none."""
    if key in KINDS:
        kind = KINDS[key]
        return kind.title if locale() == "zh" else _(kind.label)
    return str(PLACE_NAMES[key]) if key in PLACE_NAMES else "—"


def kind_choices() -> list[tuple[str, str]]:
    """Registers to choose from."""
    return [("", _("Choose …")), *((kind.key, kind_name(kind.key)) for kind in REGISTERS)]


def field_name(field: Field) -> str:
    """Name of a field: its heading in Chinese, its label otherwise."""
    return field.heading if locale() == "zh" else _(field.label)


def note(field: Field) -> str:
    """What to write into a field."""
    return _(field.note) if field.note else ""


def change_rows(differences: Mapping[str, Difference]) -> list[dict[str, Any]]:
    """Counts by table, in the order of writing."""
    return [
        {"name": TABLES[key], **found.counts}
        for key, found in differences.items()
        if any(found.counts.values())
    ]


def count_rows(counts: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """Counts of a stored batch, by table."""
    return [
        {"name": TABLES[key], **counts[key]}
        for key in ENTITIES
        if key in counts and any(counts[key].values())
    ]


def decision_words(decision: Decision) -> str:
    """How the points of a file were read, with the vote in numbers."""
    said = f"{SYSTEM_NAMES[decision.system]} – {DECIDED[decision.decided_by]}"
    if not decision.voters:
        return said
    shares = "、" if locale() == "zh" else ", "
    votes = shares.join(
        f"{SYSTEM_NAMES[system]} {100 * share:.0f}%" for system, share in decision.ranked
    )
    return str(
        _(
            "%(said)s. Points inside the village they name: %(votes)s (points: %(count)s).",
            said=said,
            votes=votes,
            count=decision.voters,
        )
    )


def template_of(kind: Kind) -> bytes:
    """The template of a register in the reader's language."""
    return write_template(
        kind,
        title=kind_name(kind.key),
        headings={field.key: field_name(field) for field in kind.fields},
        notes={field.key: note(field) for field in kind.fields},
        note_mark=_("Note:") + " ",
        example_mark=_("Example:") + " ",
    )


def summary(examination: Examination) -> dict[str, int]:
    """The figures over the check page."""
    counts = [found.counts for found in examination.differences.values()]
    levels = [problem.severity for problem in examination.problems]
    faulty = {
        (part.upload.key, problem.row)
        for part in examination.parts
        for problem in part.problems
        if problem.severity == "error" and problem.row is not None and part.reading is not None
    }
    return {
        "added": sum(count["added"] for count in counts),
        "changed": sum(count["changed"] for count in counts),
        "unchanged": sum(count["unchanged"] for count in counts),
        "errors": levels.count("error"),
        "warnings": levels.count("warning"),
        "faulty_rows": len(faulty),
    }


def part_words(part: Part) -> str:
    """What a file is, in a line."""
    name = kind_name(part.upload.kind)
    if part.upload.state == "refused":
        return str(_("It could not be read."))
    if part.reading is not None:
        sheet = part.upload.sheet
        count = len(part.reading.rows)
        said = ngettext("%(kind)s: %(num)s row", "%(kind)s: %(num)s rows", count, kind=name)
        of_sheet = _("sheet %(sheet)s", sheet=sheet) if sheet else ""
        return " · ".join(words for words in (str(said), of_sheet) if words)
    facts = [ngettext("%(num)s village", "%(num)s villages", len(part.villages))]
    if part.households:
        facts.append(ngettext("%(num)s household", "%(num)s households", len(part.households)))
    if part.cadres:
        facts.append(ngettext("%(num)s cadre", "%(num)s cadres", len(part.cadres)))
    if part.roads is not None:
        edges = len(part.roads.edges)
        facts.append(ngettext("%(num)s piece of road", "%(num)s pieces of road", edges))
    shown_facts = [fact for fact in facts if part.villages or fact is not facts[0]]
    return f"{name}: " + ("、" if locale() == "zh" else ", ").join(shown_facts or ["—"])


def unnamed_district(found: Examination, part: Part) -> bool:
    """Whether the outlines belong to a district that is only known by its code."""
    if not part.villages or part.upload.options.get("district_name"):
        return False
    code = str(part.villages[0]["code"])[:6] + "000000"
    return found.reference.areas.get(code, code) == code


def totals(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Rows added and changed over all tables."""
    return {
        word: sum(count.get(word, 0) for count in counts.values()) for word in ("added", "changed")
    }


def pairs(values: Iterable[str]) -> list[tuple[str, str]]:
    """Choices that are called by their value."""
    return [(value, value) for value in values]


def pairs_of(words: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Choices of a table of words."""
    return [(key, str(word)) for key, word in words.items()]


def plain_columns(headings: Iterable[str]) -> list[tuple[str, bool]]:
    """Headings of a table of texts."""
    return [(heading, False) for heading in headings]
