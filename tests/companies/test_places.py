import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import translation

from companies.models import Place
from tests.factories import place

pytestmark = pytest.mark.django_db


@pytest.fixture
def district():
    """A district with a town, a park in it and a plant in that, by name; and another district."""
    baoshan = place(slug="baoshan", kind=Place.Kind.DISTRICT)
    town = place(kind=Place.Kind.TOWN, part_of=baoshan)
    park = place(kind=Place.Kind.PARK, part_of=town)
    plant = place(kind=Place.Kind.PLANT, part_of=park)
    elsewhere = place(slug="elsewhere", kind=Place.Kind.DISTRICT)
    return {"baoshan": baoshan, "town": town, "park": park, "plant": plant, "elsewhere": elsewhere}


def test_the_parts_of_a_place_lie_inside_it_on_any_level(district):
    parts = {name: set(Place.objects.parts_of(district[name])) for name in district}

    assert parts == {
        "baoshan": {district["town"], district["park"], district["plant"]},
        "town": {district["park"], district["plant"]},
        "park": {district["plant"]},
        "plant": set(),
        "elsewhere": set(),
    }


def test_the_home_district_is_the_configured_one(district, settings):
    settings.DISTRICT = "elsewhere"

    assert Place.objects.home_districts().first() == district["elsewhere"]


def test_the_home_district_is_the_first_where_the_configured_one_is_missing(district, settings):
    settings.DISTRICT = "pudong"

    assert Place.objects.home_districts().first() == district["baoshan"]


def test_a_park_is_never_the_home_district(settings):
    settings.DISTRICT = "park"
    place(slug="park", kind=Place.Kind.PARK)

    assert Place.objects.home_districts().first() is None


def test_a_draft_district_is_not_the_home_district_of_visitors(district, settings):
    settings.DISTRICT = "baoshan"
    before = Place.objects.published().home_districts().first()

    Place.objects.filter(slug="baoshan").unpublish()

    assert (before, Place.objects.published().home_districts().first()) == (district["baoshan"], district["elsewhere"])


def test_a_draft_place_is_not_named_by_its_parts(district):
    before = district["plant"].public_part_of

    Place.objects.filter(pk=district["park"].pk).unpublish()

    assert (before, Place.objects.get(pk=district["plant"].pk).public_part_of) == (district["park"], None)


def test_a_place_that_is_part_of_nothing_names_nothing(district):
    assert district["baoshan"].public_part_of is None


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("31.404217", "121.489034"), ("-90", "-180"), ("90", "180"), (None, None), ("0", "0")]
)
def test_coordinates_come_in_pairs(latitude, longitude):
    plant = place(latitude=latitude, longitude=longitude)

    plant.full_clean()

    assert Place.objects.get() == plant


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("31.4", None), (None, "121.5"), ("90.000001", "0"), ("-91", "0"), ("0", "180.1"), ("0", "-181")],
)
def test_half_a_pair_of_coordinates_or_one_off_the_globe_is_refused(latitude, longitude):
    plant = place()
    plant.latitude, plant.longitude = latitude, longitude

    with pytest.raises(ValidationError) as refusal:
        plant.full_clean()

    assert refusal.value.messages == ["Give latitude (−90 to 90) and longitude (−180 to 180) together, or neither."]


def test_a_place_with_parts_cannot_be_deleted(district):
    with pytest.raises(ProtectedError):
        district["park"].delete()


@pytest.mark.parametrize(("language", "url"), [("en", "/en/district/park/"), ("zh-hans", "/zh-hans/district/park/")])
def test_a_place_has_a_page_in_each_language(language, url):
    with translation.override(language):
        assert Place(slug="park").get_absolute_url() == url


@pytest.mark.parametrize(("language", "name"), [("en", "Biopharma Park"), ("zh-hans", "生物医药产业园")])
def test_a_place_is_named_in_the_language_of_the_page(language, name):
    with translation.override(language):
        assert str(Place(name_en="Biopharma Park", name_zh_hans="生物医药产业园")) == name
