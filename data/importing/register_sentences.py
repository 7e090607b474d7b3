"""The sentences of problems in registers, by code; see ``data.importing.sentences``."""

from types import MappingProxyType
from typing import Final

_SHEETS = {
    "workbook-locked": "The workbook %(file)s is protected by a password. Save it without one.",
    "kind-unknown": (
        "%(file)s cannot be recognised as any register. Choose what it is, or use a template."
    ),
    "sheets-unused": (
        "%(file)s holds other tables too (%(value)s); only sheet %(sheet)s is read. "
        "Upload the file again to read another sheet."
    ),
    "merged-filled": (
        "%(file)s has merged cells; %(count)s cells were filled with the value above them. "
        "Check the rows."
    ),
    "heading-missing": (
        "%(file)s has no column for %(field)s. Found: %(found)s. Name a column "
        "%(expected)s, or choose it under “How it is read”."
    ),
    "rows-none": "%(file)s has headings but no rows below them.",
}
_CELLS = {
    "cell-missing": "Row %(row)s: %(field)s is empty. Fill it in.",
    "cell-formula": (
        "Row %(row)s: %(field)s is a formula without a result. Replace it by its value."
    ),
    "cell-error": "Row %(row)s: %(field)s shows an error value. Replace it by the right value.",
    "number-lost-digits": (
        "Row %(row)s: %(field)s %(value)s was kept as a number and its last digits are lost. "
        "Format the column as text and type it again."
    ),
    "zeros-lost": (
        "Row %(row)s: %(field)s %(value)s has fewer digits than others such as %(other)s; leading "
        "zeros seem lost. Format the column as text and type it again."
    ),
    "number-unreadable": "Row %(row)s: %(field)s “%(value)s” is not a number.",
    "number-not-whole": "Row %(row)s: %(field)s %(value)s must be a whole number.",
    "number-out-of-range": (
        "Row %(row)s: %(field)s is %(value)s, but must be from %(least)s to %(most)s."
    ),
    "text-too-long": (
        "Row %(row)s: %(field)s has %(length)s characters; at most %(limit)s can be kept."
    ),
    "date-unreadable": (
        "Row %(row)s: %(field)s “%(value)s” is not a date. Write it like 2027-03-01."
    ),
    "date-impossible": "Row %(row)s: %(field)s %(value)s is a day that does not exist.",
    "date-in-future": "Row %(row)s: %(field)s %(value)s lies in the future.",
    "dates-reversed": "Row %(row)s: %(field)s %(value)s lies before %(other)s.",
    "span-unreadable": (
        "Row %(row)s: %(field)s “%(value)s” is no stretch of days. "
        "Write it like 2027-03-08至2027-03-12."
    ),
    "window-unreadable": (
        "Row %(row)s: %(field)s “%(value)s” is no time of day. Write 上午, 下午 or 08:30-11:30."
    ),
    "windows-overlap": "Row %(row)s: the times in %(field)s “%(value)s” overlap.",
    "choice-unknown": (
        "Row %(row)s: %(field)s “%(value)s” is not known. Write one of: %(options)s."
    ),
    "blackout-unreadable": (
        "Row %(row)s: %(field)s “%(value)s” cannot be read. Write it like 逢三逢八, 每周三, "
        "5月20日-6月10日 or 2027-03-05."
    ),
    "market-lunar-assumed": (
        "%(count)s market days do not say which calendar they follow; the lunar one was taken. "
        "Write 公历逢三逢八 for the solar one."
    ),
}
_KEYS = {
    "number-duplicate": (
        "Row %(row)s: %(field)s %(value)s is already used in row %(other_row)s, with other "
        "content. Keep one of the two, or give one another number."
    ),
    "row-repeated": ("Row %(row)s repeats row %(other_row)s (%(value)s) and is taken once."),
    "row-in-other-file": (
        "Row %(row)s: %(value)s also comes in %(other)s; the two are joined, and where they "
        "differ %(file)s counts."
    ),
    "number-other-kind": (
        "Row %(row)s: %(field)s %(value)s already belongs to a site of another register. "
        "Give it another number."
    ),
    "village-code-invalid": (
        "Row %(row)s: village code “%(value)s” is not 12 digits. Write the code as text."
    ),
    "village-unknown": (
        "Row %(row)s: no village has the code or name “%(value)s”. Correct it, or import the "
        "village first."
    ),
    "village-ambiguous": (
        "Row %(row)s: several villages are called “%(value)s” (%(options)s). "
        "Give the town or the code."
    ),
    "village-name-differs": (
        "Row %(row)s: the code belongs to %(other)s, but the row says “%(value)s”. "
        "The code was taken."
    ),
    "region-unknown": (
        "Row %(row)s: no village, town or district has the code or name “%(value)s”."
    ),
    "unit-unknown": (
        "Row %(row)s: no unit has the number or name “%(value)s”. Correct it, or import the "
        "units first."
    ),
    "cadre-unknown": (
        "Row %(row)s: no cadre has the number or name “%(value)s”. Correct it, or import the "
        "cadres first."
    ),
    "cadre-ambiguous": (
        "Row %(row)s: several cadres are called “%(value)s”. Give the cadre's number."
    ),
    "household-unknown": (
        "Row %(row)s: no household has the number “%(value)s”. Correct it, or import the "
        "households first."
    ),
    "village-two-units": (
        "Row %(row)s: village %(value)s is assigned to unit %(other)s as well (row "
        "%(other_row)s). A village has one unit."
    ),
    "household-maybe-twice": (
        "Rows %(row)s and %(other_row)s have the same village and name and lie %(distance_m)s m "
        "apart. If they are one household, leave one of them out."
    ),
}
_POINTS = {
    "point-half": "Row %(row)s: only one of longitude and latitude is given.",
    "point-unreadable": (
        "Row %(row)s: %(value)s is no place we understand. Give longitude and latitude in degrees."
    ),
    "point-outside-district": (
        "Row %(row)s: the point %(value)s lies %(distance_km)s km outside the district. "
        "Correct it, or clear it to locate the household later."
    ),
    "point-near-border": (
        "Row %(row)s: the point %(value)s lies %(distance_m)s m outside every village."
    ),
    "point-other-village": (
        "Row %(row)s: the point lies in %(found)s, but the row says %(claimed)s."
    ),
    "points-swapped": (
        "Longitude and latitude were swapped in %(count)s rows (first: row %(row)s); they were "
        "put right. Check the map."
    ),
    "points-missing": (
        "%(count)s rows have no point. They can be imported, but are planned only once located."
    ),
    "boundaries-missing": (
        "There are no village outlines yet, so the points could not be checked. "
        "Import the boundaries first."
    ),
    "datum-voted": (
        "The points are read as %(system)s: so %(percent)s %% of %(count)s points fall into the "
        "village they name (next best %(second)s %%). Check the map."
    ),
    "datum-unclear": (
        "The coordinate system could not be told with certainty: as WGS-84 %(wgs84)s %%, as GCJ-02 "
        "%(gcj02)s %%, as BD-09 %(bd09)s %% of the points fall into the village they name. "
        "%(system)s was taken; choose another if the map looks wrong."
    ),
    "datum-suspect": (
        "Declared as %(system)s, %(percent)s %% of the points fall into the village they name; as "
        "%(other)s it would be %(second)s %%. Check the coordinate system."
    ),
    "base-assumed": (
        "%(count)s cadres have no starting point; the middle of their unit's villages was taken."
    ),
    "base-missing": (
        "Row %(row)s: the starting point of the cadre is missing, and there are no village "
        "outlines to take one from."
    ),
}

REGISTER_SENTENCES: Final = MappingProxyType(_SHEETS | _CELLS | _KEYS | _POINTS)
