"""The answers of `/api/v1/`, and the pages that explain them."""

from functools import partial

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from portal import datasets
from portal.api import openapi
from portal.api.answers import as_json, open_data
from portal.api.fields import json_of
from portal.api.languages import TAGS, in_language
from portal.api.problems import Problem, code_of
from portal.api.requests import OF_A_RECORD, asked_of_list, language_in, parameters_of
from portal.api.resources import all_resources, resource_named
from portal.corrections import Withdrawn, get_public_or_tombstone
from portal.downloads import respond
from portal.languages import language_tag
from portal.prepared import prepared

BOTH = ", ".join(TAGS)


@open_data
def index(request):
    return _in_words(request, openapi.index)


@open_data
def description(request):
    """The OpenAPI file."""
    return _in_words(request, openapi.document)


def _in_words(request, make):
    """What `make` writes, in the language that is asked for, or else in English."""
    tag = language_in(parameters_of(request, OF_A_RECORD))
    with translation.override(code_of(tag) if tag else settings.LANGUAGE_CODE):
        document = None if request.method == "HEAD" else make()
        return as_json(document, **{"Content-Language": language_tag(get_language())})


@open_data
def record_list(request, kind):
    resource = _resource(kind)
    asked = asked_of_list(request, resource)
    if request.method == "HEAD":
        return as_json(None, **{"Content-Language": asked.language or BOTH})
    page = asked.page(resource.loaded)
    following = asked.url(page.cursor)
    records = [_said(resource, record, asked.language) for record in page.records]
    links = {"self": asked.first_url(**({"cursor": asked.cursor} if asked.cursor else {})), "next": following}
    headers = {"Content-Language": asked.language or BOTH}
    if following:
        headers["Link"] = f'<{following}>; rel="next"'
    return as_json({"data": records, "links": links, "licence": openapi.licence()}, **headers)


@open_data
def record_detail(request, kind, key):
    resource = _resource(kind)
    for form in resource.also:
        if key == form.name:
            return _other_form(request, resource, form)
    tag = language_in(parameters_of(request, OF_A_RECORD))
    lookup = _lookup(resource, key)
    is_head = request.method == "HEAD"
    record = _public(resource, lookup, _bare if is_head else _loaded)
    document = None if is_head else _said(resource, record, tag)
    return as_json(document, **{"Content-Language": tag or BOTH})


@open_data
def nothing_here(request, path):
    raise Problem(404)


def _resource(kind):
    if resource := resource_named(kind):
        return resource
    raise Problem(404)


def _lookup(resource, key) -> dict:
    parts = key.split("/")
    lookup = resource.lookup(*parts) if len(parts) == len(resource.key) else None
    if lookup is None:
        raise Problem(404)
    return lookup


def _public(resource, lookup, build):
    has_text_alone = all(isinstance(value, str) for value in lookup.values())  # a prepared query takes nothing else
    records = partial(build, resource.name) if has_text_alone else build(resource.name)
    try:
        if resource.has_corrections:
            return get_public_or_tombstone(records, **lookup)
        if found := prepared(records, **lookup):
            return found[0]
        raise Problem(404)
    except Withdrawn:
        raise Problem(410) from None
    except Http404:
        raise Problem(404) from None


def _bare(name):
    resource = resource_named(name)
    return resource.records().with_corrections() if resource.has_corrections else resource.records()


def _loaded(name):
    return resource_named(name).loaded(_bare(name))


def _said(resource, record, tag) -> dict:
    document = json_of(resource.fields, record)
    return in_language(document, tag) if tag else document


def _other_form(request, resource, form):
    asked = asked_of_list(request, resource)
    if request.method == "HEAD":
        return as_json(None)
    page = asked.page(form.loaded, form.name)
    following = asked.url(page.cursor, form.name)
    headers = {"Link": f'<{following}>; rel="next"'} if following else {}
    return as_json(form.package(page.records, {"self": asked.first_url(form.name), "next": following}), **headers)


# --- For people -------------------------------------------------------------------------------------------------------


@require_safe
def api_guide(request):
    return render(request, "portal/api_guide.html", {"resources": all_resources(), "guide": openapi.guide()})


@require_safe
def dataset_guide(request, kind):
    resource = resource_named(kind)
    if resource is None:
        raise Http404("no such dataset")
    return render(request, "portal/dataset_guide.html", {"resource": resource, "guide": openapi.guide_to(resource)})


@require_safe
def dataset_download(request, name, file_format):
    """The whole of a dataset as a file, or what parameters leave of it, as on the pages."""
    resource = datasets.resource_of_file(name)
    if resource is None:
        raise Http404("no such dataset")
    parameters = request.GET.dict()
    rows, understood = resource.narrowed(parameters)
    narrowed = {name: value for name, value in parameters.items() if name in understood}
    return respond(request, resource.table(rows, narrowed), file_format)
