"""Which record a row is about: the one with its slug or its name, or the one with its key."""

from django.utils.translation import gettext as _

from portal.desk.importing.columns import Filling, is_cleared
from portal.desk.importing.known import address, addresses, name_columns, plain
from portal.desk.importing.resources import RecordResource
from portal.desk.importing.sheets import Faulty


class Mismatch(ValueError):  # noqa: N818
    """A row that cannot be tied to a record: the column, what it says, and what to do."""


class Matching(RecordResource):
    """What both ways share: two rows of a sheet are never about the same record."""

    def before_import(self, dataset, **kwargs):
        self.claimed = {}
        super().before_import(dataset, **kwargs)

    def _find(self, number, texts):
        """The key of the record that row `number` is about; None for a new one."""
        try:
            key = self.find(texts)
            self._claim(number, [key] if key is not None else self.claims(texts))
        except Mismatch as mismatch:
            self.mismatches[number] = mismatch.args
            return None
        return key

    def _claim(self, number, claims):
        for claim in claims:
            if (earlier := self.claimed.setdefault(claim, number)) != number:
                raise Mismatch(None, "", _("This is the same record as in row %d. Keep one of the two rows.") % earlier)

    def find(self, texts):
        raise NotImplementedError

    def claims(self, texts) -> list:
        """What no other row may say of a new record."""
        raise NotImplementedError


def typed(texts, name) -> str:
    """What a row says in the column `name`; empty where that is nothing, or unreadable."""
    text = texts.get(name, "")
    return "" if isinstance(text, Faulty) or is_cleared(text) else text


class BySlug(Matching):
    """Records with a slug: found by it, else by what `numbered` finds, else by their name in any language. A row that
    finds none is a new record, whose slug is made as in the forms of the desk."""

    def find(self, texts):
        slug, numbered = typed(texts, "slug"), self.numbered(texts)
        record = self.index.by_address.get(self.address_of(texts, plain(slug))) if slug else numbered
        if numbered is not None and record != numbered:
            message = _("The number in this row already belongs to %(name)s (%(slug)s).")
            raise Mismatch(None, "", message % {"name": numbered, "slug": address(numbered)})
        if record is not None:
            return record.pk
        named = [] if slug else self.named(texts)
        return self._only(named, texts) if named else None

    @property
    def index(self):
        return self.known.of(self.model())

    def address_of(self, texts, slug) -> str:
        return slug

    def numbered(self, texts):
        """The record with a number of a register that the row names; None where there is none."""

    def named(self, texts) -> list:
        """The records with a name that the row says."""
        found = [record for name in self._names(texts) for record in self.index.by_name.get(name, [])]
        return list(dict.fromkeys(found))

    def _names(self, texts):
        return [plain(text) for column in name_columns(self.model()) if (text := typed(texts, column))]

    def _only(self, named, texts):
        if len(named) == 1:
            return named[0].pk
        column = next(self.column_for(name) for name in name_columns(self.model()) if name in texts)
        message = _("Several records have this name. Write the slug of the one you mean: %s.") % addresses(named[:5])
        raise Mismatch(column, texts[column.column_name], message)

    def claims(self, texts):
        if slug := typed(texts, "slug"):
            return [("slug", self.address_of(texts, plain(slug)))]
        return [("name", self.address_of(texts, ""), name) for name in self._names(texts)]

    def name_new(self, record):
        if not record.slug:
            record.slug = self.index.slugs.free(record)

    def import_instance(self, instance, row, **kwargs):
        super().import_instance(instance, row, **kwargs)
        if instance.pk is None and typed(self.texts, "slug") and (named := self.named(self.texts)):
            text = _("%s has this name already. This row adds another record.")
            self.notices.append(text % f"{named[0]} ({address(named[0])})")


class ByKey(Matching):
    """Records without a slug: found by what makes them unique, the attributes `key`. A row that finds none is a new
    record."""

    key = ()

    def before_import(self, dataset, **kwargs):
        records = self.model().objects.only("pk", *self.key)
        self.keys = {self._key_of(record): record.pk for record in records}
        super().before_import(dataset, **kwargs)

    def _key_of(self, record) -> tuple:
        return tuple(getattr(record, self.model()._meta.get_field(name).attname) for name in self.key)

    def find(self, texts):
        return self.keys.get(self._key_in(texts))

    def claims(self, texts):
        key = self._key_in(texts)
        return [] if key is None else [key]

    def _key_in(self, texts) -> tuple | None:
        """The key that a row says; None where it cannot be read, which the row is told when it is filled in."""
        trial = Filling(self.model()(), self.known, frozenset(texts))
        for item in self.items:
            if any(column.is_about(name) for column in item.columns for name in self.key):
                item.fill(trial, texts)
        return None if trial.problems else self._key_of(trial.record)
