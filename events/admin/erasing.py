"""Removing a person who asks for it: the page of the desk that says what would go, and asks for the name once more."""

from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from events.erasing import erase, mentions
from portal.desk.addresses import form_of

MAY_ERASE = "events.erase_speaker"


class ErasingDesk:
    """Mixin for the admin of speakers."""

    change_form_template = "admin/events/speaker/change_form.html"

    def get_urls(self):
        view = self.admin_site.admin_view(self.erase_view)
        return [path("<path:object_id>/erase/", view, name="events_speaker_erase"), *super().get_urls()]

    def render_change_form(self, request, context, *args, **kwargs):
        context["may_erase"] = request.user.has_perm(MAY_ERASE)
        return super().render_change_form(request, context, *args, **kwargs)

    def erase_view(self, request, object_id):
        """Says what would go and where else the person is named; a POST with the slug erases."""
        if not request.user.has_perm(MAY_ERASE):
            raise PermissionDenied
        speaker = self.get_object(request, unquote(object_id))
        if speaker is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        is_confirmed = request.POST.get("slug", "").strip() == speaker.slug
        if request.method == "POST" and is_confirmed:
            erased = erase(speaker)
            text = _("The person is erased: %(records)d records, %(past_states)d earlier states, %(files)d files.")
            self.message_user(request, text % vars(erased), messages.SUCCESS)
            return HttpResponseRedirect(reverse("admin:events_speaker_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase %s") % speaker,
            "opts": self.opts,
            "speaker": speaker,
            "appearances": speaker.appearances.count(),
            "mentions": [self._mention(each) for each in mentions(speaker)],
            "is_wrong": request.method == "POST",
            "way_back": form_of(speaker),
        }
        return TemplateResponse(request, "admin/events/speaker/erase.html", context)

    def _mention(self, record):
        """Its kind, itself, and its form; records under another one have none of their own."""
        has_form = self.admin_site.is_registered(type(record))
        return capfirst(record._meta.verbose_name), record, form_of(record) if has_form else ""
