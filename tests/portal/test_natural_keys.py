"""A fixture names its records by natural keys, and loading it again changes nothing."""

from datetime import time
from decimal import Decimal

import pytest
from django.apps import apps
from django.core import serializers
from django.db.models import Model
from django.db.models.signals import post_init, pre_init

from portal.natural_keys import NaturalKey
from portal.quantities import Quantity
from tests import factories
from tests.factories import make

pytestmark = pytest.mark.django_db

MODELS = [model for model in apps.get_models() if issubclass(model, NaturalKey)]


def filled_observation():
    return factories.observation(
        period="2021-01", period_until="2021-09", quantity=Quantity(Decimal("6.86"), "<", approximate=True)
    )


# Records that leave empty, or fill, what the default one of the factories does not.
UNUSUAL = {
    "an appearance at a conference": lambda: factories.appearance(conference=factories.conference()),
    "a citation of an appearance at a conference": lambda: factories.cite(
        factories.appearance(conference=factories.conference()), fact="post", statement_en="We will build here."
    ),
    "a signing in a session": lambda: factories.signing(session=factories.session()),
    "a signing away from any stage": lambda: factories.signing(conference=None, signed_on="2021"),
    "a signing without a date": lambda: factories.signing(signed_on=None),
    "a party without a page": lambda: factories.party(name_en="DiaSorin", share=Decimal("49.8")),
    "a promised milestone": lambda: factories.milestone(due_on="2023-06", met_on=None),
    "a citation of a promised milestone": lambda: factories.cite(factories.milestone(due_on="2023-06", met_on=None)),
    "an observation of a span": filled_observation,
    "a citation of an observation of a span": lambda: factories.cite(filled_observation(), quote="不足7万", position=2),
    "a batch": lambda: factories.agreement(
        is_batch=True,
        batch_size=Quantity(Decimal(26)),
        sectors=[factories.sector()],
        place=factories.place(),
        project=factories.project(organizations=[factories.organization()]),
    ),
    "a session with times": lambda: factories.session(day="2024-11-15", starts_at=time(9), ends_at=time(9, 30)),
    "a conference of a week": lambda: factories.conference(
        series=factories.series(), part_of=factories.conference(), venue=factories.place(), ends_on="2024-11"
    ),
    "a plant in a park": lambda: factories.place(
        part_of=factories.place(),
        area=Quantity(Decimal("2.5"), value_to=Decimal(3)),
        latitude=Decimal("31.404217"),
        longitude=Decimal("121.489034"),
    ),
    "an announcement in a session": lambda: factories.announcement(session=factories.session()),
    "an announcement of no conference": lambda: factories.announcement(conference=None, announced_on="2024-11"),
    "a document of no conference": lambda: factories.document(conference=None),
}
MAKERS = {**{model._meta.label: lambda model=model: make(model) for model in MODELS}, **UNUSUAL}

every_record = pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)


def written(records):
    return serializers.serialize("json", records, use_natural_foreign_keys=True, use_natural_primary_keys=True)


def load(text):
    for record in serializers.deserialize("json", text):
        record.save()


@every_record
def test_a_natural_key_finds_its_record(maker):
    record = maker()

    assert type(record).objects.get_by_natural_key(*record.natural_key()) == record


@every_record
def test_a_natural_key_is_not_that_of_another_record(maker):
    assert maker().natural_key() != maker().natural_key()


@every_record
def test_loading_a_fixture_again_changes_nothing(maker):
    record = maker()
    manager = type(record).objects
    fixture, count = written(manager.order_by("pk")), manager.count()

    load(fixture)
    load(fixture)

    assert (manager.count(), written(manager.order_by("pk"))) == (count, fixture)
    assert manager.filter(pk=record.pk).exists()


@every_record
def test_a_deleted_record_comes_back_from_its_fixture_as_it_was(maker):
    record = maker()
    manager = type(record).objects
    fixture = written(manager.filter(pk=record.pk))
    record.delete()

    load(fixture)

    assert written([manager.latest("pk")]) == fixture


def test_loading_a_fixture_restores_what_was_changed_since():
    company = factories.organization(name_en="DiaSorin")
    fixture = written([company])
    company.name_en = "Someone else"
    company.save()

    load(fixture)

    company.refresh_from_db()
    assert company.name_en == "DiaSorin"


@pytest.mark.parametrize(
    ("maker", "key"),
    [
        (lambda: factories.conference(slug="lake-2024"), ("lake-2024",)),
        (
            lambda: factories.session(conference=factories.conference(slug="lake-2024"), slug="opening"),
            ("lake-2024", "opening"),
        ),
        (
            lambda: factories.signing(
                agreement=factories.agreement(slug="plant"),
                conference=factories.conference(slug="lake-2024"),
                signed_on=None,
            ),
            ("plant", None, None, "lake-2024", ""),
        ),
        (
            lambda: factories.milestone(project=factories.project(slug="plant"), kind="approved", met_on="2021-05"),
            ("plant", "approved", "", "2021-05"),
        ),
        (
            lambda: factories.cite(factories.place(slug="park"), factories.source(slug="report"), fact="area"),
            ("park", "report", "area", 1),
        ),
    ],
)
def test_a_natural_key_names_a_record_by_what_editors_typed(maker, key):
    assert maker().natural_key() == key


def test_a_natural_key_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="zip"):
        make(MODELS[0]).__class__.objects.get_by_natural_key("one", "two", "three", "four", "five", "six", "seven", "8")


# --- Records from the database ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_nobody_takes_part_in_the_making_of_a_record(model):
    assert model.__init__ is Model.__init__
    assert not pre_init.has_listeners(model)
    assert not post_init.has_listeners(model)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_record_comes_out_of_the_database_as_django_makes_it(model, monkeypatch):
    make(model)
    name = model._meta.concrete_fields[1].attname
    rows = [model._base_manager.all(), model._base_manager.only(name)]
    made = [stored_in(query.get()) for query in rows]

    monkeypatch.setattr(NaturalKey, "from_db", classmethod(Model.from_db.__func__))

    assert made == [stored_in(query.all().get()) for query in rows]
    assert set(made[1][0]) == {model._meta.pk.attname, name}


def stored_in(record):
    values = {name: value for name, value in vars(record).items() if name != "_state"}
    state = record._state
    return {name: getattr(value, "name", value) for name, value in values.items()}, state.db, state.adding


def test_a_record_of_the_database_loads_what_it_lacks_and_is_saved_anew():
    kept = factories.speaker(name_en="Zhai Jinguo")
    found = type(kept).objects.only("slug").get()

    found.name_en = "Zhai"
    found.save()

    assert (found, found.name_zh_hans, hash(found)) == (kept, kept.name_zh_hans, hash(kept))
    assert type(kept).objects.get().name_en == "Zhai"
