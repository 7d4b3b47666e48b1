"""The district's pages: the company directory, places, indicators."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from companies.directory import Directory
from companies.downloads import company_table, observation_table
from companies.growth import charts_kept, finding_of, first_growth, growth_of
from companies.models import Indicator, ObservationCorrection, Organization, Place
from portal.corrections import get_public_or_tombstone, newest_first
from portal.downloads import respond
from portal.paging import beginning_of, page_of
from portal.prepared import prepared
from portal.provenance import Bibliography


@require_safe
def company_list(request):
    directory = Directory(request.GET)
    companies = page_of(request, directory.in_pages, per_page=24, of=directory)
    return render(request, "companies/company_list.html", {"directory": directory, "companies": companies})


@require_safe
def company_download(request, file_format):
    return respond(request, company_table(Directory(request.GET)), file_format)


@require_safe
def company_detail(request, slug):
    company = get_public_or_tombstone(_companies, slug=slug)
    presences = prepared(_presences_of, company)
    return render(
        request,
        "companies/company_detail.html",
        {
            "company": company,
            "presences": presences,
            "sectors": company.sectors.all(),
            "agreements": prepared(_agreements_of, company),
            "conference_roles": prepared(
                lambda company: company.conference_roles.published().with_conference(), company
            ),
            "projects": prepared(lambda company: company.projects.published(), company),
            "appearances": prepared(lambda company: company.appearances.published().with_stage()[:12], company),
            "bibliography": Bibliography(company, *presences),
        },
    )


def _companies():
    return Organization.objects.published().introduced().with_citations().with_corrections()


def _presences_of(company):
    return company.presences.published().select_related("place").with_citations()


def _agreements_of(company):
    return company.agreements.published().distinct().with_progress().with_terms().latest_signed_first()


@require_safe
def district(request):
    home = prepared(lambda: _places().home_districts()[:1])
    if not home:
        raise Http404("no district is published yet")
    return _place_page(request, home[0])


@require_safe
def place_detail(request, slug):
    return _place_page(request, get_public_or_tombstone(_places, slug=slug))


def _places():
    return Place.objects.published().with_parents().with_citations().with_corrections()


def _place_page(request, place):
    indicators = prepared(lambda place: Indicator.objects.published().for_place(place).with_observations(), place)
    figures = [indicator.latest for indicator in indicators if indicator.latest]
    return render(
        request,
        "companies/place_detail.html",
        {
            "place": place,
            "parts": prepared(lambda place: Place.objects.published().parts_of(place), place),
            "figures": figures,
            "growth": first_growth(indicators, charts_kept),
            "organizations": beginning_of(prepared(_organizations_at, place), 12),
            "agreements": prepared(_agreements_at, place),
            "projects": prepared(lambda place: place.projects.published(), place),
            "conferences": prepared(lambda place: place.conferences.published().latest_first()[:6], place),
            "bibliography": Bibliography(place, *figures),
        },
    )


def _organizations_at(place):
    return Organization.objects.published().in_district().at_place(place)[:13]


def _agreements_at(place):
    return place.agreements.published().with_progress().with_terms().latest_signed_first()[:6]


@require_safe
def indicator_detail(request, slug):
    indicator = get_public_or_tombstone(_indicators, slug=slug)
    of_values = prepared(lambda indicator: ObservationCorrection.objects.for_indicator(indicator), indicator)
    return render(
        request,
        "companies/indicator_detail.html",
        {
            "indicator": indicator,
            "finding": finding_of(indicator),
            "growth": growth_of(indicator, charts_kept),
            "corrections": newest_first(indicator.public_corrections, of_values),
            "bibliography": Bibliography(indicator, *indicator.observations.all()),
        },
    )


def _indicators():
    return Indicator.objects.published().with_citations().with_observations().with_corrections()


@require_safe
def indicator_download(request, slug, file_format):
    indicator = get_public_or_tombstone(Indicator.objects.published(), slug=slug)
    return respond(request, observation_table(indicator), file_format)
