"""Agreements and what became of them: cards, amounts, stages, ladders, totals, and how facts are sourced and taken
back."""

from django.conf import settings
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Indicator, ObservationCorrection
from events.cards import amounts_of, rungs_of
from events.cohorts import cohort_of
from events.models import Agreement, AgreementCorrection, Conference, InvestmentProject, Milestone
from events.stages import ladder_of
from events.styleguide.exampleland import sample, samples
from events.styleguide.specimens import component
from events.totals import totals_of
from portal import clock
from portal.correction_list import Line
from portal.corrections import newest_first
from portal.provenance import Bibliography


def agreements():
    return samples(Agreement.objects.published().with_progress().with_terms().with_citations()).order_by("pk")


def projects():
    return samples(InvestmentProject.objects.published().with_progress().with_public("place"))


@component("column")
def agreement_cards():
    named = {
        "batch": _("of a published size"),
        "member": _("a member of a batch"),
        "part": _("a part of a framework"),
        "terminated": _("terminated"),
        "long": _("a long title"),
        "word": _("one word that is longer than a line"),
        "english-only": _("English only"),
        "chinese-only": _("Chinese only"),
    }
    for agreement in agreements():
        state = named.get(agreement.slug.removeprefix("exampleland-"))
        label = capfirst(agreement.label)
        yield f"{label}: {state}" if state else label, {"agreements": [agreement], "with_parties": False}
    named = {
        "joint-venture": _("with parties"),
        "long": _("with parties that have long names"),
        "fund": _("with parties that were not disclosed"),
    }
    for name, state in named.items():
        yield state, {"agreements": [sample(agreements(), name)], "with_parties": True}


@component("column")
def amounts():
    named = {
        "investment": _("an exact one"),
        "memorandum": _("an upper bound"),
        "framework": _("a lower bound"),
        "settlement": _("more than it says"),
        "settlement-intent": _("less than it says"),
        "land": _("a range"),
        "laboratory": _("about"),
        "transfer": _("nearly"),
        "batch": _("slightly more"),
        "fund": _("of a fund"),
        "credit": _("of a credit"),
        "purchase": _("of a purchase, in another currency"),
        "joint-venture": _("several"),
        "service": _("not disclosed"),
    }
    for name, state in named.items():
        yield state, {"amounts": amounts_of(sample(agreements(), name))}
    joint_venture = sample(agreements(), "joint-venture")
    sourced = amounts_of(joint_venture, Bibliography(joint_venture))
    yield _("large, with sources"), {"amounts": sourced, "large": True}
    yield _("large, not disclosed"), {"amounts": amounts_of(sample(agreements(), "service")), "large": True}


# --- What became of it ------------------------------------------------------------------------------------------------


@component("column")
def stage_bar():
    seen = {}
    for project in projects():
        seen.setdefault(project.progress, project)
    for project in seen.values():
        yield project.title, {"rungs": rungs_of(project), "words": project.progress_words}


@component("cards")
def project_card():
    for project in projects():
        yield project.title, {"project": project}


@component("column")
def ladder():
    named = {
        "ladder": _("every state of a step, and steps that are none"),
        "at-scale": _("at scale"),
        "tenant": _("existing premises, where nothing is built"),
        "signed": _("nothing after the signature"),
        "chinese-only": _("Chinese only"),
    }
    rows = Milestone.objects.published().with_citations().with_evidence().in_order()
    for name, state in named.items():
        project = sample(projects().with_first_signing(), name)
        milestones = list(rows.filter(project=project))
        drawn = ladder_of(milestones, signed_on=project.signed_on, route=project.route, today=clock.today())
        yield state, {"ladder": drawn, "bibliography": Bibliography(*milestones)}
    drawn = ladder_of([], signed_on=None, route="not_stated", today=clock.today())
    yield _("signed on an unknown day"), {"ladder": drawn, "bibliography": Bibliography()}


@component("column")
def cohort():
    yield _("something is documented"), {"cohort": cohort_of(sample(Conference.objects, "past"))}
    yield _("one agreement, nothing is documented"), {"cohort": cohort_of(sample(Conference.objects, "pictured"))}


@component()
def embed_code():
    address = settings.SITE_URL + reverse("events:totals_embed")
    yield _("a frame for other sites"), {"address": address, "name": _("Agreements"), "height": 320}


@component()
def totals():
    page = {"base": reverse("events:agreements").rstrip("/"), "query": "place=exampleland"}
    past = sample(Conference.objects, "past")
    headlines = past.headline_totals.published().with_indicator().with_citations()
    yield _("everything a total can say"), {**page, "totals": totals_of(samples(Agreement.objects.published()))}
    yield (
        _("beside the organizer's own total"),
        {
            **page,
            "totals": totals_of(Agreement.objects.published().for_conference(past)),
            "headlines": headlines,
            "bibliography": Bibliography(*headlines),
        },
    )
    yield _("no amount is known"), {**page, "totals": totals_of(samples(Agreement.objects.published().of_kind("fund")))}


# --- Sources and corrections ------------------------------------------------------------------------------------------


@component("edge")
def bibliography():
    joint_venture = sample(agreements(), "joint-venture")
    yield _("several sources, many quotes of one of them"), {"bibliography": Bibliography(joint_venture)}
    yield _("one source without a quote"), {"bibliography": Bibliography(sample(agreements(), "service"))}
    yield _("none: nothing"), {"bibliography": Bibliography()}


@component("edge")
def corrections():
    past = sample(Conference.objects.published().with_corrections(), "past")
    yield _("corrections and updates"), {"corrections": past.public_corrections}
    indicator = sample(Indicator.objects.published().with_corrections(), "companies")
    of_values = ObservationCorrection.objects.for_indicator(indicator)
    yield _("of a value of an indicator"), {"corrections": newest_first(indicator.public_corrections, of_values)}
    yield _("none: nothing"), {"corrections": []}


@component("conferences")
def correction_line():
    past = sample(Conference.objects.published().with_corrections(), "past")
    for correction in past.public_corrections:
        page = past.get_absolute_url()
        yield correction.sentence, {"line": Line(correction, past.title, page, clock.now())}


@component()
def tombstone():
    for withdrawn in samples(Agreement.objects.withdrawn()):
        yield withdrawn.title, {"withdrawal": AgreementCorrection.objects.withdrawals().get(record=withdrawn)}
