"""Forms that visitors fill in, and the way there."""

from django.utils.translation import gettext as _

from events.enquiry_form import EnquiryForm
from events.models import Conference
from events.styleguide.exampleland import sample
from events.styleguide.specimens import component


def wrong_form():
    """An enquiry in which everything is missing or too long."""
    form = EnquiryForm({"message": "…" * 5001, "name": "…" * 121, "organization": "…" * 201, "email": "office@"})
    form.auto_id = "wrong_%s"
    return form


@component("column")
def form_field():
    named = {
        "topic": _("a choice"),
        "message": _("a long text, with help"),
        "name": _("optional"),
        "email": _("an e-mail address"),
        "consent": _("a box to tick"),
    }
    form, wrong = EnquiryForm(), wrong_form()
    for name, state in named.items():
        yield state, {"field": form[name]}
    for name, state in named.items():
        yield _("%(state)s, wrong") % {"state": state}, {"field": wrong[name]}


@component()
def form_errors():
    yield _("several: of the whole form, and of fields"), {"form": wrong_form()}
    yield _("none: nothing"), {"form": EnquiryForm()}


@component("column")
def ask_about():
    yield _("a conference"), {"path": sample(Conference.objects, "on").get_absolute_url()}
