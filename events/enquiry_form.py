"""The form that visitors write to the office with, and how it tells people from programs.

Nobody is asked to solve a riddle. A form carries a signed moment, a field that only programs fill in and, against
somebody who sends many, a limit for each network, each e-mail address and all together.
"""

import re
import unicodedata
from dataclasses import dataclass

from django import forms
from django.core.signing import BadSignature, Signer
from django.utils.text import capfirst, normalize_newlines
from django.utils.translation import gettext_lazy as _

from events.enquiries import subject_at
from events.models import Enquiry
from events.models.enquiries import new_sending
from portal import clock
from portal.allowances import is_allowed
from portal.client_address import client_network

FASTEST, SLOWEST = 3, 24 * 3600  # seconds that a person takes to fill it in
LINKS = 2  # in a question that is one
AT_MOST = {"network": 5, "e-mail": 5, "everybody": 60}  # enquiries in an hour

CONTROLS = ("Cc", "Cs")  # categories of Unicode: control characters, halves of characters

_signer = Signer(salt="events.enquiry_form")
_LINK = re.compile(r"https?://|www\.|<a\b|\[url", re.IGNORECASE)


# --- Fields -----------------------------------------------------------------------------------------------------------


class PlainText(forms.CharField):
    """Text without control characters. No `maxlength`: a browser would cut off what is pasted and say nothing."""

    def to_python(self, value):
        lines = normalize_newlines(super().to_python(value))
        return "".join(each for each in lines if each in "\n\t" or unicodedata.category(each) not in CONTROLS).strip()

    def widget_attrs(self, widget):
        return {}


class OneLine(PlainText):
    def to_python(self, value):
        return " ".join(super().to_python(value).split())


TOO_LONG = _("%(show_value)d characters are too many: %(limit_value)d can be sent. Please shorten it.")


# --- The moment -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Opened:
    """When a form was opened, under a number of its own that makes its second sending the same enquiry."""

    sending: str
    moment: int

    @classmethod
    def now(cls) -> "_Opened":
        return cls(new_sending(), int(clock.now().timestamp()))

    @classmethod
    def read(cls, signed) -> "_Opened":
        """What `signed` says; a form of long ago where the portal never signed it."""
        try:
            return cls(*_signer.unsign_object(signed))
        except BadSignature:
            return cls("", 0)

    @property
    def signed(self) -> str:
        return _signer.sign_object([self.sending, self.moment])

    @property
    def age(self) -> int:
        return int(clock.now().timestamp()) - self.moment

    @property
    def is_fresh(self) -> bool:
        return 0 <= self.age <= SLOWEST


# --- The form ---------------------------------------------------------------------------------------------------------


class EnquiryForm(forms.Form):
    """Three more fields are none of the person's business: `about`, `sending`, and a trap that is called `subject`."""

    topic = forms.ChoiceField(
        label=_("What is it about?"),
        choices=lambda: [(topic.value, capfirst(topic.label)) for topic in Enquiry.Topic],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about."), "invalid_choice": _("Choose what it is about.")},
    )
    message = PlainText(
        label=_("Your message"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 9}),
        help_text=_("At most 5,000 characters. Please send no secrets and no copies of identity papers."),
        error_messages={"required": _("Write your message."), "max_length": TOO_LONG},
    )
    name = OneLine(
        label=_("Your name"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"max_length": TOO_LONG},
    )
    organization = OneLine(
        label=_("Your organization"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        error_messages={"max_length": TOO_LONG},
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false", "autocapitalize": "none"}),
        help_text=_("The answer goes there."),
        error_messages={
            "required": _("Give the e-mail address that the answer goes to."),
            "invalid": _("This is no e-mail address. Write it like name@example.com."),
            "max_length": TOO_LONG,
        },
    )
    consent = forms.BooleanField(
        label=_("The office may keep what I wrote here to answer me."),
        error_messages={"required": _("Tick the box: without it the office may not keep your message to answer it.")},
    )

    def __init__(self, data=None, about=""):
        super().__init__(data)
        self.about = subject_at(data.get("about", "") if self.is_bound else about)
        self.opened = _Opened.read(self.data.get("sending", ""))

    @property
    def is_trap_sprung(self) -> bool:
        """Whether something is written in the field that no person sees."""
        return bool(self.data.get("subject"))

    @property
    def signed_moment(self) -> str:
        """What the form carries: the same for as long as it is the same form."""
        return (self.opened if self.opened.is_fresh else _Opened.now()).signed

    def clean(self):
        if self.data.get("about") and self.about is None:
            self.add_error(
                None,
                _(
                    "The page that your enquiry is about is not public any more. Please say in your message what it is "
                    "about, and send it again."
                ),
            )
        if not self.opened.is_fresh:
            self.add_error(None, _("The form was open for too long. Your text is still here: please send it again."))
        elif self.opened.age < FASTEST:
            self.add_error(None, _("That was faster than we can tell from a program. Please send it again."))

    @property
    def enquiry(self) -> dict:
        """What a valid form says, for `events.enquiries.receive`."""
        said = {name: self.cleaned_data[name] for name in ("topic", "message", "name", "organization", "email")}
        about = {"about_path": self.about.path, "about_title": self.about.title[:300]} if self.about else {}
        return {**said, **about, "sending": self.opened.sending, "is_suspicious": looks_like_spam(said["message"])}


def looks_like_spam(message) -> bool:
    return len(_LINK.findall(message)) > LINKS


# --- Limits -----------------------------------------------------------------------------------------------------------


def may_be_sent(request, form) -> bool:
    """Whether an hour's limits leave room for one more. A form that was sent before counts once."""
    if Enquiry.objects.sent_by(form.opened.sending).exists():
        return True
    senders = {"network": client_network(request), "e-mail": form.cleaned_data["email"].lower(), "everybody": ""}
    return all(is_allowed(f"enquiry by {kind}", who, AT_MOST[kind]) for kind, who in senders.items())
