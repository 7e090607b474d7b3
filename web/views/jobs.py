"""Solves: ask for one, watch it, stop it, look back."""

import json
import threading
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from data.db import Database
from data.store.job_reading import events_after
from web.context import clock, current_account, database, now, settings, today
from web.errors import words
from web.presenters.capacity import capacity_problems, meter_name
from web.presenters.jobs import as_json, figures, reason_words, sentence, state_words
from web.roles import wants_json
from web.usecases.capacity import capacity_of
from web.usecases.jobs import best_so_far, read_job, read_jobs, stop_job
from web.usecases.request_plan import (
    DEFAULT_TIME_LIMIT_S,
    PROOF_S,
    AlreadyPlanning,
    request_plan,
)

bp = Blueprint("jobs", __name__)

_WORDS: dict[str, Any] = {
    "state_words": state_words,
    "why": reason_words,
    "capacity_problems": capacity_problems,
    "meter_name": meter_name,
}

STREAMS = threading.BoundedSemaphore(24)
STREAM_S = 25.0
LOOK_S = 0.25
IDLE_S = 3.0
RETRY_MS = 1000

words(
    {
        "unknown-job": (404, _l("There is no solve with the number %(job_id)s.")),
        "campaign-not-found": (404, _l("There is no such campaign.")),
        "time-limit-out-of-bounds": (
            422,
            _l("Allow the search %(least_s)s to %(most_s)s seconds."),
        ),
        "seed-out-of-bounds": (422, _l("The seed is a whole number from 0 to %(most)s.")),
    }
)


@bp.get("/jobs")
def index() -> str:
    """List the newest solves."""
    with database().read() as session:
        rows = read_jobs(session)
    return render_template("jobs/index.html", rows=rows, **_WORDS)


@bp.get("/campaigns/<int:campaign_id>/solve")
def new(campaign_id: int) -> str:
    """Offer to solve a campaign: what there is to plan, limits, earlier solves."""
    with database().read() as session:
        load = capacity_of(session, campaign_id, today=today())
        rows = read_jobs(session, campaign_id=campaign_id, limit=10)
    return render_template(
        "jobs/new.html",
        load=load,
        rows=rows,
        most_s=settings().solve_max_s,
        default_s=DEFAULT_TIME_LIMIT_S,
        proof_s=PROOF_S,
        **_WORDS,
    )


@bp.post("/campaigns/<int:campaign_id>/solve")
def create(campaign_id: int) -> ResponseReturnValue:
    """Queue a solve and show its progress."""
    try:
        with database().write.begin() as session:
            job_id = request_plan(
                session,
                campaign_id=campaign_id,
                time_limit_s=request.form.get(
                    "time_limit_s", float(DEFAULT_TIME_LIMIT_S), type=float
                ),
                with_proof="with_proof" in request.form,
                seed=request.form.get("seed", 0, type=int),
                most_s=settings().solve_max_s,
                asked_by=current_account().id,
                now=now(),
            )
    except AlreadyPlanning as planning:
        flash(_("You are planning this campaign already; here is that solve."), "info")
        return redirect(url_for("jobs.show", job_id=planning.job_id), 303)
    _wake()
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.get("/jobs/<int:job_id>")
def show(job_id: int) -> str:
    """Show a solve: its progress while it runs, its result afterwards."""
    with database().read() as session:
        job = read_job(session, job_id)
    data = as_json(job) | {
        "limit_s": job.time_limit_s + job.prove_s,
        "address": url_for("jobs.state", job_id=job_id),
        "events": url_for("jobs.events", job_id=job_id),
        "sketch": url_for("jobs.incumbent", job_id=job_id),
        "stop": url_for("jobs.stop", job_id=job_id),
    }
    return render_template(
        "jobs/show.html",
        job=job,
        data=data,
        sentence=sentence(job),
        figures=figures(job),
        shift=shown_instant,
        **_WORDS,
    )


@bp.get("/jobs/<int:job_id>/plan")
def plan(job_id: int) -> ResponseReturnValue:
    """Go to the plan a solve has left."""
    with database().read() as session:
        job = read_job(session, job_id)
    if job.plan_id is None:
        abort(404)
    return redirect(url_for("plans.show", plan_id=job.plan_id), 303)


@bp.post("/jobs/<int:job_id>/stop")
def stop(job_id: int) -> ResponseReturnValue:
    """Stop a solve and keep its best plan."""
    with database().write.begin() as session:
        stop_job(session, job_id, asked_by=current_account().id, now=now())
    if wants_json():
        return "", 204
    return redirect(url_for("jobs.show", job_id=job_id), 303)


@bp.get("/api/jobs/<int:job_id>")
def state(job_id: int) -> ResponseReturnValue:
    """Answer the state, for a page that cannot hold a stream; ``after`` adds the events since."""
    after = request.args.get("after", type=int)
    with database().read() as session:
        job = read_job(session, job_id)
        events = [] if after is None else events_after(session, job_id, after)
    return jsonify(as_json(job) | {"events": [_spoken(e.seq, e.data) for e in events]})


@bp.get("/api/jobs/<int:job_id>/incumbent.geojson")
def incumbent(job_id: int) -> ResponseReturnValue:
    """Answer the best plan so far as points; 204 before there is one."""
    with database().read() as session:
        found = best_so_far(session, job_id)
    if found is None:
        return "", 204
    return Response(json.dumps(found, separators=(",", ":")), mimetype="application/geo+json")


@bp.get("/jobs/<int:job_id>/events")
def events(job_id: int) -> ResponseReturnValue:
    """
    Stream a solve's events, each once and in order, for 25 seconds; the browser then returns.

    204 tells it that nothing more will come, 503 that it should ask ``/api/jobs/`` instead.
    """
    after = request.headers.get("Last-Event-ID", type=int)
    after = request.args.get("after", 0, type=int) if after is None else after
    with database().read() as session:
        job = read_job(session, job_id)
    if job.ended and after >= job.seq:
        return "", 204
    if not STREAMS.acquire(blocking=False):
        abort(503)
    response = Response(_stream(database(), job_id, after), mimetype="text/event-stream")
    response.call_on_close(STREAMS.release)
    response.headers["Cache-Control"] = "no-store, no-transform"
    response.headers["X-Accel-Buffering"] = "no"
    return response


def _wake() -> None:
    """Let the supervisor of this server look at once; another server's looks within a second."""
    supervisor = current_app.extensions.get("supervisor")
    if supervisor is not None:
        supervisor.wake()


def _stream(db: Database, job_id: int, after: int) -> Iterator[str]:
    """Poll the rows; no transaction is open while it waits."""
    yield f"retry: {RETRY_MS}\n\n"
    ends_at = time.monotonic() + STREAM_S
    spoke_at = time.monotonic()
    while time.monotonic() < ends_at:
        with db.read() as session:
            found = events_after(session, job_id, after)
        for event in found:
            after = event.seq
            data = json.dumps(_spoken(event.seq, event.data), separators=(",", ":"))
            yield f"id: {event.seq}\ndata: {data}\n\n"
            if event.final:
                return
        if found:
            spoke_at = time.monotonic()
        elif time.monotonic() - spoke_at >= IDLE_S:
            spoke_at = time.monotonic()
            yield ": still here\n\n"
        time.sleep(LOOK_S)


def shown_instant(moment: datetime | None) -> datetime | None:
    """Move a job's instant to the day the site lives in, as everything else on its pages."""
    return None if moment is None else moment + (now() - clock()())


def _spoken(seq: int, data: dict[str, Any]) -> dict[str, Any]:
    return data | {"seq": seq}
