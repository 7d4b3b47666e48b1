"""What was announced: news, unveilings, releases. An unveiling or a release is not an agreement."""

from django.db import models
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from events.models.sessions import OnStage, at_conference, not_both
from portal import clock
from portal.addresses import path_of
from portal.corrections import Correction
from portal.fields import PartialDateField, Translated, said_in_some_language
from portal.history.changed import with_changed_at
from portal.introductions import Introduced, joined
from portal.prose import ProseField
from portal.provenance import Citation, CitedAs
from portal.publishing import Publishable, PublishedQuerySet
from portal.revisions import UidField
from portal.search.kinds import SearchedIn


class AnnouncementQuerySet(PublishedQuerySet):
    def for_conference(self, conference):
        return self.filter(at_conference(conference)).order_by("announced_on", "pk")

    def for_session(self, session):
        return self.filter(session=session)

    def of_kind(self, kind):
        return self.filter(kind=kind)

    def in_year(self, year):
        """Those announced in `year`."""
        return self.filter(announced_on__startswith=year)

    def pinned_first(self):
        """What is pinned at the moment, then the newest."""
        is_pinned = models.Case(models.When(pinned_until__gt=clock.now(), then=0), default=1)
        return self.order_by(is_pinned, "-announced_on", "-pk")

    def newest_first(self):
        return self.order_by("-announced_on", "-pk")

    def latest_published_first(self):
        return self.order_by("-published_at", "-announced_on", "-pk")

    def with_changed_at(self):
        """Adds `changed_at`, when the announcement last changed or was corrected."""
        return with_changed_at(self, "corrections")

    def introduced(self):
        return self.with_stage()

    def with_stage(self):
        return self.select_related("conference", "session__conference")


class Announcement(OnStage, Introduced, Publishable):
    """Something that was made known."""

    moments = (*Publishable.moments, "pinned_until")

    class Kind(models.TextChoices):
        NEWS = "news", _("news")
        NOTICE = "notice", _("notice")
        UNVEILING = "unveiling", _("unveiling")
        AWARD = "award", _("award")
        RELEASE = "release", _("release")
        POLICY = "policy", _("policy")

    published_with = OnStage.published_with
    required_to_publish = ("title",)
    cited_as = CitedAs("title", "events:announcement")
    told_in = ("body",)
    searched_in = SearchedIn(
        "title", related=("conference__title", "session__title"), texts=("body",), dated="announced_on"
    )

    title = Translated(models.CharField(_("title"), max_length=250))
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.NEWS)
    announced_on = PartialDateField(_("announced on"), help_text=_("2024-11-15, or 2024-11 when the day is not known."))
    body = Translated(ProseField(_("text")))
    pinned_until = models.DateTimeField(
        _("pinned until"), null=True, blank=True, help_text=_("Stays on top of the news until then.")
    )
    uid = UidField(unique=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        ordering = ["-announced_on", "-id"]
        constraints = [
            said_in_some_language(
                "title", "announcement_has_a_title", _("Give the announcement a title in at least one language.")
            ),
            models.CheckConstraint(
                condition=~Q(announced_on=""),
                name="announcement_has_a_date",
                violation_error_message=_("Say when it was announced."),
            ),
            not_both("announcement_is_at_a_session_or_a_conference"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return path_of("events:announcement", self.slug)

    @property
    def kicker(self) -> str:
        return capfirst(self.get_kind_display())

    @property
    def key_line(self) -> str:
        return joined(self.announced_on.words, self.held_at and self.held_at.title)

    @property
    def is_pinned(self) -> bool:
        return self.pinned_until is not None and self.pinned_until > clock.now()


class AnnouncementCitation(Citation):
    record = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="citations", verbose_name=_("announcement")
    )


class AnnouncementCorrection(Correction):
    record = models.ForeignKey(
        Announcement, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("announcement")
    )
