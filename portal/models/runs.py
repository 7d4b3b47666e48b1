"""How the commands that keep the portal in order went the last time (`portal.runs`)."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal import clock


class Run(models.Model):
    """The last run of a command, and the last one that succeeded: one row for each command, so nothing piles up."""

    is_for_staff_alone = True  # on no page, so that no page need be made anew (`portal.page_cache`)

    command = models.CharField(_("command"), max_length=40, unique=True)
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    succeeded_at = models.DateTimeField(_("last succeeded at"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=100, blank=True)  # the kind of error; its words are in the log

    class Meta:
        verbose_name = _("run of a command")
        verbose_name_plural = _("runs of commands")
        ordering = ["command"]
        default_permissions = ()  # nobody types it

    def __str__(self):
        return f"{self.command}, {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def has_failed(self) -> bool:
        return bool(self.problem)

    @property
    def is_running(self) -> bool:
        return self.ended_at is None

    def is_older_than(self, days) -> bool:
        """Whether it did not succeed in the last `days` days."""
        return self.succeeded_at is None or clock.now() - self.succeeded_at > timedelta(days=days)
