"""Each judgement can fail: an application that is as bad as can be, and one that is not."""

import time

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path

from tests.door import Door
from tests.hostile import judging
from tests.hostile.judging import DRAFT, faults_of

pytestmark = pytest.mark.django_db


def reflecting(request):
    return HttpResponse(f"<p>{request.GET.get('q', '')}</p>")


def reflecting_in_xml(request):
    return HttpResponse(f"<feed><title>{request.GET['q']}</title></feed>", content_type="application/atom+xml")


def linking(request):
    return HttpResponse(f'<a href="{request.GET["q"]}">x</a>')


def leading(request):
    response = HttpResponse(status=302)
    response["Location"] = request.GET["q"]
    return response


def breaking(request):
    return HttpResponse(1 / 0)


def telling(request):
    return HttpResponse('Traceback (most recent call last):\n  File "/srv/portal/x.py"')


def telling_sql(request):
    return HttpResponse('no such column: SELECT x FROM "events_agreement"')


def waiting(request):
    began = time.thread_time()
    while time.thread_time() < began + 0.03:
        pass
    return HttpResponse("late")


def with_a_cookie(request):
    response = HttpResponse("x")
    response.set_cookie("a", request.GET["q"])
    return response


def publishing_too_early(request):
    return HttpResponse(f"{DRAFT}: agreement")


def calculating(request):
    return HttpResponse("h0st49")


def good(request):
    return HttpResponse("<p>&lt;h0st1le&gt;</p>")


def leading_home(request):
    return HttpResponseRedirect("/en/?q=h0st1le")


VIEWS = (reflecting, reflecting_in_xml, linking, leading, breaking, telling, telling_sql, waiting, with_a_cookie)
VIEWS += (publishing_too_early, calculating, good, leading_home)


class BadURLs:
    from portal.urls import handler400, handler403, handler404, handler500, urlpatterns

    urlpatterns = [*(path(view.__name__, view) for view in VIEWS), *urlpatterns]


def verdict(settings, address):
    settings.ROOT_URLCONF, settings.ALLOWED_HOSTS = BadURLs, ["testserver"]
    return [each.partition(":")[0] for each in faults_of(Door(WSGIHandler()).ask(address))]


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/reflecting?q=%3Ch0st1le%3E", "an element came back"),
        ("/reflecting?q=%3Cb%20h0st1le=1%3E", "an attribute came back"),
        ("/reflecting?q=%3Cimg%20onerror=h0st1le%3E", "an attribute came back"),
        ("/reflecting?q=%3C!--h0st1le--%3E", "a comment came back"),
        ("/reflecting_in_xml?q=%3Ch0st1le/%3E", "an echo of markup"),
        ("/linking?q=javascript:h0st1le", "a link leads elsewhere"),
        ("/linking?q=//h0st1le.example", "a link leads elsewhere"),
        ("/leading?q=//h0st1le.example", "a way elsewhere (//h0st1le.example)"),
        ("/leading?q=https://evil.example/", "a way elsewhere (https"),
        ("/breaking", "a fault"),
        ("/telling", "a look inside (Traceback (most recent)"),
        ("/telling_sql", 'a look inside (FROM "events_agreement)'),
        ("/with_a_cookie?q=h0st1le", "a cookie was sent in"),
        ("/publishing_too_early", "a draft"),
        ("/calculating", "a template was calculated"),
    ],
)
def test_a_bad_answer_is_found(settings, address, found):
    assert verdict(settings, address) == [found]


@pytest.mark.parametrize("address", ["/good", "/leading_home", "/linking?q=/en/", "/nothing-here"])
def test_a_good_answer_is_none(settings, address):
    assert verdict(settings, address) == []


def test_a_slow_answer_is_found(settings, monkeypatch):
    monkeypatch.setattr(judging, "SLOWEST", 0.02)

    assert verdict(settings, "/waiting") == ["0.0 seconds"]


def test_a_header_that_was_sent_in_and_headers_that_are_missing_are_found():
    def bare(environ, start_response):
        start_response("200 OK", [("X-h0st1le", "1")])
        return [b""]

    found = [each.partition(":")[0] for each in faults_of(Door(bare).ask("/"))]

    assert found[0] == "a header was sent in (X-h0st1le)"
    assert found[1].startswith("without Content-Security-Policy, Cross-Origin-Opener-Policy")
