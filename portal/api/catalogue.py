"""The datasets for data portals: a catalogue in DCAT 3, as its application profile for Europe (DCAT-AP) uses it."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from portal.addresses import absolute
from portal.api.fields import in_words
from portal.api.record_fields import ROOT
from portal.downloads.responses import CONTENT_TYPES
from portal.languages import language_tag

LANGUAGES = {"en": "ENG", "zh-hans": "ZHO"}
AUTHORITY = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
EVERYTHING = _("Everything")
EVERYTHING_WORDS = _("All datasets as one data package (Frictionless): tables, keys between them, and their meaning.")


def catalogue_of(found) -> dict:
    """The catalogue of the datasets `found` (`portal.datasets`) as JSON-LD. Names a publisher only where one is
    configured."""
    newest = max((each.newest for each in found if each.newest), default=None)
    return _known(
        {
            "@context": CONTEXT,
            "@id": _id("catalogue"),
            "@type": "dcat:Catalog",
            "dct:title": [{"@value": name, "@language": tag} for tag, name in _site_names().items()],
            "dct:description": _said(EVERYTHING_WORDS),
            "foaf:homepage": {"@id": absolute("/en/data/")},
            **_common(newest),
            "dcat:service": _service(found),
            "dcat:dataset": [*(_dataset(each) for each in found), _everything(newest)],
        }
    )


def _common(newest) -> dict:
    """What holds for the catalogue and for every dataset."""
    publisher = {tag: settings.PUBLISHERS[code] for code, tag in _tags().items() if settings.PUBLISHERS[code]}
    names = [{"@value": name, "@language": tag} for tag, name in publisher.items()]
    return {
        "dct:language": [{"@id": f"{AUTHORITY}language/{LANGUAGES[code]}"} for code in _tags() if code in LANGUAGES],
        "dct:license": {"@id": settings.DATA_LICENCE_URL} if settings.DATA_LICENCE_URL else None,
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": names} if names else None,
        "dct:modified": {"@value": str(newest), "@type": "xsd:date"} if newest else None,
    }


def _dataset(dataset) -> dict:
    resource = dataset.resource
    return _known(
        {
            "@id": _id(resource.name),
            "@type": "dcat:Dataset",
            "dct:identifier": resource.name,
            "dct:title": _said(resource.title),
            "dct:description": _said(resource.definition),
            "dcat:landingPage": {"@id": absolute(f"/en/data/{resource.name}/")},
            "dct:accrualPeriodicity": {"@id": f"{AUTHORITY}frequency/IRREG"},
            **_common(dataset.newest),
            "dcat:distribution": [
                *(_file(resource, ending, kind) for ending, kind in CONTENT_TYPES.items()),
                _distribution(resource.name, "api", resource.url, "application/json", accessed_by=_id("api")),
            ],
        }
    )


def _file(resource, ending, kind) -> dict:
    with translation.override("en"):
        url = absolute(f"{resource.files}.{ending}")
    return {**_distribution(resource.name, ending, url, kind.partition(";")[0]), "dcat:downloadURL": {"@id": url}}


def _distribution(name, form, url, media_type, *, accessed_by=None) -> dict:
    return _known(
        {
            "@id": _id(f"{name}-{form}"),
            "@type": "dcat:Distribution",
            "dcat:accessURL": {"@id": url},
            "dcat:mediaType": {"@id": MEDIA_TYPES + media_type},
            "dct:license": {"@id": settings.DATA_LICENCE_URL} if settings.DATA_LICENCE_URL else None,
            "dcat:accessService": {"@id": accessed_by} if accessed_by else None,
        }
    )


def _everything(newest) -> dict:
    url = absolute("/data/portal.zip")
    package = _distribution("everything", "zip", url, "application/zip")
    return _known(
        {
            "@id": _id("everything"),
            "@type": "dcat:Dataset",
            "dct:identifier": "everything",
            "dct:title": _said(EVERYTHING),
            "dct:description": _said(EVERYTHING_WORDS),
            "dcat:landingPage": {"@id": absolute("/en/data/")},
            "dct:accrualPeriodicity": {"@id": f"{AUTHORITY}frequency/IRREG"},
            **_common(newest),
            "dcat:distribution": [{**package, "dcat:downloadURL": {"@id": url}}],
        }
    )


def _service(found) -> dict:
    return {
        "@id": _id("api"),
        "@type": "dcat:DataService",
        "dct:title": [{"@value": f"{name}: API", "@language": tag} for tag, name in _site_names().items()],
        "dcat:endpointURL": {"@id": absolute(ROOT)},
        "dcat:endpointDescription": {"@id": absolute(f"{ROOT}openapi.json")},
        "dcat:servesDataset": [{"@id": _id(each.resource.name)} for each in found],
    }


def _id(name) -> str:
    return absolute(f"/data/catalog.jsonld#{name}")


def _said(words) -> list[dict]:
    return [{"@value": text, "@language": tag} for tag, text in in_words(lambda: words).items()]


def _site_names() -> dict[str, str]:
    return {tag: settings.SITE_NAMES[code] for code, tag in _tags().items()}


def _tags() -> dict[str, str]:
    return {code: language_tag(code) for code, _name in settings.LANGUAGES}


def _known(values) -> dict:
    return {name: value for name, value in values.items() if value is not None}
