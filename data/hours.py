"""
Hours of the day: when a cadre may be on the way, and when a site may be visited.

A cadre's day is one span, from leaving the base to being back. The noon break is kept by the
households' windows, which are cut to the visiting hours; an enterprise keeps its own hours.
"""

from collections.abc import Iterable
from datetime import date

from data.rules import CampaignRules, Span
from data.store.households import Site
from data.tables import Cadre


def shifts(
    row: Cadre, rules: CampaignRules, days: Iterable[date]
) -> dict[date, tuple[float, float]]:
    """
    When a cadre may be on the way, one span a day.

    Spans of a day are joined when only time outside the visiting hours lies between them: the
    noon break is kept by the households' windows. Else the longest span counts.
    """
    of_weekday = {
        int(weekday): _one_span([(int(a), int(b)) for a, b in spans], rules)
        for weekday, spans in row.availability.items()
    }
    found = ((day, of_weekday.get(day.isoweekday())) for day in days)
    return {day: (float(span[0]), float(span[1])) for day, span in found if span is not None}


def _one_span(spans: list[Span], rules: CampaignRules) -> Span | None:
    open_spans = sorted(cut(spans, [rules.day_span]))
    joined: list[Span] = []
    for start, end in open_spans:
        if joined and not cut([(joined[-1][1], start)], rules.visiting_hours):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return max(joined, key=lambda span: span[1] - span[0], default=None)


def cut(spans: Iterable[Span], within: Iterable[Span]) -> list[Span]:
    """Return the parts of spans that lie within others, in order."""
    limits = list(within)
    parts = ((max(a, c), min(b, d)) for a, b in spans for c, d in limits)
    return sorted((a, b) for a, b in parts if a < b)


def windows_of(site: Site, rules: CampaignRules) -> list[Span]:
    """Hours in which a site may be visited: a household's own within the visiting hours."""
    own = [(int(a), int(b)) for a, b in site.windows]
    if not own:
        return list(rules.visiting_hours)
    return own if site.kind == "enterprise" else cut(own, rules.visiting_hours)
