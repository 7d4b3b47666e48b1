"""Enquiries: read, given to somebody, answered by e-mail, erased."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from events.admin.answering import FILL, RECORD, SEND, AnswerForm, AssigningForm
from events.enquiries import answering_users
from events.enquiry_mail import AnsweredMeanwhile, NotSent, send_answer
from events.models import Enquiry, ReplyTemplate
from events.models.enquiries import BY_DEADLINE
from portal.desk.editing import RecordAdmin
from portal.fields import columns
from portal.languages import language_name

DAYS_TO_ANSWER = 2  # in which an answer is due soon


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        soon = ("soon", _("due within two days"))
        return [*Enquiry.State.choices, soon, ("suspicious", _("looks like spam"))]

    def queryset(self, request, queryset):
        match self.value():
            case "open":
                return queryset.open()
            case "overdue":
                return queryset.overdue()
            case "soon":
                return queryset.due_within(DAYS_TO_ANSWER)
            case "suspicious":
                return queryset.suspicious()
            case "answered":
                return queryset.answered().kept()
            case "spam":
                return queryset.spam().kept()
            case "erased":
                return queryset.erased()
        return queryset


class AssignmentFilter(admin.SimpleListFilter):
    title = _("assigned to")
    parameter_name = "assigned"

    def lookups(self, request, model_admin):
        return [("me", _("me")), ("nobody", _("nobody"))]

    def queryset(self, request, queryset):
        match self.value():
            case "me":
                return queryset.assigned_to(request.user)
            case "nobody":
                return queryset.unassigned()
        return queryset


QUESTION = (None, {"fields": [("reference", "state_badge"), ("topic", "about"), "words"]})
PERSON = (_("From"), {"fields": [("name", "organization"), ("email", "reads"), "consent_at"]})
HANDLING = (_("Handling"), {"fields": [("received_at", "due_at", "assigned_to"), "note"]})
TO_ANSWER = (_("Answer"), {"fields": ["template", "answer_subject", "answer", "result", "seen"]})
ANSWERED = (_("Answer"), {"fields": [("answered_at", "answered_by", "outcome"), "answer_subject", "answer_words"]})
TO_KEEP = (_("Erasure"), {"fields": ["erase_on"]})
KEPT = (_("Erasure"), {"fields": ["erased_at"]})


@admin.register(Enquiry)
class EnquiryAdmin(RecordAdmin):
    form = AnswerForm
    action_form = AssigningForm
    list_display = ["reference", "state_badge", "due_on", "subject_line", "person", "assigned_to"]
    list_filter = [StateFilter, AssignmentFilter, "topic", "outcome"]
    list_select_related = ["assigned_to"]
    ordering = BY_DEADLINE
    date_hierarchy = "received_at"
    search_fields = ["reference", "message", "name", "organization", "email"]
    actions = ["assign_to_me", "assign_to", "mark_as_spam", "open_again"]

    class Media:
        css = {"all": ["admin_desk/enquiries.css"]}

    # --- Who may do what ---

    def has_add_permission(self, request):
        """Never: visitors write enquiries."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Never: an enquiry is erased, and its times stay true."""
        return False

    def has_erase_permission(self, request):
        return request.user.has_perm("events.erase_enquiry")

    # --- The form ---

    def get_fieldsets(self, request, obj=None):
        is_to_answer = obj is not None and obj.is_open and self.has_change_permission(request, obj)
        is_erased = obj is not None and obj.erased_at
        return [QUESTION, PERSON, HANDLING, TO_ANSWER if is_to_answer else ANSWERED, KEPT if is_erased else TO_KEEP]

    def get_readonly_fields(self, request, obj=None):
        written = {"template", "result", "seen"}  # of the form alone
        if obj is not None and not obj.erased_at:
            written |= {"note"}
        if obj is not None and obj.is_open:
            written |= {"due_at", "assigned_to", "answer_subject", "answer"}
        named = (name for _title, options in self.get_fieldsets(request, obj) for name in _flat(options["fields"]))
        return [name for name in named if name not in written]

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "assigned_to":
            kwargs["queryset"] = answering_users()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def render_change_form(self, request, context, *args, **kwargs):
        enquiry = context["original"]
        context["is_to_answer"] = enquiry.is_open and self.has_change_permission(request, enquiry)
        context["may_erase"] = self.has_erase_permission(request) and not enquiry.erased_at
        return super().render_change_form(request, context, *args, **kwargs)

    # --- Answering ---

    def changeform_view(self, request, *args, **kwargs):
        """Sends once the draft is safely stored, so that no database waits for a mail server."""
        response = super().changeform_view(request, *args, **kwargs)
        if hasattr(request, "to_close"):
            self._close(request, *request.to_close)
        return response

    def response_change(self, request, obj):
        if FILL in request.POST:
            self.message_user(request, _("The template is filled in. Nothing was sent."), messages.SUCCESS)
        elif SEND not in request.POST and RECORD not in request.POST:
            return super().response_change(request, obj)
        return HttpResponseRedirect(request.path)

    def save_model(self, request, obj, form, change):
        """Saves what stood in the form and nothing else: a colleague may be closing it at this moment."""
        obj.save(update_fields=[field.name for field in obj._meta.concrete_fields if field.name in form.fields])
        if SEND in request.POST or RECORD in request.POST:
            request.to_close = obj, form.cleaned_data["result"] or Enquiry.Outcome.ANSWERED

    def _close(self, request, enquiry, outcome):
        try:
            if SEND in request.POST:
                send_answer(enquiry, request.user, outcome)
            elif not Enquiry.objects.filter(pk=enquiry.pk).close(request.user, outcome):
                raise AnsweredMeanwhile
        except NotSent:
            text = _("The mail server did not take the answer, so it was not sent. It is kept here as a draft.")
            self.message_user(request, text, messages.ERROR)
        except AnsweredMeanwhile:
            self.message_user(request, _("It is closed already, so nothing was sent."), messages.WARNING)
        else:
            self._log(request, [enquiry], "answered at", "outcome")
            sent, noted = _("The answer was sent."), _("It is noted as answered. Nothing was sent.")
            self.message_user(request, sent if SEND in request.POST else noted, messages.SUCCESS)

    # --- What is shown ---

    @admin.display(description=_("what it is about"))
    def subject_line(self, enquiry):
        return enquiry.about_title or capfirst(enquiry.get_topic_display())

    @admin.display(description=_("answer due"), ordering="due_at")
    def due_on(self, enquiry):
        return date_format(localdate(enquiry.due_at))

    @admin.display(description=_("from"))
    def person(self, enquiry):
        return enquiry.organization or enquiry.name or enquiry.email

    @admin.display(description=_("state"))
    def state_badge(self, enquiry):
        badge = format_html('<span class="desk-badge" data-state="{}">{}</span>', enquiry.state, enquiry.state.label)
        if enquiry.is_suspicious and enquiry.is_open:
            return format_html('{} <span class="desk-badge">{}</span>', badge, _("looks like spam"))
        return badge

    @admin.display(description=_("page it is about"))
    def about(self, enquiry):
        if not enquiry.about_path:
            return "–"
        return format_html('<a href="{}">{}</a>', enquiry.about_path, enquiry.about_title)

    @admin.display(description=_("message"))
    def words(self, enquiry):
        return _as_typed(enquiry.message)

    @admin.display(description=_("answer"))
    def answer_words(self, enquiry):
        return _as_typed(enquiry.answer)

    @admin.display(description=_("language"))
    def reads(self, enquiry):
        return language_name(enquiry.language)

    # --- Many at once ---

    @admin.action(description=_("Assign to me"), permissions=["change"])
    def assign_to_me(self, request, enquiries):
        self._assign(request, enquiries, request.user)

    @admin.action(description=_("Assign to the person chosen beside this"), permissions=["change"])
    def assign_to(self, request, enquiries):
        self._assign(request, enquiries, answering_users().filter(pk=request.POST.get("assignee") or None).first())

    def _assign(self, request, enquiries, user):
        chosen, assigned = list(enquiries), list(enquiries.open())
        enquiries.assign(user)
        self._log(request, assigned, "assigned to")
        text = ngettext("%d enquiry assigned.", "%d enquiries assigned.", len(assigned)) % len(assigned)
        self._report(request, text, skipped=len(chosen) - len(assigned))

    @admin.action(description=_("Mark as spam"), permissions=["change"])
    def mark_as_spam(self, request, enquiries):
        chosen, marked = list(enquiries), list(enquiries.open())
        enquiries.close(request.user, Enquiry.Outcome.SPAM)
        self._log(request, marked, "outcome")
        text = ngettext("%d enquiry is spam now.", "%d enquiries are spam now.", len(marked)) % len(marked)
        self._report(request, text, skipped=len(chosen) - len(marked))

    @admin.action(description=_("No spam: open again"), permissions=["change"])
    def open_again(self, request, enquiries):
        opened = list(enquiries.spam().kept())
        self.model.objects.filter(pk__in=[each.pk for each in opened]).reopen()
        self._log(request, opened, "outcome")
        text = ngettext("%d enquiry is open again.", "%d enquiries are open again.", len(opened)) % len(opened)
        self.message_user(request, text)

    def _report(self, request, text, skipped):
        self.message_user(request, text)
        if skipped:
            text = ngettext(
                "%d was skipped, because it is closed.", "%d were skipped, because they are closed.", skipped
            )
            self.message_user(request, text % skipped, messages.WARNING)

    def _log(self, request, enquiries, *fields):
        LogEntry.objects.log_actions(request.user.pk, enquiries, CHANGE, [{"changed": {"fields": list(fields)}}])

    # --- Erasure ---

    def get_urls(self):
        erase = self.admin_site.admin_view(self.erase_view)
        return [path("<path:object_id>/erase/", erase, name="events_enquiry_erase"), *super().get_urls()]

    def erase_view(self, request, object_id):
        """Asks once more; a POST erases."""
        if not self.has_erase_permission(request):
            raise PermissionDenied
        enquiry = self.get_object(request, unquote(object_id))
        if enquiry is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        address = reverse("admin:events_enquiry_change", args=[enquiry.pk])
        if request.method == "POST":
            self.model.objects.filter(pk=enquiry.pk).erase()
            self._log(request, [enquiry], "erased at")
            self.message_user(request, _("What this person wrote is erased."), messages.SUCCESS)
            return HttpResponseRedirect(address)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Erase %s") % enquiry.reference,
            "opts": self.opts,
            "enquiry": enquiry,
            "way_back": address,
        }
        return TemplateResponse(request, "admin/events/enquiry/erase.html", context)


def _flat(fields):
    for each in fields:
        yield from each if isinstance(each, tuple) else (each,)


def _as_typed(text):
    """Text of strangers as nothing but text, line by line, in whichever direction it runs."""
    return format_html('<div class="enquiry-words" dir="auto">{}</div>', text) if text else "–"


@admin.register(ReplyTemplate)
class ReplyTemplateAdmin(RecordAdmin):
    list_display = ["name", "topic"]
    list_filter = ["topic"]
    search_fields = ["name", *columns("subject"), *columns("text")]
    fieldsets = [(None, {"fields": [("name", "topic"), columns("subject"), columns("text")]})]
