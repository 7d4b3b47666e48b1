"""The first dataset as operators load it: `python manage.py loaddata district meilan_lake`."""

import json

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError

from companies.models import Indicator, Observation
from events.models import Agreement, Amount, Conference
from portal.models import Source
from portal.publishing import Publishable
from tests import factories

pytestmark = pytest.mark.django_db

OURS = ("portal", "companies", "events")


def load():
    call_command("loaddata", "district", "meilan_lake", verbosity=0)


def counts():
    return {model._meta.label: model.objects.count() for app in OURS for model in apps.get_app_config(app).get_models()}


def test_loading_twice_changes_nothing():
    load()
    once = counts()

    load()

    assert counts() == once
    assert sum(once.values()) > 1000


@pytest.mark.parametrize(
    ("labels", "file"), [(["portal.source", "companies"], "district.json"), (["events"], "meilan_lake.json")]
)
def test_the_documented_dump_gives_the_files_back_byte_for_byte(labels, file, tmp_path):
    load()

    call_command(
        "dumpdata",
        *labels,
        natural_primary=True,
        natural_foreign=True,
        indent=2,
        output=str(tmp_path / file),
        verbosity=0,
    )

    assert (tmp_path / file).read_bytes() == (settings.BASE_DIR / "fixtures" / file).read_bytes()


def test_every_record_passes_the_checks_of_its_form():
    load()

    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            for record in model.objects.all():
                record.full_clean()


def test_every_public_record_cites_a_source_that_was_not_rejected():
    load()

    uncited = [
        f"{model._meta.label} {record}"
        for model in apps.get_models()
        if hasattr(model, "citations")
        for record in model.objects.published().prefetch_related("citations__source")
        if not any(not citation.source.rejected_reason for citation in record.citations.all())
    ]

    assert uncited == []


def test_everything_in_the_first_dataset_is_public():
    load()

    for model in apps.get_models():
        if issubclass(model, Publishable):
            assert model.objects.published().count() == model.objects.count(), model._meta.label


def test_the_2024_conference_says_what_was_published_and_nothing_more():
    load()

    conference = Conference.objects.get(slug="meilan-lake-2024")
    agreements = Agreement.objects.for_conference(conference)

    assert (str(conference.starts_on), conference.ends_on, conference.venue, conference.theme) == (
        "2024-11-15",
        None,
        None,
        "",
    )
    assert not conference.sessions.exclude(starts_at=None).exists()
    assert sorted(agreement.is_batch for agreement in agreements) == [False, True]
    assert not Amount.objects.filter(agreement__in=agreements).exists()


def test_amounts_keep_their_qualifiers():
    load()

    words = {amount.agreement.slug: amount.words for amount in Amount.objects.filter(agreement__is_batch=True)}

    assert words == {
        "baoshan-26-industry-projects-2024": "more than CNY 6 billion",
        "baoshan-major-projects-q2-2023": "more than CNY 16 billion",
        "nanda-22-projects": "CNY 12 billion",
        "nanda-52-projects": "CNY 40 billion",
        "north-shanghai-park-bases-2020": "more than CNY 10 billion",
    }


def test_the_growth_of_the_industry_keeps_its_qualifiers_and_its_conflict():
    load()

    observations = Observation.objects.filter(indicator__slug="biopharma-companies")

    assert [(str(each.period), each.words, each.rank) for each in observations] == [
        ("2019-09", "nearly 50", "normal"),
        ("2020", "fewer than 100", "preferred"),
        ("2020", "about 100", "normal"),
        ("2022-01", "172", "normal"),
        ("2023-05", "nearly 400", "normal"),
        ("2023-10", "more than 400", "normal"),
        ("2024-11-15", "428", "preferred"),
        ("2025-01", "more than 400", "normal"),
    ]
    assert Indicator.objects.published().get(slug="biopharma-companies").latest.words == "428"


def test_a_broken_fixture_loads_nothing_and_names_the_rule(tmp_path):
    record = {
        "conference": None,
        "session": None,
        "agreement": ["paper"],
        "kind": "total_investment",
        "currency": "CNY",
    }
    fixture = [
        {
            "model": "portal.source",
            "fields": {"title_en": "Fine", "slug": "fine", "publisher_en": "A", "language": "en"},
        },
        {
            "model": "events.amount",
            "fields": {key: record[key] for key in ("agreement", "kind", "currency")} | {"quantity_value": "0"},
        },
    ]
    factories.agreement(slug="paper")
    (tmp_path / "broken.json").write_text(json.dumps(fixture))

    with pytest.raises(IntegrityError, match="amount_is_above_zero"):
        call_command("loaddata", str(tmp_path / "broken.json"), verbosity=0)

    assert not Source.objects.filter(slug="fine").exists()
