"""The history of a record at the staff desk: who changed what when, going back, and what was deleted.

`portal.history` finds and words all of it; here are the pages, and who may open them.
"""

from django.contrib import messages
from django.contrib.admin.utils import quote, unquote
from django.contrib.auth import get_permission_codename
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.forms.models import _get_foreign_key
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from portal.desk.addresses import page_about
from portal.desk.roles import PUBLIC_ALREADY, may_publish, would_be_released
from portal.history.deletions import Deletions
from portal.history.families import Beneath, beneath
from portal.history.going_back import plan_going_back, plan_restoring
from portal.history.timeline import ADDED, CHANGED, REMOVED, Timeline
from portal.history.versions import versions_of

SAVES_ON_A_PAGE = 25
DELETIONS_ON_A_PAGE = 50

RIGHT_TO = {ADDED: "add", CHANGED: "change", REMOVED: "delete"}


class KeepsHistory:
    """Mixin for the admin of records: the history of each at its stock address, and ways back from there.

    `objections_to(record)` are reasons of the admin against saving a record as it was, beyond its own rules.
    """

    @staticmethod
    def objections_to(record):
        return []

    @property
    def keeps_history(self) -> bool:
        return hasattr(self.model, "history")

    def rows_of_form(self) -> list[Beneath]:
        """The relations to the rows in the form of a record, as far as they have a history."""
        kept = [rows for rows in self.get_inlines(None, self.model()) if hasattr(rows.model, "history")]
        return [Beneath(each.model, _get_foreign_key(self.model, each.model, each.fk_name).name) for each in kept]

    def rows_of_history(self) -> list[Beneath]:
        """Those, and whatever else is deleted with a record."""
        rows = self.rows_of_form()
        shown = [each.model for each in rows]
        return rows + [each for each in beneath(self.model) if each.model not in shown]

    def get_urls(self):
        if not self.keeps_history:
            return super().get_urls()

        def named(name, address, view):
            info = self.opts.app_label, self.opts.model_name, name
            return path(address, self.admin_site.admin_view(view), name="{}_{}_{}".format(*info))

        return [
            named("deleted", "deleted/", self.deleted_view),
            named("restore", "<path:object_id>/restore/", self.restore_view),
            named("go_back", "<path:object_id>/history/<int:cut>/", self.go_back_view),
            *super().get_urls(),
        ]

    # --- Looking ---

    def history_view(self, request, object_id, extra_context=None):
        if not self.keeps_history:
            return super().history_view(request, object_id, extra_context)
        record = self.get_object(request, unquote(object_id))
        if not self.has_view_or_change_permission(request, record):
            raise PermissionDenied
        timeline = self._timeline(object_id)
        if timeline is None or not (record or timeline.has_own_rows):
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        page = Paginator(timeline.saves, SAVES_ON_A_PAGE).get_page(request.GET.get("p"))
        timeline.tell(page.object_list)
        newest = timeline.saves[0] if timeline.saves else None
        may_go_back = record is not None and self.has_change_permission(request, record)
        for save in page.object_list:
            save.can_be_gone_back_to = may_go_back and save is not newest and timeline.had_record(save)
        context = {
            "page": page,
            "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
            "is_deleted": record is None,
            "may_restore": record is None and self.has_add_permission(request),
            "key": timeline.key,
        }
        name = record or timeline.last_name
        return self._page(
            request, "admin/history.html", _("History: %s") % name, record, context | (extra_context or {})
        )

    def deleted_view(self, request):
        """What was deleted and can be restored, the latest first."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        deletions = Deletions(self.model)
        page = Paginator(deletions, DELETIONS_ON_A_PAGE).get_page(request.GET.get("p"))
        context = {
            "page": page,
            "page_range": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1),
            "deletions": deletions.told(page.object_list),
            "may_restore": self.has_add_permission(request),
        }
        title = _("Deleted: %s") % self.opts.verbose_name_plural
        return self._page(request, "admin/deleted.html", title, None, context)

    # --- Going back ---

    def go_back_view(self, request, object_id, cut):
        """What would change if the record went back to the state at `cut`; a POST does it."""
        record = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, record):
            raise PermissionDenied
        if record is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        is_confirmed = request.method == "POST"
        with transaction.atomic():
            if is_confirmed:
                self.lock(record.pk)
            save, plan = self._way_back(object_id, cut)
            version = versions_of([record], self.rows_of_history())[record.pk]
            is_stale = request.POST.get("version") != version
            errors = self._carry_out(request, plan, is_stale=is_stale) if is_confirmed else []
        date = date_format(localtime(save.date), "DATETIME_FORMAT")
        if is_confirmed and not errors:
            self.message_user(request, _("It is back to the state of %s.") % date, messages.SUCCESS)
            return self._to_history(record.pk)
        title = _("Go back to the state of %s") % date
        context = {"plan": plan, "errors": errors, "version": version, "key": record.pk}
        return self._page(request, "admin/going_back.html", title, record, context)

    def _way_back(self, object_id, cut):
        """The save that an address names, and the plan of going back to its end."""
        timeline = self._timeline(object_id)
        for save in timeline.saves:
            if save.cut == cut and timeline.had_record(save):
                return save, plan_going_back(timeline, save)
        raise Http404

    def restore_view(self, request, object_id):
        """What would come back with a deleted record; a POST brings it back."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        key = self._key(object_id)
        plan = None if key is None else plan_restoring(self.model, key)
        if plan is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        errors = self._carry_out(request, plan) if request.method == "POST" else []
        name = plan.moves[0].name
        if request.method == "POST" and not errors:
            text = (
                _("“%s” is restored, as a draft.") if hasattr(plan.record, "published_at") else _("“%s” is restored.")
            )
            self.message_user(request, text % name, messages.SUCCESS)
            return self._to_history(key)
        context = {"plan": plan, "errors": errors, "is_restoring": True, "key": key}
        return self._page(request, "admin/going_back.html", _("Restore %s") % name, None, context)

    def _carry_out(self, request, plan, *, is_stale=False) -> list[str]:
        """Does what `plan` says; the reasons if it was not done."""
        if is_stale:
            return [_("It was saved again in the meantime. Look at what would change now, and confirm once more.")]
        if reasons := self._objections(request, plan):
            return reasons
        try:
            plan.carry_out()
        except ValidationError as refusal:
            return refusal.messages
        for contradiction in self.contradictions_of(self.model._base_manager.get(pk=plan.record.pk)):
            self.message_user(request, contradiction, messages.WARNING)
        return []

    def _objections(self, request, plan) -> list[str]:
        reasons = [str(reason) for reason in self.objections_to(plan.record)]
        for move in plan.moves:
            if move.kind == CHANGED and not move.changes:
                continue
            options = move.model._meta
            right = f"{options.app_label}.{get_permission_codename(RIGHT_TO[move.kind], options)}"
            if move.is_beneath and not request.user.has_perm(right):
                reasons.append(_("You may not do this with %s.") % options.verbose_name_plural)
            elif move.then and not may_publish(request.user) and would_be_released(move.then.record):
                reasons.append(str(PUBLIC_ALREADY))
        return list(dict.fromkeys(reasons))

    # --- What the pages share ---

    def lock(self, key):
        """Whoever saves the same record waits until this transaction ends; SQLite lets one at a time write anyway."""
        list(self.model._base_manager.select_for_update().filter(pk=key).values_list("pk"))

    def _timeline(self, object_id):
        key = self._key(object_id)
        return None if key is None else Timeline(self.model, key, self.rows_of_history())

    def _key(self, object_id):
        """The key that an address names; None for nonsense."""
        try:
            key = self.opts.pk.to_python(unquote(object_id))
            self.opts.pk.run_validators(key)
        except ValidationError:
            return None
        return key

    def _to_history(self, key):
        return HttpResponseRedirect(page_about(self.model, "history", quote(key)))

    def _page(self, request, template, title, record, context):
        request.current_app = self.admin_site.name
        shared = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "record": record,
            "kind": capfirst(self.opts.verbose_name_plural),
        }
        return TemplateResponse(request, template, shared | context)
