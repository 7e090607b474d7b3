"""
The import wizard: files, columns, a look at rows and map, confirmation, undo.

Nothing is stored before *confirm*. The state of a draft lies on the server, so the page
may be closed at any step.
"""

from io import BytesIO
from typing import cast

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
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from data.importing.drafts import Draft, Drafts
from data.importing.kinds import KINDS, REGISTERS
from data.importing.problems import ImportRefused
from data.importing.undo import UndoRefused
from web import errors
from web.context import current_account, database, now, settings, today
from web.maps.shell import shell_of
from web.presenters import import_map, import_problems, import_rows
from web.presenters import imports as presenter
from web.usecases import import_drafts, import_registry
from web.usecases.import_drafts import Desk

bp = Blueprint("imports", __name__, url_prefix="/imports")
PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

errors.words(
    {
        "unknown-draft": (
            404,
            _l("This import is not under way any more: it was confirmed or discarded."),
        ),
        "draft-moved": (409, _l("Somebody else changed this import. Load the page again.")),
        "import-refused": (422, _l("The import was refused; nothing was stored.")),
        "unknown-batch": (404, _l("There is no import %(batch_id)s that could be undone.")),
        "undo-refused": (
            409,
            _l("Import %(batch_id)s cannot be undone; rows that have moved on since: %(count)s."),
        ),
    }
)


def desk() -> Desk:
    """The desk of this server."""
    made = current_app.extensions.get("imports")
    if made is None:
        made = Desk(Drafts(import_registry.folder_of(settings().instance)))
        current_app.extensions["imports"] = made
    return cast(Desk, made)


@bp.get("/")
def index() -> str:
    """Show where files are dropped, templates, drafts under way and past imports."""
    with database().read() as session:
        batches = import_drafts.newest_batches(session)
    return render_template(
        "imports/index.html",
        kinds=REGISTERS,
        drafts=list(desk().drafts.newest()),
        batches=batches,
        p=presenter,
    )


@bp.post("/")
def upload() -> ResponseReturnValue:
    """Take files in; reading them begins at once."""
    files = [file for file in request.files.getlist("files") if file.filename]
    if not files:
        flash(_("Choose at least one file."), "warn")
        return redirect(url_for("imports.index"), 303)
    named = [(file.filename or "", file.stream) for file in files]
    draft = desk().drafts.start(named, by=current_account().id, now=now())
    desk().keep_reading(draft)
    return redirect(url_for("imports.show", draft_id=draft.id), 303)


@bp.get("/templates/<kind>.xlsx")
def template(kind: str) -> ResponseReturnValue:
    """Give the template of a register."""
    if kind not in KINDS:
        abort(404)
    content = presenter.template_of(KINDS[kind])
    return _workbook(content, f"{presenter.kind_name(kind)}.xlsx")


@bp.get("/<draft_id>")
def show(draft_id: str) -> str:
    """Show how far reading is, then what the import would do."""
    draft = desk().drafts.load(draft_id)
    if not draft.is_read:
        desk().keep_reading(draft)
        return render_template("imports/reading.html", draft=draft, p=presenter)
    return _check_page(draft)


@bp.get("/<draft_id>/state")
def state(draft_id: str) -> ResponseReturnValue:
    """Tell a waiting page how many files are read."""
    draft = desk().drafts.load(draft_id)
    desk().keep_reading(draft)
    done = [upload.name for upload in draft.uploads if upload.state != "waiting"]
    return jsonify(done=done, total=len(draft.uploads), ready=draft.is_read)


@bp.get("/<draft_id>/files/<key>")
def columns(draft_id: str, key: str) -> ResponseReturnValue:
    """Show what each column was taken for."""
    draft = desk().drafts.load(draft_id)
    if not draft.is_read:
        return redirect(url_for("imports.show", draft_id=draft_id))
    found = desk().examine(database(), draft, today=today())
    part = next((part for part in found.parts if part.upload.key == key), None)
    if part is None:
        abort(404)
    is_kind = part.upload.kind in KINDS
    is_table = part.upload.kind not in presenter.PLACE_NAMES and part.upload.state == "read"
    rows = import_drafts.sheet_rows(desk().drafts, draft, part.upload) if is_table else []
    return render_template(
        "imports/columns.html",
        draft=draft,
        part=part,
        is_table=is_table,
        sheets=import_drafts.sheet_names(desk().drafts, draft, part.upload) if is_table else [],
        columns=import_rows.column_rows(part, rows),
        choices=import_rows.column_choices(KINDS[part.upload.kind]) if is_kind else [],
        p=presenter,
    )


@bp.post("/<draft_id>/files/<key>/layout")
def save_layout(draft_id: str, key: str) -> ResponseReturnValue:
    """Take another register, sheet or heading row; columns are guessed anew."""
    draft = desk().drafts.load(draft_id)
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        flash(_("Choose what the file is."), "warn")
        return redirect(url_for("imports.columns", draft_id=draft_id, key=key), 303)
    sheet = request.form.get("sheet", draft.upload(key).sheet)
    header_row = request.form.get("header_row", type=int)
    import_drafts.choose_layout(
        desk().drafts, draft, key, kind=kind, sheet=sheet, header_row=header_row
    )
    return redirect(url_for("imports.columns", draft_id=draft_id, key=key), 303)


@bp.post("/<draft_id>/files/<key>/columns")
def save_columns(draft_id: str, key: str) -> ResponseReturnValue:
    """Take the columns and the coordinate system a person chose."""
    draft = desk().drafts.load(draft_id)
    chosen: dict[str, int] = {}
    for name, field in request.form.items():
        if name.startswith("column-") and field:
            if field in chosen:
                flash(_("Two columns cannot hold the same field."), "warn")
                return redirect(url_for("imports.columns", draft_id=draft_id, key=key), 303)
            chosen[field] = int(name.removeprefix("column-"))
    datum = request.form.get("datum", "auto")
    if datum not in presenter.SYSTEMS:
        abort(400)
    import_drafts.set_columns(desk().drafts, draft, key, chosen=chosen, datum=datum)
    return redirect(url_for("imports.show", draft_id=draft_id), 303)


@bp.post("/<draft_id>/files/<key>/outlines")
def save_outlines(draft_id: str, key: str) -> ResponseReturnValue:
    """Read outlines again with a stated system, a name for the district, gaps closed."""
    draft = desk().drafts.load(draft_id)
    options = dict(draft.upload(key).options)
    options["district_name"] = request.form.get("district_name", "").strip()[:120]
    options["repair"] = request.form.get("repair") == "1"
    crs = request.form.get("crs", "").strip()
    options.pop("crs", None)
    if crs:
        options["crs"] = crs
    draft.upload(key).datum = request.form.get("datum", "auto")
    import_drafts.reread(desk().drafts, draft, key, kind="boundaries", options=options)
    return redirect(url_for("imports.show", draft_id=draft_id), 303)


@bp.get("/<draft_id>/files/<key>/rows/<int:row>")
def edit_row(draft_id: str, key: str, row: int) -> str:
    """Show one row with all its fields, to be corrected."""
    draft = desk().drafts.load(draft_id)
    found = desk().examine(database(), draft, today=today())
    part = next((part for part in found.parts if part.upload.key == key), None)
    if part is None or part.reading is None:
        abort(404)
    fields = import_rows.row_fields(part, row)
    return render_template("imports/row.html", draft=draft, part=part, row=row, fields=fields)


@bp.post("/<draft_id>/files/<key>/rows/<int:row>")
def save_row(draft_id: str, key: str, row: int) -> ResponseReturnValue:
    """Mend one row, or leave it out."""
    draft = desk().drafts.load(draft_id)
    if draft.upload(key).kind not in KINDS:
        abort(404)
    if request.form.get("leave_out"):
        import_drafts.leave_out(desk().drafts, draft, {key: {row}})
        flash(_("Row %(row)s stays out of the import.", row=row), "info")
    else:
        typed = {
            name.removeprefix("value-"): value
            for name, value in request.form.items()
            if name.startswith("value-")
        }
        found = desk().examine(database(), draft, today=today())
        part = next(part for part in found.parts if part.upload.key == key)
        values = import_rows.only_changed(part, row, typed)
        import_drafts.mend_row(desk().drafts, draft, key, row, values)
        flash(_("Row %(row)s was changed and checked again.", row=row), "good")
    return redirect(url_for("imports.show", draft_id=draft_id) + "#problems", 303)


@bp.post("/<draft_id>/leave-out")
def leave_out(draft_id: str) -> ResponseReturnValue:
    """Leave out every row with an error."""
    draft = desk().drafts.load(draft_id)
    found = desk().examine(database(), draft, today=today())
    count = import_drafts.leave_out(desk().drafts, draft, import_drafts.faulty_rows(found))
    said = ngettext("%(num)s row stays out.", "%(num)s rows stay out.", count)
    flash(said, "info")
    return redirect(url_for("imports.show", draft_id=draft_id), 303)


@bp.post("/<draft_id>/files/<key>/take-in")
def take_in(draft_id: str, key: str) -> ResponseReturnValue:
    """Take the rows that were left out in again."""
    import_drafts.take_back_in(desk().drafts, desk().drafts.load(draft_id), key)
    return redirect(url_for("imports.show", draft_id=draft_id), 303)


@bp.post("/<draft_id>/files/<key>/remove")
def remove(draft_id: str, key: str) -> ResponseReturnValue:
    """Take one file out of the import; with the last one the import is discarded."""
    draft = desk().drafts.load(draft_id)
    name = draft.upload(key).name
    if len(draft.uploads) == 1:
        return discard(draft_id)
    desk().drafts.remove(draft, key)
    flash(_("%(file)s was taken out of the import.", file=name), "info")
    return redirect(url_for("imports.show", draft_id=draft_id), 303)


@bp.get("/<draft_id>/files/<key>/problems.xlsx")
def faulty(draft_id: str, key: str) -> ResponseReturnValue:
    """Give the rows with errors as a workbook, wrong cells marked."""
    draft = desk().drafts.load(draft_id)
    found = desk().examine(database(), draft, today=today())
    part = next((part for part in found.parts if part.upload.key == key), None)
    if part is None or part.reading is None:
        abort(404)
    rows = import_drafts.sheet_rows(desk().drafts, draft, part.upload)
    stem = part.upload.name.rsplit(".", 1)[0]
    to_mend = _("to mend")
    return _workbook(import_problems.faulty_rows_of(part, rows), f"{stem}-{to_mend}.xlsx")


@bp.get("/<draft_id>/points")
def points(draft_id: str) -> ResponseReturnValue:
    """Give the points of a draft for the map; ``?datum=`` shows them as another system would."""
    draft = desk().drafts.load(draft_id)
    found = desk().examine(database(), draft, today=today())
    return jsonify(import_map.points(found, datum=request.args.get("datum", "")))


@bp.post("/<draft_id>/confirm")
def confirm(draft_id: str) -> ResponseReturnValue:
    """Store everything in one transaction."""
    draft = desk().drafts.load(draft_id)
    if draft.version != request.form.get("version", type=int):
        flash(_("The import changed meanwhile. Look at it once more, then confirm."), "warn")
        return redirect(url_for("imports.show", draft_id=draft_id), 303)
    try:
        applied = import_registry.confirm(
            database(),
            desk().drafts,
            draft,
            today=today(),
            now=now(),
            by=current_account().id,
            seen=desk().examine(database(), draft, today=today()),
        )
    except ImportRefused:
        flash(_("Nothing was stored: something must be mended first."), "bad")
        return redirect(url_for("imports.show", draft_id=draft_id), 303)
    if applied.batch_id is None:
        flash(_("Everything was known already; nothing was changed."), "info")
        return redirect(url_for("imports.index"), 303)
    return redirect(url_for("imports.batch", batch_id=applied.batch_id), 303)


@bp.post("/<draft_id>/discard")
def discard(draft_id: str) -> ResponseReturnValue:
    """Forget a draft with its files."""
    desk().drafts.discard(draft_id)
    flash(_("The import was discarded; nothing was stored."), "info")
    return redirect(url_for("imports.index"), 303)


@bp.get("/batches/<int:batch_id>")
def batch(batch_id: int) -> str:
    """Show what an import changed, and the way back."""
    return _batch_page(batch_id)


@bp.post("/batches/<int:batch_id>/undo")
def undo(batch_id: int) -> ResponseReturnValue:
    """Take an import back as one."""
    try:
        rows = import_registry.undo(database(), batch_id, now=now(), by=current_account().id)
    except UndoRefused as refused:
        return _batch_page(batch_id, refused=refused), 409
    said = ngettext("%(num)s row is as it was before.", "%(num)s rows are as before.", rows)
    flash(_("The import was undone.") + " " + said, "good")
    return redirect(url_for("imports.batch", batch_id=batch_id), 303)


def _check_page(draft: Draft) -> str:
    found = desk().examine(database(), draft, today=today())
    problems = import_problems.problem_rows(found.parts)
    level, file_key = request.args.get("level", ""), request.args.get("file", "")
    code = request.args.get("code", "")
    chosen = [
        problem
        for problem in problems
        if (not level or problem["level"] == level)
        and (not file_key or problem["file_key"] == file_key)
        and (not code or problem["code"] == code)
    ]
    page = max(1, request.args.get("page", 1, type=int))
    pages = max(1, -(-len(chosen) // PAGE))
    return render_template(
        "imports/check.html",
        draft=draft,
        found=found,
        figures=presenter.summary(found),
        problems=chosen[(page - 1) * PAGE : page * PAGE],
        problem_count=len(chosen),
        filters={"level": level, "file": file_key, "code": code},
        codes=import_problems.problem_kinds(problems),
        page=page,
        pages=pages,
        page_address=lambda number: (
            url_for(
                "imports.show",
                draft_id=draft.id,
                page=number,
                level=level or None,
                file=file_key or None,
                code=code or None,
            )
            + "#problems"
        ),
        changes=presenter.change_rows(found.differences),
        examples=import_rows.changed_examples(found.differences),
        shell=shell_of(import_map.outlines(found)) if import_map.has_map(found) else None,
        systems=import_map.systems(found),
        p=presenter,
        rows=import_rows,
    )


def _batch_page(batch_id: int, refused: UndoRefused | None = None) -> str:
    with database().read() as session:
        row = import_drafts.read_batch(session, batch_id)
    return render_template(
        "imports/batch.html", batch=row, refused=refused, words=import_problems, p=presenter
    )


def _workbook(content: bytes, name: str) -> Response:
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)
