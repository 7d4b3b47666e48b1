from datetime import timedelta

import pytest
from django.apps import apps

from events.models import Session
from portal import clock
from portal.provenance import resting_only_on
from portal.publishing import Publishable, PublishedWith
from tests.factories import LONG_AGO, cite, conference, make, photo, ready, session, source, sourced, withdraw

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
PUBLISHABLE = [model for model in apps.get_models() if issubclass(model, Publishable)]


def lineages(model):
    """Every chain of foreign keys from `model` to something that is published on its own."""
    for name in model.published_with:
        parent = model._meta.get_field(name).related_model
        if issubclass(parent, Publishable):
            yield (name,)
        yield from ((name, *rest) for rest in lineages(parent))


def with_ancestor(model, lineage):
    """A record of `model` and the ancestor it has at the end of `lineage`."""
    name, *rest = lineage
    parent_model = model._meta.get_field(name).related_model
    parent, ancestor = with_ancestor(parent_model, rest) if rest else (make(parent_model),) * 2
    return make(model, **{name: parent}), ancestor


def set_published_at(record, moment):
    record.published_at = moment
    record.save()


def ancestor_model(model, lineage):
    for name in lineage:
        model = model._meta.get_field(name).related_model
    return model


LINEAGES = [
    (model, lineage) for model in apps.get_models() if issubclass(model, PublishedWith) for lineage in lineages(model)
]

every_publishable = pytest.mark.parametrize("model", PUBLISHABLE, ids=lambda model: model._meta.label)
every_lineage = pytest.mark.parametrize(
    ("model", "lineage"), LINEAGES, ids=["-".join((model._meta.label, *lineage)) for model, lineage in LINEAGES]
)


@every_publishable
def test_draft_scheduled_and_public_records_are_told_apart(model, now):
    draft = make(model, published_at=None)
    scheduled = make(model, published_at=now + HOUR)
    public = make(model, published_at=now - HOUR)
    ours = model.objects.filter(pk__in=[draft.pk, scheduled.pk, public.pk])

    assert list(ours.drafts()) == [draft]
    assert list(ours.scheduled()) == [scheduled]
    assert list(ours.published()) == [public]
    assert [(record.is_draft, record.is_public) for record in (draft, scheduled, public)] == [
        (True, False),
        (False, False),
        (False, True),
    ]


@every_publishable
def test_a_scheduled_record_comes_into_view_at_its_moment(model, now):
    record = make(model, published_at=now + HOUR)
    views = []

    for moment in (now + HOUR - timedelta(seconds=1), now + HOUR):
        with clock.set_to(moment):
            views.append((list(model.objects.published()), record.is_public))

    assert views == [([], False), ([record], True)]


@every_publishable
def test_what_is_public_can_be_asked_for_another_moment(model, now):
    record = make(model, published_at=now + HOUR)

    assert list(model.objects.published()) == []
    assert list(model.objects.published(at=now + HOUR)) == [record]


@every_lineage
def test_a_record_is_hidden_while_something_it_hangs_on_is_a_draft(model, lineage):
    record, ancestor = with_ancestor(model, lineage)
    before = model.objects.published().filter(pk=record.pk).exists()

    set_published_at(ancestor, None)

    assert (before, model.objects.published().filter(pk=record.pk).exists()) == (True, False)


@every_lineage
def test_a_record_is_hidden_until_all_it_hangs_on_is_published(model, lineage, now):
    record, ancestor = with_ancestor(model, lineage)
    set_published_at(ancestor, now + HOUR)

    before = model.objects.published().filter(pk=record.pk).exists()
    with clock.set_to(now + HOUR):
        after = model.objects.published().filter(pk=record.pk).exists()

    assert (before, after) == (False, True)


@pytest.mark.parametrize(
    ("model", "lineage"),
    [(model, lineage) for model, lineage in LINEAGES if hasattr(ancestor_model(model, lineage), "corrections")],
)
def test_a_record_is_hidden_once_something_it_hangs_on_is_withdrawn(model, lineage):
    record, ancestor = with_ancestor(model, lineage)
    before = model.objects.published().filter(pk=record.pk).exists()

    withdraw(ancestor)

    assert (before, model.objects.published().filter(pk=record.pk).exists()) == (True, False)


def test_every_kind_of_record_that_hangs_on_others_is_covered():
    covered = {model for model, _lineage in LINEAGES}

    hanging = {model for model in apps.get_models() if issubclass(model, PublishedWith) and model.published_with}

    assert covered == hanging


@every_publishable
def test_publishing_shows_drafts_and_scheduled_records_now_and_leaves_the_rest_alone(model, now):
    draft = ready(make(model, published_at=None))
    scheduled = ready(make(model, published_at=now + HOUR))
    public = make(model)
    ours = model.objects.filter(pk__in=[draft.pk, scheduled.pk, public.pk]).order_by("pk")

    count = ours.publish()

    assert count == 2
    assert list(ours.values_list("published_at", flat=True)) == [now, now, LONG_AGO]


@every_publishable
def test_unpublishing_makes_every_record_a_draft_again(model, now):
    draft = make(model, published_at=None)
    scheduled = make(model, published_at=now + HOUR)
    public = make(model)
    ours = model.objects.filter(pk__in=[draft.pk, scheduled.pk, public.pk]).order_by("pk")

    count = ours.unpublish()

    assert (count, list(ours.drafts()), list(ours.published())) == (2, [draft, scheduled, public], [])


# --- Sources ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", [model for model in PUBLISHABLE if hasattr(model, "citations")])
def test_what_has_no_usable_source_is_not_published(model, now):
    uncited, contradicted, rejected, sourced_draft = (ready(make(model, published_at=None)) for _each in range(4))
    model._meta.get_field("citations").related_model.objects.all().delete()
    cite(contradicted, stance="contradicts")
    cite(rejected, source=source(rejected_reason="machine-made copy"))
    cite(sourced_draft, stance="implies", fact="title")
    ours = model.objects.filter(pk__in=[each.pk for each in (uncited, contradicted, rejected, sourced_draft)])

    count = ours.publish()

    assert (count, list(ours.published())) == (1, [sourced_draft])
    assert list(ours.with_usable_source()) == [sourced_draft]


def test_a_photo_needs_no_source():
    picture = photo(published_at=None)

    assert type(picture).objects.publish() == 1


def test_a_session_rests_on_the_sources_of_its_conference():
    sourced_conference, uncited_conference = sourced(conference()), conference()
    on_its_conference = session(conference=sourced_conference)
    on_its_own = sourced(session(conference=uncited_conference))
    session(conference=uncited_conference)

    assert list(Session.objects.with_usable_source().order_by("pk")) == [on_its_conference, on_its_own]


def test_what_rests_on_one_source_alone_is_told():
    report, notice = source(), source()
    cite(alone := conference(), source=report)
    cite(with_another := conference(), source=report)
    cite(with_another, source=notice)
    cite(conference(published_at=None), source=report)
    carried = session(conference=alone)

    assert resting_only_on(report) == [alone, carried]
    assert resting_only_on(notice) == []
