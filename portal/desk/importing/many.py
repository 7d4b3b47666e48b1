"""Columns whose cell lists several values, each a row of another table: sectors, numbers of registers, sources."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.importing.columns import Column
from portal.desk.importing.references import References
from portal.desk.importing.rules import rows_under
from portal.models import Source


class ManyColumn(Column):
    """The values of `value_of` are replaced by those of the cell. They are not attributes of the record:
    `filling.values` keeps the new ones until `rows_for` makes rows of them."""

    def empty(self):
        return ()

    def fill(self, filling, texts):
        text = texts.get(self.column_name)
        if not text:
            return
        try:
            value = self.read(text, filling.known)
            self.check(filling.record, value, text)
        except ValueError as error:
            filling.fail(self, text, error)
            return
        before = self.value_of(filling.record) if filling.record.pk else ()
        after = self.joined(before, value)
        if set(after) != set(before):
            filling.change(self, before, after)
            filling.values[self] = (before, after)

    def joined(self, before, value) -> tuple:
        """What the record has afterwards, if it had `before` and the cell says `value`."""
        return value

    def check(self, record, value, text):
        """Raises ValueError, with a sentence, where `record` cannot have `value`."""

    def rows_for(self, record, values) -> list:
        """New rows, not saved yet, by which `record` gets `values`."""
        raise NotImplementedError

    def rows_of(self, record, values) -> list:
        """The stored rows by which `record` has `values`."""
        raise NotImplementedError


class RelatedColumn(ManyColumn):
    """A many-to-many relation."""

    def __init__(self, model, name, **given):
        relation = model._meta.get_field(name)
        super().__init__(
            name,
            References(relation.related_model),
            relation.verbose_name,
            given.pop("explanation", relation.help_text),
            **given,
        )
        self.through = relation.remote_field.through
        self.here, self.there = relation.m2m_field_name(), relation.m2m_reverse_field_name()

    def value_of(self, record):
        return tuple(rows_under(record, self.name))

    def rows_for(self, record, values):
        return [self.through(**{self.here: record, self.there: value}) for value in values]

    def rows_of(self, record, values):
        return list(self.through.objects.filter(**{self.here: record, f"{self.there}__in": values}))


class SourceColumn(ManyColumn):
    """The sources of the record as a whole. They are added and never removed: a citation may hold a quote, and what is
    public rests on it."""

    def __init__(self, model):
        super().__init__(
            "source",
            References(Source),
            gettext_lazy("sources"),
            gettext_lazy(
                "The slugs of the sources of this record, with semicolons between them. They are added to those it "
                "has; to remove one, open the record. Nothing is public without a source."
            ),
            also=("sources", "来源", "出处", "信息来源"),
        )
        self.citation = model._meta.get_field("citations").related_model

    def empty(self):
        raise ValueError(_("Sources are only added here. To remove one, open the record."))

    def value_of(self, record):
        citations = [citation for citation in rows_under(record, "citations") if not citation.fact]
        return tuple(dict.fromkeys(citation.source for citation in sorted(citations, key=lambda each: each.pk)))

    def joined(self, before, value):
        return tuple(dict.fromkeys([*before, *value]))

    def check(self, record, value, text):
        cited = self.value_of(record) if record.pk else ()
        for source in value:
            if source.rejected_reason and source not in cited:
                raise ValueError(_("This source was rejected: %s") % source.rejected_reason)

    def rows_for(self, record, values):
        return [self.citation(record=record, source=source) for source in values]
