"""Where pages have moved to. A published address never dies: whoever changes a slug leaves a redirect behind."""

import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import Resolver404, resolve
from django.utils.translation import gettext_lazy as _

from portal import clock
from portal.languages import without_language
from portal.natural_keys import NaturalKey, NaturalKeyQuerySet

MOST_HOPS = 10
_ENDS_OF_STEPS = re.compile(r"[/.]")


def path_without_language(address) -> str:
    """The part of an address that is the same in every language: "/en/news/signed/" and "news/signed" are one path."""
    path = address.strip().removeprefix(settings.SITE_URL).partition("?")[0].partition("#")[0].strip("/")
    return without_language(f"/{path}/").strip("/")


class SitePathField(models.CharField):
    """A path of this site without its language: what people paste is cut down to it."""

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def to_python(self, value):
        value = super().to_python(value)
        return path_without_language(value) if isinstance(value, str) else value


class RedirectQuerySet(NaturalKeyQuerySet):
    def destination_of(self, path) -> str | None:
        """Where the page at `path`, or everything beneath what moved, is found now; None where nothing moved. Usually
        two queries; redirects that lead in a circle lead nowhere."""
        seen, destination = {path}, None
        for _hop in range(MOST_HOPS):
            moved = self.filter(old_path__in=_beginnings_of(path)).values_list("old_path", "new_path")
            step = max(moved, key=lambda each: len(each[0]), default=None)
            if step is None:
                return destination
            old, new = step
            path = destination = _moved(path, old, new)
            if path in seen:
                return None
            seen.add(path)
        return None

    def note_move(self, old_path, new_path):
        """What was at `old_path` is at `new_path` from now on. Earlier redirects to it lead straight there; those
        of pages beneath it move along."""
        self.filter(old_path=new_path).delete()
        self.filter(new_path=old_path).update(new_path=new_path)
        for each in self.filter(old_path__startswith=f"{old_path}/"):
            now = {name: _moved(getattr(each, name), old_path, new_path) for name in ("old_path", "new_path")}
            self.filter(old_path=now["old_path"]).exclude(pk=each.pk).delete()
            self.filter(pk=each.pk).update(**now)
        self.update_or_create(
            old_path=old_path, defaults={"new_path": new_path, "is_automatic": True, "made_on": clock.today()}
        )


def _moved(path, old, new) -> str:
    return new + path[len(old) :] if old in _beginnings_of(path) else path


def _beginnings_of(path) -> list[str]:
    """`path` and all that it lies beneath: "a/b.csv" lies beneath "a/b" and "a"."""
    return [path[: end.start()] for end in _ENDS_OF_STEPS.finditer(path)] + [path]


class Redirect(NaturalKey):
    """An address that has changed, and the one that took its place; both without a language, for all languages."""

    natural_key_paths = ("old_path",)

    old_path = SitePathField(
        _("old address"),
        max_length=300,
        unique=True,
        help_text=_(
            "conferences/meilan-lake-2024. Everything beneath it moves too. It is used only where no page has this "
            "address any more."
        ),
    )
    new_path = SitePathField(
        _("new address"), max_length=300, help_text=_("A page of this site: paste its address, in any language.")
    )
    made_on = models.DateField(_("made on"), default=clock.today, editable=False)
    is_automatic = models.BooleanField(
        _("made by the portal"), default=False, editable=False, help_text=_("Because somebody changed a slug.")
    )

    objects = RedirectQuerySet.as_manager()

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        ordering = ["-made_on", "old_path"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_path=""),
                name="redirect_has_an_old_address",
                violation_error_message=_("Say which address has changed; the home page cannot move."),
            ),
            models.CheckConstraint(
                condition=~Q(old_path=F("new_path")),
                name="redirect_leads_elsewhere",
                violation_error_message=_("An address cannot lead to itself."),
            ),
        ]

    def __str__(self):
        return f"{self.old_path} → {self.new_path}"

    def clean(self):
        if self.new_path and not _is_address(self.new_path):
            raise ValidationError({"new_path": _("No page of this site has an address of this form.")})
        others = type(self).objects.exclude(pk=self.pk)
        destination = others.destination_of(self.new_path) or self.new_path
        if self.old_path != self.new_path and self.old_path in _beginnings_of(destination):
            raise ValidationError({"new_path": _("This leads back to the old address, in a circle.")})


def _is_address(path) -> bool:
    for ending in ("/", ""):
        try:
            resolve(f"/{settings.LANGUAGE_CODE}/{path}{ending}")
        except Resolver404:
            continue
        return True
    return False
