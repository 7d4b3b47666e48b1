"""The pages for what went wrong: in the visitor's language, and without a database or a session."""

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from portal import page_context
from portal.api.problems import Problem, is_for_programs, problem_response


def _error_page(request, status, **known):
    if is_for_programs(request):
        return problem_response(request, Problem(status))
    with translation.override(translation.get_language_from_request(request, check_path=True)):
        is_of_desk = request.path_info.startswith(f"/{settings.ADMIN_PATH}")
        context = {**page_context.site(request), "is_of_desk": is_of_desk, **known}
        return HttpResponse(render_to_string(f"errors/{status}.html", context), status=status)


def bad_request(request, exception):
    return _error_page(request, 400, is_too_much=isinstance(exception, RequestDataTooBig))


def permission_denied(request, exception):
    return _error_page(request, 403)


def page_not_found(request, exception):
    return _error_page(request, 404)


def server_error(request):
    return _error_page(request, 500)


def csrf_failure(request, reason=""):
    return _error_page(request, 403)
