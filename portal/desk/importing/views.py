"""The pages of an import at the staff desk: choosing a file, the preview, the import itself; exports and templates.

Each gets the admin of a list (`SheetsMixin`), which knows the resource, and asks for the rights it needs itself.
"""

from functools import partial, wraps
from pathlib import PurePath

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import FileResponse, Http404, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import clock
from portal.desk.importing import kept
from portal.desk.importing.files import Export, csv_of, rules_of
from portal.desk.importing.sheets import MAX_BYTES, MAX_ROWS, Refused, read_sheet
from portal.desk.importing.writing import ChangedMeanwhile, write
from portal.downloads.responses import CONTENT_TYPES

SHOWN = 200  # rows of each kind in a preview; the others are counted


def asking_for(right, methods=("GET", "HEAD")):
    """A view for those alone for whom `right` (a method of the admin) holds, by these methods of a request."""

    def decorate(view):
        @wraps(view)
        def guarded(admin, request, **kwargs):
            if not getattr(admin, right)(request):
                raise PermissionDenied
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(admin, request, **kwargs)

        return guarded

    return decorate


# --- Import -----------------------------------------------------------------------------------------------------------


@asking_for("may_import", methods=("GET", "HEAD", "POST"))
def import_sheet(admin, request):
    if request.method != "POST":
        return _page(admin, request)
    if "ticket" in request.POST:
        return _import_kept(admin, request)
    file = request.FILES.get("sheet")
    if file is None:
        return _page(admin, request, refusal=_("Choose a file first."))
    if file.size > MAX_BYTES:
        return _page(admin, request, refusal=_("This file is larger than 10 MB. Split it into several."))
    token = request.POST.get("token", "")
    token = token if kept.is_token(token) else kept.new_token()
    return _preview(admin, request, token, file.read(), PurePath(file.name).name[-100:])


def _preview(admin, request, token, content, name, *, again=False):
    """What the sheet would do; `again` where that is no longer what was shown before."""
    try:
        outcome = _checked(admin, request, token, content, name)[1]
    except Refused as refusal:
        return _page(admin, request, refusal=str(refusal), file_name=name)
    context = {"outcome": outcome, "file_name": name, "again": again, "shown": SHOWN}
    if outcome.can_be_written:
        kept.keep(content, token)
        ticket = kept.Ticket(token, request.user.pk, admin.resource.kind, name, outcome.fingerprint)
        context |= {"ticket": ticket.signed, "ticket_progress_url": admin.address("import_progress", token)}
    return _page(admin, request, **context)


def _checked(admin, request, token, content, name):
    kept.reporter(request.user, token, "read")(0, 0)
    resource = admin.resource(request.user, kept.reporter(request.user, token, "check"))
    return resource, resource.check(read_sheet(content, name, resource.headings().knows))


def _import_kept(admin, request):
    """Imports what the preview showed, if it still would do the same; else shows what it would do now."""
    try:
        ticket = kept.Ticket.read(request.POST["ticket"])
        content = kept.kept(ticket.token)
    except kept.NotKept:
        return _page(admin, request, refusal=_("This preview is no longer there. Choose the file again."))
    if ticket.user != request.user.pk or ticket.kind != admin.resource.kind:
        raise PermissionDenied
    again = partial(_preview, admin, request, ticket.token, content, ticket.name, again=True)
    try:
        resource, outcome = _checked(admin, request, ticket.token, content, ticket.name)
        if not outcome.can_be_written or outcome.fingerprint != ticket.fingerprint:
            return again()
        kept.reporter(request.user, ticket.token, "write")(len(outcome.rows), len(outcome.rows))
        write(resource, outcome, ticket.name)
    except ChangedMeanwhile:
        return again()
    kept.forget(ticket.token)
    admin.message_user(request, _what_was_done(outcome), messages.SUCCESS)
    return HttpResponseRedirect(admin.address("changelist"))


def _what_was_done(outcome) -> str:
    new = ngettext("%d record was added.", "%d records were added.", outcome.new) % outcome.new
    changed = ngettext("%d record was changed.", "%d records were changed.", outcome.changed) % outcome.changed
    parts = [*([new] if outcome.new else []), *([changed] if outcome.changed else [])]
    return " ".join(parts)


def _page(admin, request, **context):
    name = capfirst(str(admin.opts.verbose_name_plural))
    token = kept.new_token()
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.opts,
        "title": _("Import: %s") % name,
        "rules": rules_of(admin.resource),
        "token": token,
        "progress_url": admin.address("import_progress", token),
        "template_url": admin.address("import_template"),
        "list_url": admin.address("changelist"),
        **context,
    }
    status = 422 if context.get("refusal") else 200
    return TemplateResponse(request, "admin/import.html", context, status=status)


@asking_for("may_import")
def progress(admin, request, token):
    """How far the work has come, for the script of the page."""
    state = kept.progress_of(request.user, token) if kept.is_token(token) else {}
    words = {"read": _("The file is being read …"), "write": _("Everything is being written …")}
    if state.get("total"):
        words["check"] = _("%(done)d of %(total)d rows checked") % state
    return JsonResponse({**state, "words": words.get(state.get("phase"), "")})


# --- Files ------------------------------------------------------------------------------------------------------------


@asking_for("may_import")
def template(admin, request):
    """A workbook to fill in."""
    return _file(admin, "xlsx", admin.resource.columns(), [], f"{admin.resource.kind}-template.xlsx")


@asking_for("has_view_or_change_permission")
def export(admin, request, file_format):
    """The records of the list, as it is filtered, with the columns of an import."""
    if file_format not in ("csv", "xlsx"):
        raise Http404("no such format")
    try:
        records = admin.get_changelist_instance(request).queryset
    except IncorrectLookupParameters as nonsense:
        raise BadRequest("a filter that makes no sense") from nonsense
    if records.count() > MAX_ROWS:
        text = _("These are more than 20,000 records. Filter the list and export it in parts.")
        admin.message_user(request, text, messages.ERROR)
        return HttpResponseRedirect(admin.address("changelist"))
    table = Export(admin.resource(request.user), records)
    return _file(
        admin, file_format, table.columns, table.rows(), f"{admin.resource.kind}-{clock.today()}.{file_format}"
    )


def _file(admin, file_format, columns, rows, name):
    if file_format == "csv":
        response = HttpResponse(csv_of(columns, rows))
    else:
        from portal.desk.importing.workbooks_out import workbook_of  # openpyxl takes a moment to load, and 6 MB

        response = FileResponse(workbook_of(admin.resource, columns, rows))
    response["Content-Type"] = CONTENT_TYPES[file_format]
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
