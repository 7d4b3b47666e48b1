"""Companies, presences and observations as sheets."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.identifiers import usci_is_valid
from companies.models import (
    Observation,
    Organization,
    OrganizationIdentifier,
    Presence,
)
from portal.desk.importing.columns import Column, of
from portal.desk.importing.many import ManyColumn, RelatedColumn, SourceColumn
from portal.desk.importing.matching import ByKey, BySlug, Mismatch, typed
from portal.desk.importing.quantity_columns import QuantityColumns
from portal.desk.importing.rules import rows_under
from portal.desk.importing.widgets import Choice, Code, Codes
from portal.desk.roles import END_OF_TIME
from portal.fields import columns
from portal.quantities import Measure

SLUG = gettext_lazy(
    "The end of its address. Write it to change a record that is there; leave it empty for a new one, and it is made "
    "of the English name."
)

# --- Companies --------------------------------------------------------------------------------------------------------


class IdentifierColumn(ManyColumn):
    """The numbers of an organization in one register."""

    def __init__(self, name, scheme, explanation, heading="", also=()):
        super().__init__(name, Codes(capitals=True), heading or scheme.label, explanation, also=also)
        self.scheme = scheme

    def value_of(self, record):
        return tuple(each.value for each in self._identifiers(record))

    def _identifiers(self, record):
        return [each for each in rows_under(record, "identifiers") if each.scheme == self.scheme]

    def check(self, record, value, text):
        if len(text) > 400 or any(len(each) > 40 for each in value):
            raise ValueError(_("A number in a register has at most 40 characters."))

    def rows_for(self, record, values):
        return [OrganizationIdentifier(organization=record, scheme=self.scheme, value=value) for value in values]

    def rows_of(self, record, values):
        return [each for each in self._identifiers(record) if each.value in values]


Scheme = OrganizationIdentifier.Scheme
IDENTIFIERS = (
    IdentifierColumn(
        "usci",
        Scheme.USCI,
        gettext_lazy("18 characters. Format the column as text, or Excel rounds it."),
        also=("统一社会信用代码", "信用代码", "社会信用代码", "USCC", "Unified Social Credit Identifier"),
    ),
    IdentifierColumn("lei", Scheme.LEI, gettext_lazy("20 characters."), also=("LEI", "法人机构识别编码")),
    IdentifierColumn(
        "stock",
        Scheme.STOCK,
        gettext_lazy("With the exchange: HKEX 2591. Several with semicolons between them."),
        gettext_lazy("stock code"),
        also=("ticker", "股票代码", "证券代码"),
    ),
)


KINDS_IN_OTHER_WORDS = {"公司": "company", "有限公司": "company", "研究所": "research_institute", "大学": "university"}


class CompanyResource(BySlug):
    """Organizations, found by slug, by a number of a register or by name."""

    kind = "companies"
    matching = gettext_lazy(
        "A row changes the organization with its slug, else the one with one of its numbers (Unified Social Credit "
        "Identifier, LEI, stock code), else the one with its name in either language. Where there is none, it adds one."
    )
    items = (
        Column.of(Organization, "slug", explanation=SLUG),
        *of(Organization, *columns("name"), *columns("short_name"), "legal_name"),
        Column.of(Organization, "kind", widget=Choice(Organization.Kind.choices, also=KINDS_IN_OTHER_WORDS)),
        RelatedColumn(
            Organization, "sectors", explanation=gettext_lazy("Slugs or names, with semicolons between them.")
        ),
        *IDENTIFIERS,
        Column.of(
            Organization,
            "parent",
            explanation=gettext_lazy("The slug or the name of an organization that is recorded already."),
        ),
        Column.of(Organization, "country", widget=Code(capitals=True)),
        *of(Organization, "founded_on", "website"),
        *of(Organization, *columns("summary"), *columns("description"), "last_confirmed_on"),
        SourceColumn(Organization),
    )

    beneath = ("sectors", "identifiers", "citations")

    class Meta:
        model = Organization

    @classmethod
    def written(cls):
        return [*super().written(), OrganizationIdentifier]

    def before_import(self, dataset, **kwargs):
        identifiers = OrganizationIdentifier.objects.values_list("scheme", "value", "organization")
        self.owners = {(scheme, value): key for scheme, value, key in identifiers}
        self.by_key = {record.pk: record for record in self.index.by_address.values()}
        super().before_import(dataset, **kwargs)

    def numbered(self, texts):
        keys = {self.owners.get(number) for number in self._numbers(texts)} - {None}
        if len(keys) > 1:
            raise Mismatch(None, "", _("The numbers in this row belong to several organizations."))
        return self.by_key[keys.pop()] if keys else None

    def _numbers(self, texts):
        for column in IDENTIFIERS:
            if text := typed(texts, column.column_name):
                yield from ((column.scheme.value, value) for value in column.widget.clean(text))

    def claims(self, texts):
        return [*super().claims(texts), *self._numbers(texts)]

    def import_instance(self, instance, row, **kwargs):
        super().import_instance(instance, row, **kwargs)
        _before, numbers = self.filling.values.get(IDENTIFIERS[0], ((), ()))
        for number in numbers:
            if not usci_is_valid(number):
                text = _("The check character of %s does not fit. Please compare it with the register.")
                self.notices.append(text % number)


# --- Presences --------------------------------------------------------------------------------------------------------


class PresenceResource(ByKey):
    """Presences, found by organization, place and kind."""

    kind = "presences"
    matching = gettext_lazy(
        "A row changes the presence of this organization at this place of this kind. Where there is none, it adds one."
    )
    key = ("organization", "place", "kind")
    items = (
        Column.of(Presence, "organization", explanation=gettext_lazy("Its slug or its name.")),
        Column.of(Presence, "place", explanation=gettext_lazy("Its slug or its name.")),
        *of(Presence, "kind", "since", "until", *columns("note")),
        SourceColumn(Presence),
    )

    class Meta:
        model = Presence

    def is_public(self, record):
        """A new one is public at once where the organization and the place are."""
        parents = [record._state.fields_cache.get(name) for name in record.published_with]
        hangs_on_public = all(parent and parent.pk in self._released(type(parent)) for parent in parents)
        return super().is_public(record) or hangs_on_public

    def _released(self, model) -> set:
        if model not in self._released_parents:
            keys = model.objects.published(at=END_OF_TIME).values_list("pk", flat=True)
            self._released_parents[model] = set(keys)
        return self._released_parents[model]

    def before_import(self, dataset, **kwargs):
        self._released_parents = {}
        super().before_import(dataset, **kwargs)


# --- Observations -----------------------------------------------------------------------------------------------------


class ObservedQuantity(QuantityColumns):
    """The value of an observation, whose currency is that of its indicator."""

    def currency_of(self, record):
        indicator = record._state.fields_cache.get("indicator")
        return indicator.currency if indicator else ""


class ObservationResource(ByKey):
    """Observations, found by indicator, period and value: another value stands beside the first, as sources differ."""

    kind = "observations"
    matching = gettext_lazy(
        "A row changes the observation of this indicator for this period with this value. Where there is none, it adds "
        "one: another value for the same period stands beside the first, as sources differ."
    )
    key = (
        *("indicator", "period", "period_until", "is_target"),
        *("quantity_comparator", "quantity_value", "quantity_approximate"),
    )
    items = (
        Column.of(Observation, "indicator", explanation=gettext_lazy("Its slug or its name.")),
        *of(Observation, "period", "period_until"),
        ObservedQuantity(
            "value",
            Observation,
            "quantity",
            gettext_lazy("value"),
            gettext_lazy(
                "As the source has it: 428, 超过70家, nearly 400, 100亿元. Another value for the same period stands "
                "beside the first one; to correct one, open the record."
            ),
            measure=Measure.MONEY,
            also=("数值", "数量", "number", "amount"),
        ),
        *of(Observation, "is_target", "rank", *columns("note")),
        SourceColumn(Observation),
    )

    class Meta:
        model = Observation
