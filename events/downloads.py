"""The registers of what was signed and built as files: agreements, a row per amount, and investment projects."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.utils.translation import gettext as _

from events.api.agreements import agreement_fields, amount_parts, with_agreement_details
from events.api.projects import PROGRESS_FIELDS, project_fields, with_project_details
from events.models import Agreement, Amount
from portal.api.fields import columns_of
from portal.downloads import Column, Table, lazily, reached


@dataclass(frozen=True)
class Row:
    """One amount of an agreement, or the agreement alone where it states none."""

    agreement: Agreement
    amount: Amount | None


def agreement_table(agreements, filters, url) -> Table:
    """The agreements of a QuerySet that is already filtered and public, in its order, a row per amount.

    `filters` are pairs of label and value, in words; `url` is the path of the page that shows the same. Where the
    QuerySet is `with_progress()`, the stage is a column.
    """
    columns = _columns_of_register(agreement_fields(), agreements)
    return Table(
        name="agreements",
        title=_("Agreements"),
        columns=(*reached(lambda row: row.agreement, columns), *_amount_columns()),
        rows=_one_per_amount(with_agreement_details(agreements)),
        url=url,
        filters=filters,
        notes=[
            _("An agreement with several amounts has one row for each: count the identifiers, not the rows."),
            _("An agreement without an amount has one row that reads “not disclosed”. It is never counted as zero."),
            _("Amounts of different kinds, or in different currencies, must not be added up."),
            _("Amounts of a framework or a batch must not be added to those of its members; see “Part of”."),
        ],
        licence=settings.DATA_LICENCE,
    )


def _columns_of_register(fields, rows) -> tuple[Column, ...]:
    """The columns of a register; how far a project has come, where the QuerySet has it."""
    if "evidence_on" not in rows.query.annotations:
        fields = [each for each in fields if each.name not in PROGRESS_FIELDS]
    return columns_of(fields, of_register=True)


def _one_per_amount(agreements):
    for agreement in lazily(agreements):
        for amount in list(agreement.amounts.all()) or [None]:
            yield Row(agreement, amount)


def _amount_columns() -> Sequence[Column]:
    columns = reached(lambda row: row.amount, columns_of(amount_parts()))
    return [_never_silent(each) if each.name == "amount_words" else each for each in columns]


def _never_silent(column) -> Column:
    """`column`, where the row of an agreement without an amount says so."""
    return replace(column, value=lambda row: _("not disclosed") if row.amount is None else column.value(row))


def project_table(projects, filters, url) -> Table:
    """The investment projects of a QuerySet that is already filtered and public, in its order; see `agreement_table`
    for `filters` and `url`. Where the QuerySet is `with_progress()`, the stage is a column."""
    return Table(
        name="projects",
        title=_("Projects"),
        columns=_columns_of_register(project_fields(), projects),
        rows=lazily(with_project_details(projects)),
        url=url,
        filters=filters,
        notes=[_("A milestone that was reported without sufficient evidence does not change the stage.")],
        licence=settings.DATA_LICENCE,
    )
