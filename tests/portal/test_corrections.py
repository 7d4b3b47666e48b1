"""Corrections and withdrawals as records: what they say, what they refuse, and how they are loaded."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils import translation

from events.models import Conference, ConferenceCorrection, Series
from portal import clock
from portal.corrections import correction_models
from portal.publishing import Publishable
from tests.factories import conference, correct, make, place, series, withdraw

pytestmark = pytest.mark.django_db

every_correction = pytest.mark.parametrize("model", correction_models(), ids=lambda model: model._meta.label)


def loaded(record):
    """The record as a page loads it."""
    return type(record).objects.with_corrections().get(pk=record.pk)


def test_everything_that_is_published_with_sources_can_be_corrected():
    published = {each for each in apps.get_models() if issubclass(each, Publishable) and hasattr(each, "citations")}

    assert {model.record_model() for model in correction_models()} == published - {Series}


@every_correction
def test_a_correction_belongs_to_its_record(model):
    correction = make(model)

    assert list(correction.record.corrections.all()) == [correction]


@every_correction
def test_a_withdrawn_record_is_not_public_and_leaves_a_tombstone(model):
    kept, gone = make(model.record_model()), make(model.record_model())
    withdraw(gone)
    ours = model.record_model().objects.filter(pk__in=[kept.pk, gone.pk])

    assert list(ours.published()) == list(ours.standing()) == [kept]
    assert list(ours.withdrawn()) == [gone]
    assert (kept.is_public, gone.is_public) == (True, False)


@every_correction
def test_a_corrected_record_stays_public(model):
    correction = make(model)

    assert correction.record.is_public
    assert list(model.objects.published()) == [correction]


def test_a_withdrawn_draft_leaves_no_tombstone():
    withdraw(conference(published_at=None))

    assert list(Conference.objects.withdrawn()) == []


def test_what_cannot_be_corrected_cannot_be_withdrawn():
    edition = series()

    assert list(Series.objects.published()) == list(Series.objects.standing()) == [edition]
    assert list(Series.objects.withdrawn()) == []


def test_a_withdrawn_venue_is_not_named(django_assert_num_queries):
    shown, hidden = conference(venue=place()), conference(venue=place())
    withdraw(hidden.venue)

    with django_assert_num_queries(1):
        venues = {each: each.public_venue for each in Conference.objects.with_parents()}

    assert venues == {shown: shown.venue, hidden: None}
    assert (shown.public_venue, hidden.public_venue) == (shown.venue, None)


# --- What it refuses --------------------------------------------------------------------------------------------------


def refusal_of(correction):
    with pytest.raises(ValidationError) as refusal:
        correction.full_clean()
    return refusal.value.message_dict


def test_a_correction_is_not_dated_in_the_future(now):
    correction = correct(conference())
    correction.made_on = clock.today() + timedelta(days=1)

    assert refusal_of(correction) == {"made_on": ["A correction is dated when it is made, not later."]}


def test_a_correction_names_a_fact_that_its_record_has(now):
    correction = correct(conference(), fact="weather", made_on=clock.today())

    assert refusal_of(correction)["fact"][0].startswith("Choose one of the facts of this record: ")


def test_neither_sources_nor_corrections_are_facts_to_be_corrected(now):
    for name in ("citations", "corrections", "published_at", "slug"):
        assert "fact" in refusal_of(correct(conference(), fact=name, made_on=clock.today()))


def test_an_update_and_a_withdrawal_need_no_old_value(now):
    for kind in ("update", "withdrawal"):
        correct(conference(), kind=kind, old_value="", made_on=clock.today()).full_clean()


# --- What it says -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"fact": "starts_on"}, "Corrected on 3 May 2025: starts on was “2024-11-14”."),
        ({"fact": "title"}, "Corrected on 3 May 2025: title was “2024-11-14”."),
        ({}, "Corrected on 3 May 2025: it said “2024-11-14”."),
        ({"kind": "update", "fact": "starts_on"}, "Updated on 3 May 2025: starts on was “2024-11-14”."),
        ({"kind": "update"}, "Updated on 3 May 2025: it said “2024-11-14”."),
        ({"kind": "update", "fact": "roles", "old_value": ""}, "Updated on 3 May 2025: organizers and partners."),
        ({"kind": "update", "old_value": ""}, "Updated on 3 May 2025."),
        ({"kind": "withdrawal", "old_value": ""}, "Withdrawn on 3 May 2025."),
    ],
)
def test_a_correction_is_a_sentence(values, sentence):
    assert correct(conference(), **values).sentence == sentence


def test_an_old_value_with_signs_of_its_own_is_said_as_it_was():
    correction = correct(conference(), fact="theme", old_value="100% %(date)s <b>")

    assert correction.sentence == "Corrected on 3 May 2025: theme was “100% %(date)s <b>”."


def test_the_reason_is_said_in_the_language_of_the_page():
    correction = correct(conference())

    said = []
    for language in ("en", "zh-hans"):
        with translation.override(language):
            said.append(correction.reason)

    assert said == ["The organizer announced another day.", "主办方公布了另一日期。"]


# --- How it is loaded -------------------------------------------------------------------------------------------------


def test_corrections_come_newest_first_and_with_their_record(django_assert_num_queries):
    event = conference()
    first = correct(event, made_on=date(2025, 5, 3), old_value="“a”\n<b>", reason_zh_hans="")
    third = correct(event, made_on=date(2025, 7, 1))
    second = correct(event, made_on=date(2025, 5, 3), fact="title", kind="update")
    correct(conference())

    with django_assert_num_queries(1):
        corrections = loaded(event).public_corrections

    assert corrections == [third, second, first] == list(event.public_corrections)
    for each, stored in zip(corrections, event.public_corrections, strict=True):
        fields = [field.attname for field in ConferenceCorrection._meta.fields]
        assert [getattr(each, name) for name in fields] == [getattr(stored, name) for name in fields]


def test_a_record_without_corrections_has_none(django_assert_num_queries):
    event = conference()

    with django_assert_num_queries(1):
        assert loaded(event).public_corrections == []
