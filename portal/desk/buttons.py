"""The buttons under a form that decide what is public: save as draft, publish now, schedule.

There is one column behind them, `published_at`. Plain saving takes the moment that stands in its field; a button sets
it. Whatever the way, nothing becomes public without what it needs (`portal.readiness`): the form is refused then, each
reason stands beside the field it is about, and nothing typed is lost.
"""

from itertools import chain

from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.desk.roles import PUBLIC_ALREADY, would_be_released
from portal.fields import columns

DRAFT, PUBLISH, SCHEDULE = "_draft", "_publish", "_schedule"

NEEDS_A_SOURCE_OF_ITS_OWN = _(
    "Nothing is public without a source. Save this as a draft, open it on its own page, cite its source there and "
    "publish it."
)
NEEDED_IN_EVERY_LANGUAGE = _("Needed in every language before this can be public. Fill it in, or save as a draft.")
NEEDED_BENEATH = _("Nothing of this kind is public without at least one of these. Add one, or save as a draft.")
NEEDS_A_MOMENT = _("To schedule it, give the day and the time at which it is to appear, in the future.")
WITHDRAWN = _("It was withdrawn: remove the withdrawal first, or save as a draft.")


def pressed(data) -> str:
    """The button of this module that sent the form `data`; empty for the others."""
    return next((name for name in (DRAFT, PUBLISH, SCHEDULE) if name in data), "")


class ObeysButtons:
    """Mixin for the forms of records: does what the button says, and refuses what cannot be public."""

    may_publish = True  # the admin says so of whoever sends the form
    has_citation_rows = False  # they see to the source then, because it may just be typed there

    def clean(self):
        super().clean()
        if "published_at" in self.fields and not self.prefix:
            self._obey(pressed(self.data))
        if self.has_changed() and self.cleaned_data.get("published_at"):
            self._refuse_what_is_not_ready()

    def _post_clean(self):
        super()._post_clean()  # now the instance is filled in
        if not self.may_publish and self.has_changed() and not self.errors and would_be_released(self.instance):
            self.add_error(None, PUBLIC_ALREADY)

    def _obey(self, button):
        stored, now = self.instance.published_at, clock.now()
        if button in (PUBLISH, SCHEDULE) and self._is_withdrawn():
            self.add_error("published_at", WITHDRAWN)
            return
        moment = self.cleaned_data.get("published_at")
        if button == DRAFT:
            self._set_moment(None)
        elif button == PUBLISH:
            self._set_moment(stored if stored and stored <= now else now)
        elif button == SCHEDULE and (moment is None or moment <= now) and not self.has_error("published_at"):
            self.add_error("published_at", NEEDS_A_MOMENT)

    def _is_withdrawn(self) -> bool:
        stored = self._meta.model.objects.filter(pk=self.instance.pk)
        return stored.exists() and not stored.standing().exists()

    def _set_moment(self, moment):
        self.errors.pop("published_at", None)  # whatever stood in the field, the button decides
        self.cleaned_data["published_at"] = moment
        if moment == self.instance.published_at:
            self.changed_data[:] = [name for name in self.changed_data if name != "published_at"]
        elif "published_at" not in self.changed_data:
            self.changed_data.append("published_at")

    def _refuse_what_is_not_ready(self):
        is_new = not was_published(self.instance)
        for column in chain.from_iterable(map(columns, self._meta.model.required_to_publish)):
            is_empty = column in self.fields and not self.cleaned_data.get(column) and not self.has_error(column)
            if is_empty and (is_new or column in self.changed_data):
                self.add_error(column, NEEDED_IN_EVERY_LANGUAGE)
        if self._lacks_a_source():
            self.add_error("published_at", NEEDS_A_SOURCE_OF_ITS_OWN)

    def _lacks_a_source(self) -> bool:
        model = self._meta.model
        is_sourced_by_what_it_is_under = self.rows is not None and self.rows.fk.name == getattr(model, "sourced_by", "")
        if self.has_citation_rows or is_sourced_by_what_it_is_under or not hasattr(model, "citations"):
            return False
        return not model.objects.with_usable_source().filter(pk=self.instance.pk).exists()


def was_published(record) -> bool:
    """Whether `record` is stored as public or scheduled. What is public already and lacks something, because it was
    loaded so, can still be edited."""
    return type(record).objects.exclude(published_at=None).filter(pk=record.pk).exists()


def is_needed_beneath(record, relation, had_rows) -> bool:
    """Whether `record` must have at least one row in `relation`: it is becoming public, or would lose its last one."""
    is_published = bool(getattr(record, "published_at", None)) and relation in record.required_to_publish
    return is_published and (had_rows or not was_published(record))
