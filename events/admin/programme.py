"""The programme of a conference on one page of the desk: every session is edited in place and saved at once.

A row is held against what it said when the page was opened (its `version`, sent along with it): only what the editor
changed is written, and what somebody else changed meanwhile is shown instead of overwritten.
"""

from collections import defaultdict
from copy import copy
from itertools import groupby

from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from translated_fields import show_language_code

from events.admin.programme_rows import NewSession, SessionRow
from events.clashes import clashes_in
from events.models import Appearance, Session
from portal.desk.publication import PUBLICATIONS
from portal.desk.roles import END_OF_TIME

ROWS_PER_PAGE = 100  # nine fields each; a request may carry 5,000


class Line:
    """One session on the page: its form (None where this editor may not change it), its speakers and clashes, and its
    place among those of the same day and time, if these can be ordered here."""

    def __init__(self, session, form, people, clashes):
        self.session, self.form, self.people, self.clashes = session, form, people, clashes
        self.place = self.places = 0
        self.is_chosen = False
        self.moved = ""  # the way it just went: its button has the focus again

    @property
    def publication(self) -> str:
        return PUBLICATIONS[self.session.publication]

    @property
    def group(self) -> str:
        return f"{self.session.day or ''} {self.session.starts_at or ''}"

    @property
    def position(self) -> int:
        typed = str(self.form["position"].value() if self.form else "")
        return int(typed) if typed.isdecimal() and len(typed) < 9 else self.session.position


# --- The page ---------------------------------------------------------------------------------------------------------


class Programme:
    """The programme of `conference` as the desk shows it to whoever sent `request`: a page of rows, or the rows that
    were sent. Four queries, however many sessions there are."""

    def __init__(self, request, conference, desk):
        self.conference, self.desk = conference, desk
        self.data = request.POST.copy() if request.method == "POST" else None
        sessions = conference.sessions.with_publication().in_programme_order()
        if self.data is not None:
            sessions = sessions.select_for_update(of=("self",))
        self.sessions = list(sessions)
        self._remember_what_is_released()
        self.day = request.GET.get("day", "")
        self.page = Paginator(self._of_day(), ROWS_PER_PAGE).get_page(request.GET.get("page"))
        self.lines = self._lines(request)
        self._keep_what_is_chosen()
        self.new = self._new_form() if desk.has_add_permission(request) else None
        self._arrange()

    def _remember_what_is_released(self):
        """Once for all: `portal.desk.roles` would ask for each."""
        released = set(self.conference.sessions.published(at=END_OF_TIME).values_list("pk", flat=True))
        for session in self.sessions:
            session.is_released = session.pk in released

    def _of_day(self) -> list:
        chosen = [session for session in self.sessions if str(session.day) == self.day]
        return chosen or self.sessions

    def _lines(self, request) -> list[Line]:
        people = defaultdict(list)
        appearances = list(Appearance.objects.for_conference(self.conference).with_speaker())
        for appearance in appearances:
            people[appearance.session_id].append(appearance.speaker)
        clashes = defaultdict(list)
        for clash in clashes_in(self.sessions, appearances):
            clashes[clash.session].append(clash)
        shown = self.page.object_list if self.data is None else [each for each in self.sessions if self._was_sent(each)]
        return [
            Line(
                session,
                self._form(session) if self.desk.has_change_permission(request, session) else None,
                list(dict.fromkeys(people[session.pk])),
                clashes[session],
            )
            for session in shown
        ]

    def _keep_what_is_chosen(self):
        chosen = set(self.data.getlist("session")) if self.data is not None else set()
        for line in self.lines:
            line.is_chosen = str(line.session.pk) in chosen

    def _was_sent(self, session) -> bool:
        return any(f"session-{session.pk}-{name}" in self.data for name in ("version", "shown"))

    def _form(self, session) -> SessionRow:
        of_its_own = copy(session)  # a form fills in its instance, even with what it refuses
        return SessionRow(self.data, instance=of_its_own, prefix=f"session-{session.pk}")

    def _new_form(self) -> NewSession:
        chosen_day = next((session.day for session in self.sessions if str(session.day) == self.day), None)
        session = Session(conference=self.conference, day=chosen_day)
        return NewSession(self.data, instance=session, sessions=self.sessions)

    def _arrange(self):
        """Puts the rows of one day and time in the order of their positions, those that were sent included, and counts
        them where all of them are here and may be changed."""
        whole = defaultdict(int)
        for session in self.sessions:
            whole[session.day, session.starts_at] += 1
        arranged = []
        for _group, lines in groupby(self.lines, key=lambda line: line.group):
            lines = sorted(lines, key=lambda line: line.position)
            is_whole = len(lines) == whole[lines[0].session.day, lines[0].session.starts_at]
            can_be_ordered = is_whole and len(lines) > 1 and all(line.form for line in lines)
            for place, line in enumerate(lines, start=1):
                line.place, line.places = (place, len(lines)) if can_be_ordered else (0, 0)
            arranged += lines
        self.lines = arranged

    # --- What the template shows ---

    @property
    def days(self) -> list[tuple]:
        """The rows by day."""
        return [(day, list(lines)) for day, lines in groupby(self.lines, key=lambda line: line.session.day)]

    @property
    def choices_of_day(self) -> list[tuple]:
        """Each day of the programme with how many sessions it has."""
        counts = defaultdict(int)
        for session in self.sessions:
            counts[session.day] += 1
        return list(counts.items())

    @property
    def number_of_clashes(self) -> int:
        return sum(bool(line.clashes) for line in self.lines)

    @property
    def can_be_edited(self) -> bool:
        return self.new is not None or any(line.form for line in self.lines)

    @property
    def can_be_shifted(self) -> bool:
        return any(line.form for line in self.lines)

    # --- What the buttons do ---

    @property
    def forms(self) -> list:
        return [line.form for line in self.lines if line.form] + ([self.new] if self.new else [])

    @property
    def changed(self) -> list:
        return [form for form in self.forms if form.has_changed()]

    def refusals(self) -> list[str]:
        """Why what was sent cannot be saved, apart from what stands in the rows."""
        refusals = []
        known = {f"session-{session.pk}-version" for session in self.sessions}
        if gone := sum(_is_version(name) and name not in known for name in self.data):
            text = ngettext(
                "%d session of this page was deleted meanwhile. The others are shown as you filled them in.",
                "%d sessions of this page were deleted meanwhile. The others are shown as you filled them in.",
                gone,
            )
            refusals.append(text % gone)
        locked = [line.session for line in self.lines if not line.form and self._version_of(line.session)]
        refusals += [gettext("“%s” is public by now, and only a publisher changes it.") % each for each in locked]
        return refusals

    def _version_of(self, session) -> bool:
        return f"session-{session.pk}-version" in self.data

    def move(self, request) -> bool:
        """Moves the row that the button names by one place, on the page only; whether there is such a row."""
        pk, _separator, direction = request.POST["move"].partition(" ")
        line = next((line for line in self.lines if str(line.session.pk) == pk and line.places), None)
        if line is None or direction not in ("up", "down"):
            return False
        group = [each for each in self.lines if each.group == line.group]
        at = group.index(line)
        to = min(max(at + (1 if direction == "down" else -1), 0), len(group) - 1)
        group.insert(to, group.pop(at))
        for position, each in enumerate(group, start=1):
            self.data[each.form.add_prefix("position")] = str(position)
        line.moved = direction
        self._arrange()
        return True

    def catch_up(self):
        for line in self.lines:
            if line.form:
                line.form.catch_up()

    def save(self, request) -> int:
        """Saves what was changed, with an entry in the history of each; returns how many sessions."""
        changed = self.changed
        for form in changed:
            is_new = form is self.new
            session = form.save()
            message = self.desk.construct_change_message(request, form, [], is_new)
            (self.desk.log_addition if is_new else self.desk.log_change)(request, session, message)
        return len(changed)


def _is_version(name) -> bool:
    return name.startswith("session-") and name.endswith("-version")


# --- At the desk ------------------------------------------------------------------------------------------------------


@admin.display(description=_("programme"))
def programme_link(conference):
    """The way to the page, in the list of conferences."""
    return _link(conference, _("Edit the programme"))


@admin.display(description=_("conference"), ordering="conference")
def conference_link(session):
    """The way to the page, in the list of sessions."""
    return _link(session.conference, session.conference)


def _link(conference, words):
    address = reverse("admin:events_conference_programme", args=[quote(conference.pk)])
    return format_html('<a href="{}">{}</a>', address, words)


class ProgrammeDesk:
    """Mixin for the admin of conferences: the page of the programme."""

    def get_urls(self):
        view = self.admin_site.admin_view(self.programme_view)
        return [path("<path:object_id>/programme/", view, name="events_conference_programme"), *super().get_urls()]

    def programme_view(self, request, object_id):
        desk = self.admin_site.get_model_admin(Session)
        if not (self.has_view_permission(request) and desk.has_view_permission(request)):
            raise PermissionDenied
        conference = self.get_object(request, unquote(object_id))
        if conference is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        with show_language_code(True):
            if request.method != "POST":
                return self._programme_page(request, Programme(request, conference, desk))
            with transaction.atomic():
                return self._programme_sent(request, Programme(request, conference, desk), desk)

    def _programme_sent(self, request, programme, desk):
        if not programme.can_be_edited:
            raise PermissionDenied
        if "move" in request.POST:
            note = _("The order is not saved yet.") if programme.move(request) else _("This session cannot be moved.")
            self.message_user(request, note, messages.INFO)
            return self._programme_page(request, programme)
        errors = programme.refusals()
        changed = programme.changed
        if "_shift" in request.POST:
            if changed:
                errors.append(gettext("You changed something here. Save it first, then shift."))
            elif "session" not in request.POST:
                errors.append(gettext("Tick the sessions to shift."))
            elif not errors:
                return desk.shift_view(request)
        wrong = [form for form in changed if not form.is_valid()]
        if errors or wrong:
            programme.catch_up()
            return self._programme_page(request, programme, errors)
        number = programme.save(request)
        if number:
            text = ngettext("%d session was saved.", "%d sessions were saved.", number)
            self.message_user(request, text % number, messages.SUCCESS)
        else:
            self.message_user(request, _("You changed nothing, so nothing was saved."), messages.INFO)
        return HttpResponseRedirect(request.get_full_path())

    def _programme_page(self, request, programme, errors=()):
        conference = programme.conference
        context = {
            **self.admin_site.each_context(request),
            "title": _("Programme"),
            "subtitle": str(conference),
            "opts": self.opts,
            "original": conference,
            "programme": programme,
            "errors": errors,
            "has_errors": bool(errors) or any(form.is_bound and form.errors for form in programme.changed),
            "media": self.media,
        }
        return render(request, "admin/events/conference/programme.html", context)
