"""The programme, session by session, and what it means to be on stage."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from companies.models import Place
from events.models.conferences import Conference
from portal.addresses import path_of
from portal.corrections import Correction
from portal.fields import Translated, columns, said_in_some_language
from portal.history.changed import with_changed_at
from portal.introductions import Introduced, joined
from portal.prose import ProseField
from portal.provenance import Citation, CitedAs
from portal.publishing import Publishable, PublishedQuerySet
from portal.revisions import RevisionField, UidField
from portal.search.kinds import SearchedIn
from portal.videos import Video, video_of

IN_PROGRAMME_ORDER = (F("day").asc(nulls_last=True), F("starts_at").asc(nulls_last=True), F("position"), F("pk"))


class SessionQuerySet(PublishedQuerySet):
    def in_programme_order(self):
        """By day and time; what has neither stands last, in the order the editor gave it."""
        return self.order_by(*IN_PROGRAMME_ORDER)

    def introduced(self):
        return self.select_related("conference")

    def for_programme(self):
        """Only what a programme says of them."""
        said = ("conference", "slug", "kind", "status", "day", "starts_at", "ends_at", "position")
        return self.only(*said, *columns("title"), *columns("room"))

    def with_conference(self):
        """Loads the conference, and where it takes place if visitors may know."""
        venues = Place.objects.published().filter(pk=OuterRef("conference__venue"))
        return self.select_related("conference__venue").annotate(venue_is_public=Exists(venues))

    def on_day(self, day):
        return self.filter(day=day)

    def with_changed_at(self):
        """Adds `changed_at`, when what a calendar says of the session last changed."""
        return with_changed_at(self.select_related("conference"), "conference")

    def named(self, slugs):
        return self.filter(slug__in=slugs)

    def only_addresses(self):
        """Only what a link to the session needs."""
        return self.select_related("conference").only(*columns("title"), "slug", "conference__slug")


class Session(Introduced, Publishable):
    """One item of the programme: an opening, a talk, a forum, a signing."""

    class Kind(models.TextChoices):
        OPENING = "opening", _("opening")
        ADDRESS = "address", _("address")
        KEYNOTE = "keynote", _("keynote")
        VIDEO_MESSAGE = "video_message", _("video message")
        TALK = "talk", _("talk")
        PANEL = "panel", _("panel")
        FORUM = "forum", _("forum")
        SIGNING = "signing", _("signing")
        UNVEILING = "unveiling", _("unveiling")
        AWARD = "award", _("award")
        RELEASE = "release", _("release")
        CEREMONY = "ceremony", _("ceremony")
        BREAK = "break", _("break")

    class Status(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        MOVED = "moved", _("moved")
        CANCELLED = "cancelled", _("cancelled")

    published_with = ("conference",)
    sourced_by = "conference"
    natural_key_paths = ("conference__slug", "slug")
    required_to_publish = ("title",)
    cited_as = CitedAs("title", "events:session", ("conference__slug", "slug"))
    told_in = ("abstract",)
    searched_in = SearchedIn(
        "title",
        related=("appearances__speaker__name", "conference__title"),
        about=("room",),
        texts=("abstract",),
        dated="conference__starts_on",
    )

    conference = models.ForeignKey(
        Conference, on_delete=models.CASCADE, related_name="sessions", verbose_name=_("conference")
    )
    title = Translated(models.CharField(_("title"), max_length=250))
    slug = models.SlugField(_("slug"), max_length=100, help_text=_("Unique within the conference."))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind, default=Kind.TALK)
    day = models.DateField(_("day"), null=True, blank=True, help_text=_("Empty when it was not published."))
    starts_at = models.TimeField(_("starts at"), null=True, blank=True, help_text=_("Local time of the conference."))
    ends_at = models.TimeField(_("ends at"), null=True, blank=True)
    room = Translated(models.CharField(_("room"), max_length=100))
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("The order among sessions without times.")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.CONFIRMED)
    abstract = Translated(ProseField(_("abstract")))
    livestream_url = models.URLField(_("live stream"), max_length=300, blank=True)
    recording_url = models.URLField(_("recording"), max_length=300, blank=True)
    revision = RevisionField(
        _("revision"),
        watched=("day", "starts_at", "ends_at", *columns("room"), "status"),
        help_text=_("Rises when a visitor's plan would change."),
    )
    uid = UidField(unique=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        ordering = ["conference", F("day").asc(nulls_last=True), F("starts_at").asc(nulls_last=True), "position", "id"]
        indexes = [
            models.Index(fields=["conference", "day", "starts_at", "position"], name="session_in_programme_order")
        ]
        constraints = [
            said_in_some_language(
                "title", "session_has_a_title", _("Give the session a title in at least one language.")
            ),
            models.UniqueConstraint(
                fields=["conference", "slug"],
                name="session_slug_is_unique_within_its_conference",
                violation_error_message=_("Another session of this conference already has this slug."),
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(day__isnull=False),
                name="session_time_needs_a_day",
                violation_error_message=_("A session with a time needs its day."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="session_ends_after_it_starts",
                violation_error_message=_("The session must end after it starts."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return path_of("events:session", self.conference.slug, self.slug)

    @property
    def is_cancelled(self) -> bool:
        return self.status == self.Status.CANCELLED

    @property
    def public_venue(self):
        """Where its conference takes place, if visitors may know; loaded `with_conference()`."""
        return self.conference.venue if self.venue_is_public else None

    @property
    def kicker(self) -> str:
        return capfirst(self.get_kind_display())

    @property
    def key_line(self) -> str:
        status = "" if self.status == self.Status.CONFIRMED else capfirst(self.get_status_display())
        day = date_format(self.day) if self.day else self.conference.dates_in_words
        return joined(status, day, self.conference.title)

    @property
    def livestream(self) -> Video | None:
        return video_of(self.livestream_url)

    @property
    def recording(self) -> Video | None:
        return video_of(self.recording_url)


class SessionCitation(Citation):
    record = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="citations", verbose_name=_("session"))


class SessionCorrection(Correction):
    record = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("session"))


class OnStage(models.Model):
    """Mixin for what happened at a session or, where the session is not known, at a conference: never both, so that
    the two cannot contradict each other."""

    published_with = ("conference", "session")

    conference = models.ForeignKey(
        Conference,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="%(class)ss",
        verbose_name=_("conference"),
        help_text=_("Only when the session is not known; a session already says its conference."),
    )
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="%(class)ss", verbose_name=_("session")
    )

    class Meta:
        abstract = True

    @property
    def held_at(self) -> Conference | None:
        """The conference, whether it was named directly or through the session."""
        return self.session.conference if self.session else self.conference


def at_conference(conference) -> Q:
    """The condition that an `OnStage` record belongs to `conference`."""
    return Q(conference=conference) | Q(session__conference=conference)


def not_both(constraint) -> models.CheckConstraint:
    """The rule behind `OnStage`."""
    return models.CheckConstraint(
        condition=Q(conference=None) | Q(session=None),
        name=constraint,
        violation_error_message=_(
            "Choose the session or the conference, not both: a session already says its conference."
        ),
    )
