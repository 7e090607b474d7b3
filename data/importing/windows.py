"""
Read times of day as people write them: 上午, 8:30-11:30, 周一至周五 下午.

Windows are minutes after midnight, [start, end); 上午 is 08:30–11:30 and 下午
14:30–17:30, the half-days of the rules.
"""

import re
from datetime import time
from itertools import pairwise

from data.importing.values import Cell, Fault, plain

MORNING, AFTERNOON, EVENING = [510, 690], [870, 1050], [1080, 1200]
WORKING_DAY = [MORNING, AFTERNOON]
_NAMED = {
    "上午": [MORNING],
    "早上": [MORNING],
    "am": [MORNING],
    "morning": [MORNING],
    "下午": [AFTERNOON],
    "pm": [AFTERNOON],
    "afternoon": [AFTERNOON],
    "晚上": [EVENING],
    "晚": [EVENING],
    "evening": [EVENING],
    "全天": WORKING_DAY,
    "白天": WORKING_DAY,
    "不限": WORKING_DAY,
    "均可": WORKING_DAY,
    "allday": WORKING_DAY,
    "any": WORKING_DAY,
}
_CLOCK = r"(\d{1,2})(?::(\d{2})|[点时](半|\d{1,2}分?)?)?"
_SPAN = re.compile(rf"{_CLOCK}(?:-|–|—|~|至|到){_CLOCK}")
_DAYS = "一二三四五六日天末"
_WEEKDAY = re.compile(
    rf"(?:每?(?:周|星期|礼拜)([{_DAYS}、]+)(?:(?:至|到|-|~)(?:周|星期|礼拜)?([{_DAYS}]))?)"
    r"|(工作日)|(每天|每日)"
)


def windows(cell: Cell) -> list[list[int]]:
    """Windows of one day, in order and apart: ``上午`` or ``08:30-11:30、14:30-17:30``."""
    if isinstance(cell, time):
        raise Fault("window-unreadable")
    found: list[list[int]] = []
    for part in re.split(r"[、,;/+和及\n]+|(?<=\d)\s+(?=\d)", plain(str(cell))):
        words = part.replace(" ", "").lower()
        if words in _NAMED:
            found += [list(window) for window in _NAMED[words]]
        elif words:
            found.append(_span(words))
    if not found:
        raise Fault("window-unreadable")
    found.sort()
    if any(a[1] > b[0] for a, b in pairwise(found)):
        raise Fault("windows-overlap")
    return found


def shifts(cell: Cell) -> dict[str, list[list[int]]]:
    """Shifts by ISO weekday: ``周一至周五 08:30-11:30、14:30-17:30；周六 上午``."""
    pattern: dict[str, list[list[int]]] = {}
    for part in re.split(r"[;\n]+", plain(str(cell))):
        if not part.strip():
            continue
        matches = list(_WEEKDAY.finditer(part))
        rest = _WEEKDAY.sub("", part).strip(" ,、:")
        days = [day for match in matches for day in _days_of(match)] or [1, 2, 3, 4, 5]
        times = windows(rest) if rest else WORKING_DAY
        for day in days:
            pattern[str(day)] = [list(window) for window in times]
    if not pattern:
        raise Fault("window-unreadable")
    return dict(sorted(pattern.items()))


def weekdays(words: str) -> list[int]:
    """ISO weekdays named in words: ``每周三、周六`` is [3, 6]; empty when none is named."""
    found = [day for match in _WEEKDAY.finditer(plain(words)) for day in _days_of(match)]
    return sorted(set(found))


def written(spans: list[list[int]]) -> str:
    """Windows as the template writes them: ``08:30-11:30、14:30-17:30``."""
    return "、".join("-".join(f"{m // 60:02d}:{m % 60:02d}" for m in span) for span in spans)


def _span(words: str) -> list[int]:
    match = _SPAN.fullmatch(words)
    if match is None:
        raise Fault("window-unreadable")
    h1, m1, z1, h2, m2, z2 = match.groups()
    start, end = _minutes(h1, m1, z1), _minutes(h2, m2, z2)
    if not 0 <= start < end <= 24 * 60:
        raise Fault("window-unreadable")
    return [start, end]


def _minutes(hour: str, minute: str | None, chinese: str | None) -> int:
    if chinese == "半":
        return int(hour) * 60 + 30
    past = int(minute or (chinese or "0").removesuffix("分"))
    if past > 59:
        raise Fault("window-unreadable")
    return int(hour) * 60 + past


def _days_of(match: re.Match[str]) -> list[int]:
    first, last, workdays, every = match.groups()
    if workdays:
        return [1, 2, 3, 4, 5]
    if every:
        return [1, 2, 3, 4, 5, 6, 7]
    days = [day for char in first.replace("、", "") for day in _day_numbers(char)]
    if last:
        return list(range(days[0], _day_numbers(last)[-1] + 1))
    return days


def _day_numbers(char: str) -> list[int]:
    if char == "末":
        return [6, 7]
    return [7] if char == "天" else [_DAYS.index(char) + 1]
