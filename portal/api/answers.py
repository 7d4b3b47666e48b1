"""How the data is handed out: read-only, to every site, and problems as documents."""

from functools import wraps

from django.http import HttpResponse
from django.utils.cache import get_conditional_response, set_response_etag
from django.views.decorators.csrf import csrf_exempt

from portal.api.headers import A_DAY, A_MINUTE, METHODS, open_to_all
from portal.api.problems import Problem, problem_response
from portal.downloads.json_file import written


def open_data(view):
    """The decorator of every view that hands out data."""

    @csrf_exempt  # so that a POST reads that there is none
    @wraps(view)
    def answered(request, *args, **kwargs):
        if request.method == "OPTIONS":
            return _options()
        if request.method not in METHODS:
            response = problem_response(request, Problem(405))
            response["Allow"] = ", ".join(METHODS)
            return response
        try:
            response = view(request, *args, **kwargs)
        except Problem as problem:
            return problem_response(request, problem)
        response.headers.setdefault("Cache-Control", A_MINUTE)
        return open_to_all(_unless_known(request, response))

    return answered


def _unless_known(request, response):
    """`response`, or that nothing has changed since the ETag that was sent along. Django's middleware would say so
    without the headers that let scripts of other sites read it."""
    if request.method != "GET" or response.streaming:
        return response
    set_response_etag(response)
    return get_conditional_response(request, etag=response["ETag"], response=response)


def _options():
    response = HttpResponse(status=204, headers={"Allow": ", ".join(METHODS)})
    response["Access-Control-Allow-Methods"] = ", ".join(METHODS)
    response["Access-Control-Allow-Headers"] = "*"
    response["Access-Control-Max-Age"] = A_DAY
    return open_to_all(response)


def as_json(document, content_type="application/json; charset=utf-8", **headers) -> HttpResponse:
    """`document` as an answer; the headers of an answer without a body where it is None (HEAD)."""
    content = "" if document is None else written(document) + "\n"
    return HttpResponse(content, content_type=content_type, headers=headers)
