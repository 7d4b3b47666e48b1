"""What a record says of other records as fields: what belongs to it, what it names, and where its own pages are."""

from operator import attrgetter

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from portal.addresses import absolute
from portal.api.fields import Field, json_of, plain, texts
from portal.downloads import Column, Kind, translated_columns
from portal.downloads.columns import page_column, reached
from portal.languages import language_tag

ROOT = "/api/v1/"


def one(name, heading, explanation, find, parts, columns=(), **known) -> Field:
    """Something that belongs to a record, or nothing."""

    def said_of(row):
        found = find(row)
        return None if found is None else json_of(parts, found)

    return Field(name, heading, explanation, said_of, columns=columns, parts=parts, **known)


def many(name, heading, explanation, find, parts, columns=(), **known) -> Field:
    """A list of what belongs to a record. `columns` say it in the row of the record; the data package has a table of
    its own for it."""

    def said_of(row):
        return [json_of(parts, each) for each in find(row)]

    return Field(name, heading, explanation, said_of, columns=columns, parts=parts, rows=find, **known)


def reference(name, heading, explanation, find, kind, *, label="name", columns=(), **known) -> Field:
    """A record of the dataset `kind` that is named here: its slug, its name and where the API has it. `find` must find
    public ones only."""
    named = (
        Column(name, _("%(heading)s: %(part)s") % {"heading": heading, "part": _("code")}, explanation, _slug_of),
        *translated_columns(label, heading, explanation, name=name),
    )
    columns = columns or reached(find, named)
    return one(name, heading, explanation, find, naming(kind, label), columns, refers_to=kind, **known)


_slug_of = attrgetter("slug")


def naming(kind, label="name", column="") -> tuple[Field, ...]:
    """What is said of a record wherever another one names it; `column` names its slug in a table of such records."""
    return (
        plain(
            "slug",
            _("Identifier"),
            _("The end of its address here. It does not change."),
            shape={"type": "string"},
            example="example",
            column=column,
            refers_to=kind,
        ),
        texts(label, _("Name"), _("Its name or title.")),
        plain(
            "api_url",
            _("Address in the API"),
            _("Everything the API says of it."),
            lambda row: address_of(kind, row.slug),
            Kind.URL,
            example=address_of(kind, "example"),
        ),
    )


def address_of(kind, *key) -> str:
    """Where the API has the record of the dataset `kind` with this key."""
    return absolute("/".join([ROOT + kind, *key]))


def pages(find=lambda row: row) -> Field:
    """The pages of a record, in each language; `find` finds the record that has one."""

    def addresses(row):
        record, found = find(row), {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found[language_tag(code)] = absolute(record.get_absolute_url())
        return found

    tags = [language_tag(code) for code, _name in settings.LANGUAGES]
    shape = {
        "type": "object",
        "properties": {tag: {"type": "string"} for tag in tags},
        "required": tags,
        "additionalProperties": False,
    }
    column = page_column()
    return Field(
        "pages",
        column.heading,
        _("The pages of this record for people, in each language."),
        addresses,
        shape,
        {tag: absolute(f"/{code}/") for tag, (code, _name) in zip(tags, settings.LANGUAGES, strict=True)},
        (column,),
    )
