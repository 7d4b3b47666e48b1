"""An invented region of any size, that says so."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from companies.models import Organization
from events.models import Agreement, Session
from events.region import Size
from events.totals import totals_of
from portal.fields import columns
from portal.publishing import publishable_models
from tests.factories import conference

pytestmark = pytest.mark.django_db

SMALL = Size(organizations=12, agreements=20, projects=7, conferences=3, sessions=6, speakers=5, announcements=4)


def make_region(size=SMALL, **options):
    call_command("make_region", **vars(size), **options)


def test_there_is_as_much_as_was_asked_for():
    make_region()

    assert (Organization.objects.count(), Agreement.objects.count(), Session.objects.count()) == (12, 20, 6)


def test_every_name_says_that_it_is_invented():
    make_region()

    for model in publishable_models():
        title = next((name for name in ("title", "name") if hasattr(model, f"{name}_en")), None)
        for record in model.objects.all() if title else ():
            english, chinese = (getattr(record, column) for column in columns(title))
            assert (english[:11], chinese[:3]) == ("Exampleland", "示例国"), record


def test_everything_is_public_and_every_page_answers(client):
    make_region()

    for model in publishable_models():
        records = list(model.objects.all())
        assert records == list(model.objects.published().order_by(*model._meta.ordering))
        for record in records[:1]:
            assert client.get(record.get_absolute_url()).status_code == 200, record
    assert totals_of(Agreement.objects.published()).agreements == 20


def parties():
    return list(Agreement.objects.order_by("pk").values_list("slug", "parties__organization__slug"))


def test_the_same_seed_gives_the_same_region():
    regions = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            make_region(seed=seed)
            regions.append(parties())
            transaction.set_rollback(True)

    assert regions[0] == regions[1] != regions[2]


@pytest.mark.parametrize("size", [Size(0, 0, 0, 0, 0, 0, 0), Size(0, 3, 0, 0, 0, 2, 1), Size(2, 0, 0, 1, 0, 3, 0)])
def test_any_part_can_be_empty(size):
    make_region(size)

    assert Agreement.objects.count() == size.agreements


def test_a_database_in_use_stays_as_it_is():
    conference()

    with pytest.raises(CommandError, match="holds records already"):
        make_region()

    assert Organization.objects.count() == 0
