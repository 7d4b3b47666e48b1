"""The district: organizations, places, figures."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.growth import growth_of
from companies.models import Indicator, Organization, Place
from events.styleguide.exampleland import sample, samples
from events.styleguide.specimens import component
from portal.provenance import Bibliography


def indicators():
    return Indicator.objects.published().with_observations()


@component("cards")
def company_cards():
    named = {
        "works": _("several sectors and places"),
        "bare": _("without sectors and places"),
        "logo": _("with a logo"),
        "wide-logo": _("with a wide logo"),
        "english-only": _("English only"),
        "chinese-only": _("Chinese only"),
        "word": _("one word that is longer than a line"),
    }
    for company in samples(Organization.objects.published().with_directory_details()):
        kind = capfirst(company.get_kind_display())
        state = named.get(company.slug.removeprefix("exampleland-"))
        yield f"{kind}: {state}" if state else kind, {"companies": [company]}


@component()
def company_table():
    companies = samples(Organization.objects.published().with_directory_details())
    yield _("several"), {"companies": companies}


@component("cards")
def place_card():
    for place in samples(Place.objects.published()):
        yield capfirst(place.get_kind_display()), {"place": place}


@component("figures")
def figure():
    named = {
        "companies": _("exact, with an earlier value"),
        "output": _("an amount of money"),
        "share": _("about"),
        "land": _("an upper bound"),
        "plan": _("a target"),
        "span": _("of a span of months, a long name, without a source"),
        "headline": _("a lower bound"),
        "english-only": _("English only"),
    }
    for name, state in named.items():
        indicator = sample(indicators(), name)
        shown = {"observation": indicator.latest, "before": indicator.earliest}
        earlier = [indicator.earliest] if indicator.earliest else []
        yield state, {**shown, "bibliography": Bibliography(indicator.latest, *earlier)}


@component()
def growth_chart():
    named = {
        "companies": _("every kind of value, sources disagree"),
        "output": _("exact values, joined by lines"),
        "share": _("two values"),
        "english-only": _("English only"),
    }
    for name, state in named.items():
        growth = growth_of(sample(indicators(), name))
        yield (
            state,
            {
                "growth": growth,
                "values_url": growth.values_url,
                "bibliography": Bibliography(growth.indicator.latest),
            },
        )
