"""
The sentence of every import problem, by code.

English here and as message id of the translations; placeholders are the place (file,
sheet, row, field, value) and the facts of the problem. Each sentence says what was
found and what to do. A new code gets its sentence here and its Chinese in
``web/translations``.
"""

from types import MappingProxyType
from typing import Final

from data.importing.register_sentences import REGISTER_SENTENCES

# Any file, before and while it is read (data.importing.guard, sandbox).
_FILES = {
    "and-more": "%(count)s more problems of the same kind (%(of_code)s) are not listed.",
    "file-missing": "The file %(file)s is not there any more. Upload it again.",
    "file-empty": "The file %(file)s is empty. Save it again and upload it once more.",
    "file-too-large": (
        "The file %(file)s has %(size_mb)s MB; at most %(limit_mb)s MB can be imported. "
        "Split it or remove what is not needed."
    ),
    "file-type-unknown": ("%(file)s is not a file we can import here. Expected: %(expected)s."),
    "file-type-mismatch": (
        "%(file)s is not what its name says: the ending promises %(promised)s, the content is "
        "%(found)s. Save it again from the program that made it."
    ),
    "file-unreadable": "%(file)s cannot be read: %(reason)s. Save it again and retry.",
    "archive-too-many": (
        "The archive %(file)s holds %(count)s files; at most %(limit)s are accepted."
    ),
    "archive-too-large": (
        "Unpacked, %(file)s has %(size_mb)s MB; at most %(limit_mb)s MB can be imported."
    ),
    "archive-unsafe": (
        "The archive %(file)s is refused as unsafe (%(reason)s). Pack only the files themselves, "
        "without a password, into a new one."
    ),
    "workbook-macros": (
        "The workbook %(file)s contains macros. Save it as a plain .xlsx workbook."
    ),
    "workbook-links": (
        "The workbook %(file)s refers to other files. Paste the values and save it again."
    ),
    "workbook-too-large": (
        "Sheet %(sheet)s of %(file)s reaches to cell %(value)s; at most %(rows)s rows and "
        "%(columns)s columns can be imported. Delete the empty rows and columns beyond the table."
    ),
    "xml-declaration": (
        "%(file)s contains a document type declaration (DTD), which is refused. "
        "Export it again without one."
    ),
    "kml-network-link": (
        "%(file)s only links to data elsewhere (NetworkLink). Export the outlines themselves."
    ),
    "geopackage-unsafe": (
        "The GeoPackage %(file)s contains the view or virtual table %(value)s, which is refused. "
        "Export only the outlines into a new file."
    ),
    "shapefile-not-one": (
        "The archive %(file)s holds %(count)s shapefiles (%(value)s); exactly one is expected."
    ),
    "shapefile-part-missing": (
        "The shapefile in %(file)s lacks its %(value)s part. Pack .shp, .shx, .dbf and .prj "
        "together."
    ),
    "rows-too-many": "%(file)s holds %(count)s rows; at most %(limit)s can be imported.",
    "json-invalid": "%(file)s is not valid GeoJSON: see line %(row)s, column %(column)s.",
    "json-not-utf8": "%(file)s is not written in UTF-8, as GeoJSON must be. Export it again.",
    "json-too-deep": "%(file)s is nested too deeply for GeoJSON. Export it again.",
    "json-constant": "%(file)s contains %(value)s where a number must be. Correct it.",
    "json-no-collection": ("%(file)s is no GeoJSON FeatureCollection. Export the outlines as one."),
    "geometry-too-fine": (
        "Outline %(row)s in %(file)s has %(count)s points; at most %(limit)s are accepted. "
        "Simplify it before exporting."
    ),
    "coordinate-not-a-number": (
        "Outline %(row)s in %(file)s has a coordinate that is no finite number (%(value)s)."
    ),
    "import-timeout": (
        "Reading %(file)s took more than %(seconds)s seconds and was stopped. "
        "Split the file into smaller ones."
    ),
    "import-crashed": (
        "Reading %(file)s ended unexpectedly (%(reason)s): out of memory, or the file is "
        "damaged. Save it again, or split it into smaller files."
    ),
}

# Outlines of villages (data.importing.boundaries).
_BOUNDARIES = {
    "layer-missing": "%(file)s holds no layer with outlines.",
    "layer-chosen": (
        "%(file)s holds %(count)s layers; %(value)s was read. Remove the others if this is wrong."
    ),
    "code-column-missing": (
        "%(file)s has no column of 12-digit village codes. Found: %(found)s. "
        "Expected one of: %(expected)s."
    ),
    "name-column-missing": (
        "%(file)s has no column of village names. Found: %(found)s. Expected one of: %(expected)s."
    ),
    "crs-unknown": "%(value)s is no known coordinate system. Write it as EPSG:4548.",
    "no-rows": "%(file)s holds no rows.",
    "encoding-assumed": (
        "%(file)s does not say its text encoding; %(value)s was used. Check the names."
    ),
    "encoding-unreadable": (
        "The text of %(file)s is neither UTF-8 nor GB18030. Save it in one of these encodings."
    ),
    "crs-missing": (
        "%(file)s does not say its coordinate system and the numbers (%(value)s) leave it open. "
        "State the system, for example EPSG:4548."
    ),
    "crs-assumed": (
        "%(file)s does not say its coordinate system; from the numbers %(value)s was taken. "
        "Check the map."
    ),
    "crs-contradicts": (
        "%(file)s says %(value)s, but its numbers look like %(found)s, which was used. "
        "Check the map."
    ),
    "coordinates-swapped": (
        "Latitude and longitude in %(file)s were swapped; they were put right. Check the map."
    ),
    "web-mercator": (
        "%(file)s is in Web Mercator, as traced from a commercial map: its datum may be GCJ-02. "
        "Check the map."
    ),
    "outline-astray": (
        "Outline %(row)s (%(value)s) lies at longitude %(lon)s, latitude %(lat)s, %(km)s km from "
        "the middle of the others. Correct its coordinates."
    ),
    "code-invalid": (
        "Code %(value)s in row %(row)s is not 12 digits. Write the statistical code as text."
    ),
    "code-duplicate": "Code %(value)s appears in rows %(row)s and %(other_row)s.",
    "parts-joined": "Code %(value)s has %(count)s outlines of one name; they were joined.",
    "name-missing": "Row %(row)s (code %(value)s) has no name.",
    "geometry-missing": "Row %(row)s (%(value)s) has no outline.",
    "geometry-not-area": "Row %(row)s (%(value)s) is a %(found)s, not an outline of an area.",
    "geometry-repaired": (
        "The outline of %(value)s (row %(row)s) crossed itself and was repaired; its area changed "
        "by %(percent)s %%. Check it on the map."
    ),
    "outlines-overlap": (
        "%(value)s and %(other)s overlap by %(area_m2)s m². Correct the outlines, or have overlaps "
        "and gaps closed, which moves borders a little."
    ),
    "coverage-repaired": (
        "Overlaps and gaps between the outlines of %(file)s were closed; borders moved a little. "
        "Check the map."
    ),
    "outlines-gap": "Between the outlines there are %(count)s gaps, %(area_m2)s m² in all.",
}

# Roads and test districts from OpenStreetMap (data.importing.roads, osm_district).
_ROADS = {
    "roads-none": "%(file)s holds no roads that can be used.",
    "level-none": (
        "%(file)s holds no complete boundaries of level %(value)s. Levels found: %(found)s."
    ),
    "level-incomplete": (
        "%(count)s boundaries are not complete in %(file)s and were left out: %(value)s."
    ),
    "codes-invented": (
        "%(file)s knows no statistical codes; %(count)s codes beginning with %(value)s were "
        "invented. They are for trials only."
    ),
    "households-invented": (
        "The %(count)s households are buildings of %(file)s; their numbers and names are invented. "
        "They are for trials only."
    ),
    "buildings-none": "%(file)s holds no buildings inside the boundaries.",
}

SENTENCES: Final = MappingProxyType(_FILES | _BOUNDARIES | _ROADS | dict(REGISTER_SENTENCES))
