"""Who is there: companies, institutes, public bodies, and where each of them is present."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from companies.models.places import Place, inside
from portal.addresses import path_of
from portal.corrections import Correction
from portal.fields import PartialDateField, Translated, columns, not_before, said_in_some_language
from portal.introductions import Introduced, joined
from portal.natural_keys import NaturalKey
from portal.prose import ProseField
from portal.provenance import Citation, CitedAs
from portal.publishing import Publishable, PublishedQuerySet, PublishedWith
from portal.search.kinds import SearchedIn
from portal.uploads import PictureField, focus_rule


class Sector(NaturalKey):
    """A branch of the industry, as the portal sorts companies and agreements."""

    name = Translated(models.CharField(_("name"), max_length=100))
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("branch of")
    )

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["slug"]
        constraints = [
            said_in_some_language("name", "sector_has_a_name", _("Name the sector in at least one language.")),
            models.CheckConstraint(
                condition=~Q(parent=F("id")) | Q(parent=None),
                name="sector_is_not_a_branch_of_itself",
                violation_error_message=_("A sector cannot be a branch of itself."),
            ),
        ]

    def __str__(self):
        return self.name


LOGO = [f"logo_{part}" for part in ("width", "height", "focus_x", "focus_y")]


class OrganizationQuerySet(PublishedQuerySet):
    def in_district(self):
        """The company directory: whoever has a public presence at one of the portal's places, other than a plan."""
        present = Presence.objects.published().exclude(kind=Presence.Kind.PLANNED)
        return self.filter(Exists(present.filter(organization=OuterRef("pk"))))

    def of_kind(self, kind):
        return self.filter(kind=kind)

    def in_sector(self, sector):
        """Those of a sector or of one of its branches."""
        memberships = SectorMembership.objects.filter(Q(sector=sector) | Q(sector__parent=sector))
        return self.filter(Exists(memberships.filter(organization=OuterRef("pk"))))

    def at_place(self, place):
        """Those present at a place or inside it."""
        there = Presence.objects.published().filter(inside("place", place))
        return self.filter(Exists(there.filter(organization=OuterRef("pk"))))

    def introduced(self):
        return self.prefetch_related("sectors")

    def with_directory_details(self):
        """Loads sectors and public presences, for directory cards."""
        at = (f"place__{column}" for column in columns("name"))
        presences = Presence.objects.published().select_related("place").only("organization_id", "kind", *at)
        shown = self.only("slug", "kind", "logo", *LOGO, *columns("name"))
        return shown.prefetch_related("sectors", Prefetch("presences", queryset=presences))


class Organization(Introduced, Publishable):
    """A company, institute, university, public body, association, investor, park operator or hospital."""

    class Kind(models.TextChoices):
        COMPANY = "company", _("company")
        RESEARCH_INSTITUTE = "research_institute", _("research institute")
        UNIVERSITY = "university", _("university")
        PUBLIC_BODY = "public_body", _("public body")
        ASSOCIATION = "association", _("association")
        INVESTOR = "investor", _("investment firm")
        PARK_OPERATOR = "park_operator", _("park operator")
        HOSPITAL = "hospital", _("hospital")

    _history_m2m_fields = ("sectors",)
    cited_as = CitedAs("name", "companies:company")
    told_in = ("summary", "description")
    searched_in = SearchedIn(
        "name",
        names=("short_name", "legal_name", "identifiers__value"),
        related=("sectors__name", "parent__name", "presences__place__name"),
        about=("summary",),
        texts=("description",),
    )

    name = Translated(models.CharField(_("name"), max_length=200, help_text=_("The name people know: DiaSorin.")))
    short_name = Translated(models.CharField(_("short name"), max_length=60, help_text=_("For tight places: STCSM.")))
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.COMPANY)
    legal_name = models.CharField(
        _("registered name"),
        max_length=200,
        blank=True,
        help_text=_("As in the register: 上海上药康希诺生物制药有限公司."),
    )
    sectors = models.ManyToManyField(Sector, blank=True, related_name="organizations", verbose_name=_("sectors"))
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="subsidiaries", verbose_name=_("parent")
    )
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("Of its headquarters, two letters: CN, IT, DE.")
    )
    founded_on = PartialDateField(_("founded"), blank=True)
    website = models.URLField(_("website"), max_length=300, blank=True)
    logo = PictureField(
        _("logo"), blank=True, help_text=_("Shown whole. JPEG, PNG or WebP, at most 15 MB and 40 megapixels.")
    )
    summary = Translated(models.CharField(_("summary"), max_length=300, help_text=_("One sentence for lists.")))
    description = Translated(ProseField(_("description")))
    last_confirmed_on = models.DateField(
        _("last confirmed on"),
        null=True,
        blank=True,
        help_text=_("When somebody last checked that all this still holds."),
    )

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["slug"]
        indexes = [models.Index(fields=["kind", "slug"], name="organization_of_kind")]
        constraints = [
            said_in_some_language(
                "name", "organization_has_a_name", _("Name the organization in at least one language.")
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")) | Q(parent=None),
                name="organization_is_not_its_own_parent",
                violation_error_message=_("An organization cannot be its own parent."),
            ),
            models.CheckConstraint(
                condition=Q(country="") | Q(country__regex=r"^[A-Z]{2}$"),
                name="organization_country_is_two_capitals",
                violation_error_message=_("Write the country as two capital letters: CN, IT, DE."),
            ),
            focus_rule("organization", "logo"),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return path_of("companies:company", self.slug)

    @property
    def kicker(self) -> str:
        return capfirst(self.get_kind_display())

    @property
    def key_line(self) -> str:
        return joined(*(sector.name for sector in self.sectors.all()))


SectorMembership = Organization.sectors.through


class OrganizationIdentifier(NaturalKey):
    """The number of an organization in a register."""

    natural_key_paths = ("scheme", "value")

    class Scheme(models.TextChoices):
        USCI = "usci", _("Unified Social Credit Identifier (统一社会信用代码)")
        LEI = "lei", _("Legal Entity Identifier")
        STOCK = "stock", _("stock code, with the exchange: HKEX 2591")

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="identifiers", verbose_name=_("organization")
    )
    scheme = models.CharField(_("register"), max_length=10, choices=Scheme)
    value = models.CharField(_("number"), max_length=40)

    class Meta:
        verbose_name = _("identifier")
        verbose_name_plural = _("identifiers")
        ordering = ["scheme", "value"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "value"],
                name="identifier_belongs_to_one_organization",
                violation_error_message=_("This number already belongs to another organization."),
            ),
            models.CheckConstraint(
                condition=~Q(value=""),
                name="identifier_has_a_number",
                violation_error_message=_("Write the number."),
            ),
        ]

    def __str__(self):
        return f"{self.get_scheme_display()}: {self.value}"


class OrganizationCitation(Citation):
    record = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="citations", verbose_name=_("organization")
    )


class OrganizationCorrection(Correction):
    record = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("organization")
    )


class Presence(PublishedWith):
    """An organization at a place: its headquarters, a plant, a planned site."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "headquarters", _("headquarters")
        RESEARCH = "research", _("research and development")
        MANUFACTURING = "manufacturing", _("manufacturing")
        REGISTERED = "registered", _("registered office")
        BRANCH = "branch", _("branch or site")
        JOINT_VENTURE = "joint_venture", _("through a joint venture")
        PLANNED = "planned", _("planned")

    published_with = ("organization", "place")
    natural_key_paths = ("organization__slug", "place__slug", "kind")
    cited_as = CitedAs("organization__name", "companies:company", ("organization__slug",))

    organization = models.ForeignKey(
        Organization, on_delete=models.CASCADE, related_name="presences", verbose_name=_("organization")
    )
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="presences", verbose_name=_("place"))
    kind = models.CharField(_("kind"), max_length=15, choices=Kind)
    since = PartialDateField(_("since"), blank=True)
    until = PartialDateField(_("until"), blank=True)
    note = Translated(models.CharField(_("note"), max_length=200))

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presences")
        ordering = ["organization", "place", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "place", "kind"],
                name="presence_is_recorded_once",
                violation_error_message=_("This organization already has this kind of presence at this place."),
            ),
            not_before(
                "since", "until", "presence_ends_after_it_begins", _("The presence cannot end before it begins.")
            ),
        ]

    def __str__(self):
        return f"{self.organization} · {self.place} · {self.get_kind_display()}"


class PresenceCitation(Citation):
    record = models.ForeignKey(Presence, on_delete=models.CASCADE, related_name="citations", verbose_name=_("presence"))
