"""The registers of the district as files: the company directory as it is filtered, and the values of one indicator."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from companies.api.observations import value_fields
from companies.api.organizations import company_fields, with_sites
from portal.api.fields import columns_of
from portal.downloads import Table, lazily
from portal.prose import in_plain_words


def company_table(directory) -> Table:
    """The organizations that the company directory shows for the same filters, on all its pages."""
    page = reverse("companies:companies")
    return Table(
        name="companies",
        title=_("Companies"),
        columns=columns_of(company_fields(), of_register=True),
        rows=lazily(with_sites(directory.organizations)),
        url=f"{page}?{directory.query}" if directory.query else page,
        filters=directory.description,
        licence=settings.DATA_LICENCE,
    )


def observation_table(indicator) -> Table:
    """Every public value of `indicator`, oldest first, with targets and deprecated values as its page shows them."""
    about = [(_("Coverage: %s"), indicator.coverage), (_("Definition: %s"), in_plain_words(indicator, "definition"))]
    return Table(
        name=f"indicator-{indicator.slug}",
        title=str(indicator.name),
        columns=columns_of(value_fields()),
        rows=lazily(indicator.observations.published().with_citations()),
        url=indicator.get_absolute_url(),
        filters=[(_("Indicator"), str(indicator.name))],
        notes=[words % text for words, text in about if text],
        licence=settings.DATA_LICENCE,
    )
