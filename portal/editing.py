"""Building blocks of the staff desk, so that the admin classes of the apps are configuration.

`RecordAdmin` (or `PublishableAdmin`) for records with pages of their own, `Rows` or `Cards` for records under them,
`citations_of` for their sources. In fieldsets, `columns("title")` puts both languages side by side and
`quantity("amount")` the parts of a number.
"""

from itertools import chain, count
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import UniqueConstraint, URLField, Value
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from translated_fields import TranslatedFieldAdmin, show_language_code

from portal.fields import PartialDateField
from portal.provenance import citable_facts

# --- Fields -----------------------------------------------------------------------------------------------------------


def quantity(name) -> tuple[str, ...]:
    """The columns of a `QuantityField` as one row of a form."""
    return tuple(f"{name}_{part}" for part in ("comparator", "value", "value_to", "approximate", "words"))


def suggesting(options) -> forms.TextInput:
    """A text input with the suggestions that `templates/admin/change_form.html` lists under the id `options`."""
    return forms.TextInput(attrs={"list": options, "class": "suggesting"})


class _OfExistingRecords:
    """Selects nothing for a value that cannot be the number of a record; the error beside the field is enough. The
    stock widget looks it up and answers 500."""

    def optgroups(self, name, value, attr=None):
        try:
            return super().optgroups(name, value, attr)
        except (DataError, OverflowError, ValueError):
            return super().optgroups(name, [], attr)


class RecordSelect(_OfExistingRecords, AutocompleteSelect):
    pass


class RecordSelectMultiple(_OfExistingRecords, AutocompleteSelectMultiple):
    pass


def choosing_time_zone() -> forms.Select:
    return forms.Select(choices=[(name, name) for name in sorted(available_timezones())])


# --- Forms ------------------------------------------------------------------------------------------------------------


class RecordForm(forms.ModelForm):
    """Fills in a slug that was left empty, so that an editor is never stuck on it."""

    rows = None  # the formset, where the record is a row under another one

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self):
        super().clean()
        if self.cleaned_data.get("slug") == "":
            self.cleaned_data["slug"] = self.instance.slug or self._free_slug()

    def _free_slug(self) -> str:
        """The English title, else the kind of record, in the letters of an address; numbered where that is taken."""
        titles = (self.cleaned_data.get(name, "") for name in ("title_en", "name_en", "kind"))
        words = (text.replace("_", " ") for text in chain(titles, [self._meta.model.__name__]))
        stem = next(filter(None, map(slugify, words)))[: self.fields["slug"].max_length - len("-999")]
        taken = self._taken_slugs()
        return next(slug for slug in chain([stem], (f"{stem}-{n}" for n in count(2))) if slug not in taken)

    def _taken_slugs(self) -> set[str]:
        if self.rows is None:
            return set(self._meta.model.objects.values_list("slug", flat=True))
        in_other_rows = {getattr(row, "cleaned_data", {}).get("slug") for row in self.rows.forms}
        return in_other_rows | {record.slug for record in self.rows.get_queryset()}


class RecordFormSet(forms.BaseInlineFormSet):
    """Holds the rows against one another by the unique constraints of their model. Django does so for some of them only
    and leaves the rest to the database, which answers with an error instead of the sentence of the constraint."""

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.rows = self

    def clean(self):
        filled = [form for form in self.forms if form.is_valid() and form.cleaned_data]
        kept = [form.instance for form in filled if form not in self.deleted_forms]
        for constraint in self.model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                keys = [self._key(constraint, record) for record in kept if _is_bound_by(constraint, record)]
                if len(set(keys)) < len(keys):
                    raise ValidationError(constraint.get_violation_error_message(), code="repeated")
        super().clean()

    def _key(self, constraint, record):
        """What the constraint compares, as it will be stored; the record above is the same for all rows."""
        fields = [self.model._meta.get_field(name) for name in constraint.fields if name != self.fk.name]
        return tuple(field.get_prep_value(field.value_from_object(record)) for field in fields)


def _is_bound_by(constraint, record) -> bool:
    if constraint.condition is None:
        return True
    fields = record._meta.concrete_fields
    return constraint.condition.check({field.name: Value(field.value_from_object(record), field) for field in fields})


# --- Records ----------------------------------------------------------------------------------------------------------


class Record(TranslatedFieldAdmin):
    """What forms and rows share. `widgets` names the widgets of single fields."""

    form = RecordForm
    formfield_overrides = {PartialDateField: {"max_length": None}, URLField: {"assume_scheme": "https"}}
    widgets = {}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.widgets:
            kwargs["widget"] = self.widgets[db_field.name]
        elif db_field.name in self.autocomplete_fields:
            select = RecordSelectMultiple if db_field.many_to_many else RecordSelect
            kwargs["widget"] = select(db_field, self.admin_site)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RecordAdmin(Record, admin.ModelAdmin):
    list_per_page = 50

    def get_changeform_initial_data(self, request):
        """Nothing: an address does not fill in forms, so that none can fill them with nonsense."""
        return {}

    def view_on_site(self, record):
        """The page of the record, once visitors can see it."""
        if hasattr(record, "get_absolute_url") and type(record).objects.published().contains(record):
            return record.get_absolute_url()
        return None


class UnderRecord(Record):
    formset = RecordFormSet
    extra = 0
    view_on_site = False

    def get_queryset(self, request):
        return super().get_queryset(request).select_related(*self.autocomplete_fields)


class Rows(UnderRecord, admin.TabularInline):
    pass


class Cards(UnderRecord, admin.StackedInline):
    pass


# --- Publication ------------------------------------------------------------------------------------------------------


class PublicationFilter(admin.SimpleListFilter):
    title = _("publication")
    parameter_name = "publication"

    def lookups(self, request, model_admin):
        return [("draft", _("draft")), ("scheduled", _("scheduled")), ("public", _("public"))]

    def queryset(self, request, queryset):
        match self.value():
            case "draft":
                return queryset.drafts()
            case "scheduled":
                return queryset.scheduled()
            case "public":
                return queryset.published()
        return queryset


PUBLICATION = (_("Publication"), {"fields": ["published_at"]})


class PublishableAdmin(RecordAdmin):
    date_hierarchy = "published_at"
    list_filter = [PublicationFilter]
    actions = ["publish_now", "back_to_draft"]

    @admin.display(description=_("publication"), ordering="published_at")
    def publication(self, record):
        if record.is_draft:
            return _("draft")
        return _("public") if record.is_public else _("scheduled")

    @admin.action(description=_("Publish now"), permissions=["change"])
    def publish_now(self, request, records):
        records = self._log_publication(request, records)
        changed = records.publish()
        self.message_user(request, ngettext("%d record published.", "%d records published.", changed) % changed)
        if hidden := records.count() - records.published().count():
            text = ngettext(
                "%d record stays hidden until what it belongs to is public.",
                "%d records stay hidden until what they belong to is public.",
                hidden,
            )
            self.message_user(request, text % hidden, messages.WARNING)

    @admin.action(description=_("Back to draft"), permissions=["change"])
    def back_to_draft(self, request, records):
        changed = self._log_publication(request, records).unpublish()
        self.message_user(request, ngettext("%d record is a draft.", "%d records are drafts.", changed) % changed)

    def _log_publication(self, request, records):
        """The same records, also once the filter of the list no longer finds them; their histories note the change."""
        records = self.model.objects.filter(pk__in=[record.pk for record in records])
        LogEntry.objects.log_actions(request.user.pk, records, CHANGE, [{"changed": {"fields": ["published at"]}}])
        return records


# --- Sources ----------------------------------------------------------------------------------------------------------


class Citations(Rows):
    autocomplete_fields = ["source"]

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "fact":
            kwargs["widget"] = forms.Select(choices=fact_choices(self.parent_model))
        return super().formfield_for_dbfield(db_field, request, **kwargs)


def citations_of(record_model) -> type[Citations]:
    """The rows for the citations of `record_model`."""
    model = record_model._meta.get_field("citations").related_model
    return type(f"{model.__name__}s", (Citations,), {"model": model})


def fact_choices(record_model) -> list[tuple[str, str]]:
    """What a citation of `record_model` can support, under the names that editors know."""
    with show_language_code(False):  # a fact is the same in every language
        facts = [(name, str(label)) for name, label in citable_facts(record_model).items()]
    return [("", _("the record as a whole")), *facts]
