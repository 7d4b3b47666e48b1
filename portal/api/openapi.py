"""What the API says of itself: its first answer, the OpenAPI file, and what the guides for people are made from."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from portal.addresses import absolute
from portal.api.cursors import MOST, USUAL
from portal.api.fields import STRING
from portal.api.languages import TAGS
from portal.api.quantity_fields import quantity_schema
from portal.api.record_fields import ROOT
from portal.api.resources import all_resources

VERSION = "1.0.0"
PROBLEM = {"$ref": "#/components/schemas/Problem"}


def licence() -> dict | None:
    if not settings.DATA_LICENCE:
        return None
    return {"name": settings.DATA_LICENCE, "url": settings.DATA_LICENCE_URL or None}


def index() -> dict:
    """The answer of `/api/v1/`: where everything is."""
    code = get_language()
    return {
        "datasets": {each.name: each.url for each in all_resources()},
        "openapi": absolute(reverse("api_description")),
        "guide": absolute(f"/{code}/data/api/"),
        "datapackage": absolute("/data/datapackage.json"),
        "everything": absolute("/data/portal.zip"),
        "catalogue": absolute("/data/catalog.jsonld"),
        "licence": licence(),
    }


# --- OpenAPI ----------------------------------------------------------------------------------------------------------


def document() -> dict:
    """The OpenAPI file, with its words in the active language."""
    terms = licence()
    info = {
        "title": _("%(site)s: data") % {"site": settings.SITE_NAMES[get_language()]},
        "version": VERSION,
        "summary": _("Everything that is public on the portal, read-only and without a key."),
        "description": " ".join(RULES()),
    }
    if terms:
        info["license"] = {key: value for key, value in terms.items() if value}
    if settings.CONTACT_EMAIL:
        info["contact"] = {"email": settings.CONTACT_EMAIL}
    return {
        "openapi": "3.1.0",
        "info": info,
        "servers": [{"url": settings.SITE_URL or "/"}],
        "paths": {**_own_paths(), **_paths()},
        "components": {"schemas": {**_shared_schemas(), **_record_schemas()}, "responses": _problems()},
        "externalDocs": {"url": absolute(f"/{get_language()}/data/api/")},
    }


def RULES() -> list[str]:  # noqa: N802 (a text that is written when it is asked for)
    """What holds for every answer."""
    return [
        _("Texts come in every language at once; with “language” they come as plain text in one of them."),
        _("Numbers keep the qualifier they were published with; what was not disclosed is null and never zero."),
        _("Dates are as exact as their sources: 2024, 2024-11 or 2024-11-15."),
        _("Lists come in pages: follow “next” until it is null."),
    ]


def _own_paths() -> dict:
    anything = {"type": "object"}
    return {
        ROOT: _path("index", _("Where everything is"), anything, [_language()]),
        reverse("api_description"): _path("openapi", _("This description"), anything, [_language()]),
    }


def _paths() -> dict:
    paths = {}
    for each in all_resources():
        name, title = each.name.title(), str(each.title)
        paths[ROOT + each.name] = _path(
            f"list{name}", title, _list_schema(each), _list_parameters(each), _list_example(each), str(each.definition)
        )
        for form in each.also:
            parameters = [one for one in _list_parameters(each) if one["name"] != "language"]
            paths[f"{ROOT}{each.name}/{form.name}"] = _path(
                f"list{name}As{form.name.title()}",
                str(form.title),
                {"type": "object"},
                parameters,
                words=str(form.explanation),
            )
        key = "/".join(f"{{{part}}}" for part in each.key)
        parts = [_key_parameter(each, part) for part in each.key]
        record = {"$ref": f"#/components/schemas/{each.singular.title()}"}
        paths[f"{ROOT}{each.name}/{key}"] = _path(
            f"get{name}", _("One record of: %s") % title, record, [*parts, _language()], example(each), is_record=True
        )
    return paths


def _path(operation, summary, schema, parameters, example=None, words="", *, is_record=False) -> dict:
    content = {"schema": schema} if example is None else {"schema": schema, "example": example}
    responses = {
        "200": {
            "description": summary,
            "headers": {"ETag": {"schema": {"type": "string"}}},
            "content": {"application/json": content},
        },
        "304": {"description": _("Nothing has changed since the ETag that was sent along.")},
        "400": {"$ref": "#/components/responses/BadRequest"},
    }
    if is_record:
        responses["404"] = {"$ref": "#/components/responses/NotFound"}
        responses["410"] = {"$ref": "#/components/responses/Gone"}
    get = {"operationId": operation, "summary": summary, "parameters": parameters, "responses": responses}
    return {"get": {**get, "description": words} if words else get}


def _list_parameters(resource) -> list[dict]:
    return [
        *(_filter_parameter(each) for each in resource.filters),
        _language(),
        _query("limit", _limit_words(), {"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
        _query("cursor", _cursor_words(), {"type": "string", "minLength": 1}),
    ]


def _limit_words() -> str:
    return _("How many records a page holds: 1 to %(most)s; %(usual)s if it is left out.") % {
        "most": MOST,
        "usual": USUAL,
    }


def _cursor_words() -> str:
    return _("Where the page begins: only ever what “next” of the page before says.")


def _filter_parameter(each) -> dict:
    schema = {"type": "string", "minLength": 1}
    if each.choices:
        schema = {"type": "string", "enum": list(each.choices)}
    return _query(each.name, str(each.explanation), schema)


def _language() -> dict:
    words = _("One language for all texts; without it they come in every language.")
    return _query("language", words, {"type": "string", "enum": TAGS})


def _query(name, words, schema) -> dict:
    return {"name": name, "in": "query", "required": False, "description": words, "schema": schema}


def _key_parameter(resource, name) -> dict:
    field = next(each for each in resource.fields if each.name == name)
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": field.explanation,
        "schema": {"type": "string", "minLength": 1, "pattern": "^[^/]+$"},
    }


def _list_schema(resource) -> dict:
    link = {"type": ["string", "null"]}
    return {
        "type": "object",
        "properties": {
            "data": {"type": "array", "items": {"$ref": f"#/components/schemas/{resource.singular.title()}"}},
            "links": {
                "type": "object",
                "properties": {"self": {"type": "string"}, "next": link},
                "required": ["self", "next"],
            },
            "licence": {
                "type": ["object", "null"],
                "properties": {"name": {"type": "string"}, "url": STRING},
                "required": ["name", "url"],
            },
        },
        "required": ["data", "links", "licence"],
    }


def example(resource) -> dict:
    """A record of `resource` with every field, in every language."""
    return {each.name: each.sample for each in resource.fields}


def _list_example(resource) -> dict:
    links = {"self": resource.url, "next": f"{resource.url}?cursor=…"}
    return {"data": [example(resource)], "links": links, "licence": licence()}


def _record_schemas() -> dict:
    fallbacks = {
        "type": "object",
        "description": _("With “language”: which texts are in another language, by their place (a JSON pointer)."),
        "additionalProperties": {"type": "string", "enum": TAGS},
    }
    schemas = {}
    for each in all_resources():
        schema = each.schema
        schema["properties"] = {**schema["properties"], "fallbacks": fallbacks}
        schemas[each.singular.title()] = {**schema, "type": "object", "description": str(each.definition)}
    return schemas


def _shared_schemas() -> dict:
    in_each = dict.fromkeys(TAGS, STRING)
    return {
        "Text": {
            "description": _("A text in every language, null where it is not recorded; with “language” plain text."),
            "oneOf": [
                {"type": "object", "properties": in_each, "required": TAGS, "additionalProperties": False},
                {"type": "string"},
                {"type": "null"},
            ],
        },
        "Quantity": quantity_schema(),
        "Problem": {
            "description": _("What went wrong (RFC 9457), in the language of whoever asked."),
            "type": "object",
            "properties": {
                "type": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "parameter": {"type": "string", "description": _("The parameter at fault.")},
                "allowed": {"type": "array", "items": {"type": "string"}, "description": _("What it may be.")},
            },
            "required": ["type", "title", "status", "detail"],
            "additionalProperties": False,
        },
    }


def _problems() -> dict:
    content = {"application/problem+json": {"schema": PROBLEM}}
    return {
        "BadRequest": {"description": _("A parameter is unknown, or its value means nothing."), "content": content},
        "NotFound": {"description": _("No public record has this address."), "content": content},
        "Gone": {"description": _("The record was withdrawn."), "content": content},
    }


# --- For people -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """One field in a table: where it stands in the JSON, what it is, and of what kind."""

    path: str
    heading: str
    explanation: str
    type: str


@dataclass(frozen=True)
class Parameter:
    name: str
    explanation: str
    values: list[str]


def guide() -> dict:
    """What the guide to the API says besides the datasets."""
    return {
        "root": absolute(ROOT),
        "openapi": reverse("api_description"),
        "rules": RULES(),
        "parameters": [Parameter("language", _language()["description"], TAGS), *_paging()],
        "ocds": next((form for each in all_resources() for form in each.also), None),
    }


def _paging() -> list[Parameter]:
    return [Parameter("limit", _limit_words(), []), Parameter("cursor", _cursor_words(), [])]


def guide_to(resource) -> dict:
    """What the guide to one dataset says: its fields, its parameters, and requests to try."""
    return {
        "lines": list(_lines(resource.fields)),
        "parameters": [
            Parameter(each.name, str(each.explanation), list(each.choices) or [each.example])
            for each in resource.filters
        ],
        "requests": _requests(resource),
    }


def _requests(resource) -> list[str]:
    """Requests that every portal can answer."""
    known = [f"{each.name}={next(iter(each.choices))}" for each in resource.filters if each.choices]
    queries = ["limit=5", f"language={TAGS[-1]}&limit=1", *(f"{each}&limit=5" for each in known[:1])]
    return [f"{ROOT}{resource.name}?{query}" for query in queries]


def _lines(fields, before=""):
    for each in fields:
        path = before + each.name
        yield Line(path + ("[]" if each.is_list else ""), each.heading, each.explanation, _type_of(each))
        if each.parts:
            yield from _lines(each.parts, f"{path}{'[]' if each.is_list else ''}.")


def _type_of(field) -> str:
    if field.parts:
        return pgettext("kind of value", "list") if field.is_list else pgettext("kind of value", "object")
    shape = field.shape
    if "$ref" in shape:
        name = shape["$ref"].rpartition("/")[2]
        return pgettext("kind of value", "text") if name == "Text" else pgettext("kind of value", "quantity")
    if "code" in shape.get("properties", {}):
        return pgettext("kind of value", "code and words")
    if "pattern" in shape:
        return pgettext("kind of value", "date")
    names = {
        "string": pgettext("kind of value", "characters"),
        "number": pgettext("kind of value", "number"),
        "integer": pgettext("kind of value", "number"),
        "boolean": pgettext("kind of value", "true or false"),
        "array": pgettext("kind of value", "list"),
        "object": pgettext("kind of value", "object"),
    }
    kind = shape["type"]
    return names[kind[0] if isinstance(kind, list) else kind]
