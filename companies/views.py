"""The district's pages: the company directory, places, indicators."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from companies.directory import Directory
from companies.downloads import company_table, observation_table
from companies.growth import finding_of, first_growth, growth_of
from companies.models import Indicator, ObservationCorrection, Organization, Place
from portal.corrections import get_public_or_tombstone, newest_first
from portal.downloads import respond
from portal.paging import beginning_of, page_of
from portal.provenance import Bibliography


@require_safe
def company_list(request):
    directory = Directory(request.GET)
    companies = page_of(request, directory.organizations.with_directory_details(), per_page=24, of=directory)
    return render(request, "companies/company_list.html", {"directory": directory, "companies": companies})


@require_safe
def company_download(request, file_format):
    return respond(request, company_table(Directory(request.GET)), file_format)


@require_safe
def company_detail(request, slug):
    company = get_public_or_tombstone(Organization.objects.published().introduced().with_citations(), slug=slug)
    presences = company.presences.published().select_related("place").with_citations()
    return render(
        request,
        "companies/company_detail.html",
        {
            "company": company,
            "presences": presences,
            "sectors": company.sectors.all(),
            "agreements": company.agreements.published().distinct().with_progress().with_terms().latest_signed_first(),
            "conference_roles": company.conference_roles.published().with_conference(),
            "projects": company.projects.published(),
            "appearances": company.appearances.published().with_stage()[:12],
            "bibliography": Bibliography(company, *presences),
        },
    )


@require_safe
def district(request):
    home = Place.objects.published().with_parents().with_citations().with_corrections().home_district()
    if home is None:
        raise Http404("no district is published yet")
    return _place_page(request, home)


@require_safe
def place_detail(request, slug):
    place = get_public_or_tombstone(Place.objects.published().with_parents().with_citations(), slug=slug)
    return _place_page(request, place)


def _place_page(request, place):
    indicators = Indicator.objects.published().for_place(place).with_observations()
    figures = [indicator.latest for indicator in indicators if indicator.latest]
    return render(
        request,
        "companies/place_detail.html",
        {
            "place": place,
            "parts": Place.objects.published().parts_of(place),
            "figures": figures,
            "growth": first_growth(indicators),
            "organizations": beginning_of(Organization.objects.published().in_district().at_place(place), 12),
            "agreements": place.agreements.published().with_progress().with_terms().latest_signed_first()[:6],
            "projects": place.projects.published(),
            "conferences": place.conferences.published().latest_first()[:6],
            "bibliography": Bibliography(place, *figures),
        },
    )


@require_safe
def indicator_detail(request, slug):
    indicator = get_public_or_tombstone(Indicator.objects.published().with_citations().with_observations(), slug=slug)
    of_values = ObservationCorrection.objects.for_indicator(indicator)
    return render(
        request,
        "companies/indicator_detail.html",
        {
            "indicator": indicator,
            "finding": finding_of(indicator),
            "growth": growth_of(indicator),
            "corrections": newest_first(indicator.public_corrections, of_values),
            "bibliography": Bibliography(indicator, *indicator.observations.all()),
        },
    )


@require_safe
def indicator_download(request, slug, file_format):
    indicator = get_public_or_tombstone(Indicator.objects.published(), slug=slug)
    return respond(request, observation_table(indicator), file_format)
