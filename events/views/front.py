"""The home page, the search and what belongs to no single record."""

from django.http import JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from companies.growth import charts_kept, first_growth
from companies.models import Indicator, Place
from events.lists import NewsList
from events.models import Announcement, Conference, Document
from events.register import Register
from portal.canonical import not_indexed
from portal.corrections import get_public_or_tombstone
from portal.paging import page_of
from portal.prepared import prepared
from portal.provenance import Bibliography
from portal.search.results import Search, suggestions


@require_safe
def home(request):
    indicators = prepared(lambda: Indicator.objects.published().on_home_page().with_observations())
    figures = [each.latest for each in indicators if each.latest]
    earlier = [each.indicator.earliest for each in figures if each.indicator.earliest]
    return render(
        request,
        "events/home.html",
        {
            "conference": next(iter(prepared(_featured)), None),
            "figures": figures,
            "growth": first_growth(indicators, charts_kept),
            "agreements": Register({}).in_pages[:3],
            "announcements": prepared(lambda: Announcement.objects.published().pinned_first()[:4]),
            "district": next(iter(prepared(lambda: Place.objects.published().home_districts()[:1])), None),
            "bibliography": Bibliography(*figures, *earlier),
        },
    )


def _featured():
    return Conference.objects.published().with_parents().featured_first()[:1]


@require_safe
@not_indexed
def search(request):
    search = Search(request.GET.get("q", ""))
    of_kind = search.of_kind(request.GET.get("kind"))
    results = page_of(request, of_kind, per_page=20, of=of_kind) if of_kind else None
    return render(request, "events/search.html", {"search": search, "of_kind": of_kind, "results": results})


@require_safe
@cache_control(public=True, max_age=60)
def search_suggestions(request):
    return JsonResponse({"suggestions": suggestions(request.GET.get("q", ""))})


@require_safe
def document_list(request):
    documents = page_of(request, Document.objects.published().by_conference(), per_page=200)
    return render(request, "events/document_list.html", {"documents": documents})


@require_safe
def announcement_list(request):
    news = NewsList(request.GET)
    announcements = page_of(request, news.in_pages, per_page=20, of=news)
    return render(request, "events/announcement_list.html", {"news": news, "announcements": announcements})


@require_safe
def announcement_detail(request, slug):
    announcement = get_public_or_tombstone(_announcements, slug=slug)
    return render(
        request,
        "events/announcement_detail.html",
        {"announcement": announcement, "bibliography": Bibliography(announcement)},
    )


def _announcements():
    return Announcement.objects.published().with_stage().with_citations().with_corrections()
