"""What cannot be true together is warned about and breaks nothing."""

from decimal import Decimal

import pytest

from events.contradictions import contradictions_of, met_too_early
from events.models import Agreement
from portal.quantities import Quantity
from tests import factories
from tests.desk import form_of

pytestmark = pytest.mark.django_db

BILLION = Decimal(10**9)


def test_shares_over_100_percent_are_noticed():
    agreement = factories.agreement()
    factories.party(agreement=agreement, share=Decimal(60))
    factories.party(agreement=agreement, share=Decimal("40.5"))

    assert contradictions_of(agreement) == ["The shares of the parties add up to 100.5%, which is more than all of it."]


def test_shares_of_100_percent_are_fine():
    agreement = factories.agreement()
    factories.party(agreement=agreement, share=Decimal(60))
    factories.party(agreement=agreement, share=Decimal(40))

    assert contradictions_of(agreement) == []


@pytest.mark.parametrize(("comparator", "noticed"), [("=", True), ("<=", True), (">", False)])
def test_parts_larger_than_their_framework_are_noticed_from_both_sides(comparator, noticed):
    framework = factories.agreement(kind="framework", title_en="Frame")
    part = factories.agreement()
    factories.amount(agreement=framework, quantity=Quantity(BILLION, comparator))
    factories.amount(agreement=part, quantity=Quantity(2 * BILLION))
    factories.relation(agreement=part, to=framework, kind="part_of_framework")

    found = [bool(contradictions_of(agreement)) for agreement in (framework, part)]

    assert found == [noticed, noticed]


@pytest.mark.parametrize(("met_on", "noticed"), [("2023", True), ("2024-03", True), ("2024", False), ("2025", False)])
def test_a_step_met_before_the_signature_is_noticed(met_on, noticed):
    project = factories.project()
    factories.signing(
        agreement=factories.agreement(project=project), signed_on="2024-04-10", session=None, conference=None
    )
    factories.milestone(project=project, kind="operating", met_on=met_on, due_on="")

    assert bool(met_too_early(project)) is noticed


def test_contradictory_data_breaks_no_page(client):
    project = factories.project()
    agreement = factories.agreement(project=project, kind="framework")
    factories.party(agreement=agreement, share=Decimal(80))
    factories.party(agreement=agreement, share=Decimal(80))
    factories.signing(agreement=agreement, signed_on="2024-04-10", session=None, conference=None)
    factories.milestone(project=project, kind="operating", met_on="2020", due_on="")
    factories.relation(agreement=factories.agreement(), to=agreement, kind="part_of_framework")

    pages = [
        client.get(address).status_code
        for address in (agreement.get_absolute_url(), project.get_absolute_url(), "/en/agreements/")
    ]

    assert pages == [200, 200, 200]
    assert len(contradictions_of(Agreement.objects.get(pk=agreement.pk))) == 2


def test_the_desk_warns_and_saves(admin_client):
    project = factories.project()
    factories.cite(project)
    factories.signing(
        agreement=factories.agreement(project=project), signed_on="2024-04-10", session=None, conference=None
    )
    factories.milestone(project=project, kind="operating", met_on="2020", due_on="")
    address = f"/admin/events/investmentproject/{project.pk}/change/"

    response = admin_client.post(address, form_of(admin_client.get(address)), follow=True)

    assert next(str(message) for message in response.context["messages"]) == (
        "“operating” was met on 2020, before anything was signed (10 April 2024)."
    )
