"""How the portal itself is, in words, on the front page of the desk: its version, its database, its daily commands."""

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import VERSION
from portal.desk.work_queue import Line, Section
from portal.models import Run
from portal.observability.readiness import unapplied

LATE = 2  # days without success, after which a daily command is late

# Every command that is taken down (`portal.runs`), as staff know it; those of `DAILY` are missed when they do not run.
COMMANDS = {
    "backup": gettext_lazy("Backup"),
    "check_links": gettext_lazy("Check of outside links"),
    "erase_enquiries": gettext_lazy("Erasure of old enquiries"),
    "publish_static": gettext_lazy("Publication as files"),
    "reindex": gettext_lazy("New index for the search"),
    "sweep_media": gettext_lazy("Removal of unused files"),
}
DAILY = ("backup", "check_links", "erase_enquiries")


def status() -> Section:
    """One query, and one more until the database was once found to be as it has to be."""
    runs = {run.command: run for run in Run.objects.all()}
    shown = [name for name in COMMANDS if name in runs or name in DAILY]
    lines = [_of_database(), *(_of_command(name, runs.get(name)) for name in shown)]
    return Section("status", _("The portal itself"), [Line(_("Version %s") % VERSION, ""), *lines], "")


_is_migrated = False  # of this process: nothing takes a migration back while it runs


def _of_database():
    global _is_migrated  # set once
    left = [] if _is_migrated else unapplied()
    _is_migrated = not left
    if left:
        detail = _("“manage.py migrate” has not been run since the update")
        return Line(_("The database is older than the portal"), "", len(left), "late", detail)
    return Line(_("The database is as this version needs it"), "")


def _of_command(name, run):
    words = str(COMMANDS[name])
    if run is None:
        return Line(words, "", tone="soon", detail=_("has not run yet"))
    is_late = name in DAILY and run.is_older_than(LATE)
    if run.has_failed:
        detail = _("FAILED on %(moment)s (%(problem)s); %(before)s")
        return Line(
            words,
            "",
            tone="late",
            detail=detail % {"moment": _moment(run.ended_at), "problem": run.problem, "before": _last(run)},
        )
    if run.is_running:
        return Line(words, "", tone="late" if is_late else "", detail=_("running since %s") % _moment(run.began_at))
    if is_late:
        return Line(words, "", tone="late", detail=_("LATE: %s") % _last(run))
    return Line(words, "", detail=_last(run))


def _last(run):
    return _("last succeeded on %s") % _moment(run.succeeded_at) if run.succeeded_at else _("never succeeded")


def _moment(moment):
    return date_format(localtime(moment), "DATETIME_FORMAT")
