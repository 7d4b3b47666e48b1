"""The form in which an enquiry is answered, and the one beside the actions of its list."""

import hashlib

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.contrib.auth import get_user_model
from django.utils.html import format_html
from django.utils.text import normalize_newlines
from django.utils.translation import gettext_lazy as _

from events.enquiries import answering_users
from events.models import Enquiry, ReplyTemplate
from events.replies import greeting_for, reply_from
from portal.desk.editing import RecordForm

FILL, SEND, RECORD = "_fill", "_send", "_record"  # the buttons besides “Save”

DUE_TOO_EARLY = _("The answer cannot be due before the enquiry came in.")  # the words of the constraint
NEEDED = _("Write this before you send it, or save it as a draft.")
CHANGED_MEANWHILE = _(
    "A colleague changed this enquiry while you had it open. Your text is still below. Press the button again, and it "
    "replaces theirs: “%s”"
)


class TemplateSelect(forms.Select):
    def render(self, name, value, attrs=None, renderer=None):
        select = super().render(name, value, attrs, renderer)
        button = format_html('<button name="{}">{}</button>', FILL, _("Fill it in"))
        return format_html('<div class="desk-actions enquiry-template">{} {}</div>', select, button)


class AnswerForm(RecordForm):
    template = forms.ModelChoiceField(
        ReplyTemplate.objects.none(),
        label=_("Reply template"),
        required=False,
        widget=TemplateSelect,
        empty_label=_("none"),
        help_text=_("What you have written yourself stays; the template comes below it."),
    )
    result = forms.ChoiceField(
        label=_("Outcome"),
        required=False,
        choices=lambda: [(each.value, each.label) for each in Enquiry.Outcome if each != Enquiry.Outcome.SPAM],
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        enquiry = self.instance
        self.fields["template"].queryset = ReplyTemplate.objects.for_topic_first(enquiry.topic)
        self.initial["seen"] = _digest(enquiry)
        if people := self.fields.get("assigned_to"):  # they are kept elsewhere
            people.widget.can_add_related = people.widget.can_change_related = False
            people.widget.can_delete_related = people.widget.can_view_related = False
        if enquiry.is_open and not enquiry.answer:
            self.initial["answer_subject"], self.initial["answer"] = greeting_for(enquiry)

    def clean(self):
        super().clean()
        if "answer" not in self.fields:  # it is closed
            return
        if (due_at := self.cleaned_data.get("due_at")) and due_at < self.instance.received_at:
            self.add_error("due_at", DUE_TOO_EARLY)
        for name in ("answer", "note"):
            self.cleaned_data[name] = normalize_newlines(self.cleaned_data.get(name, ""))
        if self.cleaned_data.get("seen") and self.cleaned_data["seen"] != self.initial["seen"]:
            self.add_error(None, CHANGED_MEANWHILE % self.instance.answer)
            self.data = self.data.copy()
            self.data["seen"] = self.initial["seen"]
        elif FILL in self.data and self.cleaned_data.get("template"):
            self._fill(self.cleaned_data["template"])
        elif SEND in self.data:
            for name in ("answer_subject", "answer"):
                if not self.cleaned_data.get(name) and not self.has_error(name):
                    self.add_error(name, NEEDED)

    def _fill(self, template):
        subject, text = reply_from(template, self.instance)
        offered = [greeting_for(self.instance)]
        offered += [reply_from(each, self.instance) for each in ReplyTemplate.objects.all()]
        typed = self.cleaned_data["answer"].strip()
        is_own = typed and typed not in [normalize_newlines(text).strip() for _subject, text in offered]
        self.cleaned_data["answer_subject"] = subject
        self.cleaned_data["answer"] = f"{typed}\n\n{text}" if is_own else text


def _digest(enquiry) -> str:
    """The same for as long as nobody else saves what the form holds."""
    held = (enquiry.answer_subject, enquiry.answer, enquiry.note, enquiry.due_at, enquiry.assigned_to_id)
    return hashlib.sha256(repr(held).encode()).hexdigest()[:16]


class AssigningForm(ActionForm):
    assignee = forms.ModelChoiceField(
        get_user_model().objects.none(), label=_("Person:"), required=False, empty_label=_("nobody")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["assignee"].queryset = answering_users()
