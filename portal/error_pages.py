"""The pages for what went wrong: in the visitor's language, and without a database or a session."""

import sys

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from portal import page_context
from portal.api.problems import Problem, is_for_programs, problem_response
from portal.outages import RETRY_AFTER, is_outage


def _error_page(request, status, template="", **known):
    if is_for_programs(request):
        return problem_response(request, Problem(status))
    with translation.override(translation.get_language_from_request(request, check_path=True)):
        is_of_desk = request.path_info.startswith(f"/{settings.ADMIN_PATH}")
        context = {**page_context.site(request), "is_of_desk": is_of_desk, "status": status, **known}
        return HttpResponse(render_to_string(f"errors/{template or status}.html", context), status=status)


def bad_request(request, exception):
    return _error_page(request, 400, is_too_much=isinstance(exception, RequestDataTooBig))


def permission_denied(request, exception):
    return _error_page(request, 403)


def page_not_found(request, exception):
    return _error_page(request, 404)


def server_error(request):
    """500; where the database or a disk is to blame and nobody's mistake (`portal.outages`), 503."""
    if is_outage(sys.exc_info()[1]):
        return come_back_later(request, 503, RETRY_AFTER, template="outage", is_form=request.method == "POST")
    return _error_page(request, 500)


def come_back_later(request, status, seconds, template="busy", **known):
    """503 for everybody while the portal has no room, 429 for one network that asks too often: both say when to come
    back."""
    response = _error_page(request, status, template=template, **known)
    response["Retry-After"] = str(seconds)
    response["Cache-Control"] = "no-store"
    return response


def csrf_failure(request, reason=""):
    return _error_page(request, 403)
