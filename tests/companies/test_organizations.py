import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from companies.models import Organization, OrganizationIdentifier, Place, Presence
from tests.factories import identifier, organization, place, presence, sector

pytestmark = pytest.mark.django_db


# --- the company directory --------------------------------------------------------------------------------------------


def test_the_directory_holds_whoever_is_present():
    present = presence().organization
    organization()

    assert list(Organization.objects.in_district()) == [present]


def test_the_directory_lists_an_organization_once_however_many_places_it_has():
    company = organization()
    for kind in (Presence.Kind.HEADQUARTERS, Presence.Kind.MANUFACTURING):
        presence(organization=company, kind=kind)

    assert list(Organization.objects.in_district()) == [company]


def test_a_plan_is_not_a_presence():
    company = organization()
    presence(organization=company, kind=Presence.Kind.PLANNED)
    before = list(Organization.objects.in_district())

    presence(organization=company, kind=Presence.Kind.BRANCH)

    assert (before, list(Organization.objects.in_district())) == ([], [company])


def test_a_presence_at_a_draft_place_does_not_bring_an_organization_into_the_directory():
    there = presence()
    before = list(Organization.objects.in_district())

    Place.objects.filter(pk=there.place.pk).unpublish()

    assert (before, list(Organization.objects.in_district())) == ([there.organization], [])


def test_a_draft_organization_is_not_in_the_directory():
    there = presence()
    before = list(Organization.objects.published().in_district())

    Organization.objects.filter(pk=there.organization.pk).unpublish()

    assert (before, list(Organization.objects.published().in_district())) == ([there.organization], [])


def test_organizations_are_found_by_their_kind():
    hospital = organization(kind=Organization.Kind.HOSPITAL)
    organization(kind=Organization.Kind.COMPANY)

    assert list(Organization.objects.of_kind("hospital")) == [hospital]


def test_organizations_are_found_by_their_sector_or_one_of_its_branches():
    biopharma = sector()
    vaccines = sector(parent=biopharma)
    of_biopharma = organization(sectors=[biopharma])
    of_vaccines = organization(sectors=[vaccines])
    of_both = organization(sectors=[biopharma, vaccines])
    organization(sectors=[sector()])

    found = [set(Organization.objects.in_sector(each)) for each in (biopharma, vaccines)]

    assert found == [{of_biopharma, of_vaccines, of_both}, {of_vaccines, of_both}]
    assert Organization.objects.in_sector(biopharma).count() == 3


def test_organizations_are_found_by_a_place_or_one_of_its_parts():
    district = place()
    park = place(part_of=district)
    plant = place(part_of=park)
    at_district, at_park, at_plant = (presence(place=each).organization for each in (district, park, plant))
    presence()

    found = [set(Organization.objects.at_place(each)) for each in (district, park, plant)]

    assert found == [{at_district, at_park, at_plant}, {at_park, at_plant}, {at_plant}]


def test_an_organization_is_not_found_at_a_draft_place():
    there = presence()
    before = list(Organization.objects.at_place(there.place))

    Place.objects.filter(pk=there.place.pk).unpublish()

    assert (before, list(Organization.objects.at_place(there.place))) == ([there.organization], [])


def test_a_directory_card_needs_no_query_of_its_own(django_assert_num_queries):
    for _ in range(3):
        presence(organization=organization(sectors=[sector(), sector()]))

    with django_assert_num_queries(3):
        cards = [
            (company, list(company.sectors.all()), [each.place.name for each in company.presences.all()])
            for company in Organization.objects.with_directory_details()
        ]

    assert [(len(sectors), len(places)) for _company, sectors, places in cards] == [(2, 1)] * 3


def test_a_directory_card_does_not_name_a_draft_place():
    company = organization()
    public = presence(organization=company)
    hidden = presence(organization=company)
    before = list(Organization.objects.with_directory_details().get().presences.all())

    Place.objects.filter(pk=hidden.place.pk).unpublish()

    after = list(Organization.objects.with_directory_details().get().presences.all())
    assert (before, after) == ([public, hidden], [public])


# --- rules ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("country", ["", "CN", "IT"])
def test_a_country_is_two_capital_letters_or_unknown(country):
    company = organization(country=country)

    company.full_clean()

    assert Organization.objects.get().country == country


@pytest.mark.parametrize("country", ["cn", "C", "Cn", "中国", "C1"])
def test_any_other_country_is_refused(country):
    company = organization()
    company.country = country

    with pytest.raises(ValidationError) as refusal:
        company.full_clean()

    assert refusal.value.messages == ["Write the country as two capital letters: CN, IT, DE."]


def test_the_same_number_may_stand_in_two_registers():
    one = identifier(scheme=OrganizationIdentifier.Scheme.LEI, value="1234")

    other = identifier(scheme=OrganizationIdentifier.Scheme.STOCK, value="1234")
    other.full_clean()

    assert set(OrganizationIdentifier.objects.all()) == {one, other}


def test_an_organization_may_be_at_one_place_in_two_ways():
    here = presence(kind=Presence.Kind.HEADQUARTERS)

    also = presence(organization=here.organization, place=here.place, kind=Presence.Kind.MANUFACTURING)
    also.full_clean()

    assert here.organization.presences.count() == 2


@pytest.mark.parametrize(
    ("since", "until"), [("2021-05", "2021"), ("2021-05", "2021-05"), ("2021", None), (None, "2021")]
)
def test_a_presence_may_end_when_it_began_as_far_as_is_known(since, until):
    there = presence(since=since, until=until)

    there.full_clean()

    assert Presence.objects.get() == there


# --- names and addresses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "url"), [("en", "/en/companies/diasorin/"), ("zh-hans", "/zh-hans/companies/diasorin/")]
)
def test_an_organization_has_a_page_in_each_language(language, url):
    with translation.override(language):
        assert Organization(slug="diasorin").get_absolute_url() == url


def test_an_organization_a_sector_and_a_presence_name_themselves():
    there = presence(organization=organization(name_en="DiaSorin"), place=place(name_en="Biopharma Park"))

    names = [str(there.organization), str(there), str(sector(name_en="Diagnostics")), str(identifier(value="HKEX 1"))]

    assert names == [
        "DiaSorin",
        "DiaSorin · Biopharma Park · headquarters",
        "Diagnostics",
        "stock code, with the exchange: HKEX 2591: HKEX 1",
    ]
