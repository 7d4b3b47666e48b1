"""What the cells of a sheet can refer to: records by their address or by their name, loaded once for a whole sheet."""

import re
import unicodedata
from collections import defaultdict
from functools import cached_property
from itertools import chain

from django.core.exceptions import ValidationError
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.desk.importing.likeness import Likeness
from portal.fields import columns

BETWEEN = re.compile(r"\s*[;；\n]\s*")  # the values of a cell that holds several
MOST_NAMED = 3  # of several records that a name could mean


def plain(text) -> str:
    """`text` as it is compared: in one form of every character, in small letters, with single spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


class Slugs:
    """Makes slugs that nothing bears, as the forms of the desk do: of the English title, else of the kind of record;
    numbered where that is taken."""

    def __init__(self, taken):
        self.taken = set(taken)
        self._last = defaultdict(lambda: 1)

    def free(self, record) -> str:
        texts = (getattr(record, name, "") for name in ("title_en", "name_en", "kind"))
        words = (text.replace("_", " ") for text in chain(texts, [type(record).__name__]))
        stem = next(filter(None, map(slugify, words)))[: record._meta.get_field("slug").max_length - len("-99999")]
        slug = stem
        while slug in self.taken:
            self._last[stem] += 1
            slug = f"{stem}-{self._last[stem]}"
        self.taken.add(slug)
        return slug


class Known:
    """All records that a sheet can refer to, one index for each model, made when it is first asked for."""

    def __init__(self):
        self._indexes = {}

    def of(self, model) -> "Index":
        if model not in self._indexes:
            self._indexes[model] = Index(model)
        return self._indexes[model]

    def introduced(self) -> list:
        """The new records of each model that cells have named: pairs of model and records."""
        return [(model, list(index.new.values())) for model, index in self._indexes.items() if index.new]


class Index:
    """The records of one model by their address (the natural key: a slug, or `conference/session`) and by their names
    in every language."""

    def __init__(self, model):
        self.model = model
        self.new = {}  # what the sheet itself introduces, by its plain name

    @cached_property
    def by_address(self) -> dict:
        paths = self.model.key_paths()
        parents = [path.rpartition("__")[0] for path in paths if "__" in path]
        records = self.model.objects.select_related(*parents)
        return {"/".join(record.natural_key()): record for record in records.order_by("pk")}

    @cached_property
    def by_key(self) -> dict:
        return {record.pk: record for record in self.by_address.values()}

    @cached_property
    def by_name(self) -> dict[str, list]:
        found = defaultdict(list)
        for record in self.by_address.values():
            for name in {plain(getattr(record, column)) for column in name_columns(self.model)} - {""}:
                found[name].append(record)
        return found

    @cached_property
    def _likeness(self):
        return Likeness([*self.by_address, *self.by_name])

    def find(self, text):
        """The record that `text` is the address or the name of; ValueError, with what to do, where there is no single
        one."""
        found = self.named(text)
        if len(found) == 1:
            return found[0]
        raise ValueError(self.several(text, found) if found else self.unknown(text))

    def named(self, text) -> list:
        record = self.by_address.get(text.strip()) or self.by_address.get(plain(text))
        return [record] if record is not None else self.by_name.get(plain(text), [])

    def like(self, text) -> list:
        """The records whose name or address is almost `text`."""
        found = []
        for each in self._likeness.names_like(plain(text)):
            found += [self.by_address[each]] if each in self.by_address else self.by_name[each]
        return list(dict.fromkeys(found))[:MOST_NAMED]

    def introduce(self, names):
        """A new draft with these names, the same one wherever the sheet names it."""
        key = tuple(map(plain, names))
        if key not in self.new:
            record = self.model(**dict(zip(columns("name"), names, strict=True)))
            record.slug = self.slugs.free(record)
            try:
                record.clean_fields()
            except ValidationError as error:
                raise ValueError(" ".join(error.messages)) from None
            self.new[key] = record
        return self.new[key]

    @cached_property
    def slugs(self):
        return Slugs(self.by_address)

    def several(self, text, records) -> str:
        words = ngettext(
            "%(number)d record has the name “%(text)s”. Write the slug instead: %(slugs)s.",
            "%(number)d records have the name “%(text)s”. Write the slug of the one you mean: %(slugs)s.",
            len(records),
        )
        return words % {"number": len(records), "text": text[:80], "slugs": addresses(records[:MOST_NAMED])}

    def unknown(self, text) -> str:
        meant = self.like(text)
        if not meant:
            return _("No %(kind)s is called “%(text)s”. Add it first, or write its slug.") % self._names(text)
        return _("No %(kind)s is called “%(text)s”. Did you mean %(meant)s?") % {
            **self._names(text),
            "meant": described(meant),
        }

    def _names(self, text):
        return {"kind": self.model._meta.verbose_name, "text": text[:80]}


def name_columns(model) -> tuple[str, ...]:
    """The columns by which people name a record of `model`."""
    stored = {field.name for field in model._meta.concrete_fields}
    named = columns("name") if columns("name")[0] in stored else columns("title")
    return (*named, "legal_name") if "legal_name" in stored else named


def address(record) -> str:
    return "/".join(record.natural_key())


def addresses(records) -> str:
    return ", ".join(map(address, records))


def described(records) -> str:
    """Records by name and address, for a sentence."""
    return _(" or ").join(f"{record} ({address(record)})" for record in records)
