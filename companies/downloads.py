"""The registers of the district as files: the company directory as filtered, the values of one indicator."""

from operator import attrgetter

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.models import Observation, Organization
from portal.downloads import (
    Column,
    Kind,
    Table,
    choice_columns,
    in_each_language,
    lazily,
    page_column,
    quantity_columns,
    reached,
    source_columns,
    translated_columns,
)


def company_table(directory) -> Table:
    """What the company directory shows for the same filters, all pages of it."""
    url = directory.page_url
    return Table(
        name="companies",
        title=_("Companies"),
        columns=_company_columns(),
        rows=lazily(directory.organizations.with_directory_details().with_citations()),
        url=url,
        filters=filters_of(directory),
    )
