"""What was signed: the paper, its parties, its amounts, and the stages it was signed on."""

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Subquery, When
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.models import Organization, Place, Sector
from companies.models.places import inside
from events.models.parties import AgreementParty
from events.models.projects import Followed, InvestmentProject, followed
from events.models.sessions import at_conference
from events.models.signings import Signing
from events.stages import Stage
from portal.addresses import path_of
from portal.corrections import Correction
from portal.fields import PartialDateField, QuantityField, Translated, columns, quantity_rules, said_in_some_language
from portal.history.changed import with_changed_at
from portal.introductions import Introduced, joined
from portal.provenance import Citation, CitedAs
from portal.publishing import Publishable, PublishedQuerySet, PublishedWith, public_relation
from portal.quantities import Measure
from portal.revisions import UidField
from portal.search.kinds import SearchedIn

BATCH_SIZE = [f"batch_size_{part}" for part in ("comparator", "value", "value_to", "approximate")]


class AgreementQuerySet(PublishedQuerySet):
    def for_conference(self, conference):
        """Those signed at `conference`, in the order of signing."""
        return self.signed_at(conference).in_signing_order()

    def signed_at(self, conference):
        """Those signed at `conference`, in no order."""
        signed_there = Signing.objects.published().filter(at_conference(conference), agreement=OuterRef("pk"))
        return self.filter(Exists(signed_there))

    def signed_in(self, year):
        """Those first signed in `year`."""
        return self.with_first_signing().filter(signed_on__startswith=year)

    def of_kind(self, kind):
        return self.filter(kind=kind)

    def in_sector(self, sector):
        """Those of a sector or of one of its branches."""
        memberships = Agreement.sectors.through.objects.filter(Q(sector=sector) | Q(sector__parent=sector))
        return self.filter(Exists(memberships.filter(agreement=OuterRef("pk"))))

    def at_place(self, place):
        """Those whose investment goes to a place or inside it."""
        return self.filter(inside("place", place))

    def at_stage(self, stage, progress):
        """Those whose project has come as far as `stage`; `progress` says of each public project how far that is. What
        led to no public project is signed, and no more."""
        if stage == Stage.SIGNED:
            return self.exclude(project__in=[project for project, reached in progress.items() if reached != stage])
        return self.filter(project__in=[project for project, reached in progress.items() if reached == stage])

    def disclosed(self):
        """Those that state an amount of any kind."""
        return self.filter(Exists(Amount.objects.filter(agreement=OuterRef("pk"))))

    def undisclosed(self):
        return self.filter(~Exists(Amount.objects.filter(agreement=OuterRef("pk"))))

    def with_first_signing(self):
        """Adds `signed_on`, the date of the first signing: the only one that counts."""
        first = Signing.objects.published().filter(agreement=OuterRef("pk")).in_order()
        return self.annotate(signed_on=Subquery(first.values("signed_on")[:1], output_field=PartialDateField()))

    def in_signing_order(self):
        return self.with_first_signing().order_by(F("signed_on").asc(nulls_last=True), "pk")

    def latest_signed_first(self):
        return self.with_first_signing().order_by(F("signed_on").desc(nulls_last=True), "-pk")

    def latest_published_first(self):
        """What this site published last first; of what it published together, what was signed last."""
        by_signing = F("signed_on").desc(nulls_last=True)
        return self.with_first_signing().order_by(F("published_at").desc(nulls_last=True), by_signing, "-pk")

    def with_changed_at(self):
        """Adds `changed_at`, when the agreement or its terms last changed or were corrected."""
        return with_changed_at(self, "corrections", "parties", "amounts", "signings")

    def with_progress(self):
        """Adds what the derived `stage`, `progress` and `evidence_on` of the project it led to rest on."""
        return followed(self, "project_id")

    def with_amounts(self):
        """Loads amounts and the first signing."""
        return self.with_first_signing().prefetch_related(Prefetch("amounts", Amount.objects.total_investment_first()))

    def introduced(self):
        return self.with_amounts()

    def with_terms(self):
        """Loads parties, amounts and the first signing, for cards and lists."""
        parties = AgreementParty.objects.published().select_related("organization")
        return self.with_amounts().prefetch_related(Prefetch("parties", queryset=parties))

    def for_cards(self, with_parties=True):
        """Loads what the cards of a list show of agreements that are public, but for the first signing."""
        parties = [Prefetch("parties", AgreementParty.objects.with_public_names())] if with_parties else []
        shown = self.only("slug", "kind", "is_batch", *columns("title"), *BATCH_SIZE)
        return shown.prefetch_related(Prefetch("amounts", Amount.objects.total_investment_first()), *parties)


class Agreement(Followed, Introduced, Publishable):
    """A signed paper, or a batch of papers that was announced as one."""

    class Kind(models.TextChoices):
        LETTER_OF_INTENT = "letter_of_intent", _("letter of intent")
        MEMORANDUM = "memorandum", _("memorandum of understanding")
        FRAMEWORK = "framework", _("framework agreement")
        INVESTMENT = "investment", _("investment agreement")
        SETTLEMENT = "settlement", _("settlement agreement")
        SETTLEMENT_INTENT = "settlement_intent", _("intent to settle")
        LAND = "land", _("land or lease agreement")
        JOINT_VENTURE = "joint_venture", _("joint venture agreement")
        JOINT_LABORATORY = "joint_laboratory", _("joint laboratory")
        TECHNOLOGY_TRANSFER = "technology_transfer", _("technology transfer")
        SERVICE_COOPERATION = "service_cooperation", _("service cooperation")
        FUND = "fund", _("fund agreement")
        CREDIT = "credit", _("credit agreement")
        PURCHASE = "purchase", _("purchase agreement")
        NOT_STATED = "not_stated", _("kind not stated")

    class Bindingness(models.TextChoices):
        BINDING = "binding", _("binding")
        NON_BINDING = "non_binding", _("not binding")
        NOT_STATED = "not_stated", _("not stated")

    _history_m2m_fields = ("sectors",)
    required_to_publish = ("title", "signings")
    cited_as = CitedAs("title", "events:agreement")
    searched_in = SearchedIn(
        "title",
        related=(
            "parties__organization__name",
            "parties__organization__short_name",
            "parties__name",
            "project__title",
            "place__name",
            "sectors__name",
        ),
        about=("summary",),
        dated="signings__signed_on",
        rests_on=("signings",),
    )

    title = Translated(models.CharField(_("title"), max_length=250))
    slug = models.SlugField(_("slug"), max_length=100, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.NOT_STATED)
    bindingness = models.CharField(
        _("binding force"), max_length=12, choices=Bindingness, default=Bindingness.NOT_STATED
    )
    is_batch = models.BooleanField(
        _("is a batch"), default=False, help_text=_("Several papers that were announced as one: “26 projects signed”.")
    )
    batch_size = QuantityField(_("projects in the batch"))
    organizations = models.ManyToManyField(
        Organization, through="AgreementParty", related_name="agreements", verbose_name=_("organizations")
    )
    sectors = models.ManyToManyField(Sector, blank=True, related_name="agreements", verbose_name=_("sectors"))
    place = models.ForeignKey(
        Place,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("place"),
        help_text=_("Where the investment goes. Empty when it was not disclosed."),
    )
    project = models.ForeignKey(
        InvestmentProject,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("project"),
        help_text=_("What became of it: the project whose milestones are followed."),
    )
    terminated_on = PartialDateField(
        _("terminated on"),
        blank=True,
        help_text=_("When it was ended. It then leaves the totals and stays on its page."),
    )
    summary = Translated(models.TextField(_("summary"), help_text=_("In plain words: who does what, where.")))
    related = models.ManyToManyField(
        "self", through="AgreementRelation", symmetrical=False, related_name="related_from", verbose_name=_("related")
    )
    uid = UidField(unique=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        ordering = ["-id"]
        constraints = [
            said_in_some_language(
                "title", "agreement_has_a_title", _("Give the agreement a title in at least one language.")
            ),
            models.CheckConstraint(
                condition=Q(is_batch=True) | Q(batch_size_value=None),
                name="agreement_with_a_batch_size_is_a_batch",
                violation_error_message=_("Only a batch has a number of projects: tick “is a batch”."),
            ),
            *quantity_rules("agreement", "batch_size"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return path_of("events:agreement", self.slug)

    @classmethod
    def public_condition(cls, at, prefix):
        """Hidden while every conference it was signed at is still a draft; a signing away from any stage is enough."""
        this = Signing.objects.filter(agreement=OuterRef(f"{prefix}pk"))
        return ~Exists(this) | Exists(Signing.objects.on_public_stage(at).filter(agreement=OuterRef(f"{prefix}pk")))

    @property
    def label(self) -> str:
        """What kind of paper it is; for a batch, how many."""
        return self.batch_words if self.is_batch else self.get_kind_display()

    @property
    def batch_words(self) -> str:
        """ "26 projects", "a batch; its size was not disclosed"."""
        if not self.batch_size:
            return gettext("batch of undisclosed size")
        return gettext("%(number)s projects") % {"number": self.batch_size.words()}

    @property
    def kicker(self) -> str:
        says_what = self.is_batch or self.kind != self.Kind.NOT_STATED
        return capfirst(self.label if says_what else self._meta.verbose_name)

    @property
    def key_line(self) -> str:
        first = next(iter(self.amounts.all()), None)
        amount = capfirst(first.words) if first else gettext("Amount not disclosed")
        return joined(amount, self.signed_on and gettext("signed %(date)s") % {"date": self.signed_on.words})

    @property
    def public_project(self):
        return public_relation(self, "project")

    @property
    def public_place(self):
        return public_relation(self, "place")


class AgreementCitation(Citation):
    record = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="citations", verbose_name=_("agreement")
    )


class AgreementCorrection(Correction):
    record = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="corrections", verbose_name=_("agreement")
    )


class AmountQuerySet(PublishedQuerySet):
    def total_investment_first(self):
        """What a project costs in all stands before its parts and before what it is to yield."""
        is_the_total = Case(When(kind=Amount.Kind.TOTAL_INVESTMENT, then=0), default=1)
        return self.order_by(is_the_total, "kind", "currency")


class Amount(PublishedWith):
    """How much an agreement is about, of one kind and in one currency. No amount means “not disclosed”, never zero."""

    class Kind(models.TextChoices):
        TOTAL_INVESTMENT = "total_investment", _("total investment")
        FIXED_ASSETS = "fixed_assets", _("fixed-asset investment")
        REGISTERED_CAPITAL = "registered_capital", _("registered capital")
        CAPITAL_INJECTION = "capital_injection", _("capital injection")
        FOREIGN_CAPITAL = "foreign_capital", _("contracted foreign capital")
        PAID_IN = "paid_in", _("paid in")
        FUND_SIZE = "fund_size", _("fund size")
        CREDIT_LINE = "credit_line", _("credit line")
        ANNUAL_OUTPUT = "annual_output", _("expected annual output")
        PURCHASE_VALUE = "purchase_value", _("purchase value")

    published_with = ("agreement",)
    natural_key_paths = ("agreement__slug", "kind", "currency")

    agreement = models.ForeignKey(
        Agreement, on_delete=models.CASCADE, related_name="amounts", verbose_name=_("agreement")
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.TOTAL_INVESTMENT)
    currency = models.CharField(_("currency"), max_length=3, default="CNY", help_text=_("ISO 4217: CNY, USD, EUR."))
    quantity = QuantityField(_("amount"), required=True)

    objects = AmountQuerySet.as_manager()

    class Meta:
        verbose_name = _("amount")
        verbose_name_plural = _("amounts")
        ordering = ["agreement", "kind", "currency"]
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "kind", "currency"],
                name="amount_is_recorded_once_per_kind_and_currency",
                violation_error_message=_("This kind of amount is already recorded in this currency."),
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"),
                name="amount_currency_is_three_capitals",
                violation_error_message=_("Write the currency as three capital letters: CNY, USD, EUR."),
            ),
            models.CheckConstraint(
                condition=Q(quantity_value__gt=0),
                name="amount_is_above_zero",
                violation_error_message=_("An amount is above zero. When it was not disclosed, record no amount."),
            ),
            *quantity_rules("amount", "quantity"),
        ]

    def __str__(self):
        return f"{self.words} ({self.get_kind_display()})"

    @property
    def words(self) -> str:
        return self.quantity.words(Measure.MONEY, currency=self.currency)
