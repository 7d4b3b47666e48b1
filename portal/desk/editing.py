"""Building blocks of the staff desk, so that the admin classes of the apps are configuration.

`RecordAdmin` (or `portal.desk.publication.PublishableAdmin`) for records with pages of their own, `Rows` or `Cards` for
records under them; `portal.desk.citing` adds their sources and corrections. In fieldsets, `columns("title")` puts both
languages side by side and `quantity("amount")` the parts of a number.
"""

from itertools import chain, count
from zoneinfo import available_timezones

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import DataError
from django.db.models import TextField, UniqueConstraint, URLField, Value
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from translated_fields import TranslatedFieldAdmin

from portal.desk.buttons import NEEDED_BENEATH, ObeysButtons, is_needed_beneath
from portal.desk.conflicts import WarnsOfConflicts
from portal.desk.deleting import without_joins
from portal.desk.filters import filters_of
from portal.desk.focal_point import PictureInput
from portal.desk.histories import KeepsHistory
from portal.desk.prose_editor import ProseInput, ShowsProse
from portal.desk.roles import ByRole, may_publish
from portal.fields import PartialDateField
from portal.prose import ProseField
from portal.publishing import Publishable
from portal.quantity_reading import NotUnderstood, read_quantity
from portal.uploads import ImageUpload

# --- Fields -----------------------------------------------------------------------------------------------------------


def quantity(name) -> tuple[str, ...]:
    """The columns of a `QuantityField` as one row of a form."""
    return tuple(f"{name}_{part}" for part in ("comparator", "value", "value_to", "approximate", "words"))


def picture(name) -> tuple:
    """The file of a `PictureField` and, under it, its focal point as a row of a form: `*picture("portrait")`."""
    return (name, (f"{name}_focus_x", f"{name}_focus_y"))


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
    def build_attrs(self, base_attrs, extra_attrs=None):
        """Without the cross that empties the box: Select2 draws it as a broken list, and each record has its own."""
        return super().build_attrs(base_attrs, extra_attrs) | {"data-allow-clear": "false"}


def choosing_time_zone() -> forms.Select:
    return forms.Select(choices=[(name, name) for name in sorted(available_timezones())])


# --- Forms ------------------------------------------------------------------------------------------------------------


class RecordForm(ObeysButtons, forms.ModelForm):
    """Fills in a slug that was left empty, so that an editor is never stuck on it, and a number of which only the words
    of the source were written."""

    rows = None  # the formset, where the record is a row under another one

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False

    def clean(self):
        super().clean()
        if self.cleaned_data.get("slug") == "":
            self.cleaned_data["slug"] = self.instance.slug or self._free_slug()
        for name in self.changed_data:
            if name.endswith("_words") and self.cleaned_data.get(name):
                self._read_number(name.removesuffix("_words"))

    def _read_number(self, name):
        """Fills the columns of the quantity `name` from its words, where its value was left empty."""
        words, value = f"{name}_words", f"{name}_value"
        is_missing = self.has_error(value, "required")
        if not is_missing and self.cleaned_data.get(value, "refused") is not None:
            return
        try:
            reading = read_quantity(self.cleaned_data[words])
        except NotUnderstood as error:
            if is_missing:
                what_to_do = _("Keep the words of the source and fill in the value beside them.")
                self.add_error(words, [str(error), what_to_do])
            return
        self.errors.pop(value, None)
        self._fill_number(name, reading)

    def _fill_number(self, name, reading):
        """The columns as they were read; an error where the editor chose otherwise."""
        number = reading.quantity
        self.cleaned_data[f"{name}_value"] = number.value
        read = {"comparator": str(number.comparator), "value_to": number.value_to, "approximate": number.approximate}
        for column, part in ((f"{name}_{part}", part) for part in read):
            if column in self.changed_data and self.cleaned_data.get(column) != read[part]:
                self.add_error(column, _("The words say something else. Correct them, or fill in the value."))
            self.cleaned_data[column] = read[part]
        currency = self.cleaned_data.get("currency")
        if currency and reading.currency and currency != reading.currency:
            text = _("The words name the currency %(read)s, this field says %(currency)s. Correct one of them.")
            self.add_error("currency", text % {"read": reading.currency, "currency": currency})

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

    def kept(self) -> list:
        """The records of the rows that are filled in and stay, and those that are stored but not in the form: somebody
        else has just added them."""
        filled = [form for form in self.forms if form.is_valid() and form.cleaned_data]
        shown = {form.instance.pk for form in self.forms}
        unseen = [record for record in self.get_queryset() if record.pk not in shown]
        return [*(form.instance for form in filled if not self._should_delete_form(form)), *unseen]

    def clean(self):
        kept = self.kept()
        relation = self.fk.remote_field.get_accessor_name()
        if not kept and is_needed_beneath(self.instance, relation, had_rows=bool(self.initial_forms)):
            raise ValidationError(NEEDED_BENEATH, code="needed")
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


LONGEST_TEXT = 20_000  # characters of a plain text; a longer one is a document

# --- Records ----------------------------------------------------------------------------------------------------------


class Record(TranslatedFieldAdmin):
    """What forms and rows share. `widgets` names the widgets of single fields."""

    form = RecordForm
    formfield_overrides = {
        ImageUpload: {"widget": PictureInput},
        PartialDateField: {"max_length": None},
        ProseField: {"widget": ProseInput},
        TextField: {"validators": [MaxLengthValidator(LONGEST_TEXT)]},  # a limit of the input would cut pastes off
        URLField: {"assume_scheme": "https"},
    }
    widgets = {}

    def get_readonly_fields(self, request, obj=None):
        """Without the right to publish, nobody sets when something appears."""
        fields = super().get_readonly_fields(request, obj)
        return (
            fields
            if may_publish(request.user)
            else [*fields, *(["published_at"] if issubclass(self.model, Publishable) else [])]
        )

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in self.widgets:
            kwargs["widget"] = self.widgets[db_field.name]
        elif db_field.name in self.autocomplete_fields:
            select = RecordSelectMultiple if db_field.many_to_many else RecordSelect
            kwargs["widget"] = select(db_field, self.admin_site)
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class RecordAdmin(ByRole, ShowsProse, KeepsHistory, WarnsOfConflicts, Record, admin.ModelAdmin):
    """`contradictions_of` names what in a saved record cannot be true together: it is warned about, never refused."""

    list_per_page = 50

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.may_publish = may_publish(request.user)
        return form

    def get_list_filter(self, request):
        return [*super().get_list_filter(request), *filters_of(self.model)]

    def get_deleted_objects(self, objs, request):
        return without_joins(super().get_deleted_objects(objs, request))

    @staticmethod
    def contradictions_of(record):
        return []

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        for contradiction in self.contradictions_of(type(form.instance).objects.get(pk=form.instance.pk)):
            self.message_user(request, contradiction, messages.WARNING)

    def get_changeform_initial_data(self, request):
        """Nothing: an address does not fill in forms, so that none can fill them with nonsense."""
        return {}

    def view_on_site(self, record):
        """The page of the record; staff see a draft there with a ribbon (`portal.desk.previews`)."""
        return record.get_absolute_url() if hasattr(record, "get_absolute_url") else None


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
