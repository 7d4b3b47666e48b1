"""Copying a conference as its next edition, at the desk: choose, look at what will be created, create it as drafts."""

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from translated_fields import show_language_code

from events.copying import Choices, plan_of, reason_of, suggested
from events.models import Appearance, Conference, ConferenceRole, Session
from portal.fields import columns


class EditionForm(forms.ModelForm):
    """What the next edition is called and when it begins."""

    starts_on = Conference._meta.get_field("starts_on").formfield(max_length=None)
    with_appearances = forms.BooleanField(
        label=_("Also the people on stage"),
        required=False,
        help_text=_("The same people in the same roles, without the posts they held then. Invite them first."),
    )

    class Meta:
        model = Conference
        fields = [*columns("title"), "slug", "starts_on"]

    def __init__(self, *args, may_invite, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self._meta.fields:
            self.fields[name].widget.attrs["class"] = "vTextField"
        if not may_invite:
            del self.fields["with_appearances"]

    @property
    def choices(self) -> Choices:
        chosen = self.cleaned_data
        titles = {name: chosen[name] for name in columns("title")}
        return Choices(titles, chosen["slug"], chosen["starts_on"], chosen.get("with_appearances", False))


class CopyingDesk:
    """Mixin for the admin of conferences: the page that copies one."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.copy_view)
        return [path("<path:object_id>/copy/", view, name="events_conference_copy"), *super().get_urls()]

    def has_copy_permission(self, request) -> bool:
        needed = (Conference, Session, ConferenceRole)
        return self.has_view_permission(request) and all(_may_add(request, model) for model in needed)

    def copy_view(self, request, object_id):
        if not self.has_copy_permission(request):
            raise PermissionDenied
        original = self.get_object(request, unquote(object_id))
        if original is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        may_invite = _may_add(request, Appearance)
        if request.method != "POST":
            return self._copy_page(request, original, EditionForm(initial=_initial(original), may_invite=may_invite))
        form = EditionForm(request.POST, may_invite=may_invite)
        is_valid = form.is_valid()
        if "_create" in request.POST and (created := _already_created(request, original, form)):
            return self._created(request, created, _("It was created already."), messages.INFO)
        plan = plan_of(original, form.choices) if is_valid else None
        if plan and "_create" in request.POST:
            if request.POST.get("seen") == plan.digest:
                return self._create(request, original, plan, form)
            self.message_user(request, _("Something changed meanwhile. Look at it once more."), messages.WARNING)
        return self._copy_page(request, original, form, plan)

    def _create(self, request, original, plan, form):
        try:
            conference = plan.carry_out()
        except IntegrityError:  # somebody was quicker by a moment
            if created := _already_created(request, original, form):
                return self._created(request, created, _("It was created already."), messages.INFO)
            form.add_error("slug", _("This slug was just taken. Choose another one."))
            return self._copy_page(request, original, form)
        self.log_addition(request, conference, reason_of(original))
        return self._created(request, conference, _("The next edition was created as a draft."), messages.SUCCESS)

    def _created(self, request, conference, words, level):
        self.message_user(request, words, level)
        return HttpResponseRedirect(reverse("admin:events_conference_change", args=[quote(conference.pk)]))

    def _copy_page(self, request, original, form, plan=None):
        context = {
            **self.admin_site.each_context(request),
            "title": _("Copy as the next edition"),
            "subtitle": str(original),
            "opts": self.opts,
            "original": original,
            "form": form,
            "plan": plan if form.is_valid() else None,
            "media": self.media,
        }
        with show_language_code(True):
            return render(request, "admin/events/conference/copy.html", context)


def _may_add(request, model) -> bool:
    return request.user.has_perm(f"events.add_{model._meta.model_name}")


def _initial(original) -> dict:
    choices = suggested(original)
    return {**choices.titles, "slug": choices.slug, "starts_on": choices.starts_on}


def _already_created(request, original, form) -> Conference | None:
    """The conference that the same person just made of the same form: a button that is pressed twice creates one."""
    asked = form.instance
    try:
        created = Conference.objects.get_by_natural_key(asked.slug)
    except Conference.DoesNotExist:
        return None
    made = created.history.last()  # the oldest comes last
    is_mine = made and (made.history_user_id, made.history_change_reason) == (request.user.pk, reason_of(original))
    is_as_asked = all(getattr(created, name) == getattr(asked, name) for name in form._meta.fields)
    return created if is_mine and is_as_asked else None
