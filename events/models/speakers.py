"""People on stage: who they are, the post they held then, and what was reported of their words."""

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.functions import Coalesce
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from companies.models import Organization
from events.models.sessions import OnStage, at_conference, not_both
from portal.addresses import path_of
from portal.corrections import Correction
from portal.fields import Translated, columns, said_in_some_language
from portal.introductions import Introduced, joined
from portal.prose import ProseField
from portal.provenance import Citation, CitedAs
from portal.publishing import Publishable, PublishedQuerySet, PublishedWith, public_relation
from portal.search.kinds import SearchedIn
from portal.uploads import PictureField, focus_rule


class SpeakerQuerySet(PublishedQuerySet):
    def on_public_stage(self):
        """Those with at least one public appearance."""
        return self.filter(Exists(Appearance.objects.published().filter(speaker=OuterRef("pk"))))

    def with_page(self):
        return self.on_public_stage()

    def in_appearances(self, appearances):
        """Those of any of `appearances`, in the order of their slugs."""
        return self.filter(Exists(appearances.filter(speaker=OuterRef("pk")))).order_by("slug")

    def with_appearances(self):
        """Loads their public appearances, the latest first."""
        appearances = Appearance.objects.published().latest_first().with_stage()
        return self.prefetch_related(Prefetch("appearances", queryset=appearances))

    def introduced(self):
        """Those on public stage, loaded with their public appearances, the latest first."""
        appearances = Appearance.objects.published().latest_first().with_stage().with_citations()
        return self.on_public_stage().prefetch_related(Prefetch("appearances", queryset=appearances))


class Speaker(Introduced, Publishable):
    """A person who appears at conferences. The post is not theirs but the appearance's: people change posts."""

    cited_as = CitedAs("name", "events:speaker")
    told_in = ("biography",)
    searched_in = SearchedIn(
        "name",
        related=("appearances__organization__name", "appearances__organization_name", "appearances__post"),
        texts=("biography",),
        rests_on=("appearances",),
    )

    name = Translated(models.CharField(_("name"), max_length=120))
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    portrait = PictureField(
        _("portrait"),
        blank=True,
        help_text=_("Optional: without one, initials are drawn. JPEG, PNG or WebP, at most 15 MB and 40 megapixels."),
    )
    biography = Translated(ProseField(_("biography")))

    objects = SpeakerQuerySet.as_manager()

    class Meta:
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        ordering = ["slug"]
        permissions = [("erase_speaker", _("May erase a person who asks for it"))]
        constraints = [
            said_in_some_language("name", "speaker_has_a_name", _("Name the speaker in at least one language.")),
            focus_rule("speaker", "portrait"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return path_of("events:speaker", self.slug)

    @property
    def kicker(self) -> str:
        return capfirst(self._meta.verbose_name)

    @property
    def key_line(self) -> str:
        """The latest post, with the year in which it was held."""
        latest = self.appearances.all()[0]
        return joined(latest.post, latest.organization_name, latest.held_at.starts_on.year)


class SpeakerCitation(Citation):
    record = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="citations", verbose_name=_("speaker"))


class SpeakerCorrection(Correction):
    record = models.ForeignKey(Speaker, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("speaker"))


class AppearanceQuerySet(PublishedQuerySet):
    def for_conference(self, conference):
        return self.filter(at_conference(conference))

    def of_sessions_or_none(self, sessions):
        """Those of the given sessions, and those whose session is not known."""
        return self.filter(Q(session__in=[session.pk for session in sessions]) | Q(session=None))

    def of_sessions(self, sessions):
        return self.filter(session__in=[session.pk for session in sessions])

    def for_session(self, session):
        return self.filter(session=session)

    def in_role(self, role):
        return self.filter(role=role)

    def in_year(self, year):
        """Those at conferences that began in `year`."""
        begins = "starts_on__startswith"
        return self.filter(Q(**{f"conference__{begins}": year}) | Q(**{f"session__conference__{begins}": year}))

    def of_organization(self, organization):
        """Those of people who belonged to `organization` then."""
        return self.filter(organization=organization)

    def latest_first(self):
        held_on = Coalesce("session__conference__starts_on", "conference__starts_on")
        return self.order_by(held_on.desc(), "pk")

    def with_speaker(self):
        return self.select_related("speaker")

    def for_programme(self):
        """Only what a programme says of them."""
        names = (f"speaker__{column}" for column in columns("name"))
        return self.select_related("speaker").only("session", "mode", *columns("post"), *names)

    def on_cards(self):
        """What the card of a person on a stage says: who it was, for whom, and what was said."""
        return self.select_related("speaker").with_public("organization").with_citations()

    def with_stage(self):
        return self.select_related("speaker", "session__conference", "conference").with_public("organization")


class Appearance(OnStage, PublishedWith):
    """One person at one session or conference, with the post they held then."""

    class Role(models.TextChoices):
        SPEAKER = "speaker", _("speaker")
        MODERATOR = "moderator", _("moderator")
        PANELLIST = "panellist", _("panellist")
        HOST = "host", _("master of ceremonies")
        SIGNATORY = "signatory", _("signatory")
        GUEST = "guest", _("guest")

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        VIDEO_MESSAGE = "video_message", _("by video message")
        REMOTE = "remote", _("remotely")
        NOT_STATED = "not_stated", _("not stated")

    AWAY = (Mode.VIDEO_MESSAGE, Mode.REMOTE)  # who was not in the room

    published_with = ("speaker", *OnStage.published_with)
    natural_key_paths = ("speaker__slug", "session__conference__slug", "session__slug", "conference__slug", "role")
    cited_as = CitedAs("speaker__name", "events:speaker", ("speaker__slug",))

    speaker = models.ForeignKey(
        Speaker, on_delete=models.CASCADE, related_name="appearances", verbose_name=_("speaker")
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.SPEAKER)
    mode = models.CharField(_("mode"), max_length=15, choices=Mode, default=Mode.IN_PERSON)
    post = Translated(
        models.CharField(
            _("post held then"), max_length=200, help_text=_("Deputy Director. As held on that day, not today.")
        )
    )
    organization_name = Translated(
        models.CharField(_("organization then"), max_length=200, help_text=_("As it was called then."))
    )
    organization = models.ForeignKey(
        Organization,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="appearances",
        verbose_name=_("organization"),
        help_text=_("If the portal has a page for it."),
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = AppearanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("appearance")
        verbose_name_plural = _("appearances")
        ordering = ["position", "id"]
        constraints = [
            not_both("appearance_is_at_a_session_or_a_conference"),
            models.CheckConstraint(
                condition=Q(conference__isnull=False) | Q(session__isnull=False),
                name="appearance_is_somewhere",
                violation_error_message=_("Choose the session, or the conference when the session is not known."),
            ),
            models.UniqueConstraint(
                fields=["speaker", "session", "role"],
                condition=Q(session__isnull=False),
                name="appearance_at_a_session_is_listed_once",
                violation_error_message=_("This person already has this role in this session."),
            ),
            models.UniqueConstraint(
                fields=["speaker", "conference", "role"],
                condition=Q(conference__isnull=False),
                name="appearance_at_a_conference_is_listed_once",
                violation_error_message=_("This person already has this role at this conference."),
            ),
        ]

    def __str__(self):
        return f"{self.speaker} · {self.session or self.conference}"

    def get_absolute_url(self):
        return self.speaker.get_absolute_url()

    @property
    def public_organization(self):
        return public_relation(self, "organization")

    @property
    def statements(self):
        """The citations that report what was said, out of those already loaded."""
        return [citation for citation in self.citations.all() if citation.statement]


class AppearanceCitation(Citation):
    """What one source reports of an appearance: the post held, and what was said."""

    record = models.ForeignKey(
        Appearance, on_delete=models.CASCADE, related_name="citations", verbose_name=_("appearance")
    )
    statement = Translated(
        models.TextField(
            _("statement"), help_text=_("What was said, in our words. The quote keeps the original words.")
        )
    )
