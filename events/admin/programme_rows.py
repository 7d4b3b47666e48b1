"""The rows in which a programme is edited: a session each, and one for a new session."""

import json

from django import forms
from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from events.models import Session
from portal.desk.editing import RecordForm
from portal.fields import columns

DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
TIME = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
ROOMS = {
    column: forms.TextInput(attrs={"placeholder": language})
    for column, (_code, language) in zip(columns("room"), settings.LANGUAGES, strict=True)
}
WIDGETS = {"day": DAY, "starts_at": TIME, "ends_at": TIME, **ROOMS}


class SessionRow(forms.ModelForm):
    """One session of the programme, edited in its row. What nobody touched is neither checked nor saved."""

    class Meta:
        model = Session
        fields = ["day", "starts_at", "ends_at", *columns("room"), "position", "kind", "status"]
        widgets = WIDGETS

    def __init__(self, *args, **kwargs):
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, **kwargs)
        self.stored = {name: self._shown(name) for name in self.fields}
        self.opened = self._opened() if self.is_bound else self.stored

    def _shown(self, name) -> str:
        """What the input of `name` shows of what is stored."""
        value = getattr(self.instance, name)
        return value if isinstance(value, str) else self.fields[name].widget.format_value(value) or ""

    def _opened(self) -> dict[str, str]:
        """What the row said when the page was opened; of a row that does not say so, nothing is known."""
        try:
            values = json.loads(self.data[self.version_name])
            return dict(zip(self.fields, map(str, values), strict=True))
        except (KeyError, TypeError, ValueError):
            return dict.fromkeys(self.fields, "")

    @property
    def version_name(self) -> str:
        return self.add_prefix("version")

    @property
    def version(self) -> str:
        return json.dumps(list(self.opened.values()), ensure_ascii=False)

    @cached_property
    def changed_data(self):
        """What the editor changed, and what is not stored like that by now."""
        return [name for name in self.fields if self._differs(name, self.opened) and self._differs(name, self.stored)]

    def _differs(self, name, values) -> bool:
        field = self.fields[name]
        if self.add_prefix(name) not in self.data:
            return False
        try:
            value = field.to_python(values[name])
        except ValidationError:
            value = None
        return field.has_changed(value, self[name].data)

    def clean(self):
        super().clean()
        for name in self.fields:
            if name not in self.changed_data:  # as it is stored by now, in full
                self.cleaned_data[name] = getattr(self.instance, name)
                self.errors.pop(name, None)
        if meanwhile := [name for name in self.fields if self.stored[name] != self.opened[name]]:
            raise ValidationError([ValidationError(self._told(name), code="changed_meanwhile") for name in meanwhile])

    def _told(self, name) -> str:
        """Who wants what in the field `name`."""
        words = {
            "field": self[name].label,
            "opened": self._word(name, self.opened[name]),
            "stored": self._word(name, self.stored[name]),
            "typed": self._word(name, self[name].data or ""),
        }
        if name in self.changed_data:
            return (
                _("%(field)s: it was %(opened)s, somebody made it %(stored)s meanwhile, you wrote %(typed)s.") % words
            )
        return _("%(field)s: it was %(opened)s, somebody made it %(stored)s meanwhile.") % words

    def _word(self, name, value) -> str:
        return str(dict(getattr(self.fields[name], "choices", ())).get(value, value)) or pgettext("field", "empty")

    @property
    def has_conflict(self) -> bool:
        return self.has_error(NON_FIELD_ERRORS, "changed_meanwhile")

    @property
    def rooms(self) -> list:
        return [self[name] for name in columns("room")]

    def catch_up(self):
        """Shows what is stored by now wherever the editor changed nothing, before the page is shown again. Saving it
        then means it."""
        for name in self.fields:
            if name not in self.changed_data:
                self.data[self.add_prefix(name)] = self.stored[name]
        self.opened = self.stored


class NewSession(RecordForm):
    """The row that adds a session, as a draft; it stands last among those of its day and time."""

    class Meta:
        model = Session
        fields = [*columns("title"), "slug", "kind", "day", "starts_at", "ends_at", *columns("room")]
        widgets = WIDGETS

    def __init__(self, *args, sessions, **kwargs):
        super().__init__(*args, empty_permitted=True, use_required_attribute=False, prefix="new", **kwargs)
        self.sessions = sessions

    @property
    def titles(self) -> list:
        return [self[name] for name in columns("title")]

    @property
    def rooms(self) -> list:
        return [self[name] for name in columns("room")]

    def _taken_slugs(self):
        return {session.slug for session in self.sessions}

    def clean(self):
        super().clean()
        place = (self.cleaned_data.get("day"), self.cleaned_data.get("starts_at"))
        beside = [session.position for session in self.sessions if (session.day, session.starts_at) == place]
        self.instance.position = max(beside, default=-1) + 1
