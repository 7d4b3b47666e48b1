"""How the links that lead away from the portal answered when they were last tried (`portal.link_checking`)."""

from datetime import timedelta

from django.db import models
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from portal import clock

FAILURES_OF_A_BROKEN_LINK = 2  # in a row: one bad evening of a server means nothing


class OutsideLinkQuerySet(models.QuerySet):
    def broken(self):
        """Those that failed whenever they were tried lately."""
        return self.filter(failures__gte=FAILURES_OF_A_BROKEN_LINK)

    def moved(self):
        """Those whose pages have a new address for good."""
        return self.filter(state=OutsideLink.State.MOVED)

    def counts(self) -> dict[str, int]:
        """How many are `broken`, how many have `moved` and how many were `tried` at all; one query."""
        return self.aggregate(
            broken=Count("pk", filter=Q(failures__gte=FAILURES_OF_A_BROKEN_LINK)),
            moved=Count("pk", filter=Q(state=OutsideLink.State.MOVED)),
            tried=Count("checked_at"),
        )

    def due(self, days):
        """Those that were not tried in the last `days` days; a link that just failed is tried again the next day."""
        now = clock.now()
        doubtful = Q(failures__gt=0, failures__lt=FAILURES_OF_A_BROKEN_LINK)
        return self.filter(
            Q(checked_at=None)
            | Q(checked_at__lte=now - timedelta(days=days))
            | doubtful & Q(checked_at__lte=now - timedelta(hours=20))
        ).order_by("checked_at", "url")

    def keep_only(self, urls) -> tuple[int, int]:
        """Has exactly `urls` from now on; returns how many are new and how many are gone."""
        known, wanted = set(self.values_list("url", flat=True)), set(urls)
        gone = sorted(known - wanted)
        for start in range(0, len(gone), 500):
            self.filter(url__in=gone[start : start + 500]).delete()
        self.bulk_create([self.model(url=url) for url in sorted(wanted - known)], batch_size=500)
        return len(wanted - known), len(gone)


class OutsideLink(models.Model):
    """An address outside the portal that its pages link to."""

    is_for_staff_alone = True  # on no page, so that no page need be made anew (`portal.page_cache`)

    class State(models.TextChoices):
        UNTRIED = "untried", _("not tried yet")
        ANSWERS = "answers", _("answers")
        MOVED = "moved", _("has moved for good")
        CLOSED = "closed", _("does not let programs in")
        GONE = "gone", _("page is gone")
        FAILS = "fails", _("fails")
        SILENT = "silent", _("no answer")

    url = models.URLField(_("web address"), max_length=500, unique=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.UNTRIED)
    status = models.PositiveSmallIntegerField(_("status code"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=200, blank=True)
    moved_to = models.URLField(_("moved to"), max_length=2000, blank=True)
    checked_at = models.DateTimeField(_("last tried at"), null=True, blank=True)
    failures = models.PositiveSmallIntegerField(_("failures in a row"), default=0)
    failing_since = models.DateField(_("failing since"), null=True, blank=True)

    objects = OutsideLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("outside link")
        verbose_name_plural = _("outside links")
        ordering = ["-failures", "failing_since", "url"]
        default_permissions = ("view",)  # nobody types what was found

    def __str__(self):
        return self.url

    @property
    def is_broken(self) -> bool:
        return self.failures >= FAILURES_OF_A_BROKEN_LINK

    def note(self, answer):
        """Takes down how it answered (`portal.link_checking.Answer`); does not save."""
        self.state, self.status = answer.state, answer.status
        self.problem, self.moved_to = answer.problem[:200], answer.moved_to[:2000]
        self.checked_at = clock.now()
        has_failed = answer.state in FAILED
        self.failures = self.failures + 1 if has_failed else 0
        self.failing_since = (self.failing_since or clock.today()) if has_failed else None


FAILED = (OutsideLink.State.GONE, OutsideLink.State.FAILS, OutsideLink.State.SILENT)


def broken_link_condition(column) -> Q:
    """The condition that the address in `column` is known to be broken."""
    return Q(Exists(OutsideLink.objects.broken().filter(url=OuterRef(column))))
