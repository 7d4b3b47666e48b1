"""What went wrong, as a problem document (RFC 9457), in the language of whoever asked."""

from django.conf import settings
from django.http import HttpResponse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.api.headers import open_to_all
from portal.downloads.json_file import written
from portal.languages import language_tag

CONTENT_TYPE = "application/problem+json"

TITLES = {
    400: _("The request cannot be answered as it is."),
    403: _("This is not open to you."),
    404: _("There is nothing at this address."),
    405: _("This address is read with GET alone."),
    410: _("This record was withdrawn."),
    429: _("You ask more often than this server can answer. Wait as long as Retry-After says."),
    500: _("Something went wrong here."),
    503: _("This cannot be answered at the moment. Try again when Retry-After says."),
}


class Problem(Exception):  # noqa: N818 (RFC 9457 calls it a problem)
    """The end of a request that cannot be answered. `parameter` is the one at fault, `allowed` what it may be."""

    def __init__(self, status, detail="", parameter=None, allowed=None):
        super().__init__(status, detail)
        self.status, self.detail, self.parameter, self.allowed = status, detail, parameter, allowed


OF_PROGRAMS = ("/api/", "/data/")  # the addresses that hand out data, which carry no language


def is_for_programs(request) -> bool:
    return request.path_info.startswith(OF_PROGRAMS)


def problem_response(request, problem) -> HttpResponse:
    """`problem` as an answer, which no cache keeps as if it were the data."""
    with translation.override(language_of(request)):
        document = {
            "type": f"{settings.SITE_URL}/{translation.get_language()}/data/api/#problem-{problem.status}",
            "title": str(TITLES[problem.status]),
            "status": problem.status,
            "detail": str(problem.detail or TITLES[problem.status]),
        }
        if problem.parameter is not None:
            document["parameter"] = problem.parameter
        if problem.allowed:
            document["allowed"] = list(problem.allowed)
        response = HttpResponse(written(document) + "\n", content_type=CONTENT_TYPE, status=problem.status)
        response["Content-Language"] = language_tag(translation.get_language())
    response["Cache-Control"] = "no-store"
    return open_to_all(response)


def language_of(request) -> str:
    """The language code that `?language=` asks for; else the one that the reader prefers."""
    return code_of(request.GET.get("language", "")) or translation.get_language_from_request(request)


def code_of(tag) -> str | None:
    """The code of the language with this tag, as the portal spells it (zh-Hans) or as Django does (zh-hans)."""
    return next((code for code, _name in settings.LANGUAGES if tag in (code, language_tag(code))), None)


def unknown_parameter(name, allowed) -> Problem:
    return Problem(400, _("There is no parameter of this name here."), name, sorted(allowed))


def unknown_value(name, allowed=None) -> Problem:
    return Problem(400, _("The value of this parameter means nothing here."), name, allowed)
