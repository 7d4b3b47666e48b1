"""Two people editing the same record: the later save is warned and shown the difference, instead of silently winning.

Every form of a record carries the version it was opened with (`portal.history.versions`). If another save came in
between, the form is refused once, with who saved what; it then carries the present version, so that saving again
overwrites knowingly. What was typed stays.
"""

from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk.gone_rows import with_gone_rows_as_new
from portal.history.facts import Change, Version, changes
from portal.history.going_back import present_versions
from portal.history.records import history_of
from portal.history.timeline import Timeline, names_in, names_of_people, who
from portal.history.versions import parts_of, versions_of

SAVED_MEANWHILE = gettext_lazy(
    "Somebody saved this record while you had it open, so nothing of yours is saved yet. Look at the differences and "
    "change your form where you agree; then save again."
)


class VersionField(forms.CharField):
    """The version a form was opened with; a form that is shown again carries the present one."""

    widget = forms.HiddenInput

    def has_changed(self, initial, data):
        return False

    def bound_data(self, data, initial):
        return initial


class KnowsItsVersion:
    """Mixin for the form of a record, in which the admin puts a field `version`."""

    conflicts_with = None  # the version that was posted, once it turned out to be an old one

    def clean(self):
        super().clean()
        posted = self.cleaned_data.get("version", "")
        if posted != self["version"].initial:
            self.conflicts_with = posted
            self.add_error(None, ValidationError(SAVED_MEANWHILE, code="conflict"))


class WarnsOfConflicts:
    """Mixin for the admin of records that keep a history."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        if request.method != "POST" or object_id is None or not self.keeps_history:
            return super().changeform_view(request, object_id, form_url, extra_context)
        with transaction.atomic():
            self.lock(self._key(object_id))
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        is_form_of_record = change and obj is not None and kwargs.get("fields") and self.keeps_history
        if not is_form_of_record or not self.has_change_permission(request, obj):
            return form
        version = VersionField(required=False, initial=lambda: versions_of([obj], self.rows_of_form())[obj.pk])
        return type(form.__name__, (KnowsItsVersion, form), {"version": version, "__module__": form.__module__})

    def get_formset_kwargs(self, request, obj, inline, prefix):
        """Rows that were deleted since the form was opened are new ones now."""
        values = super().get_formset_kwargs(request, obj, inline, prefix)
        rows = next((each for each in self.rows_of_form() if each.model is inline.model), None)
        if "data" in values and rows:
            values["data"] = with_gone_rows_as_new(values["data"], prefix, rows, obj.pk or self._key_of(request))
        return values

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        form = context["adminform"].form
        if getattr(form, "conflicts_with", None) is not None:
            formsets = [each.formset for each in context["inline_admin_formsets"]]
            timeline = Timeline(self.model, form.instance.pk, self.rows_of_form())
            context["conflict"] = conflict_of(request, timeline, form, formsets)
        return super().render_change_form(request, context, add, change, form_url, obj)

    def _get_obj_does_not_exist_redirect(self, request, opts, object_id):
        """Where a form was posted for a record that somebody deleted meanwhile, what was typed is shown."""
        is_form = request.method == "POST" and request.resolver_match.url_name.endswith("_change")
        timeline = self._timeline(object_id) if is_form and self.keeps_history else None
        if timeline is None or not timeline.has_own_rows:
            return super()._get_obj_does_not_exist_redirect(request, opts, object_id)
        return self._deleted_meanwhile(request, timeline)

    def _deleted_meanwhile(self, request, timeline):
        fields = flatten_fieldsets(self.get_fieldsets(request))
        form = self.get_form(request, fields=fields)(request.POST, request.FILES, instance=self.model())
        form.is_valid()
        formsets, _inlines = self._create_formsets(request, form.instance, change=False)
        rows = [each for formset in formsets for each in formset.forms if _is_kept(each)]
        versions = [_version_in(each) for each in (form, *rows)]
        names = names_in(versions)
        typed = [Difference(_kind(each), names.name(each.record), changes(None, each, names)) for each in versions]
        newest = timeline.saves[0]
        context = {
            "typed": typed,
            "by": _by(newest, names_of_people([newest.user_key]), request.user),
            "date": newest.date,
            "key": timeline.key,
            "may_restore": self.has_add_permission(request),
        }
        return self._page(
            request, "admin/deleted_meanwhile.html", _("It was deleted while you had it open"), None, context
        )

    def _key_of(self, request):
        return self._key(request.resolver_match.kwargs.get("object_id", ""))


# --- What differs -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One record in which a form and what is stored differ; `text` says what its row will do."""

    kind: str
    name: str
    changes: list[Change]
    text: str = ""


@dataclass(frozen=True)
class SavedMeanwhile:
    by: str
    date: datetime
    is_own: bool


@dataclass(frozen=True)
class Conflict:
    """What was saved since a form was opened, and where the form would undo it."""

    saves: list[SavedMeanwhile]
    differences: list[Difference]


def conflict_of(request, timeline, form, formsets) -> Conflict:
    """The conflict of a `form` that turned out to be opened with an old version."""
    parts = parts_of(form.conflicts_with, len(timeline.rows) + 1)
    since = timeline.saves[:1] if parts is None else [each for each in timeline.saves if _is_since(each, parts)]
    people = names_of_people(each.user_key for each in since)
    saves = [
        SavedMeanwhile(_by(each, people, request.user), each.date, each.user_key == request.user.pk) for each in since
    ]
    return Conflict(saves, list(_differences(timeline, parts, form, formsets)))


def _is_since(save, parts) -> bool:
    return any(step.after.key > parts[step.after.kind] for step in save.steps.values())


def _by(save, people, user) -> str:
    return _("You") if save.user_key == user.pk else who(people.get(save.user_key, ""), save.reason)


def _differences(timeline, parts, form, formsets):
    """Where others changed something that the form would change back, row by row."""
    opened = _opened_with(timeline, parts)
    stored = present_versions(timeline.model, timeline.key, timeline.rows, also_alone=True)
    typed = {(0, timeline.key): form}
    for formset in formsets:
        kind = next((n for n, rows in enumerate(timeline.rows, start=1) if rows.model is formset.model), None)
        typed |= {(kind, each.instance.pk): each for each in formset.initial_forms if each.instance.pk}
    mine = {place: _version_in(each) for place, each in typed.items() if _is_kept(each)}
    names = names_in([*opened.values(), *stored.values(), *mine.values()])
    for place in sorted(opened.keys() | stored.keys()):
        found = _difference(opened.get(place), stored.get(place), typed.get(place), mine.get(place), names, parts)
        if found:
            shown = stored.get(place) or opened.get(place)
            yield Difference(_kind(shown), names.name(shown.record), *found)


def _difference(opened, stored, form, mine, names, parts):
    """The facts and the words about one record: as it was when the form was opened, as others left it, and as it stands
    in the form. None where the form undoes nothing."""
    if stored is None:
        return [], _("It was removed. Your form keeps it: saving adds it again.")
    if opened is None and parts is not None:
        return changes(None, stored, names), _("It was added, and stays.")
    theirs = changes(opened, stored, names) if opened else None  # None: it is not known what was before
    if theirs == [] or form is None:
        return None
    if mine is None:
        return theirs or [], _("It was changed. Your form removes it.")
    names_of_theirs = None if theirs is None else {change.fact.name for change in theirs}
    differing = [
        change
        for change in changes(stored, mine, names, only=set(form.fields))
        if names_of_theirs is None or change.fact.name in names_of_theirs
    ]
    return (differing, "") if differing else None


def _opened_with(timeline, parts) -> dict[tuple[int, int], Version]:
    """The record and its rows as they were when the form was opened; nothing where that is not known."""
    if parts is None:
        return {}
    last = {(row.kind, row.record): row for row in timeline.spine if row.key <= parts[row.kind]}
    there = {place: row for place, row in last.items() if row.type != "-" and row.above == timeline.key}
    versions = timeline.versions(there.values())
    return {place: versions[row.kind, row.key] for place, row in there.items()}


def _version_in(form) -> Version:
    """The record as it stands in `form`."""
    record = form.instance
    related = {
        each.name: frozenset(record.pk for record in form.cleaned_data.get(each.name) or ())
        for each in history_of(type(record))._history_m2m_fields
        if each.name in form.fields
    }
    return Version(record, related)


def _is_kept(form) -> bool:
    """Whether a row is filled in and not to be deleted."""
    form.is_valid()
    return not form.cleaned_data.get("DELETE") and (form.has_changed() or form.instance.pk is not None)


def _kind(version) -> str:
    return type(version.record)._meta.verbose_name
