"""Shifting sessions in time at the desk: what would become of each is shown first, and all of them move or none."""

from collections import defaultdict
from copy import copy
from hashlib import sha256

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from events.clashes import clashes_in
from events.models import Appearance
from events.shifting import CannotMove, move, with_later
from portal.desk.roles import END_OF_TIME

MOST_MINUTES, MOST_DAYS = 24 * 60, 3660
MOST_SESSIONS = 1000


class ShiftForm(forms.Form):
    minutes = forms.IntegerField(
        label=_("Minutes"),
        required=False,
        min_value=-MOST_MINUTES,
        max_value=MOST_MINUTES,
        help_text=_("15 for later, -15 for earlier."),
    )
    days = forms.IntegerField(
        label=_("Days"),
        required=False,
        min_value=-MOST_DAYS,
        max_value=MOST_DAYS,
        help_text=_("1 for the day after, -1 for the day before."),
    )
    with_later = forms.BooleanField(label=_("Also everything that begins later on the same day"), required=False)

    def clean(self):
        cleaned = super().clean()
        cleaned["minutes"], cleaned["days"] = cleaned.get("minutes") or 0, cleaned.get("days") or 0
        if not (self.errors or cleaned["minutes"] or cleaned["days"]):
            raise forms.ValidationError(_("Say by how many minutes or days."))
        return cleaned

    @property
    def reason(self) -> str:
        """What the history of a session says of it."""
        minutes, days = self.cleaned_data["minutes"], self.cleaned_data["days"]
        parts = []
        if minutes:
            parts.append(ngettext("%+d minute", "%+d minutes", abs(minutes)) % minutes)
        if days:
            parts.append(ngettext("%+d day", "%+d days", abs(days)) % days)
        return gettext("Shifted: %s") % ", ".join(parts)


class Shift:
    """What would become of the chosen sessions: their `moves`, or why there are none."""

    def __init__(self, chosen, form, may_change):
        self.form = form
        self.programmes = [_programme(conference) for conference in {session.conference for session in chosen}]
        programme = [session for sessions in self.programmes for session in sessions]
        self.sessions = [session for session in programme if session in chosen]
        self.moves, self.refusals = [], []
        if form.is_bound and form.is_valid():
            if form.cleaned_data["with_later"]:
                self.sessions = with_later(self.sessions, programme)
            for session in self.sessions:
                self._plan(session, may_change)

    def _plan(self, session, may_change):
        if not may_change(session):
            self.refusals.append(gettext("“%s” is public, and only a publisher changes it.") % session)
            return
        try:
            self.moves.append(move(session, self.form.cleaned_data["minutes"], self.form.cleaned_data["days"]))
        except CannotMove as reason:
            self.refusals.append(str(reason))

    @property
    def can_be_done(self) -> bool:
        return bool(self.moves) and not self.refusals

    @property
    def digest(self) -> str:
        """The same for two plans that would move the same sessions from and to the same times."""
        moves = [(each.session.pk, each.session.day, each.session.starts_at, each) for each in self.moves]
        return sha256(repr(moves).encode()).hexdigest()

    def moves_with_clashes(self) -> list[tuple]:
        """Each move with what it would clash with, every move done."""
        planned = {each.session: each for each in self.moves}
        found = defaultdict(list)
        for sessions in self.programmes:
            after = [_moved(session, planned.get(session)) for session in sessions]
            people = Appearance.objects.for_conference(sessions[0].conference).with_speaker()
            for clash in clashes_in(after, people):
                found[clash.session].append(clash)
        return [(each, found[each.session]) for each in self.moves]

    def carry_out(self) -> list:
        for each in self.moves:
            each.carry_out(self.form.reason)
        return [each.session for each in self.moves]


def _programme(conference) -> list:
    sessions = list(conference.sessions.in_programme_order().select_for_update(of=("self",)))
    released = set(conference.sessions.published(at=END_OF_TIME).values_list("pk", flat=True))
    for session in sessions:
        session.is_released = session.pk in released
    return sessions


def _moved(session, planned):
    if planned is None:
        return session
    session = copy(session)
    session.day, session.starts_at, session.ends_at = planned.day, planned.starts_at, planned.ends_at
    return session


class ShiftingDesk:
    """Mixin for the admin of sessions: the action of the list, and the page on which it is looked at and done."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.shift_view)
        return [path("shift/", view, name="events_session_shift"), *super().get_urls()]

    @admin.action(description=_("Shift in time"), permissions=["change"])
    def shift(self, request, records):
        with transaction.atomic():
            return self._shift_page(request, self._shift(request, records[: MOST_SESSIONS + 1], ShiftForm()))

    def shift_view(self, request):
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseRedirect(reverse("admin:events_session_changelist"))
        with transaction.atomic():
            chosen = self.get_queryset(request).select_related("conference").in_bulk(_numbers(request)).values()
            shift = self._shift(request, chosen, ShiftForm(request.POST))
            if "_confirm" in request.POST and shift.can_be_done:
                if request.POST.get("seen") == shift.digest:
                    return self._shifted(request, shift)
                self.message_user(request, _("Something changed meanwhile. Look at it once more."), messages.WARNING)
            return self._shift_page(request, shift)

    def _shift(self, request, chosen, form):
        return Shift(set(chosen), form, may_change=lambda session: self.has_change_permission(request, session))

    def _shifted(self, request, shift):
        sessions = shift.carry_out()
        for session in sessions:
            self.log_change(request, session, shift.form.reason)
        text = ngettext("%d session was shifted.", "%d sessions were shifted.", len(sessions))
        self.message_user(request, text % len(sessions), messages.SUCCESS)
        return HttpResponseRedirect(_way_back(shift))

    def _shift_page(self, request, shift):
        if not 0 < len(shift.sessions) <= MOST_SESSIONS:
            text = gettext("Choose the sessions to shift, at most %d at once.") % MOST_SESSIONS
            self.message_user(request, text, messages.ERROR)
            return HttpResponseRedirect(_way_back(shift))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Shift sessions in time"),
            "opts": self.opts,
            "shift": shift,
            "way_back": _way_back(shift),
            "media": self.media,
        }
        return render(request, "admin/events/session/shift.html", context)


def _numbers(request) -> set[int]:
    """The numbers of the chosen sessions; what cannot be the number of a record is none."""
    sent = request.POST.getlist("session")
    return {int(text) for text in sent if text.isascii() and text.isdigit() and len(text) < 19}


def _way_back(shift) -> str:
    conferences = {session.conference_id for session in shift.sessions}
    if len(conferences) == 1:
        return reverse("admin:events_conference_programme", args=conferences)
    return reverse("admin:events_session_changelist")
