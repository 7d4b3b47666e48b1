"""Agreements in the Open Contracting Data Standard (OCDS 1.1), as far as it has words for them.

An agreement is told as a contract: it was signed, and there was no tender and no award. What the standard cannot say
without claiming more than the sources do (a bound, a month, an investor's role) stands beside it in `x_portal`, which
the extension at `/data/ocds/extension.json` documents; the guide for people says what does not map.
"""

from datetime import datetime, time
from decimal import Decimal

from django.conf import settings
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy
from translated_fields import to_attribute

from companies.models import OrganizationIdentifier
from events.models import Agreement, AgreementParty, AgreementRelation, Amount, InvestmentProject, Signing
from portal.addresses import absolute
from portal.api.fields import in_words
from portal.api.quantity_fields import quantity_json
from portal.api.resources import Representation
from portal.languages import language_tag

EXTENSION = "/data/ocds/extension.json"
FIRST, *OTHERS = (code for code, _name in settings.LANGUAGES)

_Role = AgreementParty.Role
# What the standard calls the roles; the others it has no word for.
ROLES = {
    _Role.INVESTOR: "funder",
    _Role.EQUITY_INVESTOR: "funder",
    _Role.LENDER: "funder",
    _Role.SERVICE_PARTNER: "supplier",
}
RELATIONS = {
    AgreementRelation.Kind.PART_OF_FRAMEWORK: "framework",
    AgreementRelation.Kind.UPGRADES: "prior",
    AgreementRelation.Kind.SUPERSEDES: "prior",
}
SCHEMES = {OrganizationIdentifier.Scheme.USCI: "CN-USCI", OrganizationIdentifier.Scheme.LEI: "XI-LEI"}


def ocid_of(slug) -> str:
    """The identifier of an agreement as a contracting process. The prefix is the portal's own unless the operator has
    registered one (OCDS_PREFIX)."""
    return f"{settings.OCDS_PREFIX}-{slug}"


def loaded(agreements):
    """Loads what a release says, and nothing that is not public."""
    parties = AgreementParty.objects.published().select_related("organization")
    relations = AgreementRelation.objects.published().select_related("to")
    return agreements.with_citations().prefetch_related(
        "amounts",
        Prefetch("parties", parties.prefetch_related("organization__identifiers")),
        Prefetch("signings", Signing.objects.published().with_stage().in_order()),
        Prefetch("relations", relations),
        Prefetch("project", InvestmentProject.objects.published().with_milestones()),
    )


def package_of(agreements, links) -> dict:
    """A release package of `agreements`; `links` are the addresses of this page and the next one."""
    dates = [each.published_at for each in agreements]
    package = {
        "uri": links["self"],
        "version": "1.1",
        "extensions": [absolute(EXTENSION)],
        "publishedDate": _moment(max(dates, default=datetime(1970, 1, 1, tzinfo=timezone.get_default_timezone()))),
        "publisher": {"name": settings.PUBLISHERS[FIRST] or settings.SITE_NAMES[FIRST], "uri": settings.SITE_URL},
        "publicationPolicy": absolute(f"/{FIRST}/data/api/#ocds"),
        "releases": [release_of(each) for each in agreements],
        "links": {"next": links["next"]} if links["next"] else {},
    }
    return package | ({"license": settings.DATA_LICENCE_URL} if settings.DATA_LICENCE_URL else {})


def release_of(agreement) -> dict:
    """One agreement as a release."""
    milestones = list(agreement.project.milestones.all()) if agreement.project else []
    return _without_nothing(
        {
            "ocid": ocid_of(agreement.slug),
            "id": agreement.slug,
            "date": _moment(agreement.published_at),
            "tag": ["contract", "implementation"] if milestones else ["contract"],
            "initiationType": "tender",
            "language": language_tag(FIRST),
            "parties": _parties(agreement),
            "contracts": [_contract(agreement, milestones)],
            "relatedProcesses": [_related(each) for each in agreement.relations.all()],
        }
    )


def _contract(agreement, milestones) -> dict:
    signed_on = next((each.signed_on for each in agreement.signings.all()), None)
    return _without_nothing(
        {
            "id": agreement.slug,
            "awardID": agreement.slug,  # required; there was no award
            **_in_each_language("title", agreement, "title"),
            **_in_each_language("description", agreement, "summary"),
            "status": _status(agreement),
            "dateSigned": _day(signed_on),
            "value": _value(agreement),
            "documents": [_document(each) for each in agreement.citations.all()],
            "implementation": _without_nothing({"milestones": [_milestone(each) for each in milestones]}),
            "x_portal": _without_nothing(
                {
                    "kind": agreement.kind,
                    "bindingness": agreement.bindingness,
                    "dateSigned": signed_on and str(signed_on),
                    "dateTerminated": agreement.terminated_on and str(agreement.terminated_on),
                    "amounts": [_amount(each) for each in agreement.amounts.all()],
                    "amountDisclosed": bool(agreement.amounts.all()),
                }
            ),
        }
    )


def _status(agreement) -> str | None:
    """Only what the sources say: a paper whose binding force is not known may or may not be in force."""
    if agreement.terminated_on:
        return "terminated"
    return "active" if agreement.bindingness == Agreement.Bindingness.BINDING else None


def _value(agreement) -> dict | None:
    """The one total investment that is stated exactly; anything else is in `x_portal.amounts` alone."""
    totals = [each for each in agreement.amounts.all() if each.kind == Amount.Kind.TOTAL_INVESTMENT]
    if len(totals) != 1 or not totals[0].quantity.is_exact:
        return None
    return {"amount": Decimal(totals[0].quantity.value), "currency": totals[0].currency}


def _amount(amount) -> dict:
    quantity = quantity_json(amount.quantity, lambda: amount.words, amount.quantity_words)
    return {"kind": amount.kind, "currency": amount.currency, "quantity": quantity}


# --- Parties ----------------------------------------------------------------------------------------------------------


def _parties(agreement) -> list[dict]:
    """Each organization once, with all its roles."""
    found = {}
    for party in agreement.parties.all():
        found.setdefault(_id_of(party), []).append(party)
    return [_party(key, parties) for key, parties in found.items()]


def _id_of(party) -> str:
    if party.organization:
        return party.organization.slug
    names = (getattr(party, to_attribute("name", code)) for code, _name in settings.LANGUAGES)
    return "name-" + slugify(next(name for name in names if name), allow_unicode=True)


def _party(key, parties) -> dict:
    organization = parties[0].organization
    known = {}
    if organization:
        numbers = [_identifier(each, organization) for each in organization.identifiers.all() if each.scheme in SCHEMES]
        known = {"identifier": numbers[0], "additionalIdentifiers": numbers[1:]} if numbers else {}
    return _without_nothing(
        {
            "id": key,
            **_in_each_language("name", organization or parties[0], "name"),
            "roles": sorted({ROLES[each.role] for each in parties if each.role in ROLES}),
            **known,
            "x_portal": {
                "roles": [each.role for each in parties],
                **({"share": share} if (share := next((each.share for each in parties if each.share), None)) else {}),
            },
        }
    )


def _identifier(identifier, organization) -> dict:
    number = {"scheme": SCHEMES[identifier.scheme], "id": identifier.value}
    return number | ({"legalName": organization.legal_name} if organization.legal_name else {})


# --- Milestones, documents, relations ---------------------------------------------------------------------------------


def _milestone(milestone) -> dict:
    return _without_nothing(
        {
            "id": "-".join(filter(None, [milestone.kind, str(milestone.due_on or ""), str(milestone.met_on or "")])),
            "code": milestone.kind,
            **_title_of(milestone),
            "dueDate": _day(milestone.due_on),
            "dateMet": _day(milestone.met_on),
            "status": "met" if milestone.met_on and milestone.is_sufficient else None,
            "x_portal": _without_nothing(
                {
                    "dueDate": milestone.due_on and str(milestone.due_on),
                    "dateMet": milestone.met_on and str(milestone.met_on),
                    "sufficientEvidence": milestone.is_sufficient if milestone.met_on else None,
                    "sources": list(dict.fromkeys(each.source.slug for each in milestone.citations.all())),
                }
            ),
        }
    )


def _title_of(milestone) -> dict:
    words = in_words(milestone.get_kind_display)
    title = {"title": words.pop(language_tag(FIRST))}
    return title | {f"title_{tag}": text for tag, text in words.items()}


def _document(citation) -> dict:
    source = citation.source
    return _without_nothing(
        {
            "id": "-".join(filter(None, [source.slug, citation.fact, str(citation.position)])),
            **_in_each_language("title", source, "title"),
            "url": source.url or absolute(source.get_absolute_url()),
            "datePublished": _day(source.published_on),
            "language": source.language,
            "x_portal": _without_nothing(
                {"source": source.slug, "stance": citation.stance, "fact": citation.fact, "type": source.source_type}
            ),
        }
    )


def _related(relation) -> dict:
    return _without_nothing(
        {
            "id": f"{relation.kind}-{relation.to.slug}",
            "relationship": [RELATIONS[relation.kind]] if relation.kind in RELATIONS else [],
            "scheme": "ocid",
            "identifier": ocid_of(relation.to.slug),
            "uri": absolute(relation.to.get_absolute_url()),
            "x_portal": {"relation": relation.kind},
        }
    )


# --- Values -----------------------------------------------------------------------------------------------------------


def _in_each_language(name, record, field) -> dict:
    """A translated field as the standard writes it: `title`, and `title_zh-Hans` beside it."""
    texts = {code: getattr(record, to_attribute(field, code)) for code, _name in settings.LANGUAGES}
    first = texts[FIRST] or next((text for text in texts.values() if text), None)
    return {name: first, **{f"{name}_{language_tag(code)}": texts[code] or None for code in OTHERS}}


def _day(partial_date) -> str | None:
    """The beginning of a day that is known; the standard has no way to write a month or a year."""
    if partial_date is None or not partial_date.is_exact:
        return None
    return _moment(datetime.combine(partial_date.earliest, time(), timezone.get_default_timezone()))


def _moment(moment) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def _without_nothing(values) -> dict:
    """The standard asks publishers to leave out what they do not know."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


OCDS = Representation(
    name="ocds",
    title=gettext_lazy("Agreements in the Open Contracting Data Standard"),
    explanation=gettext_lazy(
        "A release package (OCDS 1.1) of a page of agreements. What the standard has no words for stands in “x_portal”."
    ),
    loaded=loaded,
    package=package_of,
)
