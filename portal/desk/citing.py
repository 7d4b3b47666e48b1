"""Sources and corrections at the staff desk: the rows under a record, and the rule that what is public has a source."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from translated_fields import show_language_code

from portal.desk.editing import Cards, RecordFormSet, Rows
from portal.fields import columns
from portal.provenance import citable_facts

NEEDS_A_SOURCE = _(
    "Nothing is public without a source. Cite one that states or implies something, or save this as a draft."
)
LOSES_ITS_SOURCE = _(
    "This would leave a public record without a usable source. Cite another one, or tick “Make it a draft and remove "
    "the source”."
)


class CitationFormSet(RecordFormSet):
    """The sources of a record. One that is or will be public keeps a usable one, or its editor chooses a draft."""

    made_draft = False
    offers_draft = False

    @property
    def draft_choice(self) -> str:
        """The name of the box that stands beside the rows when the last usable source would go."""
        return f"{self.prefix}-make_draft"

    def clean(self):
        super().clean()
        if any(self._errors) or not self._lacks_a_source():
            return
        self.offers_draft = self._loses_its_source()
        if not self.offers_draft:
            raise ValidationError(NEEDS_A_SOURCE, code="unsourced")
        if self.draft_choice not in self.data:
            raise ValidationError(LOSES_ITS_SOURCE, code="unsourced")
        self.instance.published_at = None
        self.made_draft = True

    def _lacks_a_source(self) -> bool:
        record = self.instance
        if not getattr(record, "published_at", None) or any(citation.is_usable for citation in self.kept()):
            return False
        if parent := getattr(record, "sourced_by", None):
            field = record._meta.get_field(parent)
            sourced = field.related_model.objects.with_usable_source()
            return not sourced.filter(pk=getattr(record, field.attname)).exists()
        return True

    def _loses_its_source(self) -> bool:
        """Whether the record is stored as public or scheduled and has a usable source as yet."""
        published = type(self.instance).objects.exclude(published_at=None)
        return published.with_usable_source().filter(pk=self.instance.pk).exists()


class NamesAFact:
    """Mixin for rows that are about one fact of the record above them."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "fact":
            kwargs["widget"] = forms.Select(choices=fact_choices(self.parent_model))
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class Citations(NamesAFact, Rows):
    formset = CitationFormSet
    template = "admin/citation_rows.html"
    autocomplete_fields = ["source"]


class Corrections(NamesAFact, Cards):
    fields = [("kind", "made_on", "fact"), "old_value", columns("reason")]


def citations_of(record_model) -> type[Citations]:
    """The rows for the citations of `record_model`."""
    return _rows_of(record_model, "citations", Citations)


def corrections_of(record_model) -> type[Corrections]:
    """The cards for the corrections of `record_model`, and for its withdrawal."""
    return _rows_of(record_model, "corrections", Corrections)


def _rows_of(record_model, relation, rows):
    model = record_model._meta.get_field(relation).related_model
    return type(f"{model.__name__}s", (rows,), {"model": model})


def fact_choices(record_model) -> list[tuple[str, str]]:
    """What a citation or correction of `record_model` can be about, under the names that editors know."""
    with show_language_code(False):  # a fact is the same in every language
        facts = [(name, str(label)) for name, label in citable_facts(record_model).items()]
    return [("", _("the record as a whole")), *facts]
