import re

import pytest

from tests import factories

pytestmark = pytest.mark.django_db


def present(**kwargs):
    organization = factories.organization(**kwargs)
    factories.presence(organization=organization)
    return organization


def test_the_directory_is_shown_as_cards_or_as_a_table_with_the_same_organizations(client):
    names = {present(name_en=f"Invented company {number}").name_en for number in range(3)}

    cards, table = (client.get(f"/en/companies/{query}").content.decode() for query in ("", "?view=table"))

    assert (cards.count('class="company-card"'), table.count('class="company-card"')) == (3, 0)
    assert (cards.count('<th scope="row">'), table.count('<th scope="row">')) == (0, 3)
    assert all(name in cards and name in table for name in names)


def test_the_chosen_view_stays_while_one_filters_and_filters_stay_while_one_changes_it(client):
    present(kind="company")
    present(kind="university")

    table = client.get("/en/companies/?view=table&kind=university").content.decode()
    links = re.findall(r'href="\?([^"]*)"', table)

    assert "kind=university" in links  # as cards
    assert "view=table" in links  # without the filter
    assert "kind=company&amp;view=table" in links


def test_another_view_is_the_same_page_to_a_search_engine(client):
    present()

    html = client.get("/en/companies/?view=table").content.decode()

    assert '<link rel="canonical" href="https://portal.example/en/companies/">' in html


def test_a_card_says_kind_sectors_and_places(client):
    company = factories.organization(name_en="<b>{url}</b>", kind="university")
    company.sectors.add(factories.sector(name_en="Medicine", slug="a"), factories.sector(name_en="Devices", slug="b"))
    factories.presence(organization=company, place=factories.place(name_en="North Park"), kind="research")
    factories.presence(organization=company, place=factories.place(name_en="South Park"), kind="branch")

    html = client.get("/en/companies/").content.decode()

    assert f'<h3><a href="{company.get_absolute_url()}">&lt;b&gt;{{url}}&lt;/b&gt;</a></h3>' in html
    assert "<p>University · Medicine · Devices</p>" in html
    assert "<p>North Park · research and development</p><p>South Park</p>" in html


def test_a_logo_stands_in_place_of_the_initials(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    company = present(logo=factories.picture(size=(400, 400)))
    with_logo = client.get("/en/companies/").content.decode()
    type(company).objects.update(logo="")

    without = client.get("/en/companies/").content.decode()

    assert ['class="monogram"' in html for html in (with_logo, without)] == [False, True]
    assert ['<img class="picture ' in html for html in (with_logo, without)] == [True, False]


@pytest.mark.parametrize("view", ["cards", "", "TABLE", "<script>", "%00"])
def test_a_view_that_does_not_exist_is_the_cards(client, view):
    present()

    response = client.get("/en/companies/", {"view": view})

    assert 'class="company-card"' in response.content.decode()


def test_downloads_do_not_know_how_the_page_was_shown(client):
    present()

    html = client.get("/en/companies/?view=table").content.decode()

    assert 'href="/en/companies.csv"' in html
