"""Agreements with their parties, amounts and signings, and sessions with their speakers, as sheets."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.importing import SLUG
from companies.models import Organization
from events.models import (
    Agreement,
    AgreementParty,
    Amount,
    Appearance,
    Conference,
    Session,
    Signing,
    Speaker,
)
from portal.desk.importing.columns import Column, of
from portal.desk.importing.groups import Group, NamedGroup
from portal.desk.importing.known import Slugs, address
from portal.desk.importing.many import RelatedColumn, SourceColumn
from portal.desk.importing.matching import BySlug, Mismatch, typed
from portal.desk.importing.quantity_columns import QuantityColumns
from portal.desk.importing.references import RecordOrName, RecordOrNew, Reference
from portal.desk.importing.widgets import Code
from portal.fields import columns
from portal.quantities import Measure

# --- Agreements -------------------------------------------------------------------------------------------------------

PARTIES = NamedGroup(
    Agreement,
    "parties",
    [
        Column(
            "party",
            RecordOrName(Organization),
            gettext_lazy("party"),
            gettext_lazy(
                "Who signed: the slug or the name of an organization of the portal. A name that the portal does not "
                "know is kept as a name; in both languages as “Example Bank | 示例银行”."
            ),
            parts=("organization", *columns("name")),
            also=("签约方", "签约单位"),
        ),
        Column.of(AgreementParty, "role", name="role", also=("role of party",)),
        Column.of(AgreementParty, "share", name="share"),
    ],
    count=6,
    identity=("organization", *columns("name"), "role"),
    lead="party",
)

CURRENCY = Column.of(Amount, "currency", widget=Code(capitals=True), also=("币种",))
AMOUNTS = Group(
    Agreement,
    "amounts",
    [
        Column.of(Amount, "kind", name="amount_kind", heading=gettext_lazy("kind of amount"), also=("金额类型",)),
        CURRENCY,
        QuantityColumns(
            "amount",
            Amount,
            "quantity",
            gettext_lazy("amount"),
            gettext_lazy("As the source has it: 100亿元, more than CNY 10 billion, 1500000000."),
            currency=CURRENCY,
            measure=Measure.MONEY,
            also=("金额", "投资额"),
        ),
    ],
    count=3,
    identity=("kind", "currency"),
    lead="amount",
)

SIGNINGS = Group(
    Agreement,
    "signings",
    [
        Column.of(Signing, "signed_on", also=("签约日期", "签约时间")),
        Column.of(
            Signing,
            "conference",
            name="conference",
            explanation=gettext_lazy("Where it was signed, by slug or title. Only where the session is not known."),
        ),
        Column.of(
            Signing,
            "session",
            name="session",
            explanation=gettext_lazy("The session it was signed in, as conference/session: meilan-lake-2024/signing."),
        ),
        Column.of(Signing, "place", name="signing_place", heading=gettext_lazy("place of signing"), also=("签约地点",)),
        *(
            Column.of(Signing, name, name=f"signing_{name}", heading=gettext_lazy("note on the signing"))
            for name in columns("note")
        ),
    ],
    count=1,
    identity=("conference", "session", "signed_on"),
)


class AgreementResource(BySlug):
    """Agreements, found by slug or title, each with its signings, parties and amounts in one row."""

    kind = "agreements"
    matching = gettext_lazy(
        "A row changes the agreement with its slug, else the one with its title in either language. Where there is "
        "none, it adds one. Parties and amounts are in the same row; those beyond the last column stay as they are."
    )
    items = (
        Column.of(Agreement, "slug", explanation=SLUG),
        *of(Agreement, *columns("title"), "kind", "bindingness", "is_batch"),
        QuantityColumns(
            "batch_size",
            Agreement,
            "batch_size",
            gettext_lazy("projects in the batch"),
            gettext_lazy("As the source has it: 26, 超过70个."),
        ),
        RelatedColumn(Agreement, "sectors", explanation=gettext_lazy("Slugs or names, with semicolons between them.")),
        *of(Agreement, "place", "project", "terminated_on", *columns("summary")),
        SourceColumn(Agreement),
    )
    groups = (SIGNINGS, PARTIES, AMOUNTS)
    beneath = ("sectors", "signings", "parties", "amounts", "citations")

    class Meta:
        model = Agreement


# --- Sessions ---------------------------------------------------------------------------------------------------------

SPEAKERS = NamedGroup(
    Session,
    "appearances",
    [
        Column(
            "speaker",
            RecordOrNew(Speaker),
            gettext_lazy("speaker"),
            gettext_lazy(
                "By slug or name. A name that the portal does not know becomes a new speaker, as a draft; in both "
                "languages as “Jane Doe | 简·多伊”."
            ),
            also=("嘉宾", "演讲人", "发言人"),
        ),
        Column.of(Appearance, "role", name="role"),
        Column.of(Appearance, "mode", name="mode"),
        *of(Appearance, *columns("post")),
        *of(Appearance, *columns("organization_name")),
        Column.of(
            Appearance,
            "organization",
            name="organization",
            widget=Reference(Organization),
            explanation=gettext_lazy("Its slug or its name, if the portal has a page for it."),
        ),
    ],
    count=6,
    identity=("speaker", "role"),
    lead="speaker",
)


class SessionResource(BySlug):
    """Sessions, found by conference and slug or title, each with its speakers in one row."""

    kind = "sessions"
    matching = gettext_lazy(
        "A row changes the session of this conference with its slug, else the one with its title in either language. "
        "Where there is none, it adds one. Speakers are in the same row, in their order."
    )
    items = (
        Column.of(Session, "conference", explanation=gettext_lazy("Its slug or its title.")),
        Column.of(Session, "slug", explanation=SLUG),
        *of(Session, *columns("title"), "kind", "day", "starts_at", "ends_at", *columns("room")),
        *of(Session, "position", "status", *columns("abstract"), "livestream_url", "recording_url"),
        SourceColumn(Session),
    )
    groups = (SPEAKERS,)
    beneath = ("appearances", "appearances__citations", "citations")

    class Meta:
        model = Session

    @classmethod
    def written(cls):
        return [*super().written(), Speaker]

    def address_of(self, texts, slug):
        return f"{address(self._conference(texts))}/{slug}"

    def named(self, texts):
        conference = self._conference(texts)
        return [session for session in super().named(texts) if session.conference_id == conference.pk]

    def _conference(self, texts):
        column = self.column_for("conference")
        if not (text := typed(texts, "conference")):
            raise Mismatch(column, "", _("Say which conference it belongs to."))
        try:
            return self.known.of(Conference).find(text)
        except ValueError as error:
            raise Mismatch(column, text, str(error)) from None

    def name_new(self, record):
        """The slug is unique within the conference only."""
        if not record.slug:
            record.slug = self._slugs_of(record.conference).free(record)

    def _slugs_of(self, conference):
        if conference not in self.slugs:
            taken = [each.slug for each in self.index.by_address.values() if each.conference_id == conference.pk]
            self.slugs[conference] = Slugs(taken)
        return self.slugs[conference]

    def before_import(self, dataset, **kwargs):
        self.slugs = {}
        super().before_import(dataset, **kwargs)
