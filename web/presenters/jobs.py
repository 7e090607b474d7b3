"""A solve in words: where it stands, why it ended, how good it is."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from web.presenters.words import number, percent
from web.usecases.jobs import JobRow

PROVEN_GAP = 1e-6

STATES: dict[str, tuple[Any, str, str]] = {
    "queued": (_l("Waiting"), "info", "hourglass-split"),
    "running": (_l("Running"), "accent", "activity"),
    "done": (_l("Done"), "good", ""),
    "failed": (_l("Failed"), "bad", ""),
    "cancelled": (_l("Stopped"), "warn", ""),
}

REASONS: dict[str, Any] = {
    "stopped": _l("Stopped on request; the best plan so far was kept."),
    "stopped-before-first-plan": _l("Stopped on request before there was a plan."),
    "deadline": _l(
        "The search did not end in time; the best plan so far was kept if there was one."
    ),
    "killed-too-often": _l(
        "The search was ended by the system three times; the best plan so far was kept."
    ),
    "solver-killed": _l(
        "The system ended the search three times, mostly for want of memory. Ask the "
        "administrator, or plan fewer households at once."
    ),
    "keeper-killed": _l("The system ended the process that minds the solve three times."),
    "keeper-lost": _l("The process that minds the solve disappeared three times."),
    "keeper-stopped": _l("The solve was ended with the system three times."),
    "keeper-failed": _l("The solve failed here. Report its number to the administrator."),
    "solver-crashed": _l("The search failed. Report its number to the administrator."),
    "out-of-memory": _l("The problem needs more memory than a solve may use."),
    "nothing-to-plan": _l("No household of the campaign is owed a visit."),
    "no-working-day": _l("The campaign has no working day left. Change its period."),
    "nobody-available": _l("No cadre is available in the period of the campaign."),
    "registry-moved-on": _l(
        "While the plan was made, somebody it visits left the registry. Solve again."
    ),
    "campaign-not-found": _l("There is no such campaign."),
    "broken-plan": _l(
        "The plan broke a rule and was refused. Report the solve's number to the administrator."
    ),
}

UNKNOWN = _l("The data of the district contradict themselves (%(code)s). Check the import.")


def reason_words(code: str) -> str:
    """Return why a solve ended as it did; empty where there is nothing to say."""
    if not code:
        return ""
    return str(REASONS[code]) if code in REASONS else str(UNKNOWN) % {"code": code}


def state_words(state: str) -> tuple[str, str, str]:
    """Return a state's name, its tone and its icon."""
    name, tone, icon = STATES[state]
    return str(name), tone, icon


PHASES: dict[str, Any] = {
    "starting": _l("Getting ready."),
    "preparing": _l("Reading the district and its travel times."),
    "solving": _l("Looking for a first plan."),
    "bound": _l("The search has ended; how far the plan is from the best is being proven."),
}
AFTER_SEARCH = {"bound"}


def sentence(job: JobRow) -> str:
    """Say where a solve stands, or how it ended and how good its plan is."""
    if job.state == "queued":
        if job.ahead:
            return str(_("Waiting: %(n)s solves come first.", n=job.ahead))
        return str(_("Waiting to begin."))
    if job.state == "running":
        if job.stopping:
            return str(_("Stopping; the best plan so far is kept."))
        phase = job.progress.get("phase", "")
        if job.progress.get("has_plan") and phase not in AFTER_SEARCH:
            return str(_("A plan is there; the search goes on improving it."))
        return str(PHASES.get(phase, PHASES["solving"]))
    why = reason_words(job.reason)
    if job.state != "done":
        return why
    return " ".join(part for part in (_missing(job), quality(job), why) if part)


def quality(job: JobRow) -> str:
    """Say that a plan is optimal, or how far from the proven bound it is at most."""
    if job.gap is None:
        return ""
    if job.gap < PROVEN_GAP:
        return str(_("It is proven that no plan is better."))
    return str(_("At most %(share)s of its cost could still be saved.", share=percent(job.gap)))


def _missing(job: JobRow) -> str:
    missing = job.progress.get("unplanned")
    if missing is None:
        return ""
    if missing == 0:
        return str(_("Every visit is planned."))
    said = ngettext(
        "%(num)s visit could not be planned; the plan says why.",
        "%(num)s visits could not be planned; the plan says why.",
        missing,
    )
    return str(said)


def as_json(job: JobRow) -> dict[str, Any]:
    """Write a solve with its words, for the page that follows it."""
    name, tone, icon = state_words(job.state)
    return job.to_json() | {
        "sentence": sentence(job),
        "state_name": name,
        "state_tone": tone,
        "state_icon": icon,
    }


def figures(job: JobRow) -> list[dict[str, str]]:
    """Return the four figures of a solve with their definitions."""
    progress = job.progress
    return [
        {
            "key": "unplanned",
            "name": _("Missing visits"),
            "value": number(progress.get("unplanned")),
            "definition": _("Visits due in the campaign that the best plan does not hold."),
        },
        {
            "key": "J",
            "name": _("Cost J"),
            "value": number(progress.get("J")),
            "definition": _(
                "One number for everything a plan is judged by: missing visits weigh most, then "
                "quotas, minutes on the road, fair shares, crowding and uneven gaps. Less is "
                "better."
            ),
        },
        {
            "key": "gap",
            "name": _("From the bound"),
            "value": percent(job.gap),
            "definition": _(
                "How much of the cost could be saved at the very most: the distance to a proven "
                "lower bound, as a share of the cost. 0 % is optimal."
            ),
        },
        {
            "key": "seconds",
            "name": _("Seconds"),
            "value": number(progress.get("seconds"), 1),
            "definition": _("Seconds of search, without waiting and preparing."),
        },
    ]
